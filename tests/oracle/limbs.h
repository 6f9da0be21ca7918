// Fixed-point numbers of 248 fractional bits, for the precise evaluation of a model (precise.h).
//
// A number is 320 bits, two's complement, in units of 2^-248. A weight is an integer of units of
// 2^-56, which holds most binary32 numbers exactly. Sums are exact, in more bits, and lose less than
// one unit when they are rounded down to a number. Nothing looks for overflow: who calls keeps
// numbers, and what is left of sums, below LIMBS_MOST.
#pragma once

#include <gmp.h>
#include <mpfr.h>
#include <stdbool.h>
#include <stdint.h>

enum { LIMBS = 5, LIMBS_FRACTION = 248, LIMBS_WEIGHT = 56, LIMBS_PRECISION = 64 * LIMBS };

#define LIMBS_MOST 0x1p36

_Static_assert(GMP_NUMB_BITS == 64, "limbs of 64 bits");

typedef struct Limbs {
    mp_limb_t limb[LIMBS]; // the lowest first
} Limbs;

typedef struct LimbSum { // of numbers, weights, and their products; units of 2^-304
    mp_limb_t limb[LIMBS + 1];
} LimbSum;

typedef struct LimbWide { // of products of numbers; units of 2^-496
    mp_limb_t limb[2 * LIMBS];
} LimbWide;

// A weight of this value; false if there is none.
bool limbs_weight(float value, int64_t *ret_weight);

void limbs_zero(Limbs *y);
bool limbs_negative(const Limbs *x);
bool limbs_less(const Limbs *x, const Limbs *y);
double limbs_size_up(const Limbs *x);          // at least |x|, by at most 2^-8
void limbs_subtract(Limbs *y, const Limbs *x); // y -= x

LimbSum limbs_sum(int64_t weight);
void limbs_sum_add(LimbSum *sum, const Limbs *x);
void limbs_sum_add_scaled(LimbSum *sum, const Limbs *x, int64_t weight);
void limbs_sum_round(const LimbSum *sum, Limbs *ret); // down

void limbs_wide_add_product(LimbWide *sum, const Limbs *x, const Limbs *y);
void limbs_wide_round(const LimbWide *sum, Limbs *ret); // down

// Numbers of LIMBS_PRECISION bits hold every x.
void limbs_get(const Limbs *x, mpfr_ptr ret);
void limbs_set(Limbs *y, mpfr_srcptr x); // rounds down; `x` must be a regular number or zero
