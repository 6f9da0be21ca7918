#include "trellises.h"

#include "rng.h"

enum { SHIFT_ROOM = 120 }; // above every shift here

// ---- random trellises ---------------------------------------------------------------------------

static void make_region(Trellis *t, Rng *rng)
{
    uint8_t *next = ARENA_NEW(t->arena, uint8_t, TRELLIS_STATES * TRELLIS_SYMBOLS);
    for (int e = 0; e < TRELLIS_STATES * TRELLIS_SYMBOLS; e++)
        next[e] = (uint8_t)rng_below(rng, rng_below(rng, 2) ? 1 : TRELLIS_STATES);
    for (int s = 0; s < TRELLIS_STATES; s++) // symbols 5 and 6 move like 4
        next[s * TRELLIS_SYMBOLS + 5] = next[s * TRELLIS_SYMBOLS + 6] =
            next[s * TRELLIS_SYMBOLS + 4];
    next[rng_below(rng, TRELLIS_STATES * 4)] = TASK_NO_STATE;
    t->task = (Task){.columns = TRELLIS_COLUMNS,
                     .symbols = TRELLIS_SYMBOLS,
                     .states = TRELLIS_STATES,
                     .starts = 1 + rng_below(rng, (1 << TRELLIS_STATES) - 1),
                     .accepts = 1 + rng_below(rng, (1 << TRELLIS_STATES) - 1),
                     .next = next};
    t->region = (Region){&t->task, 1, ARENA_NEW(t->arena, uint64_t, TRELLIS_COLUMNS)};
    uint32_t rarity = 1 + rng_below(rng, 5);
    for (int c = 0; c < TRELLIS_COLUMNS; c++)
        for (int e = 0; e < TRELLIS_STATES * TRELLIS_SYMBOLS; e++)
            if (rng_below(rng, 6) >= rarity && next[e] != TASK_NO_STATE)
                t->region.edges[c] |= (uint64_t)1 << e;
}

static int key_terms(const PathKey *key)
{
    return key->variants * (key->column < 0 ? 1 : TRELLIS_SYMBOLS);
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
    h->n_keys = 1 + (int)rng_below(rng, TRELLIS_KEYS);
    h->key = ARENA_NEW(t->arena, PathKey, (size_t)h->n_keys);
    for (int k = 0; k < h->n_keys; k++) {
        PathKey *key = &h->key[k];
        *key = (PathKey){.column = (int)rng_below(rng, TRELLIS_COLUMNS + 1) - 1,
                         .variants = 1 + (int)rng_below(rng, 3)};
        int32_t *config = ARENA_NEW(t->arena, int32_t, (size_t)key_terms(key));
        Fix *near = ARENA_NEW(t->arena, Fix, (size_t)key_terms(key));
        Fix *far = ARENA_NEW(t->arena, Fix, (size_t)key_terms(key));
        for (int i = 0; i < key_terms(key); i++) {
            config[i] = (int32_t)rng_below(rng, TRELLIS_CONFIGS);
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
    *f = (FunctionalTable){.n = TRELLIS_ROWS, .stride = 2 * FUNCTIONAL_LANES};
    f->shift = ARENA_NEW(t->arena, int, (size_t)f->stride);
    f->rad = ARENA_NEW(t->arena, Fix, (size_t)f->stride);
    f->most = ARENA_NEW(t->arena, int32_t, (size_t)f->stride);
    f->g = ARENA_NEW(t->arena, int32_t *, (size_t)t->head.n_keys);
    for (int k = 0; k < t->head.n_keys; k++)
        f->g[k] = ARENA_NEW(t->arena, int32_t, (size_t)(TRELLIS_CONFIGS * f->stride));
    for (int row = 0; row < TRELLIS_ROWS; row++) {
        int bits = 1 + (int)rng_below(rng, FUNCTIONAL_BITS);
        f->shift[row] = (int)rng_below(rng, 30);
        f->rad[row] = (Fix)rng_below(rng, 1000000);
        for (int k = 0; k < t->head.n_keys; k++)
            for (int c = 0; c < TRELLIS_CONFIGS; c++) {
                int32_t g = (int32_t)(rng_next(rng) >> (64 - bits));
                g = rng_below(rng, 2) && row % 4 != 3 ? -g : g;
                f->g[k][c * f->stride + row] = g;
                f->most[row] = g > f->most[row] ? g : -g > f->most[row] ? -g : f->most[row];
            }
    }
}

Trellis *trellis_with(uint64_t seed, Fix most, Fix room, bool wild)
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

Trellis *trellis_new(uint64_t seed, bool spread)
{
    return trellis_with(seed, spread ? 60 * FIX_ONE : 3 * FIX_ONE,
                        seed % 4 < 2 ? FIX_ONE >> 10 : FIX_ONE, seed % 3);
}

// ---- brute force --------------------------------------------------------------------------------

typedef struct Choice { // a term on every key
    int at[TRELLIS_KEYS];
} Choice;

typedef bool Visit(void *context, const Trellis *t, const Choice *choice);

static bool each_variant(const Trellis *t, const uint8_t *symbols, Choice *choice, int k,
                         Visit *visit, void *context)
{
    if (k == t->head.n_keys || k == TRELLIS_KEYS)
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
    for (int input = 0; input < TRELLIS_SYMBOLS * TRELLIS_SYMBOLS * TRELLIS_SYMBOLS; input++) {
        uint8_t symbols[TRELLIS_COLUMNS];
        Choice choice;
        for (int c = 0, rest = input; c < TRELLIS_COLUMNS; c++, rest /= TRELLIS_SYMBOLS)
            symbols[c] = (uint8_t)(rest % TRELLIS_SYMBOLS);
        if (region_contains(&t->region, symbols) &&
            !each_variant(t, symbols, &choice, 0, visit, context))
            return false;
    }
    return true;
}

void largest_init(Largest *largest, int row, int sign)
{
    *largest = (Largest){.row = row, .sign = sign, .none = true};
    mpz_inits(largest->N, largest->Z, NULL);
}

void largest_clear(Largest *largest)
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
// suffice. With at most TRELLIS_KEYS keys, every choice of ends is tried.
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

void largest_mean(const Trellis *t, Largest *largest)
{
    each_choice(t, visit_mean, largest);
}
