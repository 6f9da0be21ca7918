#include "limbs.h"

#include <math.h>
#include <string.h>

enum { WIDE_SHIFT = LIMBS_FRACTION % 64, WIDE_DROPPED = LIMBS_FRACTION / 64 };

_Static_assert(64 * (LIMBS - 1) - 16 - LIMBS_FRACTION == -8, "limbs_size_up");

bool limbs_weight(float value, int64_t *ret_weight)
{
    double scaled = ldexp((double)value, LIMBS_WEIGHT);
    if (!(fabs(scaled) < 0x1p62) || scaled != trunc(scaled))
        return false;
    *ret_weight = (int64_t)scaled;
    return true;
}

void limbs_zero(Limbs *y)
{
    memset(y, 0, sizeof *y);
}

bool limbs_negative(const Limbs *x)
{
    return x->limb[LIMBS - 1] >> 63;
}

double limbs_size_up(const Limbs *x)
{
    double top = (double)(int64_t)(x->limb[LIMBS - 1] << 16 | x->limb[LIMBS - 2] >> 48);
    return (top < 0 ? -top : top + 1) * 0x1p-8;
}

bool limbs_less(const Limbs *x, const Limbs *y)
{
    Limbs difference = *x;
    limbs_subtract(&difference, y);
    return limbs_negative(&difference);
}

void limbs_subtract(Limbs *y, const Limbs *x)
{
    mpn_sub_n(y->limb, y->limb, x->limb, LIMBS);
}

// The limb above the highest one.
static mp_limb_t sign(const Limbs *x)
{
    return limbs_negative(x) ? ~(mp_limb_t)0 : 0;
}

LimbSum limbs_sum(int64_t weight)
{
    LimbSum sum = {{0}};
    mp_limb_t size = weight < 0 ? -(mp_limb_t)weight : (mp_limb_t)weight;
    sum.limb[WIDE_DROPPED] = size << WIDE_SHIFT;
    sum.limb[WIDE_DROPPED + 1] = size >> (64 - WIDE_SHIFT);
    if (weight < 0)
        mpn_neg(sum.limb, sum.limb, LIMBS + 1);
    return sum;
}

void limbs_sum_add(LimbSum *sum, const Limbs *x)
{
    limbs_sum_add_scaled(sum, x, INT64_C(1) << LIMBS_WEIGHT);
}

// x is its limbs, less 2^320 if it is negative.
void limbs_sum_add_scaled(LimbSum *sum, const Limbs *x, int64_t weight)
{
    if (weight >= 0) {
        mp_limb_t size = (mp_limb_t)weight, carry = mpn_addmul_1(sum->limb, x->limb, LIMBS, size);
        sum->limb[LIMBS] += carry - (sign(x) & size);
    } else {
        mp_limb_t size = -(mp_limb_t)weight, carry = mpn_submul_1(sum->limb, x->limb, LIMBS, size);
        sum->limb[LIMBS] -= carry - (sign(x) & size);
    }
}

void limbs_sum_round(const LimbSum *sum, Limbs *ret)
{
    mp_limb_t shifted[LIMBS + 1];
    mpn_rshift(shifted, sum->limb, LIMBS + 1, LIMBS_WEIGHT);
    memcpy(ret->limb, shifted, sizeof ret->limb);
}

void limbs_wide_add_product(LimbWide *sum, const Limbs *x, const Limbs *y)
{
    mp_limb_t product[2 * LIMBS];
    mpn_mul_n(product, x->limb, y->limb, LIMBS);
    if (limbs_negative(x))
        mpn_sub_n(product + LIMBS, product + LIMBS, y->limb, LIMBS);
    if (limbs_negative(y))
        mpn_sub_n(product + LIMBS, product + LIMBS, x->limb, LIMBS);
    mpn_add_n(sum->limb, sum->limb, product, 2 * LIMBS);
}

void limbs_wide_round(const LimbWide *sum, Limbs *ret)
{
    mp_limb_t shifted[LIMBS + 1];
    mpn_rshift(shifted, sum->limb + WIDE_DROPPED, LIMBS + 1, WIDE_SHIFT);
    memcpy(ret->limb, shifted, sizeof ret->limb);
}

void limbs_get(const Limbs *x, mpfr_ptr ret)
{
    Limbs size = *x;
    mpz_t read;
    if (limbs_negative(x))
        mpn_neg(size.limb, size.limb, LIMBS);
    mpfr_set_z_2exp(ret, mpz_roinit_n(read, size.limb, LIMBS), -LIMBS_FRACTION, MPFR_RNDN);
    if (limbs_negative(x))
        mpfr_neg(ret, ret, MPFR_RNDN);
}

void limbs_set(Limbs *y, mpfr_srcptr x)
{
    mpz_t units;
    mpfr_t scaled;
    mpz_init(units);
    mpfr_init2(scaled, mpfr_get_prec(x));
    mpfr_mul_2si(scaled, x, LIMBS_FRACTION, MPFR_RNDN);
    mpfr_get_z(units, scaled, MPFR_RNDD);
    for (int i = 0; i < LIMBS; i++)
        y->limb[i] = mpz_getlimbn(units, i);
    if (mpz_sgn(units) < 0)
        mpn_neg(y->limb, y->limb, LIMBS);
    mpfr_clear(scaled);
    mpz_clear(units);
}
