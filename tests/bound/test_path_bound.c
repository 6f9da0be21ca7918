// path_bound against brute force on small random trellises, and where its numbers are at their
// limits (Lemma B3).

#include <string.h>

#include "harness.h"
#include "isa.h"
#include "rng.h"
#include "trellises.h"

#define TESTS(X)                                                                                   \
    X(bounds_are_at_least_the_largest_mean)                                                        \
    X(bounds_hold_for_any_guess)                                                                   \
    X(bounds_come_close)                                                                           \
    X(bounds_at_the_limits_of_their_numbers)                                                       \
    X(bounds_are_the_same_on_every_instruction_set)                                                \
    X(small_weights_count_where_there_are_no_others)                                               \
    X(bounds_hold_where_the_search_gives_up)

// The sign of bound - rad - room - N / Z 2^shift.
static int excess(const Trellis *t, const Largest *mean, Fix bound, Fix room)
{
    mpz_t a, b;
    int row = mean->row;
    mpz_inits(a, b, NULL);
    mpz_set_si(a, bound - t->table.rad[row] - room);
    mpz_mul(a, a, mean->Z);
    mpz_mul_2exp(b, mean->N, (mp_bitcnt_t)t->table.shift[row]);
    int sign = mpz_cmp(a, b);
    mpz_clears(a, b, NULL);
    return sign;
}

static void bound_all(const Trellis *t, int sign, int32_t *lambda, Fix *ret_bound)
{
    for (int i = 0; i < t->table.stride; i++)
        ret_bound[i] = INT64_MIN;
    path_bound(&t->path, &t->head, &t->table, sign, lambda, ret_bound);
}

static void bounds_are_at_least_the_largest_mean(void)
{
    int wrong = 0;
    for (uint64_t seed = 0; seed < 24; seed++) {
        Trellis *t = trellis_new(seed, seed % 2);
        for (int sign = -1; sign <= 1; sign += 2) {
            int32_t lambda[2 * FUNCTIONAL_LANES] = {0};
            Fix bound[2 * FUNCTIONAL_LANES];
            bound_all(t, sign, lambda, bound);
            for (int row = 0; row < TRELLIS_ROWS; row++) {
                Largest mean;
                largest_init(&mean, row, sign);
                largest_mean(t, &mean);
                wrong += excess(t, &mean, bound[row], 0) < 0;
                largest_clear(&mean);
            }
        }
        arena_free(t->arena);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void bounds_hold_for_any_guess(void)
{
    Rng rng = rng_new(1, 1);
    int wrong = 0;
    for (uint64_t seed = 100; seed < 116; seed++) {
        Trellis *t = trellis_new(seed, seed % 2);
        for (int row = 0; row < TRELLIS_ROWS; row++) {
            Largest mean;
            largest_init(&mean, row, 1);
            largest_mean(t, &mean);
            for (int round = 0; round < 10; round++) {
                int32_t lambda[2 * FUNCTIONAL_LANES];
                Fix bound[2 * FUNCTIONAL_LANES];
                for (int i = 0; i < 2 * FUNCTIONAL_LANES; i++)
                    lambda[i] = round == 0   ? INT32_MAX
                                : round == 1 ? INT32_MIN
                                             : (int32_t)rng_next(&rng);
                bound_all(t, 1, lambda, bound);
                wrong += excess(t, &mean, bound[row], 0) < 0;
            }
            largest_clear(&mean);
        }
        arena_free(t->arena);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

// From below: within 2^-12 of the largest value, however small weights are beside others.
static void bounds_come_close(void)
{
    int far = 0;
    for (uint64_t seed = 200; seed < 230; seed++) {
        Trellis *t =
            trellis_with(seed, seed % 2 ? 70 * FIX_ONE : 3 * FIX_ONE, FIX_ONE >> 30, false);
        for (int sign = -1; sign <= 1; sign += 2) {
            int32_t lambda[2 * FUNCTIONAL_LANES];
            Fix bound[2 * FUNCTIONAL_LANES];
            for (int i = 0; i < 2 * FUNCTIONAL_LANES; i++)
                lambda[i] = INT32_MIN;
            bound_all(t, sign, lambda, bound);
            for (int row = 0; row < TRELLIS_ROWS; row++) {
                Largest mean;
                Fix room = (Fix)1 << (15 + t->table.shift[row]);
                largest_init(&mean, row, sign);
                largest_mean(t, &mean);
                far += excess(t, &mean, bound[row], room) > 0;
                largest_clear(&mean);
            }
        }
        arena_free(t->arena);
    }
    CU_ASSERT_EQUAL(far, 0);
}

// Every key in one column, every number as large as it may be: nothing overflows, and a guess that is a
// bound is kept.
static void bounds_at_the_limits_of_their_numbers(void)
{
    enum { G = (1 << FUNCTIONAL_BITS) - 1, W = 1 << PATH_WEIGHT_BITS };
    static int32_t g[FUNCTIONAL_LANES], config[TRELLIS_SYMBOLS];
    static Fix gap[TRELLIS_SYMBOLS];
    static int32_t *rows[PATH_KEYS_MAX];
    static PathKey key[PATH_KEYS_MAX];
    Trellis *t = trellis_new(1, false);
    for (int k = 0; k < PATH_KEYS_MAX; k++) {
        rows[k] = g;
        key[k] = (PathKey){.column = k % (TRELLIS_COLUMNS + 1) - 1,
                           .variants = 1,
                           .config = config,
                           .near = gap,
                           .far = gap};
    }
    t->head = (PathHead){.n_keys = PATH_KEYS_MAX, .key = key};
    t->table.stride = t->table.n = FUNCTIONAL_LANES;
    t->table.g = rows;
    path_weigh(t->arena, &t->path, &t->head);
    CU_ASSERT_TRUE(key[0].low[0] >= W - 1 && key[0].high[0] > W);
    for (int i = 0; i < FUNCTIONAL_LANES; i++) {
        t->table.shift[i] = 34;
        t->table.rad[i] = FIX_RAD_MAX;
        t->table.most[i] = G;
    }
    for (int positive = 0; positive < 2; positive++)
        for (int sign = -1; sign <= 1; sign += 2)
            for (int guess = -1; guess <= 1; guess += 2) {
                int32_t lambda[FUNCTIONAL_LANES];
                Fix bound[FUNCTIONAL_LANES];
                for (int i = 0; i < FUNCTIONAL_LANES; i++) {
                    g[i] = positive ? G : -G;
                    lambda[i] = guess * G;
                }
                path_bound(&t->path, &t->head, &t->table, sign, lambda, bound);
                Wide mean = (Wide)(positive ? sign : -sign) * G * ((Wide)1 << 34);
                Wide guessed = (Wide)guess * G * ((Wide)1 << 34);
                Wide most = guessed > mean ? guessed : mean;
                for (int i = 0; i < FUNCTIONAL_LANES; i++) {
                    CU_ASSERT_TRUE(bound[i] >= mean + FIX_RAD_MAX);
                    CU_ASSERT_TRUE(bound[i] <= most + FIX_RAD_MAX + ((Wide)1 << (16 + 34)));
                }
            }
    arena_free(t->arena);
}

static void bounds_are_the_same_on_every_instruction_set(void)
{
    Isa best = isa_current();
    int different = 0;
    for (uint64_t seed = 300; seed < 340; seed++) {
        Trellis *t = trellis_new(seed, seed % 2);
        for (int sign = -1; sign <= 1; sign += 2) {
            int32_t lambda[ISA_COUNT][2 * FUNCTIONAL_LANES] = {0};
            Fix bound[ISA_COUNT][2 * FUNCTIONAL_LANES];
            for (int isa = 0; isa < ISA_COUNT; isa++) {
                if (!isa_available((Isa)isa))
                    continue;
                isa_use((Isa)isa);
                bound_all(t, sign, lambda[isa], bound[isa]);
                different += memcmp(bound[isa], bound[0], sizeof bound[0]) != 0 ||
                             memcmp(lambda[isa], lambda[0], sizeof lambda[0]) != 0;
            }
        }
        arena_free(t->arena);
    }
    isa_use(best);
    CU_ASSERT_EQUAL(different, 0);
}

// Of two symbols one weighs much and has a small value, the other next to nothing and a great one: the bound on the
// paths with the other is that value, not more.
static void small_weights_count_where_there_are_no_others(void)
{
    enum { BIG = 1 << 26, ROOM = 1 << 15 };
    for (int small = -1; small <= 1; small += 2) {
        static uint8_t next[2] = {0, 0};
        Task task = {
            .columns = 2, .symbols = 2, .states = 1, .starts = 1, .accepts = 1, .next = next};
        uint64_t edges[2] = {3, 3};
        Region region = {&task, 1, edges};
        Arena *arena = arena_new();
        PathRegion path;
        int32_t config[2] = {0, 1}, rows[2][FUNCTIONAL_LANES], most[FUNCTIONAL_LANES],
                lambda[FUNCTIONAL_LANES] = {0};
        int32_t *g[2] = {rows[0], rows[0]};
        int shift[FUNCTIONAL_LANES] = {0};
        Fix rad[FUNCTIONAL_LANES] = {0}, bound[FUNCTIONAL_LANES];
        // the second column's own weights are so small that they do not count at all
        Fix near[2][2] = {{0, 90 * FIX_ONE}, {200 * FIX_ONE, 300 * FIX_ONE}};
        PathKey key[2];
        for (int k = 0; k < 2; k++)
            key[k] = (PathKey){
                .column = k, .variants = 1, .config = config, .near = near[k], .far = near[k]};
        for (int i = 0; i < FUNCTIONAL_LANES; i++) {
            rows[0][i] = -BIG;
            rows[1][i] = small * BIG / 4;
            most[i] = BIG;
        }
        key[1].config = (int32_t[2]){1 - (small > 0), 1 - (small > 0)};
        PathHead head = {.n_keys = 2, .key = key};
        FunctionalTable table = {.n = FUNCTIONAL_LANES,
                                 .stride = FUNCTIONAL_LANES,
                                 .shift = shift,
                                 .rad = rad,
                                 .most = most,
                                 .g = g};
        path_region_init(arena, &region, &path);
        path_weigh(arena, &path, &head);
        CU_ASSERT_EQUAL(head.batches[0].count, 2);
        path_bound(&path, &head, &table, 1, lambda, bound);
        for (int i = 0; i < FUNCTIONAL_LANES; i++)
            CU_ASSERT_TRUE(bound[i] >= small * BIG / 4 &&
                           bound[i] <= (small > 0 ? BIG / 4 : 0) + ROOM);
        arena_free(arena);
    }
}

// Sixty symbols, each with a value above that of the one before and a weight of next to nothing beside it: every pass
// finds only the next one, and there are fewer passes than that.
static void bounds_hold_where_the_search_gives_up(void)
{
    enum { COUNT = 60, STEP = 1 << 20 };
    static uint8_t next[COUNT];
    static int32_t rows[COUNT][FUNCTIONAL_LANES], config[COUNT];
    static Fix near[COUNT];
    Task task = {
        .columns = 1, .symbols = COUNT, .states = 1, .starts = 1, .accepts = 1, .next = next};
    uint64_t edges = ((uint64_t)1 << COUNT) - 1;
    Region region = {&task, 1, &edges};
    Arena *arena = arena_new();
    PathRegion path;
    PathKey key = {.column = 0, .variants = 1, .config = config, .near = near, .far = near};
    PathHead head = {.n_keys = 1, .key = &key};
    int32_t *g = rows[0], most[FUNCTIONAL_LANES], lambda[FUNCTIONAL_LANES] = {0};
    int shift[FUNCTIONAL_LANES] = {0};
    Fix rad[FUNCTIONAL_LANES] = {0}, bound[FUNCTIONAL_LANES];
    FunctionalTable table = {.n = FUNCTIONAL_LANES,
                             .stride = FUNCTIONAL_LANES,
                             .shift = shift,
                             .rad = rad,
                             .most = most,
                             .g = &g};
    for (int a = 0; a < COUNT; a++) {
        config[a] = a;
        near[a] = 30 * a * FIX_ONE;
        for (int i = 0; i < FUNCTIONAL_LANES; i++)
            rows[a][i] = most[i] = (a + 1) * STEP;
    }
    path_region_init(arena, &region, &path);
    path_weigh(arena, &path, &head);
    CU_ASSERT_EQUAL(head.batches[0].count, COUNT);
    path_bound(&path, &head, &table, 1, lambda, bound);
    for (int i = 0; i < FUNCTIONAL_LANES; i++)
        CU_ASSERT_EQUAL(bound[i], COUNT * STEP);
    arena_free(arena);
}

RUN_TESTS("path_bound", TESTS)
