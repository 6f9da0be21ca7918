// Linear functionals of an attention head's output, tabulated over its keys.
//
// For a functional c of the residual stream, the head contributes c . z W_O = (weighted mean over
// keys of c . v W_O). The table holds g = c . v W_O for every key position and configuration as
// integers of at most 27 bits: |c . v W_O - g * 2^shift| <= rad, in units of 2^-50.
#pragma once

#include "residual.h"

enum { FUNCTIONAL_BITS = 27, FUNCTIONAL_LANES = 8 };

typedef struct FunctionalTable {
    int n, stride; // functionals; n rounded up to FUNCTIONAL_LANES
    int *shift;    // [stride]
    Fix *rad;      // [stride]
    int32_t *most; // [stride] largest |g|
    int32_t *top;  // [stride] largest g
    int32_t **g;   // [keys] -> [configs][stride]
} FunctionalTable;

// Tables of functionals C ([n][HK] rows: c W_O for all heads) for one head over the given keys.
// False if a value leaves its bound. (Lemma N2)
bool functional_table_init(Arena *arena, const FixMatrix *C, int head, int K,
                           const ResidualTable *const *keys, int n_keys,
                           FunctionalTable *ret_table);
