// Transposition of activations, sixteen by sixteen.
#pragma once

#include <stddef.h>

// The row length of a transposed grid: `rows` rounded up to a multiple of 16.
static inline size_t transpose_width(int rows)
{
    return ((size_t)rows + 15) / 16 * 16;
}

// ret_y[c][r] = x[r][c] for x of shape [rows, columns]; ret_y has shape
// [columns, transpose_width(rows)], filled up with zeros. Requires: columns a multiple of 16.
void transpose(const float *x, int rows, int columns, float *ret_y);
