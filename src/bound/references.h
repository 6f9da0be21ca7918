// Means at reference inputs: what the numbers of a certificate are counted from.
//
// With the query's tokens fixed, a few inputs of the region give each functional a mean each, computed
// as the exact function would. The greatest of them is near the greatest on the region, and follows it
// from configuration to configuration; so one number a head and functional, counted from there, serves
// all of them (docs/certificate-format.md, K11). Nothing rests on the means: any number would be sound.
#pragma once

#include "query.h"

enum { REFERENCES_MAX = 8, REFERENCE_BITS = 30 };

typedef struct References {
    int count, columns;
    uint8_t *symbol; // [count][columns]
} References;

// Some inputs of the region, the same ones each time; the first is the first in the order of symbols.
// Requires: trimmed and not empty.
References references_of(Arena *arena, const Region *region);

typedef struct ReferenceWeights { // of one head at one configuration
    int count, n_keys;
    int32_t *share; // [count][n_keys] weights, normalised: units of 2^-30
    int *config;    // [count][n_keys] the key's configuration
} ReferenceWeights;

// `own`: the restriction of the region to the configuration, which must not be empty.
bool reference_weights(Arena *arena, const Query *query, int config, int head, const Region *own,
                       const References *references, ReferenceWeights *ret_weights);

// The greatest and the least mean of each functional of the table ([table->stride]), each within 2^-12
// of what it says.
void reference_means(const ReferenceWeights *weights, const FunctionalTable *table,
                     Fix *ret_greatest, Fix *ret_least);
