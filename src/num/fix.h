// Rigorous arithmetic on fixed-point numbers: the only numbers that bounds are made of.
//
// A Fix is an integer that counts units of 2^-50. A real x is enclosed by a midpoint and a radius,
// both Fix: |x - mid| <= rad. All operations are on integers; radii are rounded upwards. Vectors
// share one radius. No binary32 or binary64 operation takes part: stored weights are decoded from
// their bits. Lemmas N1 to N4 are in docs/lemmas/numbers.md.
//
// Magnitudes are bounded (values by FIX_MAX, a matrix row's sum of absolute values by FIX_NORM_MAX)
// so that no product or sum overflows 128 bits; what does not fit is reported, never wrapped.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UWide;

typedef int64_t Fix;

enum { FIX_BITS = 50 };
#define FIX_ONE      ((Fix)1 << FIX_BITS)
#define FIX_MAX      ((Fix)1 << 60)  // values: up to 2^10
#define FIX_NORM_MAX ((Wide)1 << 66) // sums of absolute values: up to 2^16
#define FIX_RAD_MAX  ((Fix)1 << 40)  // radii: up to 2^-10

typedef struct FixVector {
    Fix *mid; // [n]
    Fix rad;  // for every element
    int n;
} FixVector;

typedef struct FixMatrix {
    Fix *mid;    // [rows][cols]; a row is one output
    Fix rad;     // for every element
    int inexact; // at most so many elements of a row differ from their midpoint
    int rows, cols;
    Wide norm; // at least the largest sum of |mid| over a row
} FixMatrix;

// Nearest Fix of a finite binary32 number given by its bits; *ret_exact tells whether it is equal,
// otherwise it is off by at most half a unit. False if |x| >= 2^9. (Lemma N1)
bool fix_from_float(float x, Fix *ret_fix, bool *ret_exact);

FixVector fix_vector_new(Arena *arena, int n);
FixMatrix fix_matrix_new(Arena *arena, int rows, int cols);

// Sets `norm` from the midpoints. False if it exceeds FIX_NORM_MAX.
bool fix_matrix_seal(FixMatrix *matrix);

// Sum of a[i] * b[i] in units of 2^-100, exactly. Requires: the sum of |a[i]| is at most
// FIX_NORM_MAX and every |b[i]| at most FIX_MAX, or the other way round.
Wide fix_dot(const Fix *a, const Fix *b, int n);

// A Wide in units of 2^-100 to units of 2^-50: to the nearest Fix, off by at most half a unit,
// false if that exceeds FIX_MAX; rounded up.
bool fix_round(Wide wide, Fix *ret_fix);
Wide fix_ceil(Wide wide);

// Radius of sum a[i] x[i], rounded up, but at most FIX_RAD_MAX + 1: |a| sums to at most `norm` and
// each is within ra of its midpoint, |x| likewise with `sum` and rx. (Lemma N2)
Fix fix_dot_radius(Wide norm, Fix ra, Wide sum, Fix rx, int n);

// y = A x + bias (bias may have no elements). False if a magnitude leaves its bound. (Lemma N2)
// Aliasing: ret_y must not overlap x.
bool fix_apply(const FixMatrix *A, const FixVector *x, const FixVector *bias, FixVector *ret_y);

Wide fix_sum_abs(const Fix *x, int n);
Fix fix_max_abs(const Fix *x, int n);
