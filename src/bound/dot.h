// Inner products of short integers, many at a time.
//
// Numbers are rounded to integers of a few bits with a common unit, so that products and their sums
// stay within 64 bits; what the rounding takes away is a radius like any other.
#pragma once

#include "fix.h"

enum {
    DOT_LANES = 16,
    DOT_BITS = 30, // of one factor; the other has as many fewer as the sum needs, see dot_bits
};

// Rounds x[n] to integers of at most 2^bits times 2^shift, 0 <= shift; *ret_error is the most that one is
// off by.
// Requires: |x| <= FIX_MAX.
void dot_shorten(const Fix *x, int n, int bits, int32_t *ret_short, int *ret_shift, Fix *ret_error);

// Bits that the second factor may have, for K products to add up to at most 2^62 with DOT_BITS for the
// first.
int dot_bits(int K);

// ret[i] = sum over k < K of a[k] b[k * stride + i], for i < count.
// Requires: count a multiple of DOT_LANES; sums below 2^63.
void dot_many(const int32_t *a, const int32_t *b, int K, int stride, int count, int64_t *ret);
