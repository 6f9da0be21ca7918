// The checker's numbers: integers that count units of 2^-50, for exact quantities with a radius in the
// same unit, for errors rounded up. No operation wraps, because
//
//     every number is at most FIXED_LIMIT < 2^62 (2^12) in size     fixed_within, or the model is rejected
//     every radius is at most FIXED_RADIUS_LIMIT = 2^40 (2^-10)     fixed_radius
//     the sizes of a row of a matrix, or of the second vector of a product, add up to at most
//     FIXED_NORM_LIMIT = 2^63 (2^13)                                matrix_*, fixed_dot
//
// so that a sum of products is below 2^125 + 2^104 and fits 128 bits. K6's limit of 2^40 is implied: all
// magnitudes that it speaks of are at most 2^12 * 2^13.
#pragma once

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 Wide;

#define FIXED_BITS         50
#define FIXED_ONE          (INT64_C(1) << FIXED_BITS)
#define FIXED_LIMIT        ((INT64_C(1) << 62) - 1)
#define FIXED_RADIUS_LIMIT (INT64_C(1) << 40)
#define FIXED_NORM_LIMIT   ((Wide)1 << 63)

// 2^-40, which K6 adds to every error.
#define FIXED_GRAIN (INT64_C(1) << 10)

// A real number that is at most rad from mid.
typedef struct Ball {
    int64_t mid, rad;
} Ball;

static inline int64_t fixed_abs(int64_t x)
{
    return x < 0 ? -x : x;
}

static inline int64_t fixed_greater(int64_t x, int64_t y)
{
    return x > y ? x : y;
}

// x / 2^50, downwards, upwards, and to nearest.
static inline Wide wide_down(Wide x)
{
    return x >> FIXED_BITS;
}

static inline Wide wide_up(Wide x)
{
    return -(-x >> FIXED_BITS);
}

static inline Wide wide_near(Wide x)
{
    return (x + (FIXED_ONE >> 1)) >> FIXED_BITS;
}

// The number itself, if it is in range; otherwise the model is rejected.
int64_t fixed_within(Wide x);
int64_t fixed_radius(Wide rad);

// ret = |x| + rad, plus more, which may be null.
void fixed_sizes(const int64_t *x, int64_t rad, const int64_t *more, int n, int64_t *ret);

// The product of numbers that are not negative.
static inline int64_t fixed_mul_up(int64_t x, int64_t y)
{
    return fixed_within(wide_up((Wide)x * y));
}

// The sum of products, the operands within their radii.
Ball fixed_dot(const int64_t *x, int64_t rx, const int64_t *y, int64_t ry, int n);

// A positive factor times that; the sum itself may be up to 2^14.
Ball fixed_dot_times(int64_t factor, const int64_t *x, int64_t rx, const int64_t *y, int64_t ry,
                     int n);

// The sum of products of numbers that are not negative.
int64_t fixed_dot_up(const int64_t *x, const int64_t *y, int n);

// gamma(k) x of K6, for 0 <= x < 2^100 and k < 2^23.
Wide wide_gamma_up(Wide x, int k);
int64_t fixed_gamma_up(int64_t x, int k);

// u x of K6, for x >= 0.
int64_t fixed_ulp_up(int64_t x);
