// Matrix products in binary32 whose every bit is defined.
//
// Each element of the result is one chain of fused multiply-adds over the inner index, in ascending
// order, from a starting value:
//
//     c = start(i, j);  for k = 0 .. inner-1:  c = fma(A(i, k), B(k, j), c);  C(i, j) = c
//
// so it does not depend on the processor, on the vector width, on how many rows or columns are
// computed together, or on which thread does it. Speed comes from many chains at once (8 rows by 48
// columns with AVX-512), never from splitting one.
//
// A lies in memory with any two strides, so that a transposed matrix needs no copy. Rows of B and
// of C are contiguous. Columns in multiples of 16 are fast, best 48; others are right.
#pragma once

#include <stddef.h>

typedef struct Gemm32 {
    int rows, columns, inner; // each >= 0; inner = 0 stores the starting values
    const float *A;           // A(i, k) = A[i * A_row + k * A_inner]
    size_t A_row, A_inner;
    const float *B; // B(k, j) = B[k * B_inner + j]
    size_t B_inner;
    float *C; // C(i, j) = C[i * C_row + j]
    size_t C_row;
    const float *start; // start(i, j) = start[i * start_row + j * start_column], or 0 if NULL
    size_t start_row;
    int start_column; // 0 or 1
} Gemm32;

// Common starts: a bias for each column {.start = b, .start_column = 1}; a bias for each row
// {.start = b, .start_row = 1}; what C holds already {.start = C, .start_row = C_row,
// .start_column = 1}.
// Aliasing: C may be `start` in that last form; otherwise C overlaps nothing.
void gemm32(const Gemm32 *gemm);
