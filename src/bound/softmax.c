#include "softmax.h"

bool score_enclose(const Fix *q, Fix q_rad, const Fix *k, Fix k_rad, int K, Fix *ret_mid,
                   Fix *ret_rad)
{
    *ret_rad = fix_dot_radius(fix_sum_abs(q, K), q_rad, fix_sum_abs(k, K), k_rad, K) + 1;
    return *ret_rad <= FIX_RAD_MAX && fix_round(fix_dot(q, k, K), ret_mid);
}

static Fix largest(const Fix *x, int n)
{
    Fix most = x[0];
    for (int i = 1; i < n; i++)
        most = x[i] > most ? x[i] : most;
    return most;
}

// How far the mean of the midpoints with the estimated weights can be from the true one. A weight's
// relative error is below 1.001 score_rad plus FIX_EXP_ERROR of at least 2^61 for their sum. (Lemma
// B2)
static Fix mean_radius(Fix most, Fix v_rad, Fix score_rad, int count)
{
    Wide spread = 2 * ((Wide)most + v_rad + 1);
    Wide scores = (spread * score_rad + (spread * score_rad >> 5)) >> FIX_BITS;
    Wide estimates = (spread * count * FIX_EXP_ERROR) >> 60;
    Wide rad = scores + estimates + v_rad + (v_rad >> 5) + 4;
    return rad > FIX_RAD_MAX ? FIX_RAD_MAX + 1 : (Fix)rad;
}

// Mean of |v[i][d] - mean| over the midpoints, with the estimated weights. The true one, with weights
// and values that differ as mean_radius allows and the mean within it, is within 4 radii of it.
static Fix deviation(const uint64_t *weight, Wide total, const Fix *const *v, int count, int d,
                     Fix mean)
{
    Wide sum = 0; // below 2^8 * 2^62 * 2^57 before the shift
    for (int i = 0; i < count; i++) {
        Fix away = v[i][d] - mean;
        sum += (Wide)((weight[i] >> 2) + 1) * (away < 0 ? -away : away);
    }
    return (Fix)(sum / (total >> 2)) + 1;
}

bool softmax_mean(const Fix *score, Fix score_rad, const Fix *const *v, Fix v_rad, int count, int K,
                  Fix *ret_mean, Fix *ret_rad, Fix *ret_deviation)
{
    uint64_t weight[SOFTMAX_KEYS_MAX];
    Fix shift, most = 0;
    UWide total = 0;
    if (count > SOFTMAX_KEYS_MAX || score_rad > FIX_RAD_MAX || v_rad > FIX_RAD_MAX)
        return false;
    shift = largest(score, count);
    for (int i = 0; i < count; i++) {
        weight[i] = fix_exp_neg_down((uint64_t)(shift - score[i]));
        total += weight[i];
        most = fix_max_abs(v[i], K) > most ? fix_max_abs(v[i], K) : most;
    }
    if (most > SOFTMAX_VALUE_MAX)
        return false;
    for (int d = 0; d < K; d++) {
        Wide sum = 0; // below 2^8 * 2^62 * 2^56
        for (int i = 0; i < count; i++)
            sum += (Wide)weight[i] * v[i][d];
        ret_mean[d] = (Fix)(sum / (Wide)total);
    }
    *ret_rad = mean_radius(most, v_rad, score_rad, count);
    if (*ret_rad > FIX_RAD_MAX)
        return false;
    for (int d = 0; d < K; d++)
        ret_deviation[d] =
            deviation(weight, (Wide)total, v, count, d, ret_mean[d]) + 4 * *ret_rad + 1;
    return true;
}
