#include "harness.h"
#include "rng.h"

#include <stdbool.h>

#define TESTS(X)                                                                                   \
    X(published_values_of_xoshiro256)                                                              \
    X(streams_are_pinned)                                                                          \
    X(below_stays_below)                                                                           \
    X(below_is_uniform)                                                                            \
    X(below_rejects_what_would_be_counted_twice)                                                   \
    X(unit_is_a_multiple_of_its_step_below_one)                                                    \
    X(normal_has_mean_zero_and_variance_one)

// The first outputs for the state 1, 2, 3, 4, as in the test vectors of other implementations.
static void published_values_of_xoshiro256(void)
{
    static const uint64_t expected[] = {11520, 0, 1509978240, 1215971899390074240u,
                                        1216172134540287360u};
    Rng rng = {{1, 2, 3, 4}};
    for (int i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(rng_next(&rng), expected[i]);
}

// Recipes depend on these numbers: a change here changes every trained model.
static void streams_are_pinned(void)
{
    static const struct {
        uint64_t seed, stream, first[3];
    } rows[] = {
        {0, 0, {0x77f4592f11631c02u, 0xf30554ee76f8d52fu, 0xd3251e8b0b1da012u}},
        {1, 0, {0x37ac0ac2b11390bfu, 0xb09aa8b9fbb1b753u, 0x8c6e44e4d1efc436u}},
        {0, 1, {0x96c3466ae681c328u, 0xfecef577c138b515u, 0xe6be451218e4f35au}},
        {12345, 678, {0xd4b356079af926f4u, 0x2d4c4eb5aca53665u, 0xdfa5b0cedd9d4bf2u}},
    };
    for (int r = 0; r < 4; r++) {
        Rng rng = rng_new(rows[r].seed, rows[r].stream);
        for (int i = 0; i < 3; i++)
            CU_ASSERT_EQUAL(rng_next(&rng), rows[r].first[i]);
    }
}

static void below_stays_below(void)
{
    static const uint32_t bounds[] = {1, 2, 3, 10, 1000, 1u << 31, UINT32_MAX};
    Rng rng = rng_new(3, 0);
    for (int b = 0; b < 7; b++) {
        bool below = true;
        for (int i = 0; i < 1000; i++)
            below &= rng_below(&rng, bounds[b]) < bounds[b];
        CU_ASSERT_TRUE(below);
    }
}

// 10^6 draws of 10 values: each count is within five standard deviations (300) of 10^5.
static void below_is_uniform(void)
{
    int count[10] = {0};
    Rng rng = rng_new(4, 0);
    for (int i = 0; i < 1000000; i++)
        count[rng_below(&rng, 10)]++;
    for (int k = 0; k < 10; k++)
        CU_ASSERT_TRUE(count[k] > 98500 && count[k] < 101500);
}

// With the bound 3 * 2^30, a plain multiplication would give a quarter of the values twice as
// often.
static void below_rejects_what_would_be_counted_twice(void)
{
    int residue[3] = {0};
    Rng rng = rng_new(5, 0);
    for (int i = 0; i < 300000; i++)
        residue[rng_below(&rng, 3u << 30) % 3]++;
    for (int k = 0; k < 3; k++)
        CU_ASSERT_TRUE(residue[k] > 98700 && residue[k] < 101300);
}

static void unit_is_a_multiple_of_its_step_below_one(void)
{
    bool inside = true, multiple = true;
    Rng rng = rng_new(6, 0);
    for (int i = 0; i < 10000; i++) {
        float x = rng_unit(&rng), scaled = x * 0x1p24f;
        inside &= x >= 0 && x < 1;
        multiple &= scaled == (float)(uint32_t)scaled;
    }
    CU_ASSERT_TRUE(inside);
    CU_ASSERT_TRUE(multiple);
}

static void normal_has_mean_zero_and_variance_one(void)
{
    double sum = 0, squares = 0;
    Rng rng = rng_new(7, 0);
    for (int i = 0; i < 200000; i++) {
        double x = (double)rng_normal(&rng);
        sum += x;
        squares += x * x;
    }
    CU_ASSERT_DOUBLE_EQUAL(sum / 200000, 0, 0.012);
    CU_ASSERT_DOUBLE_EQUAL(squares / 200000, 1, 0.02);
}

RUN_TESTS("base/rng", TESTS)
