#include "scores.h"

enum { SIZE_BITS = 20, ERROR_BITS = 34, PRODUCT_BITS = SIZE_BITS + ERROR_BITS };

static Fix size(Fix x)
{
    return x < 0 ? -x : x;
}

// x in units of 2^-bits, rounded up. False if it does not fit 30 bits.
static bool shorten_up(Fix x, int bits, int32_t *ret)
{
    Fix y = ((x - 1) >> (FIX_BITS - bits)) + 1;
    *ret = (int32_t)y;
    return y < (Fix)1 << 30;
}

bool score_side_init(Arena *arena, const ResidualTable *table, bool queries, int H, int K,
                     ScoreSide *ret_side)
{
    int HK = H * K, configs = table->cone->configs;
    const Fix *mid = queries ? table->q : table->k, *error = queries ? table->dq : table->dk;
    const Fix *rad = queries ? table->q_rad : table->k_rad;
    size_t n = (size_t)configs * (size_t)HK;
    ScoreSide s = {.table = table,
                   .mid = mid,
                   .size = ARENA_NEW(arena, int32_t, n),
                   .error = ARENA_NEW(arena, int32_t, n),
                   .norm = ARENA_NEW(arena, Fix, (size_t)H)};
    for (int c = 0; c < configs; c++) {
        s.rad = rad[c] > s.rad ? rad[c] : s.rad;
        for (int h = 0; h < H; h++) {
            Wide norm = fix_sum_abs(mid + c * HK + h * K, K);
            if (norm > FIX_MAX)
                return false;
            s.norm[h] = norm > s.norm[h] ? (Fix)norm : s.norm[h];
        }
        for (int i = c * HK; i < (c + 1) * HK; i++)
            if (!shorten_up(size(mid[i]) + rad[c] + error[i], SIZE_BITS, &s.size[i]) ||
                !shorten_up(error[i], ERROR_BITS, &s.error[i]))
                return false;
    }
    *ret_side = s;
    return true;
}

Fix score_radius(const ScoreSide *q, const ScoreSide *k, int head, int K)
{
    return fix_dot_radius(q->norm[head], q->rad, k->norm[head], k->rad, K) + 1;
}

bool score_mid(const ScoreSide *q, int q_config, const ScoreSide *k, int k_config, int head, int H,
               int K, Fix *ret_mid)
{
    return fix_round(
        fix_dot(q->mid + (q_config * H + head) * K, k->mid + (k_config * H + head) * K, K),
        ret_mid);
}

bool score_away(const ScoreSide *q, int q_config, const ScoreSide *k, int k_config, int head, int H,
                int K, Fix rad, Fix *ret_away)
{
    int a = (q_config * H + head) * K, b = (k_config * H + head) * K;
    int64_t errors = 0, products = 0; // K <= 2^12 products below 2^60: summed after a shift
    for (int i = 0; i < K; i++) {
        int64_t q_size = q->size[a + i], k_size = k->size[b + i];
        errors += ((q_size * k->error[b + i]) >> 12) + ((q->error[a + i] * k_size) >> 12) + 2;
        products += ((q_size * k_size) >> 12) + 1;
    }
    // errors: 2^-(PRODUCT_BITS - 12) = 2^-42; products: 2^-28
    Wide tau = ((Wide)errors << (FIX_BITS - PRODUCT_BITS + 12)) +
               rounding_gamma(K + 1, (Wide)products << (FIX_BITS - 2 * SIZE_BITS + 12)) + 1;
    *ret_away = (Fix)(tau + (tau >> 5) + (FIX_ONE >> 16) + rad + 1);
    return tau <= ROUNDING_TAU_MAX;
}
