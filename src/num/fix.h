// Rigorous arithmetic on fixed-point numbers: the only numbers that bounds are made of.
//
// A Fix is an integer that counts units of 2^-40. A real x is enclosed by a midpoint and a radius, both
// Fix: |x - mid| <= rad. All operations are on integers; radii are rounded upwards. Vectors share one
// radius. No binary32 or binary64 operation takes part: stored weights are decoded from their bits.
// Lemmas N1 to N4 are in docs/lemmas/numbers.md.
//
// Magnitudes are bounded (FIX_MAX, FIX_WEIGHT_MAX) so that no product or sum overflows 128 bits;
// what does not fit is reported, never wrapped.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UWide;

typedef int64_t Fix;

enum { FIX_BITS = 40, FIX_LENGTH_MAX = 1 << 12 };
#define FIX_ONE        ((Fix)1 << FIX_BITS)
#define FIX_MAX        ((Fix)1 << 56) // values: below 2^16
#define FIX_WEIGHT_MAX ((Fix)1 << 50) // weights: below 2^10

typedef struct FixVector {
    Fix *mid; // [n]
    Fix rad;  // for every element
    int n;
} FixVector;

typedef struct FixMatrix {
    Fix *mid; // [rows][cols]; a row is one output
    Fix rad;
    int rows, cols;
    Fix norm; // at least the largest sum of |mid| over a row
} FixMatrix;

// Nearest Fix of a finite binary32 number given by its bits; *ret_exact tells whether it is equal,
// otherwise it is off by at most half a unit. False if |x| >= 2^10. (Lemma N1)
bool fix_from_float(float x, Fix *ret_fix, bool *ret_exact);

FixVector fix_vector_new(Arena *arena, int n);
FixMatrix fix_matrix_new(Arena *arena, int rows, int cols);

// Sets `norm` from the midpoints. False if a row's sum exceeds 2^62.
bool fix_matrix_seal(FixMatrix *matrix);

// Product of two Fix, rounded down or up.
Fix fix_mul_down(Fix a, Fix b);
Fix fix_mul_up(Fix a, Fix b);

// Sum of a[i] * b[i] in units of 2^-80, exactly. Requires: |a[i]| <= 2^56, |b[i]| <= 2^56, and one
// of them <= 2^50 or n <= 2^12.
Wide fix_dot(const Fix *a, const Fix *b, int n);

// A Wide in units of 2^-80 to a Fix: nearest, off by at most half a unit; up; down. False if out of range.
bool fix_round(Wide wide, Fix *ret_fix);
Fix fix_ceil(Wide wide);
Fix fix_floor(Wide wide);

// Radius of sum a[i] x[i] for |a| summing to `norm`, |x| summing to `sum`, radii ra and rx. (Lemma N2)
Fix fix_dot_radius(Fix norm, Fix ra, Wide sum, Fix rx, int n);

// y = A x + bias (bias may have no elements). False if a magnitude leaves its bound. (Lemma N2)
// Aliasing: ret_y must not overlap x.
bool fix_apply(const FixMatrix *A, const FixVector *x, const FixVector *bias, FixVector *ret_y);

Wide fix_sum_abs(const Fix *x, int n);
