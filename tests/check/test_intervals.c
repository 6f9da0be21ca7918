// Weights of keys (K11) enclose the exponentials, whatever the spread, to within a few units; and values of neurons
// within their radii.
#include "site.c" // for what it keeps to itself

#include <math.h>
#include <stdlib.h>

#include "child.h"
#include "reals.h"
#include "small_bundle.h"

#define TESTS(X)                                                                                   \
    X(weights_enclose_exponentials_of_spreads)                                                     \
    X(values_allow_for_radii)                                                                      \
    X(values_too_large_are_refused)

enum { ROUNDS = 20000 };

// Of all sizes up to the largest that occurs.
static int64_t some_spread(void)
{
    return (int64_t)((above_all * (Wide)rand()) >> 31) >> rand() % 40;
}

static void weights_enclose_exponentials_of_spreads(void)
{
    exponential_begin();
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t below = above_all + (((int64_t)rand() << 25) >> rand() % 30), a = some_spread();
        Weight w = weight_of(below, a);
        Real unit = ldexpl(1, -EXPONENTIAL_BITS - w.shift), allowed = 3 * EXPONENTIAL_ERROR;
        Real least = expl(-real(below + a)) / unit, most = expl(-real(below - a)) / unit;
        CU_ASSERT((Real)w.low <=
                  (a < FIXED_ONE ? least - EXPONENTIAL_ERROR / 16 : least * (1 + 1e-15L)));
        CU_ASSERT((Real)w.low >= least - allowed);
        CU_ASSERT((Real)w.high >= most + EXPONENTIAL_ERROR / 2);
        CU_ASSERT((Real)w.high <= most + allowed);
        CU_ASSERT(fabsl((Real)w.middle - expl(-real(below)) / unit) <= EXPONENTIAL_ERROR);
        CU_ASSERT(w.high <= (UINT64_C(1) << 62) + EXPONENTIAL_ERROR);
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
