#include "functional.h"

#include "dot.h"

bool key_values_init(Arena *arena, const ResidualTable *table, int H, int K, KeyValues *ret_values)
{
    int configs = table->cone->configs, HK = H * K;
    KeyValues v = {.table = table,
                   .v = ARENA_NEW(arena, int32_t, (size_t)configs * (size_t)HK),
                   .sum = ARENA_NEW(arena, Wide, (size_t)H)};
    Fix error, most = 0;
    if (fix_max_abs(table->v, configs * HK) > FIX_MAX)
        return false;
    dot_shorten(table->v, configs * HK, DOT_BITS, v.v, &v.shift, &error);
    for (int c = 0; c < configs; c++) {
        most = table->v_rad[c] > most ? table->v_rad[c] : most;
        for (int h = 0; h < H; h++) {
            Wide sum = fix_sum_abs(table->v + c * HK + h * K, K);
            v.sum[h] = sum > v.sum[h] ? sum : v.sum[h];
        }
    }
    v.rad = most + error;
    *ret_values = v;
    return most <= FIX_RAD_MAX && v.rad <= FIX_RAD_MAX;
}

typedef struct Builder {
    const FixMatrix *C;
    int head, K, n_keys;
    const KeyValues *const *keys;
    const uint8_t *const *used;
    FunctionalTable *table;
    int32_t *c; // [K][stride] the functionals, rounded
    int *shift; // [stride] of c
    int64_t *g; // [keys and configs][stride] inner products of what was rounded
    Wide *most; // [stride] largest of them
} Builder;

static bool is_used(const Builder *b, int key, int config)
{
    return !b->used || b->used[key][config];
}

// Rounds one functional, and bounds what rounding it and the values does to its inner products.
static bool take_row(Builder *b, int row)
{
    const Fix *c = b->C->mid + row * b->C->cols + b->head * b->K;
    int32_t rounded[b->K];
    Wide norm = fix_sum_abs(c, b->K);
    Fix error, most = 0;
    if (fix_max_abs(c, b->K) > FIX_MAX)
        return false;
    dot_shorten(c, b->K, dot_bits(b->K), rounded, &b->shift[row], &error);
    for (int k = 0; k < b->K; k++)
        b->c[k * b->table->stride + row] = rounded[k];
    for (int i = 0; i < b->n_keys; i++) {
        Fix rad = fix_dot_radius(norm, b->C->rad + error, b->keys[i]->sum[b->head], b->keys[i]->rad,
                                 b->K);
        most = rad > most ? rad : most;
    }
    b->table->rad[row] = most;
    return most <= FIX_RAD_MAX;
}

static void multiply(Builder *b)
{
    int stride = b->table->stride;
    int64_t *g = b->g;
    for (int i = 0; i < b->n_keys; i++) {
        const KeyValues *v = b->keys[i];
        for (int config = 0; config < v->table->cone->configs; config++, g += stride) {
            if (!is_used(b, i, config))
                continue;
            dot_many(v->v + config * b->C->cols + b->head * b->K, b->c, b->K, stride, stride, g);
            for (int row = 0; row < b->table->n; row++) {
                Wide size = (Wide)(g[row] < 0 ? -g[row] : g[row]) << v->shift;
                b->most[row] = size > b->most[row] ? size : b->most[row];
            }
        }
    }
}

// Units of the row's entries, for the largest to fit. False if it leaves its bound.
static bool choose_shift(Builder *b, int row)
{
    FunctionalTable *t = b->table;
    Wide most = fix_ceil(b->most[row] << b->shift[row]);
    if (most + t->rad[row] > FIX_MAX)
        return false;
    while (most >> t->shift[row] >= ((Wide)1 << FUNCTIONAL_BITS) - 1)
        t->shift[row]++;
    t->rad[row] += ((Fix)1 << t->shift[row] >> 1) + 1;
    t->top[row] = INT32_MIN;
    return true;
}

// g 2^-down, to the nearest.
static int32_t entry(int64_t g, int down)
{
    if (down <= 0)
        return (int32_t)(g * ((int64_t)1 << -down));
    return (int32_t)((g + ((int64_t)1 << (down - 1))) >> down);
}

static void fill_entries(Builder *b, const KeyValues *v, const int64_t *g, int32_t *ret)
{
    FunctionalTable *t = b->table;
    for (int row = 0; row < t->n; row++) {
        int down = FIX_BITS + t->shift[row] - b->shift[row] - v->shift;
        ret[row] = down > 62 ? 0 : entry(g[row], down);
        int32_t size = ret[row] < 0 ? -ret[row] : ret[row];
        t->most[row] = size > t->most[row] ? size : t->most[row];
        t->top[row] = ret[row] > t->top[row] ? ret[row] : t->top[row];
    }
}

static bool fill(Builder *b)
{
    FunctionalTable *t = b->table;
    const int64_t *g = b->g;
    for (int row = 0; row < t->n; row++)
        if (!take_row(b, row))
            return false;
    multiply(b);
    for (int row = 0; row < t->n; row++)
        if (!choose_shift(b, row))
            return false;
    for (int i = 0; i < b->n_keys; i++)
        for (int config = 0; config < b->keys[i]->table->cone->configs; config++, g += t->stride)
            if (is_used(b, i, config))
                fill_entries(b, b->keys[i], g, t->g[i] + (size_t)config * (size_t)t->stride);
    return true;
}

bool functional_table_init(Arena *arena, const FixMatrix *C, int head, int K,
                           const KeyValues *const *keys, const uint8_t *const *used, int n_keys,
                           FunctionalTable *ret_table)
{
    int stride = (C->rows + FUNCTIONAL_LANES - 1) / FUNCTIONAL_LANES * FUNCTIONAL_LANES;
    size_t rows = (size_t)stride, entries = 0;
    FunctionalTable t = {.n = C->rows,
                         .stride = stride,
                         .shift = ARENA_NEW(arena, int, rows),
                         .rad = ARENA_NEW(arena, Fix, rows),
                         .most = ARENA_NEW(arena, int32_t, rows),
                         .top = ARENA_NEW(arena, int32_t, rows),
                         .g = ARENA_NEW(arena, int32_t *, (size_t)n_keys)};
    for (int i = 0; i < n_keys; i++) {
        size_t own = (size_t)keys[i]->table->cone->configs * rows;
        t.g[i] = ARENA_NEW(arena, int32_t, own);
        entries += own;
    }
    Arena *scratch = arena_new();
    Builder b = {.C = C,
                 .head = head,
                 .K = K,
                 .n_keys = n_keys,
                 .keys = keys,
                 .used = used,
                 .table = &t,
                 .c = ARENA_NEW(scratch, int32_t, (size_t)K * rows),
                 .shift = ARENA_NEW(scratch, int, rows),
                 .g = ARENA_NEW(scratch, int64_t, entries),
                 .most = ARENA_NEW(scratch, Wide, rows)};
    bool fits = fill(&b);
    arena_free(scratch);
    *ret_table = t;
    return fits;
}
