// path.h against brute force: all paths of small random trellises, all variants, both ends of every
// weight's interval.

#include "path.h"

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
    X(the_least_weight_is_that_of_some_path)                                                       \
    X(a_region_without_a_path_has_no_weight)                                                       \
    X(classes_hold_every_edge_once)

enum { COLUMNS = 3, SYMBOLS = 7, STATES = 3, KEYS = 5, ROWS = 11, CONFIGS = 40 };

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

// An interval of weights up to 2^27 + 2; some are a point.
static void make_weight(Rng *rng, bool spread, int room_bits, int32_t *ret_low, int32_t *ret_high)
{
    const int64_t most = ((int64_t)1 << PATH_WEIGHT_BITS) + 2;
    int64_t low = (int64_t)(rng_next(rng) >> 37 >> (spread ? rng_below(rng, 28) : 1));
    int64_t high = low + (int64_t)rng_below(rng, 1u << rng_below(rng, (uint32_t)room_bits + 1));
    *ret_low = (int32_t)low;
    *ret_high = (int32_t)(high < most ? high : most);
}

// Weights of very different sizes if `spread`; intervals of up to 2^room_bits each.
static void make_head(Trellis *t, Rng *rng, bool spread, int room_bits)
{
    PathHead *h = &t->head;
    h->n_keys = 1 + (int)rng_below(rng, KEYS);
    h->key = ARENA_NEW(t->arena, PathKey, (size_t)h->n_keys);
    for (int k = 0; k < h->n_keys; k++) {
        PathKey *key = &h->key[k];
        *key = (PathKey){.column = (int)rng_below(rng, COLUMNS + 1) - 1,
                         .variants = 1 + (int)rng_below(rng, 3)};
        int32_t *config = ARENA_NEW(t->arena, int32_t, (size_t)key_terms(key));
        key->low = ARENA_NEW(t->arena, int32_t, (size_t)key_terms(key));
        key->high = ARENA_NEW(t->arena, int32_t, (size_t)key_terms(key));
        for (int i = 0; i < key_terms(key); i++) {
            config[i] = (int32_t)rng_below(rng, CONFIGS);
            make_weight(rng, spread, room_bits, &key->low[i], &key->high[i]);
        }
        key->config = config;
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
static Trellis *trellis_with(uint64_t seed, bool spread, int room_bits)
{
    Rng rng = rng_new(seed, 0);
    for (;;) {
        Arena *arena = arena_new();
        Trellis *t = ARENA_NEW(arena, Trellis, 1);
        t->arena = arena;
        make_region(t, &rng);
        if (region_trim(&t->region)) {
            make_head(t, &rng, spread, room_bits);
            make_table(t, &rng);
            path_region_init(arena, &t->region, &t->path);
            CU_ASSERT_TRUE_FATAL(path_least_weight(&t->path, &t->head));
            return t;
        }
        arena_free(arena);
    }
}

// spread: weights of every size.
static Trellis *trellis_new(uint64_t seed, bool spread)
{
    return trellis_with(seed, spread, seed % 4 < 2 ? 20 : PATH_WEIGHT_BITS);
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

typedef struct Largest { // mean N / Z of functional `row`, times sign
    int row, sign;
    Wide N, Z;
} Largest;

static void take(Largest *largest, Wide N, Wide Z)
{
    if (Z > 0 && (largest->Z == 0 || N * largest->Z > largest->N * Z)) {
        largest->N = N;
        largest->Z = Z;
    }
}

// The largest mean for weights in their intervals: a mean is monotonous in each weight, so ends
// suffice. With at most KEYS keys, every choice of ends is tried.
static bool visit_mean(void *context, const Trellis *t, const Choice *choice)
{
    Largest *largest = context;
    for (int raised = 0; raised < 1 << t->head.n_keys; raised++) {
        Wide N = 0, Z = 0;
        for (int k = 0; k < t->head.n_keys; k++) {
            const PathKey *key = &t->head.key[k];
            Wide e = (raised >> k & 1 ? key->high : key->low)[choice->at[k]];
            N += e * largest->sign *
                 t->table.g[k][key->config[choice->at[k]] * t->table.stride + largest->row];
            Z += e;
        }
        take(largest, N, Z);
    }
    return true;
}

static Largest largest_mean(const Trellis *t, int row, int sign)
{
    Largest largest = {.row = row, .sign = sign};
    each_choice(t, visit_mean, &largest);
    return largest;
}

// ---- bounds (Lemma B3) --------------------------------------------------------------------------

// bound - rad - N / Z 2^shift, times Z.
static Wide excess(const Trellis *t, int row, const Largest *mean, Fix bound)
{
    return (Wide)(bound - t->table.rad[row]) * mean->Z - mean->N * ((Wide)1 << t->table.shift[row]);
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
    for (uint64_t seed = 0; seed < 60; seed++) {
        Trellis *t = trellis_new(seed, seed % 2);
        for (int sign = -1; sign <= 1; sign += 2) {
            int32_t lambda[2 * FUNCTIONAL_LANES] = {0};
            Fix bound[2 * FUNCTIONAL_LANES];
            bound_all(t, sign, lambda, bound);
            for (int row = 0; row < ROWS; row++) {
                Largest mean = largest_mean(t, row, sign);
                wrong += excess(t, row, &mean, bound[row]) < 0;
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
    for (uint64_t seed = 100; seed < 130; seed++) {
        Trellis *t = trellis_new(seed, seed % 2);
        for (int row = 0; row < ROWS; row++) {
            Largest mean = largest_mean(t, row, 1);
            for (int round = 0; round < 10; round++) {
                int32_t lambda[2 * FUNCTIONAL_LANES];
                Fix bound[2 * FUNCTIONAL_LANES];
                for (int i = 0; i < 2 * FUNCTIONAL_LANES; i++)
                    lambda[i] = round == 0   ? INT32_MAX
                                : round == 1 ? INT32_MIN
                                             : (int32_t)rng_next(&rng);
                bound_all(t, 1, lambda, bound);
                wrong += excess(t, row, &mean, bound[row]) < 0;
            }
        }
        arena_free(t->arena);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

// From below: within 2^-11 of the largest value, when weights are not too small beside their intervals.
static void bounds_come_close(void)
{
    int far = 0;
    for (uint64_t seed = 200; seed < 260; seed++) {
        Trellis *t = trellis_with(seed, false, 1);
        for (int sign = -1; sign <= 1; sign += 2) {
            int32_t lambda[2 * FUNCTIONAL_LANES];
            Fix bound[2 * FUNCTIONAL_LANES];
            for (int i = 0; i < 2 * FUNCTIONAL_LANES; i++)
                lambda[i] = INT32_MIN;
            bound_all(t, sign, lambda, bound);
            for (int row = 0; row < ROWS && t->head.least > 1 << 21; row++) {
                Largest mean = largest_mean(t, row, sign);
                Wide room = ((Wide)1 << 16) << t->table.shift[row];
                far += excess(t, row, &mean, bound[row]) > room * mean.Z;
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
    static int32_t g[FUNCTIONAL_LANES], low[SYMBOLS], high[SYMBOLS], config[SYMBOLS];
    static int32_t *rows[PATH_KEYS_MAX];
    static PathKey key[PATH_KEYS_MAX];
    Trellis *t = trellis_new(1, false);
    for (int i = 0; i < SYMBOLS; i++) {
        low[i] = W;
        high[i] = W + 2;
    }
    for (int k = 0; k < PATH_KEYS_MAX; k++) {
        rows[k] = g;
        key[k] = (PathKey){k % (COLUMNS + 1) - 1, 1, config, low, high};
    }
    t->head = (PathHead){.n_keys = PATH_KEYS_MAX, .key = key};
    t->table.stride = t->table.n = FUNCTIONAL_LANES;
    t->table.g = rows;
    CU_ASSERT_TRUE(path_least_weight(&t->path, &t->head));
    CU_ASSERT_EQUAL(t->head.least, (int64_t)PATH_KEYS_MAX * W);
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

// ---- weights and classes ------------------------------------------------------------------------

static bool visit_weight(void *context, const Trellis *t, const Choice *choice)
{
    int64_t *least = context, sum = 0;
    for (int k = 0; k < t->head.n_keys; k++)
        sum += t->head.key[k].low[choice->at[k]];
    *least = sum < *least ? sum : *least;
    return true;
}

static void the_least_weight_is_that_of_some_path(void)
{
    for (uint64_t seed = 400; seed < 500; seed++) {
        Trellis *t = trellis_new(seed, seed % 2);
        int64_t least = INT64_MAX;
        each_choice(t, visit_weight, &least);
        CU_ASSERT_EQUAL(t->head.least, least);
        arena_free(t->arena);
    }
}

static void a_region_without_a_path_has_no_weight(void)
{
    Trellis *t = trellis_new(1, false);
    t->region.edges[1] = 0;
    path_region_init(t->arena, &t->region, &t->path);
    CU_ASSERT_FALSE(path_least_weight(&t->path, &t->head));
    arena_free(t->arena);
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
