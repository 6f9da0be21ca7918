#include "scores.h"

enum { SIZE_BITS = 15, ERROR_BITS = 29, SHORT_BITS = 25 };

#define SCORE_LOW ((Wide)FIX_MAX << FIX_BITS) // a score of -FIX_MAX, as a product

static Fix size(Fix x)
{
    return x < 0 ? -x : x;
}

// x in units of 2^-bits, rounded up. False if it does not fit SHORT_BITS.
static bool shorten_up(Fix x, int bits, int32_t *ret)
{
    Fix y = ((x - 1) >> (FIX_BITS - bits)) + 1;
    *ret = (int32_t)y;
    return y < (Fix)1 << SHORT_BITS;
}

static bool take_norms(ScoreSide *s, const Fix *x, int H, int K)
{
    for (int c = 0; c < s->table->cone->configs; c++)
        for (int h = 0; h < H; h++) {
            Wide norm = fix_sum_abs(x + (c * H + h) * K, K);
            if (norm > FIX_MAX)
                return false;
            s->norm[h] = norm > s->norm[h] ? (Fix)norm : s->norm[h];
        }
    return true;
}

static bool take_sizes(ScoreSide *s, const Fix *x, const Fix *rad, const Fix *error, int HK,
                       bool queries)
{
    for (int c = 0; c < s->table->cone->configs; c++)
        for (int i = 0; i < HK; i++) {
            int to = queries ? c * HK + i : i * s->configs + c;
            Fix e = error[c * HK + i];
            if (!shorten_up(size(x[c * HK + i]) + rad[c] + e, SIZE_BITS, &s->size[to]) ||
                !shorten_up(e, ERROR_BITS, &s->error[to]))
                return false;
        }
    return true;
}

static void take_midpoints(ScoreSide *s, const Fix *x, const Fix *rad, int HK, int bits,
                           bool queries)
{
    int count = s->table->cone->configs;
    Arena *scratch = arena_new();
    int32_t *mid = ARENA_NEW(scratch, int32_t, (size_t)count * (size_t)HK);
    Fix error, most = 0;
    dot_shorten(x, count * HK, bits, mid, &s->shift, &error);
    for (int c = 0; c < count; c++) {
        most = rad[c] > most ? rad[c] : most;
        for (int i = 0; i < HK; i++)
            s->mid[queries ? c * HK + i : i * s->configs + c] = mid[c * HK + i];
    }
    s->rad = most + error;
    arena_free(scratch);
}

bool score_side_init(Arena *arena, const ResidualTable *table, bool queries, int H, int K,
                     ScoreSide *ret_side)
{
    int HK = H * K, configs = (table->cone->configs + DOT_LANES - 1) / DOT_LANES * DOT_LANES;
    const Fix *x = queries ? table->q : table->k, *error = queries ? table->dq : table->dk;
    const Fix *rad = queries ? table->q_rad : table->k_rad;
    size_t n = (size_t)configs * (size_t)HK;
    ScoreSide s = {.table = table,
                   .configs = configs,
                   .mid = ARENA_NEW(arena, int32_t, n),
                   .size = ARENA_NEW(arena, int32_t, n),
                   .error = ARENA_NEW(arena, int32_t, n),
                   .norm = ARENA_NEW(arena, Fix, (size_t)H)};
    if (!take_norms(&s, x, H, K) || !take_sizes(&s, x, rad, error, HK, queries))
        return false;
    take_midpoints(&s, x, rad, HK, queries ? dot_bits(K) : DOT_BITS, queries);
    *ret_side = s;
    return true;
}

Fix score_radius(const ScoreSide *q, const ScoreSide *k, int head, int K)
{
    return fix_dot_radius(q->norm[head], q->rad, k->norm[head], k->rad, K) + 1;
}

// A score below -FIX_MAX is anything from there down: an interval that reaches so far below that e^s, there, is
// nothing beside e^s at its upper end.
static void take_low(Fix away, Fix *ret_mid, Fix *ret_away)
{
    *ret_mid = -FIX_MAX - FIX_MAX / 2;
    *ret_away = FIX_MAX / 2 + away;
}

bool score_block(const ScoreSide *q, int q_config, const ScoreSide *k, int first, int head, int H,
                 int K, Fix rad, Fix *ret_mid, Fix *ret_away)
{
    int64_t mid[DOT_LANES], one[DOT_LANES], other[DOT_LANES], sizes[DOT_LANES];
    int a = (q_config * H + head) * K, b = head * K * k->configs + first, n = k->configs;
    bool fits = true;
    dot_many(q->mid + a, k->mid + b, K, n, DOT_LANES, mid);
    dot_many(q->size + a, k->error + b, K, n, DOT_LANES, one);
    dot_many(q->error + a, k->size + b, K, n, DOT_LANES, other);
    dot_many(q->size + a, k->size + b, K, n, DOT_LANES, sizes);
    for (int i = 0; i < DOT_LANES; i++) {
        Wide tau = (((Wide)one[i] + other[i]) << (FIX_BITS - SIZE_BITS - ERROR_BITS)) +
                   rounding_gamma(K + 1, (Wide)sizes[i] << (FIX_BITS - 2 * SIZE_BITS)) + 1;
        Wide exact = mid[i] * ((Wide)1 << (q->shift + k->shift));
        ret_away[i] = (Fix)(tau + (tau >> 5) + (FIX_ONE >> 16) + rad + 1);
        fits = fits && tau <= ROUNDING_TAU_LAST;
        if (exact < -SCORE_LOW)
            take_low(ret_away[i], &ret_mid[i], &ret_away[i]);
        else
            fits = fits && fix_round(exact, &ret_mid[i]);
    }
    return fits;
}

bool score_exact(const ResidualTable *q, int q_config, const ResidualTable *k, int k_config,
                 int head, int H, int K, Fix *ret_mid)
{
    Wide exact = fix_dot(q->q + (q_config * H + head) * K, k->k + (k_config * H + head) * K, K);
    return fix_round(exact < -SCORE_LOW ? -SCORE_LOW : exact, ret_mid);
}
