// path.h against brute force: all paths of small random trellises, all variants, both ends of every
// weight's interval.

#include "path_pass.h"

#include <gmp.h>
#include <math.h>
#include <string.h>

#include "harness.h"
#include "isa.h"
#include "rng.h"

#define TESTS(X)                                                                                   \
    X(bounds_are_at_least_the_largest_mean)                                                        \
    X(bounds_hold_for_any_guess)                                                                   \
    X(bounds_come_close)                                                                           \
    X(bounds_at_the_limits_of_their_numbers)                                                       \
    X(bounds_are_the_same_on_every_instruction_set)                                                \
    X(small_weights_count_where_there_are_no_others)                                               \
    X(bounds_hold_where_the_search_gives_up)                                                       \
    X(rounding_never_hides_a_longer_path)                                                          \
    X(weights_enclose_exponentials)                                                                \
    X(batches_hold_every_symbol_once)                                                              \
    X(classes_hold_every_edge_once)

enum { COLUMNS = 3, SYMBOLS = 7, STATES = 3, KEYS = 5, ROWS = 11, CONFIGS = 40 };
enum { SHIFT_ROOM = 120 }; // above every shift here

typedef struct Trellis {
    Arena *arena;
    Task task;
    Region region;
    PathRegion path;
    PathHead head;
    FunctionalTable table;
} Trellis;

// ---- random trellises ---------------------------------------------------------------------------

static void make_region(Trellis *t, Rng *rng)
{
    uint8_t *next = ARENA_NEW(t->arena, uint8_t, STATES * SYMBOLS);
    for (int e = 0; e < STATES * SYMBOLS; e++)
        next[e] = (uint8_t)rng_below(rng, rng_below(rng, 2) ? 1 : STATES);
    for (int s = 0; s < STATES; s++) // symbols 5 and 6 move like 4
        next[s * SYMBOLS + 5] = next[s * SYMBOLS + 6] = next[s * SYMBOLS + 4];
    next[rng_below(rng, STATES * 4)] = TASK_NO_STATE;
    t->task = (Task){.columns = COLUMNS,
                     .symbols = SYMBOLS,
                     .states = STATES,
                     .starts = 1 + rng_below(rng, (1 << STATES) - 1),
                     .accepts = 1 + rng_below(rng, (1 << STATES) - 1),
                     .next = next};
    t->region = (Region){&t->task, 1, ARENA_NEW(t->arena, uint64_t, COLUMNS)};
    uint32_t rarity = 1 + rng_below(rng, 5);
    for (int c = 0; c < COLUMNS; c++)
        for (int e = 0; e < STATES * SYMBOLS; e++)
            if (rng_below(rng, 6) >= rarity && next[e] != TASK_NO_STATE)
                t->region.edges[c] |= (uint64_t)1 << e;
}

static int key_terms(const PathKey *key)
{
    return key->variants * (key->column < 0 ? 1 : SYMBOLS);
}

// A weight e^-x with x in [near, far]; some are a point.
static void make_gap(Rng *rng, Fix most, Fix room, Fix *ret_near, Fix *ret_far)
{
    *ret_near = (Fix)(rng_unit(rng) * (float)most);
    *ret_far = *ret_near + (rng_below(rng, 3) ? (Fix)(rng_unit(rng) * (float)room) : 0);
}

// Gaps up to `most`, known to within `room`. Those of a symbol's variants are alike unless `wild`.
static void make_head(Trellis *t, Rng *rng, Fix most, Fix room, bool wild)
{
    PathHead *h = &t->head;
    h->n_keys = 1 + (int)rng_below(rng, KEYS);
    h->key = ARENA_NEW(t->arena, PathKey, (size_t)h->n_keys);
    for (int k = 0; k < h->n_keys; k++) {
        PathKey *key = &h->key[k];
        *key = (PathKey){.column = (int)rng_below(rng, COLUMNS + 1) - 1,
                         .variants = 1 + (int)rng_below(rng, 3)};
        int32_t *config = ARENA_NEW(t->arena, int32_t, (size_t)key_terms(key));
        Fix *near = ARENA_NEW(t->arena, Fix, (size_t)key_terms(key));
        Fix *far = ARENA_NEW(t->arena, Fix, (size_t)key_terms(key));
        for (int i = 0; i < key_terms(key); i++) {
            config[i] = (int32_t)rng_below(rng, CONFIGS);
            make_gap(rng, most, room, &near[i], &far[i]);
            int first = i - i % key->variants;
            if (i == first || rng_below(rng, wild ? 2 : 1))
                continue;
            far[i] += near[first] - near[i];
            near[i] = near[first];
        }
        key->config = config;
        key->near = near;
        key->far = far;
    }
}

static void make_table(Trellis *t, Rng *rng)
{
    FunctionalTable *f = &t->table;
    *f = (FunctionalTable){.n = ROWS, .stride = 2 * FUNCTIONAL_LANES};
    f->shift = ARENA_NEW(t->arena, int, (size_t)f->stride);
    f->rad = ARENA_NEW(t->arena, Fix, (size_t)f->stride);
    f->most = ARENA_NEW(t->arena, int32_t, (size_t)f->stride);
    f->g = ARENA_NEW(t->arena, int32_t *, (size_t)t->head.n_keys);
    for (int k = 0; k < t->head.n_keys; k++)
        f->g[k] = ARENA_NEW(t->arena, int32_t, (size_t)(CONFIGS * f->stride));
    for (int row = 0; row < ROWS; row++) {
        int bits = 1 + (int)rng_below(rng, FUNCTIONAL_BITS);
        f->shift[row] = (int)rng_below(rng, 30);
        f->rad[row] = (Fix)rng_below(rng, 1000000);
        for (int k = 0; k < t->head.n_keys; k++)
            for (int c = 0; c < CONFIGS; c++) {
                int32_t g = (int32_t)(rng_next(rng) >> (64 - bits));
                g = rng_below(rng, 2) && row % 4 != 3 ? -g : g;
                f->g[k][c * f->stride + row] = g;
                f->most[row] = g > f->most[row] ? g : -g > f->most[row] ? -g : f->most[row];
            }
    }
}

// A random trellis that has a path.
static Trellis *trellis_with(uint64_t seed, Fix most, Fix room, bool wild)
{
    Rng rng = rng_new(seed, 0);
    for (;;) {
        Arena *arena = arena_new();
        Trellis *t = ARENA_NEW(arena, Trellis, 1);
        t->arena = arena;
        make_region(t, &rng);
        if (region_trim(&t->region)) {
            make_head(t, &rng, most, room, wild);
            make_table(t, &rng);
            path_region_init(arena, &t->region, &t->path);
            path_weigh(arena, &t->path, &t->head);
            return t;
        }
        arena_free(arena);
    }
}

// Weights of like size, or of every size.
static Trellis *trellis_new(uint64_t seed, bool spread)
{
    return trellis_with(seed, spread ? 60 * FIX_ONE : 3 * FIX_ONE,
                        seed % 4 < 2 ? FIX_ONE >> 10 : FIX_ONE, seed % 3);
}

// ---- brute force --------------------------------------------------------------------------------

typedef struct Choice { // a term on every key
    int at[KEYS];
} Choice;

typedef bool Visit(void *context, const Trellis *t, const Choice *choice);

static bool each_variant(const Trellis *t, const uint8_t *symbols, Choice *choice, int k,
                         Visit *visit, void *context)
{
    if (k == t->head.n_keys || k == KEYS)
        return visit(context, t, choice);
    const PathKey *key = &t->head.key[k];
    for (int v = 0; v < key->variants; v++) {
        choice->at[k] = (key->column < 0 ? 0 : symbols[key->column] * key->variants) + v;
        if (!each_variant(t, symbols, choice, k + 1, visit, context))
            return false;
    }
    return true;
}

// All paths and variants; false as soon as `visit` is false.
static bool each_choice(const Trellis *t, Visit *visit, void *context)
{
    for (int input = 0; input < SYMBOLS * SYMBOLS * SYMBOLS; input++) {
        uint8_t symbols[COLUMNS];
        Choice choice;
        for (int c = 0, rest = input; c < COLUMNS; c++, rest /= SYMBOLS)
            symbols[c] = (uint8_t)(rest % SYMBOLS);
        if (region_contains(&t->region, symbols) &&
            !each_variant(t, symbols, &choice, 0, visit, context))
            return false;
    }
    return true;
}

typedef struct
    Largest { // mean N / Z of functional `row`, times sign, in units of 2^-100; of exact weights about
    int row, sign;
    mpz_t N, Z;
    bool none;
} Largest;

static void largest_init(Largest *largest, int row, int sign)
{
    *largest = (Largest){.row = row, .sign = sign, .none = true};
    mpz_inits(largest->N, largest->Z, NULL);
}

static void largest_clear(Largest *largest)
{
    mpz_clears(largest->N, largest->Z, NULL);
}

// N/Z > largest N / Z.
static void take(Largest *largest, const mpz_t N, const mpz_t Z)
{
    mpz_t a, b;
    mpz_inits(a, b, NULL);
    mpz_mul(a, N, largest->Z);
    mpz_mul(b, largest->N, Z);
    if (mpz_sgn(Z) > 0 && (largest->none || mpz_cmp(a, b) > 0)) {
        mpz_set(largest->N, N);
        mpz_set(largest->Z, Z);
        largest->none = false;
    }
    mpz_clears(a, b, NULL);
}

// The largest mean for weights in their intervals: a mean is monotonous in each weight, so ends
// suffice. With at most KEYS keys, every choice of ends is tried.
static bool visit_mean(void *context, const Trellis *t, const Choice *choice)
{
    Largest *largest = context;
    mpz_t N, Z, e;
    mpz_inits(N, Z, e, NULL);
    for (int raised = 0; raised < 1 << t->head.n_keys; raised++) {
        mpz_set_si(N, 0);
        mpz_set_si(Z, 0);
        for (int k = 0; k < t->head.n_keys; k++) {
            const PathKey *key = &t->head.key[k];
            int at = choice->at[k];
            mpz_set_si(e, (raised >> k & 1 ? key->high : key->low)[at]);
            mpz_mul_2exp(e, e, (mp_bitcnt_t)(SHIFT_ROOM - key->shift[at]));
            mpz_add(Z, Z, e);
            mpz_mul_si(e, e,
                       largest->sign *
                           t->table.g[k][key->config[at] * t->table.stride + largest->row]);
            mpz_add(N, N, e);
        }
        take(largest, N, Z);
    }
    mpz_clears(N, Z, e, NULL);
    return true;
}

static void largest_mean(const Trellis *t, Largest *largest)
{
    each_choice(t, visit_mean, largest);
}

// ---- bounds (Lemma B3) --------------------------------------------------------------------------

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
            for (int row = 0; row < ROWS; row++) {
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
        for (int row = 0; row < ROWS; row++) {
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
            for (int row = 0; row < ROWS; row++) {
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
    static int32_t g[FUNCTIONAL_LANES], config[SYMBOLS];
    static Fix gap[SYMBOLS];
    static int32_t *rows[PATH_KEYS_MAX];
    static PathKey key[PATH_KEYS_MAX];
    Trellis *t = trellis_new(1, false);
    for (int k = 0; k < PATH_KEYS_MAX; k++) {
        rows[k] = g;
        key[k] = (PathKey){.column = k % (COLUMNS + 1) - 1,
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

// Up to two ways at each of two columns, each adding x in units of 2^-shift.
typedef struct Way {
    int32_t x;
    int shift;
} Way;

static int64_t longest_of(Way a, Way b, int ways, Way c)
{
    static uint8_t next[2], symbols[2] = {0, 1};
    static int32_t rows[3][FUNCTIONAL_LANES], config[2][2] = {{0, 1}, {2, 2}}, one[2] = {1, 1};
    int16_t shift[2][2] = {{(int16_t)a.shift, (int16_t)b.shift}, {(int16_t)c.shift, 0}};
    Task task = {.columns = 2, .symbols = 2, .states = 1, .starts = 1, .accepts = 1, .next = next};
    PathClass class = {.count = 1, .n_moves = 1};
    PathBatch first[2] = {{&class, a.shift, 1, &symbols[0]}, {&class, b.shift, 1, &symbols[1]}};
    PathBatch second = {&class, c.shift, 1, &symbols[0]};
    PathBatches batches[2] = {{ways, first}, {1, &second}};
    PathKey key[2];
    int32_t *g[2] = {rows[0], rows[0]};
    FunctionalTable table = {.n = FUNCTIONAL_LANES, .stride = FUNCTIONAL_LANES, .g = g};
    PathRegion path = {&task, NULL};
    PathHead head = {2, key, batches};
    PathPass pass = {&path, &head, &table, 0, 1, {0}};
    int64_t value[ISA_COUNT][FUNCTIONAL_LANES], weight[FUNCTIONAL_LANES];
    for (int k = 0; k < 2; k++)
        key[k] = (PathKey){.column = k,
                           .variants = 1,
                           .config = config[k],
                           .low = one,
                           .high = one,
                           .shift = shift[k]};
    for (int i = 0; i < FUNCTIONAL_LANES; i++) {
        rows[0][i] = a.x;
        rows[1][i] = b.x;
        rows[2][i] = c.x;
    }
    path_pass_generic(&pass, value[0], weight);
#if ISA_X86_64
    if (isa_available(ISA_AVX512)) {
        path_pass_avx512(&pass, value[1], weight);
        CU_ASSERT_EQUAL(memcmp(value[0], value[1], sizeof value[0]), 0);
    }
#endif
    return value[0][FUNCTIONAL_LANES - 1];
}

static int64_t sum_of_ways(Way a, Way c)
{
    return longest_of(a, a, 1, c);
}

static int64_t longer_of(Way a, Way b, Way c)
{
    int64_t value = longest_of(a, b, 2, c);
    CU_ASSERT_EQUAL(value > 0, longest_of(b, a, 2, c) > 0);
    return value;
}

static void rounding_never_hides_a_longer_path(void)
{
    CU_ASSERT(sum_of_ways((Way){1, 10}, (Way){0, 0}) > 0);
    CU_ASSERT(sum_of_ways((Way){0, 0}, (Way){1, 10}) > 0);
    CU_ASSERT(sum_of_ways((Way){-1000, 64}, (Way){1, 0}) > 0);
    CU_ASSERT(sum_of_ways((Way){1, 0}, (Way){-1000, 64}) > 0);
    CU_ASSERT(sum_of_ways((Way){-1, 64}, (Way){1, 63}) > 0);
    CU_ASSERT(sum_of_ways((Way){-1, 10}, (Way){0, 0}) <= 0);
    CU_ASSERT(sum_of_ways((Way){-1000, 64}, (Way){-1, 0}) < 0);
    CU_ASSERT(sum_of_ways((Way){-1000, 64}, (Way){0, PATH_SHIFT_MAX}) == -1000);
    CU_ASSERT(longer_of((Way){-1, 2}, (Way){0, 0}, (Way){1, 3}) > 0);
    CU_ASSERT(longer_of((Way){1, 2}, (Way){0, 0}, (Way){-1, 3}) > 0);
    CU_ASSERT(longer_of((Way){3, 2}, (Way){1, 0}, (Way){-7, 3}) > 0);
    CU_ASSERT(longer_of((Way){5, 2}, (Way){1, 0}, (Way){-9, 3}) > 0);
    CU_ASSERT(longer_of((Way){-5, 2}, (Way){-1, 0}, (Way){1, 0}) <= 0);
}

// ---- weights, batches and classes -----------------------------------------------------------------

typedef struct Seen { // symbols, in batches
    int times[COLUMNS][SYMBOLS];
    int wrong;
} Seen;

static void check_weight(const PathKey *key, int at, Seen *seen)
{
    double least = exp(-(double)key->far[at] / 0x1p50), most = exp(-(double)key->near[at] / 0x1p50);
    double low = ldexp(key->low[at], -PATH_WEIGHT_BITS - key->shift[at]);
    double high = ldexp(key->high[at], -PATH_WEIGHT_BITS - key->shift[at]);
    double unit = ldexp(1, -PATH_WEIGHT_BITS - key->shift[at]);
    seen->wrong += low > least * (1 + 1e-9) || low + 1.001 * unit < least * (1 - 1e-9);
    seen->wrong += high < most * (1 - 1e-9) || high - 1.001 * unit > most * (1 + 1e-9);
    seen->wrong += key->low[at] < 0 || key->high[at] > (1 << PATH_WEIGHT_BITS) + 2;
}

static void check_batch(const Trellis *t, int c, const PathBatch *batch, Seen *seen)
{
    int greatest = 0;
    for (int i = 0; i < batch->count; i++) {
        seen->times[c][batch->symbol[i]]++;
        for (int k = 0; k < t->head.n_keys; k++) {
            const PathKey *key = &t->head.key[k];
            for (int v = 0; key->column == c && v < key->variants; v++) {
                int at = batch->symbol[i] * key->variants + v;
                seen->wrong += key->shift[at] != batch->shift;
                greatest = key->high[at] > greatest ? key->high[at] : greatest;
                check_weight(key, at, seen);
            }
        }
    }
    seen->wrong += batch->shift < PATH_SHIFT_MAX && greatest < 1 << (PATH_WEIGHT_BITS - 1);
}

static void each_batch(uint64_t seed, Seen *seen)
{
    Trellis *t = trellis_new(seed, seed % 2);
    *seen = (Seen){.wrong = 0};
    for (int c = 0; c < COLUMNS; c++)
        for (int b = 0; b < t->head.batches[c].count; b++)
            check_batch(t, c, &t->head.batches[c].batch[b], seen);
    for (int k = 0; k < t->head.n_keys; k++)
        for (int v = 0; t->head.key[k].column < 0 && v < t->head.key[k].variants; v++)
            check_weight(&t->head.key[k], v, seen);
    for (int c = 0; c < COLUMNS; c++)
        for (int a = 0; a < SYMBOLS; a++) {
            bool on = false;
            for (int s = 0; s < STATES; s++)
                on = on || region_has(&t->region, c, s * SYMBOLS + a);
            seen->times[c][a] -= on;
        }
    arena_free(t->arena);
}

static void weights_enclose_exponentials(void)
{
    for (uint64_t seed = 400; seed < 500; seed++) {
        Seen seen;
        each_batch(seed, &seen);
        CU_ASSERT_EQUAL(seen.wrong, 0);
    }
}

static void batches_hold_every_symbol_once(void)
{
    for (uint64_t seed = 500; seed < 600; seed++) {
        Seen seen;
        each_batch(seed, &seen);
        for (int c = 0; c < COLUMNS; c++)
            for (int a = 0; a < SYMBOLS; a++)
                CU_ASSERT_EQUAL(seen.times[c][a], 0);
    }
}

static void mark_class(const PathColumn *column, const PathClass *class, int *seen)
{
    for (int i = class->first; i < class->first + class->count; i++)
        for (int m = 0; m < class->n_moves; m++)
            seen[class->from[m] * SYMBOLS + column->symbol[i]] += 1 + STATES * class->to[m];
}

static void classes_hold_every_edge_once(void)
{
    for (uint64_t seed = 500; seed < 600; seed++) {
        Trellis *t = trellis_new(seed, false);
        for (int c = 0; c < COLUMNS; c++) {
            int seen[STATES * SYMBOLS] = {0};
            for (int i = 0; i < t->path.column[c].n_classes; i++)
                mark_class(&t->path.column[c], &t->path.column[c].classes[i], seen);
            for (int e = 0; e < STATES * SYMBOLS; e++)
                CU_ASSERT_EQUAL(seen[e],
                                region_has(&t->region, c, e) ? 1 + STATES * t->task.next[e] : 0);
        }
        arena_free(t->arena);
    }
}

RUN_TESTS("path", TESTS)
