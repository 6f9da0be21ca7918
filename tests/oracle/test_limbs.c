// Fixed-point numbers of 248 fractional bits, against GMP's integers.
#include <math.h>

#include "harness.h"
#include "limbs.h"
#include "rng.h"

#define TESTS(X)                                                                                   \
    X(weights_are_exact_or_refused)                                                                \
    X(sums_are_exact_and_rounded_down)                                                             \
    X(products_are_exact_and_rounded_down)                                                         \
    X(numbers_are_compared_and_subtracted)                                                         \
    X(sizes_are_never_too_small)                                                                   \
    X(mpfr_gets_the_number_and_is_rounded_down)

enum { ROUNDS = 20000, TERMS = 9 };

// Of any size below LIMBS_MOST: few bits, many, powers of two, one less, of both signs.
static void random_number(Rng *rng, Limbs *ret)
{
    int bits = (int)rng_below(rng, LIMBS_FRACTION + 36);
    limbs_zero(ret);
    for (int i = 0; i < LIMBS; i++)
        ret->limb[i] = rng_next(rng);
    if (rng_below(rng, 4) == 0)
        for (int i = 0; i < LIMBS; i++)
            ret->limb[i] = rng_below(rng, 2) ? 0 : ~(mp_limb_t)0;
    for (int i = 0; i < LIMBS; i++)
        if (64 * (i + 1) > bits)
            ret->limb[i] = 64 * i >= bits ? 0 : ret->limb[i] & ((UINT64_C(1) << bits % 64) - 1);
    if (rng_below(rng, 2))
        mpn_neg(ret->limb, ret->limb, LIMBS);
}

static int64_t random_weight(Rng *rng)
{
    int64_t weight = (int64_t)(rng_next(rng) >> (2 + rng_below(rng, 62)));
    return rng_below(rng, 2) ? weight : -weight;
}

static void set_integer(mpz_t z, const mp_limb_t *limb, int count)
{
    mpz_import(z, (size_t)count, -1, sizeof *limb, 0, 0, limb);
    if (limb[count - 1] >> 63) {
        mpz_t all;
        mpz_init(all);
        mpz_setbit(all, (mp_bitcnt_t)(64 * count));
        mpz_sub(z, z, all);
        mpz_clear(all);
    }
}

static void set_number(mpz_t z, const Limbs *x)
{
    set_integer(z, x->limb, LIMBS);
}

static void add_scaled(mpz_t sum, mpz_t x, int64_t weight)
{
    mpz_t w;
    mpz_init_set_si(w, weight);
    mpz_addmul(sum, x, w);
    mpz_clear(w);
}

static void weights_are_exact_or_refused(void)
{
    Rng rng = rng_new(1, 0);
    int64_t weight;
    for (int i = 0; i < ROUNDS; i++) {
        float value = ldexpf((float)rng_below(&rng, 1 << 24), (int)rng_below(&rng, 38) - 56);
        value = rng_below(&rng, 2) ? value : -value;
        bool fits = fabsf(value) < 64.0f;
        CU_ASSERT_EQUAL(limbs_weight(value, &weight), fits);
        CU_ASSERT(!fits || ldexp((double)weight, -LIMBS_WEIGHT) == (double)value);
    }
    CU_ASSERT_FALSE(limbs_weight(0x1p-57f, &weight));
    CU_ASSERT_FALSE(limbs_weight(0x1.8p-56f, &weight));
    CU_ASSERT_FALSE(limbs_weight(0x1p-149f, &weight));
    CU_ASSERT_FALSE(limbs_weight(-64.0f, &weight));
    CU_ASSERT_FALSE(limbs_weight(NAN, &weight));
    CU_ASSERT_FALSE(limbs_weight(-INFINITY, &weight));
}

static void sums_are_exact_and_rounded_down(void)
{
    Rng rng = rng_new(2, 0);
    mpz_t sum, term, got;
    mpz_inits(sum, term, got, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        int64_t weight = random_weight(&rng);
        LimbSum s = limbs_sum(weight);
        Limbs x;
        mpz_set_si(sum, weight);
        mpz_mul_2exp(sum, sum, LIMBS_FRACTION);
        for (int k = 0; k < TERMS; k++) {
            random_number(&rng, &x);
            mpn_rshift(x.limb, x.limb, LIMBS, 12); // below 2^24, with weights below 2^6
            x.limb[LIMBS - 1] = (mp_limb_t)((int64_t)(x.limb[LIMBS - 1] << 12) >> 12);
            set_number(term, &x);
            weight = k == 0 ? INT64_C(1) << LIMBS_WEIGHT : random_weight(&rng);
            add_scaled(sum, term, weight);
            if (k == 0)
                limbs_sum_add(&s, &x);
            else
                limbs_sum_add_scaled(&s, &x, weight);
        }
        set_integer(got, s.limb, LIMBS + 1);
        CU_ASSERT_EQUAL(mpz_cmp(got, sum), 0);
        limbs_sum_round(&s, &x);
        mpz_fdiv_q_2exp(sum, sum, LIMBS_WEIGHT);
        set_number(got, &x);
        CU_ASSERT_EQUAL(mpz_cmp(got, sum), 0);
    }
    mpz_clears(sum, term, got, NULL);
}

// Down to a size whose products stay below LIMBS_MOST.
static void random_factor(Rng *rng, Limbs *ret)
{
    random_number(rng, ret);
    int64_t top = (int64_t)ret->limb[LIMBS - 1];
    mpn_rshift(ret->limb, ret->limb, LIMBS, 22);
    ret->limb[LIMBS - 1] = (mp_limb_t)(top >> 22);
}

static void products_are_exact_and_rounded_down(void)
{
    Rng rng = rng_new(3, 0);
    mpz_t sum, a, b;
    mpz_inits(sum, a, b, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        LimbWide s = {{0}};
        Limbs x, y;
        mpz_set_ui(sum, 0);
        for (int k = 0; k < TERMS; k++) {
            random_factor(&rng, &x);
            random_factor(&rng, &y);
            set_number(a, &x);
            set_number(b, &y);
            mpz_addmul(sum, a, b);
            limbs_wide_add_product(&s, &x, &y);
        }
        set_integer(a, s.limb, 2 * LIMBS);
        CU_ASSERT_EQUAL(mpz_cmp(a, sum), 0);
        limbs_wide_round(&s, &x);
        mpz_fdiv_q_2exp(sum, sum, LIMBS_FRACTION);
        set_number(a, &x);
        CU_ASSERT_EQUAL(mpz_cmp(a, sum), 0);
    }
    mpz_clears(sum, a, b, NULL);
}

static void numbers_are_compared_and_subtracted(void)
{
    Rng rng = rng_new(4, 0);
    mpz_t a, b, c;
    mpz_inits(a, b, c, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        Limbs x, y;
        random_number(&rng, &x);
        random_number(&rng, &y);
        if (i % 8 == 0)
            y = x;
        set_number(a, &x);
        set_number(b, &y);
        CU_ASSERT_EQUAL(limbs_less(&x, &y), mpz_cmp(a, b) < 0);
        CU_ASSERT_EQUAL(limbs_negative(&x), mpz_sgn(a) < 0);
        limbs_subtract(&x, &y);
        mpz_sub(a, a, b);
        set_number(c, &x);
        CU_ASSERT_EQUAL(mpz_cmp(a, c), 0);
    }
    mpz_clears(a, b, c, NULL);
}

static void sizes_are_never_too_small(void)
{
    Rng rng = rng_new(5, 0);
    mpz_t a, size;
    mpz_inits(a, size, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        Limbs x;
        random_number(&rng, &x);
        set_number(a, &x);
        mpz_abs(a, a);
        mpz_set_d(size, ldexp(limbs_size_up(&x), LIMBS_FRACTION));
        CU_ASSERT(mpz_cmp(size, a) >= 0);
        mpz_sub(size, size, a);
        mpz_tdiv_q_2exp(size, size, LIMBS_FRACTION - 8);
        CU_ASSERT(mpz_cmp_ui(size, 1) <= 0);
    }
    mpz_clears(a, size, NULL);
}

static void mpfr_gets_the_number_and_is_rounded_down(void)
{
    Rng rng = rng_new(6, 0);
    mpfr_t m;
    mpfr_init2(m, LIMBS_PRECISION);
    for (int i = 0; i < ROUNDS; i++) {
        Limbs x, y;
        random_number(&rng, &x);
        limbs_get(&x, m);
        limbs_set(&y, m);
        CU_ASSERT_EQUAL(mpn_cmp(x.limb, y.limb, LIMBS), 0);
        if (mpfr_zero_p(m) || mpfr_get_exp(m) > 39)
            continue;
        mpfr_nextabove(m);
        limbs_set(&y, m);
        CU_ASSERT_EQUAL(mpn_cmp(x.limb, y.limb, LIMBS), 0);
    }
    mpfr_clear(m);
}

RUN_TESTS("limbs", TESTS)
