// Scores of the last layer, and how far those of runs can be from them.
//
// t of docs/certificate-format.md, K11, is an inner product of sizes and errors. Scores are asked for very
// often: queries, keys, sizes and errors are kept as short integers, sizes and errors rounded up, and
// scores of neighbouring configurations of a key are computed together. (Lemma R2)
#pragma once

#include "dot.h"
#include "residual.h"

typedef struct ScoreSide { // the queries or the keys of one table
    const ResidualTable *table;
    int configs;  // as laid out: queries [configs][HK], keys [HK][configs], rounded up to DOT_LANES
    int32_t *mid; // times 2^shift
    int32_t *size;  // |x| + error in units of 2^-15
    int32_t *error; // in units of 2^-29
    int shift;
    Fix *norm; // [H] the largest sum of |x| over a head's elements
    Fix rad;   // how far x can be from mid
} ScoreSide;

// False if something is too large.
bool score_side_init(Arena *arena, const ResidualTable *table, bool queries, int H, int K,
                     ScoreSide *ret_side);

// A radius for the midpoints of all scores of a head.
Fix score_radius(const ScoreSide *q, const ScoreSide *k, int head, int K);

// Of DOT_LANES configurations of a key, from `first` on, a multiple of DOT_LANES: midpoints, and how far from
// them, but for a shift common to all keys, a run's score can be: t, taken 1/32 larger, and the radius
// `rad` of score_radius. A score below -FIX_MAX may be anything below that. False if a score leaves its bound or tau is above ROUNDING_TAU_LAST.
bool score_block(const ScoreSide *q, int q_config, const ScoreSide *k, int first, int head, int H,
                 int K, Fix rad, Fix *ret_mid, Fix *ret_away);

// The midpoint of one score, to the last unit or so; of one below -FIX_MAX, that. False if it is above FIX_MAX.
bool score_exact(const ResidualTable *q, int q_config, const ResidualTable *k, int k_config,
                 int head, int H, int K, Fix *ret_mid);
