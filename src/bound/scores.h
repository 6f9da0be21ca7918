// Scores of the last layer, and how far those of runs can be from them.
//
// t of docs/certificate-format.md, K11, is an inner product of sizes and errors: both are kept as short
// integers, rounded up, since a score is asked for very often. (Lemma R2)
#pragma once

#include "residual.h"

typedef struct ScoreSide { // the queries or the keys of one table
    const ResidualTable *table;
    const Fix *mid;        // [configs][HK]
    int32_t *size, *error; // [configs][HK] |x| + error in units of 2^-20, error in units of 2^-34
    Fix *norm;             // [H] the largest sum of |mid| over a head's elements
    Fix rad;               // of every mid
} ScoreSide;

// False if something is too large.
bool score_side_init(Arena *arena, const ResidualTable *table, bool queries, int H, int K,
                     ScoreSide *ret_side);

// Midpoint of a score. False if it leaves its bound.
bool score_mid(const ScoreSide *q, int q_config, const ScoreSide *k, int k_config, int head, int H,
               int K, Fix *ret_mid);

// How far from it, but for a shift common to all keys, a run's score can be: t, taken 1/32 larger, and
// the radius `rad` of score_radius. False if tau is above ROUNDING_TAU_MAX.
bool score_away(const ScoreSide *q, int q_config, const ScoreSide *k, int k_config, int head, int H,
                int K, Fix rad, Fix *ret_away);

// A radius for the midpoints of all scores of a head.
Fix score_radius(const ScoreSide *q, const ScoreSide *k, int head, int K);
