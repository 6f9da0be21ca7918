// Linear functionals of an attention head's output, tabulated over its keys.
//
// For a functional c of the residual stream, the head contributes c . z W_O = (weighted mean over
// keys of c . v W_O). The table holds g = c . v W_O for every key position and configuration as
// integers of at most 27 bits: |c . v W_O - g * 2^shift| <= rad, in units of 2^-50.
#pragma once

#include "residual.h"

enum { FUNCTIONAL_BITS = 27, FUNCTIONAL_LANES = 16 };

typedef struct KeyValues { // the values of a key, rounded for dot_many
    const ResidualTable *table;
    int32_t *v; // [configs][HK] times 2^shift
    int shift;
    Fix rad;   // how far v can be from that
    Wide *sum; // [H] the largest sum of |v| over a head's elements
} KeyValues;

// False if a radius is too large.
bool key_values_init(Arena *arena, const ResidualTable *table, int H, int K, KeyValues *ret_values);

typedef struct FunctionalTable {
    int n, stride; // functionals; n rounded up to FUNCTIONAL_LANES
    int *shift;    // [stride]
    Fix *rad;      // [stride]
    int32_t *most; // [stride] largest |g|
    int32_t *top;  // [stride] largest g
    int32_t **g;   // [keys] -> [configs][stride]
} FunctionalTable;

// Tables of functionals C ([n][HK] rows: c W_O for all heads) for one head over the given keys, and of
// each key over the configurations that are `used` ([keys] -> [configs]), or over all (NULL). Entries
// of others are 0, and `most` and `top` do not count them.
// False if a value leaves its bound. (Lemma N2)
bool functional_table_init(Arena *arena, const FixMatrix *C, int head, int K,
                           const KeyValues *const *keys, const uint8_t *const *used, int n_keys,
                           FunctionalTable *ret_table);
