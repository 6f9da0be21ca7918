// Weights of keys (K11) enclose the exponentials, whatever the spread, to within a few units; and values of neurons
// within their radii.
#include "site.c" // for what it keeps to itself

#include <math.h>
#include <stdlib.h>

#include "child.h"
#include "reals.h"
#include "small_bundle.h"

#define TESTS(X)                                                                                   \
    X(exponentials_of_spreads_are_enclosed)                                                        \
    X(weights_allow_for_the_error_of_the_exponential)                                              \
    X(values_allow_for_radii)                                                                      \
    X(values_too_large_are_refused)

enum { ROUNDS = 20000 };

// Of all sizes up to a little above 1/4, the largest that occurs.
static int64_t some_spread(void)
{
    return (((int64_t)rand() << 17) + ((int64_t)rand() << 12)) >> rand() % 40;
}

static void exponentials_of_spreads_are_enclosed(void)
{
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t x = (UINT64_C(1) << 60) + ((uint64_t)rand() << 30);
        int64_t a = some_spread();
        Real more = (Real)x * expl(real(a)), less = (Real)x * expl(-real(a));
        CU_ASSERT((Real)grow(x, a) >= more - 1);
        CU_ASSERT((Real)grow(x, a) <= more * (1 + 0x1p-8L));
        CU_ASSERT((Real)shrink(x, a) <= less + 1);
        CU_ASSERT((Real)shrink(x, a) >= less * (1 - 0x1p-8L));
    }
    const uint64_t x = UINT64_C(1) << 60;
    CU_ASSERT(grow(x, 0) == x && shrink(x, 0) == x);
    CU_ASSERT_EQUAL(grow(x + 1, 1), x + 3 * 1024 + 2);
    CU_ASSERT_EQUAL(shrink(x + 1, 1), x - 2 * 1024);
}

static void weights_allow_for_the_error_of_the_exponential(void)
{
    exponential_begin();
    srand(2);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t below = ((int64_t)rand() << 25) >> rand() % 30;
        Weight w = weight_of(below, 0);
        Real exact = ldexpl(expl(-real(below)), EXPONENTIAL_BITS + w.shift);
        CU_ASSERT((Real)w.low <= exact - EXPONENTIAL_ERROR / 2);
        CU_ASSERT((Real)w.high >= exact + EXPONENTIAL_ERROR / 2);
    }
}

// ---- values -------------------------------------------------------------------------------------

static struct {
    Problem problem;
    Tables tables;
    int position; // with a table of the last layer
    Table *table;
} all;

static void prepare(void)
{
    if (all.problem.task)
        return;
    small_problem(BUNDLE, &all.problem);
    tables_fill(&all.tables, &all.problem);
    int last = all.problem.model->layers - 1, length = all.problem.task->length;
    all.position = all.problem.task->prompt - 1;
    all.table = all.tables.table[last * length + all.position];
    CU_ASSERT_PTR_NOT_NULL_FATAL(all.table);
}

// One configuration is known less well than the others.
static void values_allow_for_radii(void)
{
    prepare();
    const Model *m = all.problem.model;
    SiteParts parts;
    for (int which = 0; which < 2; which++) {
        int64_t c = which ? all.table->cone->count - 1 : 0, kept = all.table->rv[c];
        all.table->rv[c] = INT64_C(1) << 34;
        site_parts_init(&parts, &all.tables);
        all.table->rv[c] = kept;
        for (int h = 0; h < m->heads; h++)
            for (int i = 0; i < m->hidden; i++) {
                Real value = 0, away = 0;
                for (int r = 0; r < m->width; r++) {
                    Real w = real(parts.mix.a[(size_t)i * (size_t)parts.mix.stride +
                                              (size_t)(h * m->width + r)]);
                    value += w * real(all.table->v[c * m->hk + h * m->width + r]);
                    away += fabsl(w) * 0x1p-16L;
                }
                Real mine = parts.values[all.position][h][c * m->hidden + i] * 0x1p-18L;
                Real off = parts.values_off[all.position] * 0x1p-18L;
                CU_ASSERT(fabsl(mine - value) + away <= off);
            }
    }
}

static void init_parts(const void *parts)
{
    SiteParts copy = *(const SiteParts *)parts;
    make_values(&copy, all.position);
}

// Through W_O W_in all of whose entries have one sign.
static void values_too_large_are_refused(void)
{
    prepare();
    const Model *m = all.problem.model;
    SiteParts parts;
    site_parts_init(&parts, &all.tables);
    CU_ASSERT_EQUAL(exit_code_of(init_parts, &parts), 0);
    int64_t *a = POOL_TAKE(int64_t, m->hidden * m->hk), *v = all.table->v;
    for (int64_t i = 0; i < all.table->cone->count * m->hk; i++)
        v[i] = 64 * FIXED_ONE;
    for (int sign = -1; sign <= 1; sign += 2) {
        for (int i = 0; i < m->hidden * m->hk; i++)
            a[i] = sign * 33 * FIXED_ONE / m->width;
        parts.mix = matrix_of(a, 0, m->hk, m->hidden); // 2112 in all
        CU_ASSERT_EQUAL(exit_code_of(init_parts, &parts), EXIT_REJECTED);
    }
}

RUN_TESTS("check/intervals", TESTS)
