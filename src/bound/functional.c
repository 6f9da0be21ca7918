#include "functional.h"

// |c . v| at most, over all keys, and the common radius.
static bool largest(const FixMatrix *C, int row, int head, int K, const ResidualTable *const *keys,
                    int n_keys, Fix *ret_most, Fix *ret_rad)
{
    const Fix *c = C->mid + row * C->cols + head * K;
    Wide norm = fix_sum_abs(c, K);
    *ret_most = *ret_rad = 0;
    for (int i = 0; i < n_keys; i++)
        for (int config = 0; config < keys[i]->cone->configs; config++) {
            const Fix *v = keys[i]->v + config * C->cols + head * K;
            Fix g, rad = fix_dot_radius(norm, C->rad, fix_sum_abs(v, K), keys[i]->v_rad[config], K);
            if (rad > FIX_RAD_MAX || !fix_round(fix_dot(c, v, K), &g))
                return false;
            *ret_rad = rad > *ret_rad ? rad : *ret_rad;
            *ret_most = g > *ret_most ? g : -g > *ret_most ? -g : *ret_most;
        }
    return true;
}

static int shift_for(Fix most)
{
    int shift = 0;
    while (most >> shift >= ((Fix)1 << FUNCTIONAL_BITS) - 1)
        shift++;
    return shift;
}

// round(c . v / 2^shift): off by at most half of 2^shift.
static int32_t entry(const Fix *c, const Fix *v, int K, int shift)
{
    Wide g = fix_dot(c, v, K);
    return (int32_t)((g + ((Wide)1 << (FIX_BITS + shift - 1))) >> (FIX_BITS + shift));
}

static void fill_row(const FixMatrix *C, int row, int head, int K, const ResidualTable *const *keys,
                     int n_keys, FunctionalTable *table)
{
    const Fix *c = C->mid + row * C->cols + head * K;
    for (int i = 0; i < n_keys; i++)
        for (int config = 0; config < keys[i]->cone->configs; config++) {
            const Fix *v = keys[i]->v + config * C->cols + head * K;
            int32_t g = entry(c, v, K, table->shift[row]);
            table->g[i][config * table->stride + row] = g;
            int32_t size = g < 0 ? -g : g;
            table->most[row] = size > table->most[row] ? size : table->most[row];
            table->top[row] = g > table->top[row] ? g : table->top[row];
        }
}

bool functional_table_init(Arena *arena, const FixMatrix *C, int head, int K,
                           const ResidualTable *const *keys, int n_keys, FunctionalTable *ret_table)
{
    int stride = (C->rows + FUNCTIONAL_LANES - 1) / FUNCTIONAL_LANES * FUNCTIONAL_LANES;
    FunctionalTable t = {.n = C->rows,
                         .stride = stride,
                         .shift = ARENA_NEW(arena, int, (size_t)stride),
                         .rad = ARENA_NEW(arena, Fix, (size_t)stride),
                         .most = ARENA_NEW(arena, int32_t, (size_t)stride),
                         .top = ARENA_NEW(arena, int32_t, (size_t)stride),
                         .g = ARENA_NEW(arena, int32_t *, (size_t)n_keys)};
    for (int i = 0; i < n_keys; i++)
        t.g[i] = ARENA_NEW(arena, int32_t, (size_t)keys[i]->cone->configs * (size_t)stride);
    for (int row = 0; row < C->rows; row++) {
        Fix most, rad;
        if (!largest(C, row, head, K, keys, n_keys, &most, &rad))
            return false;
        t.shift[row] = shift_for(most);
        t.rad[row] = rad + ((Fix)1 << t.shift[row] >> 1) + 1;
        t.top[row] = INT32_MIN;
        fill_row(C, row, head, K, keys, n_keys, &t);
    }
    *ret_table = t;
    return true;
}
