#include "softmax.h"

bool score_enclose(const Fix *q, Fix q_rad, const Fix *k, Fix k_rad, int K, Fix *ret_mid,
                   Fix *ret_rad)
{
    if (!fix_round(fix_dot(q, k, K), ret_mid))
        return false;
    *ret_rad = fix_dot_radius((Fix)fix_sum_abs(q, K), q_rad, fix_sum_abs(k, K), k_rad, K) + 1;
    return *ret_rad <= SOFTMAX_SCORE_RAD_MAX;
}

static Fix largest_abs(const Fix *v, int K, Fix most)
{
    for (int d = 0; d < K; d++)
        if (v[d] > most || -v[d] > most)
            most = v[d] < 0 ? -v[d] : v[d];
    return most;
}

bool softmax_mean(const Fix *score, Fix score_rad, const Fix *const *v, Fix v_rad, int count, int K,
                  Fix *ret_mean, Fix *ret_rad)
{
    uint64_t weight[SOFTMAX_KEYS_MAX];
    Fix shift = score[0], most = 0;
    UWide total = 0;
    UWide error = (UWide)softmax_weight_error(score_rad) * (unsigned)count;
    for (int i = 0; i < count; i++) {
        shift = score[i] > shift ? score[i] : shift;
        most = largest_abs(v[i], K, most);
    }
    if (count > SOFTMAX_KEYS_MAX || score_rad > SOFTMAX_SCORE_RAD_MAX ||
        error > (UWide)1 << 50 || most + v_rad > SOFTMAX_VALUE_MAX)
        return false;
    for (int i = 0; i < count; i++) {
        weight[i] = fix_exp_neg_down((uint64_t)(shift - score[i]));
        total += weight[i];
    }
    for (int d = 0; d < K; d++) {
        Wide sum = 0; // below 2^10 * 2^62 * 2^54
        for (int i = 0; i < count; i++)
            sum += (Wide)weight[i] * v[i][d];
        ret_mean[d] = (Fix)(sum / (Wide)total);
    }
    *ret_rad = (Fix)((error * 2 * (UWide)(most + v_rad + 1)) >> 60) + v_rad + (v_rad >> 10) + 4;
    return *ret_rad < FIX_ONE;
}
