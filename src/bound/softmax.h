// One attention head with everything fixed: scores, weights and their weighted mean.
#pragma once

#include "fixexp.h"

enum { SOFTMAX_KEYS_MAX = 256 };
#define SOFTMAX_VALUE_MAX ((Fix)1 << 56) // 2^6

// A score q . k, q already scaled. False if it exceeds FIX_MAX or its radius FIX_RAD_MAX. (Lemma
// N2)
bool score_enclose(const Fix *q, Fix q_rad, const Fix *k, Fix k_rad, int K, Fix *ret_mid,
                   Fix *ret_rad);

// Error, in units of 2^-62 on either side, of fix_exp_neg_down(shift - mid) as an estimate of
// e^(score - shift) for a score within rad <= FIX_RAD_MAX of mid <= shift. (Lemma N4)
static inline uint64_t softmax_weight_error(Fix rad)
{
    return FIX_EXP_ERROR + ((uint64_t)rad << 13);
}

// The mean z of `count` >= 1 values v[i] ([K], each within v_rad) with weights e^score[i], each score
// within score_rad; and, element by element, at least the mean of |v - z|. False if something leaves
// its bound. (Lemma B2)
bool softmax_mean(const Fix *score, Fix score_rad, const Fix *const *v, Fix v_rad, int count, int K,
                  Fix *ret_mean, Fix *ret_rad, Fix *ret_deviation);
