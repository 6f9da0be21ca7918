// Matrices of enclosed numbers, and their products with vectors. A vector is an array of midpoints with
// one radius. One row of the array holds what one output is made of.
#pragma once

#include "fixed.h"

typedef struct Matrix {
    int in, out, stride;
    const int64_t *a; // [out][stride], the first `in` of each row count
    int64_t rad;      // of every entry
    int64_t norm;     // at least the sum of |entry| + rad over any row
} Matrix;

// The matrix of these entries, [out][in]; the model is rejected if a row is too long for fixed.h.
Matrix matrix_of(const int64_t *a, int64_t rad, int in, int out);

// The part that makes the outputs from `first` on, or takes the inputs from there on.
Matrix matrix_outputs(const Matrix *m, int first, int count);
Matrix matrix_inputs(const Matrix *m, int first, int count);

Matrix matrix_transpose(const Matrix *m);

// First m, then n: the matrix x -> (x m) n. Requires: m->out == n->in.
Matrix matrix_product(const Matrix *m, const Matrix *n);

// ret = x m, plus a bias that may be null. Returns the radius of ret.
int64_t matrix_apply(const Matrix *m, const int64_t *x, int64_t rx, const int64_t *bias,
                     int64_t bias_rad, int64_t *ret);

// ret >= e |m|, for e >= 0.
void matrix_apply_up(const Matrix *m, const int64_t *e, int64_t *ret);

// ret >= gamma(k) (size |m| + |bias|) of K6, and FIXED_GRAIN more, for size >= 0.
void matrix_rounding_up(const Matrix *m, const int64_t *bias, int64_t bias_rad, const int64_t *size,
                        int k, int64_t *ret);
