#include "attend.h"

#include "exp32.h"
#include "isa.h"

enum { LANES = ATTEND_LANES };

ISA_BODY void score(const Attend *a, const float *k, float *ret_score)
{
    float sum[LANES] = {0};
    for (size_t d = 0; d < (size_t)a->d_head; d++)
        for (size_t l = 0; l < LANES; l++)
            sum[l] = __builtin_fmaf(a->q[d * a->row + l], k[d * a->key_row + l], sum[l]);
    for (int l = 0; l < LANES; l++)
        ret_score[l] = a->score_scale * sum[l];
}

ISA_BODY void find_most(const float *scores, int n, float *ret_most)
{
    for (int l = 0; l < LANES; l++)
        ret_most[l] = scores[l];
    for (int e = 1; e < n; e++)
        for (int l = 0; l < LANES; l++) {
            float here = scores[e * LANES + l];
            ret_most[l] = here > ret_most[l] ? here : ret_most[l];
        }
}

// Scores become weights, [n][16].
ISA_BODY void softmax(float *weights, int n)
{
    float most[LANES], sum[LANES] = {0};
    find_most(weights, n, most);
    for (int e = 0; e < n; e++)
        for (int l = 0; l < LANES; l++) {
            float *w = &weights[e * LANES + l];
            *w = exp32(*w - most[l]);
            sum[l] += *w;
        }
    for (int e = 0; e < n; e++)
        for (int l = 0; l < LANES; l++)
            weights[e * LANES + l] /= sum[l];
}

ISA_BODY void mix(const Attend *a, size_t d, float *ret_z)
{
    float sum[LANES] = {0};
    for (int e = 0; e < a->n_keys; e++) {
        const float *v = a->v + d * a->key_row + (size_t)a->keys[e] * LANES;
        for (int l = 0; l < LANES; l++)
            sum[l] = __builtin_fmaf(a->weights[e * LANES + l], v[l], sum[l]);
    }
    for (int l = 0; l < LANES; l++)
        ret_z[l] = sum[l];
}

ISA_BODY void body(const Attend *a)
{
    for (int e = 0; e < a->n_keys; e++)
        score(a, a->k + (size_t)a->keys[e] * LANES, a->weights + e * LANES);
    if (a->n_keys > 0)
        softmax(a->weights, a->n_keys);
    for (size_t d = 0; d < (size_t)a->d_head; d++)
        mix(a, d, a->z + d * a->row);
}

#if ISA_X86_64
ISA_TARGET_AVX512 static void attend_avx512(const Attend *a)
{
    body(a);
}

ISA_TARGET_AVX2 static void attend_avx2(const Attend *a)
{
    body(a);
}
#endif

static void attend_generic(const Attend *a)
{
    body(a);
}

void attend(const Attend *a)
{
#if ISA_X86_64
    if (isa_current() == ISA_AVX512)
        attend_avx512(a);
    else if (isa_current() == ISA_AVX2)
        attend_avx2(a);
    else
#endif
        attend_generic(a);
}
