#include "fixexp.h"

#include <mpfr.h>

#include "harness.h"
#include "rng.h"

#define TESTS(X)                                                                                   \
    X(enclosures_hold_around_every_table_boundary)                                                 \
    X(enclosures_hold_at_corners)                                                                  \
    X(enclosures_hold_at_random)                                                                   \
    X(the_error_bound_is_needed)                                                                   \
    X(nothing_is_left_far_out)

static uint64_t worst; // largest error seen, in units of 2^-62, rounded up

// down <= 2^62 e^-x <= down + FIX_EXP_ERROR, with e^-x from MPFR.
static bool encloses(uint64_t x)
{
    uint64_t down = fix_exp_neg_down(x);
    mpfr_t exact;
    mpfr_init2(exact, 200);
    mpfr_set_uj(exact, x, MPFR_RNDN);
    mpfr_div_2ui(exact, exact, FIX_BITS, MPFR_RNDN);
    mpfr_neg(exact, exact, MPFR_RNDN);
    mpfr_exp(exact, exact, MPFR_RNDU);
    mpfr_mul_2ui(exact, exact, FIX_EXP_BITS, MPFR_RNDU);
    uint64_t up = mpfr_get_uj(exact, MPFR_RNDU);
    bool below = mpfr_cmp_ui(exact, down) >= 0;
    mpfr_clear(exact);
    if (below && up - down > worst)
        worst = up - down;
    return below && up - down <= FIX_EXP_ERROR;
}

static void enclosures_hold_around_every_table_boundary(void)
{
    int wrong = 0;
    for (int level = 0; level < 3; level++)
        for (uint64_t i = 0; i < 64; i++)
            for (int off = -2; off <= 2; off++) {
                uint64_t x = i << (FIX_BITS - 6 * level);
                if (off >= 0 || x > 0)
                    wrong += !encloses(x + (uint64_t)off);
            }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void enclosures_hold_at_corners(void)
{
    static const uint64_t corners[] = {0,
                                       1,
                                       2,
                                       3,
                                       ((uint64_t)1 << 12) - 1,
                                       ((uint64_t)1 << 38) - 1,
                                       (uint64_t)1 << 38,
                                       ((uint64_t)1 << 38) + 1,
                                       ((uint64_t)1 << 44) - 1,
                                       (uint64_t)1 << 44,
                                       ((uint64_t)1 << 50) - 1,
                                       (uint64_t)1 << 50,
                                       ((uint64_t)1 << 56) - ((uint64_t)1 << 40),
                                       ((uint64_t)1 << 56) - 1,
                                       (uint64_t)1 << 56,
                                       ((uint64_t)1 << 56) + 1,
                                       (uint64_t)1 << 61,
                                       ((uint64_t)1 << 63) - 1,
                                       (uint64_t)1 << 63,
                                       UINT64_MAX};
    for (size_t i = 0; i < sizeof corners / sizeof *corners; i++)
        CU_ASSERT_TRUE(encloses(corners[i]));
}

static void enclosures_hold_at_random(void)
{
    Rng rng = rng_new(1, 0);
    int wrong = 0;
    for (int i = 0; i < 100000; i++)
        wrong += !encloses(rng_next(&rng) >> (8 + rng_below(&rng, 50)));
    CU_ASSERT_EQUAL(wrong, 0);
}

// The cubic is worst just below 2^-12: 2^14 / 24 units. A bound far below FIX_EXP_ERROR would be
// wrong, one far above would be careless.
static void the_error_bound_is_needed(void)
{
    worst = 0;
    for (uint64_t x = ((uint64_t)1 << 38) - 1000; x < (uint64_t)1 << 38; x++)
        CU_ASSERT_TRUE(encloses(x));
    CU_ASSERT_TRUE(worst > 683);
}

static void nothing_is_left_far_out(void)
{
    CU_ASSERT_EQUAL(fix_exp_neg_down((uint64_t)1 << 56), 0);
    CU_ASSERT_EQUAL(fix_exp_neg_down(UINT64_MAX), 0);
    CU_ASSERT_EQUAL(fix_exp_neg_down(0), ((uint64_t)1 << FIX_EXP_BITS) - 1);
}

RUN_TESTS("fixexp", TESTS)
