#include "softmax.h"

#include <mpfr.h>

#include "harness.h"
#include "rng.h"

#define TESTS(X)                                                                                   \
    X(scores_hold_every_choice_within_the_radii)                                                   \
    X(scores_refuse_what_exceeds_their_limits)                                                     \
    X(weights_are_off_by_no_more_than_their_error)                                                 \
    X(means_hold_every_choice_within_the_radii)                                                    \
    X(deviations_hold_every_choice_within_the_radii)                                               \
    X(deviations_are_tight)                                                                        \
    X(means_of_exact_scores_are_tight)                                                             \
    X(means_take_keys_and_values_up_to_their_limits)                                               \
    X(means_refuse_what_exceeds_their_limits)

static Fix random_fix(Rng *rng, int bits)
{
    Fix x = (Fix)(rng_next(rng) >> (64 - bits)) >> rng_below(rng, (uint32_t)bits);
    return rng_below(rng, 2) ? -x : x;
}

static Fix random_radius(Rng *rng, int bits)
{
    return rng_below(rng, 4) == 0 ? 0 : (Fix)(rng_next(rng) >> (64 - bits)) + 1;
}

// ---- scores (Lemma N2) --------------------------------------------------------------------------

// Does |(q + dq) . (k + dk) - mid| <= rad hold, in exact integers, for the reals that go furthest in
// direction `aim`?
static bool score_holds(const Fix *q, Fix q_rad, const Fix *k, Fix k_rad, int K, int aim, Fix mid,
                        Fix rad)
{
    mpz_t sum, a, b;
    mpz_inits(sum, a, b, NULL);
    for (int i = 0; i < K; i++) {
        mpz_set_si(a, q[i] + (k[i] < 0 ? -aim : aim) * q_rad);
        mpz_set_si(b, k[i] + (q[i] < 0 ? -aim : aim) * k_rad);
        mpz_addmul(sum, a, b);
    }
    mpz_set_si(a, mid);
    mpz_mul_2exp(a, a, FIX_BITS);
    mpz_sub(sum, sum, a);
    mpz_set_si(a, rad);
    mpz_mul_2exp(a, a, FIX_BITS);
    bool holds = mpz_cmpabs(sum, a) <= 0;
    mpz_clears(sum, a, b, NULL);
    return holds;
}

static void scores_hold_every_choice_within_the_radii(void)
{
    Rng rng = rng_new(1, 0);
    int fitted = 0, wrong = 0;
    for (int round = 0; round < 20000; round++) {
        int K = 1 + (int)rng_below(&rng, 8), bits = 3 + (int)rng_below(&rng, 57);
        Fix q[8], k[8], mid, rad;
        Fix q_rad = random_radius(&rng, 1 + (int)rng_below(&rng, 40));
        Fix k_rad = random_radius(&rng, 1 + (int)rng_below(&rng, 40));
        for (int i = 0; i < K; i++) {
            q[i] = random_fix(&rng, bits);
            k[i] = random_fix(&rng, bits);
        }
        if (!score_enclose(q, q_rad, k, k_rad, K, &mid, &rad))
            continue;
        fitted++;
        wrong += !score_holds(q, q_rad, k, k_rad, K, 1, mid, rad) ||
                 !score_holds(q, q_rad, k, k_rad, K, -1, mid, rad);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_TRUE(fitted > 10000);
}

static void scores_refuse_what_exceeds_their_limits(void)
{
    static Fix q[256], k[256];
    Fix mid = 7, rad;
    for (int i = 0; i < 256; i++)
        q[i] = k[i] = FIX_MAX;
    CU_ASSERT_FALSE(score_enclose(q, 0, k, 0, 256, &mid, &rad)); // would need 129 bits
    CU_ASSERT_FALSE(score_enclose(q, 0, k, 0, 1, &mid, &rad));
    CU_ASSERT_EQUAL(mid, 7);
    for (int i = 0; i < 256; i++)
        k[i] = FIX_ONE;
    CU_ASSERT_TRUE(score_enclose(q, 0, k, 0, 1, &mid, &rad));
    CU_ASSERT_EQUAL(mid, FIX_MAX);
    CU_ASSERT_FALSE(score_enclose(q, 0, k, 0, 2, &mid, &rad));
    CU_ASSERT_FALSE(score_enclose(q, 0, k, FIX_RAD_MAX / 2, 1, &mid, &rad));
    CU_ASSERT_FALSE(score_enclose(k, FIX_RAD_MAX + 1, k, 0, 1, &mid, &rad));
}

// ---- weights (Lemma N4) -------------------------------------------------------------------------

// y = 2^62 e^(x / 2^50)
static void exact_weight(mpfr_t y, Fix x)
{
    mpfr_set_sj(y, x, MPFR_RNDN);
    mpfr_div_2ui(y, y, FIX_BITS, MPFR_RNDN);
    mpfr_exp(y, y, MPFR_RNDN);
    mpfr_mul_2ui(y, y, FIX_EXP_BITS, MPFR_RNDN);
}

static void weights_are_off_by_no_more_than_their_error(void)
{
    Rng rng = rng_new(2, 0);
    mpfr_t y;
    mpfr_init2(y, 200);
    for (int round = 0; round < 20000; round++) {
        Fix below = (Fix)(rng_next(&rng) >> (3 + rng_below(&rng, 61)));
        Fix rad = round % 3 == 0 ? FIX_RAD_MAX : random_radius(&rng, 40);
        uint64_t down = fix_exp_neg_down((uint64_t)below), error = softmax_weight_error(rad);
        exact_weight(y, -below + (round % 2 ? rad : -rad));
        mpfr_sub_ui(y, y, down, MPFR_RNDN);
        mpfr_abs(y, y, MPFR_RNDN);
        CU_ASSERT_TRUE(mpfr_cmp_ui(y, error) <= 0);
    }
    mpfr_clear(y);
}

// ---- means (Lemma B2) ---------------------------------------------------------------------------

enum { KEYS = 12, WIDTH = 3 };

typedef struct Mean {
    int count;
    Fix score[KEYS], value[KEYS][WIDTH];
    const Fix *row[KEYS];
    Fix score_rad, v_rad, mean[WIDTH], rad, deviation[WIDTH];
} Mean;

static bool mean_init(Mean *m, Rng *rng)
{
    int score_bits = 20 + (int)rng_below(rng, 40), value_bits = 3 + (int)rng_below(rng, 54);
    m->count = 1 + (int)rng_below(rng, KEYS);
    m->score_rad = random_radius(rng, 1 + (int)rng_below(rng, 40));
    m->v_rad = random_radius(rng, 1 + (int)rng_below(rng, 38));
    if (rng_below(rng, 3) == 0)
        m->score_rad = m->v_rad = 0;
    for (int i = 0; i < m->count; i++) {
        m->score[i] = random_fix(rng, score_bits);
        m->row[i] = m->value[i];
        for (int d = 0; d < WIDTH; d++)
            m->value[i][d] = random_fix(rng, value_bits);
    }
    return softmax_mean(m->score, m->score_rad, m->row, m->v_rad, m->count, WIDTH, m->mean, &m->rad,
                        m->deviation);
}

// The mean of values that are v_rad off in direction `aim`, with scores that are score_rad off so
// that values further in that direction weigh more: within the radius? In units of 2^-50.
static bool mean_holds(const Mean *m, int d, int aim)
{
    mpfr_t N, Z, e;
    mpfr_inits2(300, N, Z, e, NULL);
    mpfr_set_zero(N, 1);
    mpfr_set_zero(Z, 1);
    for (int i = 0; i < m->count; i++) {
        int more = (m->value[i][d] > m->mean[d] ? 1 : -1) * aim;
        exact_weight(e, m->score[i] + more * m->score_rad);
        mpfr_add(Z, Z, e, MPFR_RNDN);
        mpfr_mul_si(e, e, m->value[i][d] + aim * m->v_rad, MPFR_RNDN);
        mpfr_add(N, N, e, MPFR_RNDN);
    }
    mpfr_div(N, N, Z, MPFR_RNDN);
    mpfr_sub_si(N, N, m->mean[d], MPFR_RNDN);
    mpfr_abs(N, N, MPFR_RNDN);
    bool holds = mpfr_cmp_si(N, m->rad) <= 0;
    mpfr_clears(N, Z, e, NULL);
    return holds;
}

static void means_hold_every_choice_within_the_radii(void)
{
    Rng rng = rng_new(3, 0);
    int fitted = 0, wrong = 0;
    for (int round = 0; round < 4000; round++) {
        Mean m;
        if (!mean_init(&m, &rng))
            continue;
        fitted++;
        for (int d = 0; d < WIDTH; d++)
            wrong += !mean_holds(&m, d, 1) || !mean_holds(&m, d, -1);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_TRUE(fitted > 2000);
}

// The mean of |v - z| around its own mean z, with scores score_rad off so that values whose bit in
// `heavy` is set weigh more, and with values v_rad off, away from the estimated mean if `apart`.
static bool deviation_holds(const Mean *m, int d, int heavy, bool apart)
{
    mpfr_t e[KEYS], Z, z, sum, x;
    mpfr_inits2(300, Z, z, sum, x, NULL);
    mpfr_set_zero(Z, 1);
    mpfr_set_zero(z, 1);
    mpfr_set_zero(sum, 1);
    for (int i = 0; i < m->count; i++) {
        Fix off = (m->value[i][d] > m->mean[d]) == apart ? m->v_rad : -m->v_rad;
        mpfr_init2(e[i], 300);
        exact_weight(e[i], m->score[i] + (heavy >> i & 1 ? m->score_rad : -m->score_rad));
        mpfr_add(Z, Z, e[i], MPFR_RNDN);
        mpfr_mul_si(x, e[i], m->value[i][d] + off, MPFR_RNDN);
        mpfr_add(z, z, x, MPFR_RNDN);
    }
    mpfr_div(z, z, Z, MPFR_RNDN);
    for (int i = 0; i < m->count; i++) {
        Fix off = (m->value[i][d] > m->mean[d]) == apart ? m->v_rad : -m->v_rad;
        mpfr_sub_si(x, z, m->value[i][d] + off, MPFR_RNDN);
        mpfr_abs(x, x, MPFR_RNDN);
        mpfr_mul(x, x, e[i], MPFR_RNDN);
        mpfr_add(sum, sum, x, MPFR_RNDN);
        mpfr_clear(e[i]);
    }
    mpfr_div(sum, sum, Z, MPFR_RNDN);
    bool holds = mpfr_cmp_si(sum, m->deviation[d]) <= 0;
    mpfr_clears(Z, z, sum, x, NULL);
    return holds;
}

// The values that lie further from the mean than the average does.
static int far_values(const Mean *m, int d)
{
    int far = 0;
    for (int i = 0; i < m->count; i++) {
        Fix away = m->value[i][d] - m->mean[d];
        far |= (away < 0 ? -away : away) > m->deviation[d] ? 1 << i : 0;
    }
    return far;
}

static void deviations_hold_every_choice_within_the_radii(void)
{
    Rng rng = rng_new(4, 0);
    int fitted = 0, wrong = 0;
    for (int round = 0; round < 2000; round++) {
        Mean m;
        if (!mean_init(&m, &rng))
            continue;
        fitted++;
        for (int d = 0; d < WIDTH; d++) {
            int far = far_values(&m, d), any = (int)rng_below(&rng, 1 << KEYS);
            wrong += !deviation_holds(&m, d, far, true) || !deviation_holds(&m, d, far, false) ||
                     !deviation_holds(&m, d, any, true) || !deviation_holds(&m, d, 0, true);
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_TRUE(fitted > 1000);
}

// Weights 3/4 and 1/4 of values 0 and 1: the mean is 1/4, and so far from it are 3/8 on average.
static void deviations_are_tight(void)
{
    const Fix a[1] = {0}, b[1] = {FIX_ONE}, *rows[] = {a, a, a, b};
    const Fix scores[] = {FIX_ONE, FIX_ONE, FIX_ONE, FIX_ONE};
    Fix mean, rad, deviation;
    CU_ASSERT_TRUE(softmax_mean(scores, 0, rows, 0, 4, 1, &mean, &rad, &deviation));
    CU_ASSERT_TRUE(deviation >= FIX_ONE * 3 / 8 && deviation <= FIX_ONE * 3 / 8 + 64);
    CU_ASSERT_TRUE(softmax_mean(scores, 0, rows, 100, 1, 1, &mean, &rad, &deviation));
    CU_ASSERT_TRUE(deviation >= 0 && deviation <= 5 * rad);
}

static void means_of_exact_scores_are_tight(void)
{
    const Fix a[1] = {3 * FIX_ONE / 2}, b[1] = {-FIX_ONE}, *rows[] = {a, b};
    const Fix scores[] = {FIX_ONE, FIX_ONE};
    Fix mean, rad, away;
    CU_ASSERT_TRUE(softmax_mean(scores, 0, rows, 0, 2, 1, &mean, &rad, &away));
    CU_ASSERT_EQUAL(mean, FIX_ONE / 4);
    CU_ASSERT_TRUE(rad <= 16);
    CU_ASSERT_TRUE(softmax_mean(scores, 0, rows, 100, 1, 1, &mean, &rad, &away));
    CU_ASSERT_TRUE(mean == a[0] && rad >= 100 && rad <= 116);
}

static void means_take_keys_and_values_up_to_their_limits(void)
{
    static Fix scores[SOFTMAX_KEYS_MAX];
    static const Fix *rows[SOFTMAX_KEYS_MAX];
    const Fix large[1] = {SOFTMAX_VALUE_MAX}, small[1] = {-SOFTMAX_VALUE_MAX};
    Fix mean, rad, away;
    for (int i = 0; i < SOFTMAX_KEYS_MAX; i++)
        rows[i] = large;
    CU_ASSERT_TRUE(softmax_mean(scores, 0, rows, 0, SOFTMAX_KEYS_MAX, 1, &mean, &rad, &away));
    CU_ASSERT_EQUAL(mean, SOFTMAX_VALUE_MAX);
    for (int i = 0; i < SOFTMAX_KEYS_MAX; i++)
        rows[i] = small;
    CU_ASSERT_TRUE(softmax_mean(scores, 0, rows, 0, SOFTMAX_KEYS_MAX, 1, &mean, &rad, &away));
    CU_ASSERT_EQUAL(mean, -SOFTMAX_VALUE_MAX);
    scores[0] = FIX_MAX;
    scores[1] = -FIX_MAX;
    rows[0] = large;
    CU_ASSERT_TRUE(softmax_mean(scores, 0, rows, 0, SOFTMAX_KEYS_MAX, 1, &mean, &rad, &away));
    CU_ASSERT_EQUAL(mean, SOFTMAX_VALUE_MAX);
}

static void means_refuse_what_exceeds_their_limits(void)
{
    static Fix scores[SOFTMAX_KEYS_MAX + 1];
    static const Fix *rows[SOFTMAX_KEYS_MAX + 1];
    const Fix zero[1] = {0}, large[1] = {-SOFTMAX_VALUE_MAX - 1};
    Fix mean, rad, away;
    for (int i = 0; i <= SOFTMAX_KEYS_MAX; i++)
        rows[i] = zero;
    CU_ASSERT_FALSE(softmax_mean(scores, 0, rows, 0, SOFTMAX_KEYS_MAX + 1, 1, &mean, &rad, &away));
    CU_ASSERT_TRUE(softmax_mean(scores, FIX_RAD_MAX, rows, 0, 2, 1, &mean, &rad, &away));
    CU_ASSERT_FALSE(softmax_mean(scores, FIX_RAD_MAX + 1, rows, 0, 2, 1, &mean, &rad, &away));
    CU_ASSERT_FALSE(softmax_mean(scores, 0, rows, FIX_RAD_MAX + 1, 2, 1, &mean, &rad, &away));
    rows[1] = large;
    CU_ASSERT_FALSE(softmax_mean(scores, 0, rows, 0, 2, 1, &mean, &rad, &away));
}

RUN_TESTS("softmax", TESTS)
