// What rounding adds to the bounds of one answer position, whatever the edge case.
//
// Maxima over all configurations of the query and of its keys (docs/certificate-format.md, K9;
// docs/lemmas/rounding.md, Lemma R3). In units of 2^-50, rounded up; head errors are taken 1/32 larger
// than K9 has them, so that others can compute them with less care.
#pragma once

#include "query.h"

// Larger noise is refused. It may well exceed any margin: then the position stays open, and only there.
#define NOISE_MAX (64 * FIX_ONE)

typedef struct Noise {
    const Query *query;
    Fix *residual;  // [D] e + ly of the query
    Fix **key;      // [n_keys][D] e of the key
    Fix **value;    // [n_keys][HK] lv of the key
    Fix *sum;       // [HK] gamma(2n + 2) v
    Fix *lu, *wide; // [F]
    Fix *lx;        // [D]
    Fix *ll;        // [V]
} Noise;

// Errors: false if something grows too large. Requires: a supported query.
bool noise_new(Arena *arena, const Query *query, Noise **ret_noise);

#define NOISE_TOO_LARGE ((Wide)1 << 62) // beyond every limit of those who use it

// R of a functional of one head's output, c [K] with a radius; NOISE_TOO_LARGE if it cannot be had.
Wide noise_of_head(const Noise *noise, int head, const Fix *c, Fix c_rad);
