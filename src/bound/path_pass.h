// One pass of the longest path for FUNCTIONAL_LANES functionals: internal to path_bound.c.
#pragma once

#include "path.h"

#define PATH_NEVER (-((int64_t)1 << 62)) // below every value of a path

typedef struct PathPass {
    const PathRegion *path;
    const PathHead *head;
    const FunctionalTable *table;
    int lane, sign; // first functional; 1 or -1
    int64_t lambda[FUNCTIONAL_LANES];
} PathPass;

// For each lane the largest sum of e^s (sign g - lambda), rounded up, and the weights' sum on a
// path that has it. Both give the same integers.
void path_pass_generic(const PathPass *pass, int64_t *ret_value, int64_t *ret_weight);
void path_pass_avx512(const PathPass *pass, int64_t *ret_value, int64_t *ret_weight);
