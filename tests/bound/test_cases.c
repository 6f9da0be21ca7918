// The numbers of units in a certificate, where a mean is close to a multiple of the unit: whoever checks may
// find another floor, and what was promised has to hold with it all the same.
#include "cases.h"

#include "harness.h"
#include "rng.h"

enum { BITS = 4 };

static const Fix unit = FIX_ONE >> BITS;

// lambda as somebody finds it whose mean is another one.
static Fix found(Fix mean, int32_t d)
{
    return (mean >> (FIX_BITS - BITS)) * unit + d * unit;
}

// One configuration, one head, one functional.
static void check_number(Fix mean, Fix room, Fix bound)
{
    PathHead head = {.n_keys = 1};
    Case item = {.head = &head};
    Cases cases = {.count = 1, .heads = 1, .item = &item};
    HeadBounds bounds = {1, 1, 1, &bound, &mean, &room};
    int32_t d = head_units(&cases, &bounds, 0, 0, BITS);
    Fix promised = head_lambda(&bounds, 0, 0, 0, BITS, d),
        means[] = {mean - room, mean, mean + room};
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_TRUE(found(means[i], d) >= bound + unit);
        CU_ASSERT_TRUE(found(means[i], d) <= promised);
    }
    CU_ASSERT_TRUE(promised <=
                   bound + 5 * unit); // and no more is given away than two floors and two units
}

static void numbers_hold_for_every_mean_that_may_be_found(void)
{
    Rng rng = rng_new(11, 0);
    for (int k = 0; k < 20000; k++) {
        Fix mean = (Fix)(rng_below(&rng, 1 << 20)) * (FIX_ONE >> 16) - 8 * FIX_ONE;
        Fix room = (Fix)rng_below(&rng, 1 << 10) * (FIX_ONE >> 20);
        check_number(mean, room, mean + (Fix)rng_below(&rng, 1 << 20) * (FIX_ONE >> 18));
    }
}

static void multiples_of_the_unit_are_the_hard_ones(void)
{
    static const Fix near[] = {-1, 0, 1};
    for (int multiple = -40; multiple <= 40; multiple++)
        for (int i = 0; i < 3; i++)
            for (Fix above = 0; above <= 2 * unit; above += unit / 4)
                check_number(multiple * unit + near[i], FIX_ONE >> 14,
                             multiple * unit + near[i] + above);
}

#define TESTS(X)                                                                                   \
    X(numbers_hold_for_every_mean_that_may_be_found)                                               \
    X(multiples_of_the_unit_are_the_hard_ones)

RUN_TESTS("cases", TESTS)
