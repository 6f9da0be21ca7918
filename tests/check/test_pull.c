// Errors that are pulled along (K8), where products are rounded to 20 bits: matrices of which every entry is rounded the
// same way, so that what it loses adds up, and those that are too large for it.
#include "pull.c" // for what it keeps to itself

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "harness.h"
#include "reals.h"

#define TESTS(X)                                                                                   \
    X(what_rounding_loses_is_made_good)                                                            \
    X(errors_follow_the_formula)                                                                   \
    X(radii_of_functionals_count)                                                                  \
    X(numbers_too_large_are_refused)                                                               \
    X(gains_too_large_are_refused)                                                                 \
    X(radii_too_large_are_refused)

enum { D = 3, HK = 2, F = 40 };

// A layer and W_Q, W_K of the next.
typedef struct Setting {
    int64_t o[D * HK], in[F * D], out[D * F], q[HK * D], k[HK * D];
    Layer layer, next;
    Matrix mix;
    Pull pull;
} Setting;

static void build(Setting *s)
{
    s->layer = (Layer){.o = matrix_of(s->o, 0, HK, D),
                       .in = matrix_of(s->in, 0, D, F),
                       .out = matrix_of(s->out, 0, F, D)};
    s->next = (Layer){.q = matrix_of(s->q, 0, D, HK), .k = matrix_of(s->k, 0, D, HK)};
    s->mix = matrix_product(&s->layer.o, &s->layer.in);
}

static void fill(int64_t *x, int n, int64_t (*draw)(void))
{
    for (int i = 0; i < n; i++)
        x[i] = draw();
}

static int64_t any(void)
{
    return ((int64_t)rand() << 20) - (INT64_C(1) << 50);
}

static Setting *random_setting(void)
{
    static Setting s;
    fill(s.o, D * HK, any);
    fill(s.in, F * D, any);
    fill(s.out, D * F, any);
    fill(s.q, HK * D, any);
    fill(s.k, HK * D, any);
    build(&s);
    pull_init(&s.pull, &s.layer, &s.mix, &s.next);
    return &s;
}

// f of functional number `which`.
static void functional(const Setting *s, int which, Real *f)
{
    for (int d = 0; d < D; d++)
        f[d] = which < D        ? which == d
               : which < D + HK ? real(s->q[(which - D) * D + d])
                                : real(s->k[(which - D - HK) * D + d]);
}

static Real formula(const Setting *s, int which, const Disturbance *by)
{
    Real f[D], c[D], error = 0;
    functional(s, which, f);
    for (int d = 0; d < D; d++) {
        c[d] = f[d];
        error += real(by->output[d]) * fabsl(f[d]);
    }
    for (int i = 0; i < F; i++) {
        Real a = 0;
        for (int d = 0; d < D; d++)
            a += real(s->out[d * F + i]) * f[d];
        for (int d = 0; d < D; d++)
            c[d] += by->theta2[i] * a * real(s->in[i * D + d]) / 2;
        error += fabsl(a) * real(by->hidden[i]);
    }
    for (int d = 0; d < D; d++)
        error += real(by->residual[d]) * fabsl(c[d]);
    for (int r = 0; r < HK; r++) {
        Real through = 0;
        for (int d = 0; d < D; d++)
            through += real(s->o[d * HK + r]) * c[d];
        error += real(by->heads[r]) * fabsl(through);
    }
    return error;
}

static int bad_of(const Setting *s, const Disturbance *by)
{
    int64_t errors[D + 2 * HK];
    int bad = 0;
    pull_errors(&s->pull, by, errors);
    for (int f = 0; f < s->pull.count; f++) {
        Real exact = formula(s, f, by);
        bad += !(real(errors[f]) >= exact * (1 - 1e-15L) + GRAIN &&
                 real(errors[f]) <= exact * 1.01L + 0x1p-10L);
    }
    return bad;
}

// Weights of one sign, a little less than a multiple of 2^-20 and a half: all products come out too small.
static int64_t slope_size, gain_size;

static int64_t slope_draw(void)
{
    return slope_size * (INT64_C(1) << DOWN) + (INT64_C(1) << (DOWN - 1)) - 1;
}

static int64_t gain_draw(void)
{
    return gain_size * (INT64_C(1) << DOWN) + (INT64_C(1) << (DOWN - 1)) - 1;
}

static int64_t negative_slope_draw(void)
{
    return -slope_draw();
}

static int64_t negative_gain_draw(void)
{
    return -gain_draw();
}

static void what_rounding_loses_is_made_good(void)
{
    static Setting s;
    static int theta2[F];
    static int64_t residual[D] = {FIXED_ONE / 2, FIXED_ONE / 2, FIXED_ONE / 2}, heads[HK],
                   hidden[F], output[D];
    Disturbance by = {residual, heads, hidden, output, theta2};
    for (int i = 0; i < F; i++)
        theta2[i] = 2;
    for (int which = 0; which < 4; which++) {
        slope_size = which % 2 ? 1 << 20 : 1;
        gain_size = which % 2 ? 1 : 1 << 20;
        memset(&s, 0, sizeof s);
        fill(s.out, D * F, which < 2 ? slope_draw : negative_slope_draw);
        fill(s.in, F * D, which < 2 ? gain_draw : negative_gain_draw);
        build(&s);
        pull_init(&s.pull, &s.layer, &s.mix, &s.next);
        CU_ASSERT_EQUAL(bad_of(&s, &by), 0);
        pool_release(NULL);
    }
}

static void errors_follow_the_formula(void)
{
    srand(1);
    for (int round = 0; round < 300; round++) {
        Setting *s = random_setting();
        int theta2[F];
        int64_t errors[3 * D + F] = {0};
        for (int i = 0; i < F; i++)
            theta2[i] = rand() % 3;
        for (int i = 0; i < D + HK + F + D; i++) // of all kinds or of one
            if (round % 5 == 0 || round % 5 == 1 + (i >= D) + (i >= D + HK) + (i >= D + HK + F))
                errors[i] = (int64_t)rand() << 16;
        CU_ASSERT_EQUAL(bad_of(s, &(Disturbance){errors, errors + D, errors + D + HK,
                                                 errors + D + HK + F, theta2}),
                        0);
        pool_release(NULL);
    }
}

// What is known of W_Q only to within a radius may be larger.
static void radii_of_functionals_count(void)
{
    static int64_t zero[F], hidden[F], output[D];
    static int theta2[F];
    int64_t exact[D + 2 * HK], wide[D + 2 * HK];
    const int64_t rad = INT64_C(1) << 22;
    srand(2);
    Setting *s = random_setting();
    fill(output, D, any);
    for (int d = 0; d < D; d++)
        output[d] = fixed_abs(output[d]);
    hidden[0] = FIXED_ONE;
    Disturbance of_output = {zero, zero, zero, output, theta2};
    Disturbance of_hidden = {zero, zero, hidden, zero, theta2};
    Wide sum = 0, a = 0;
    for (int d = 0; d < D; d++) {
        sum += (Wide)output[d] * rad;
        a += fixed_abs(s->out[d * F]) * (Wide)rad;
    }
    Pull without = s->pull;
    s->next.q.rad = rad;
    pull_init(&s->pull, &s->layer, &s->mix, &s->next);
    pull_errors(&without, &of_output, exact);
    pull_errors(&s->pull, &of_output, wide);
    CU_ASSERT(wide[D] - exact[D] >= (int64_t)(sum / FIXED_ONE) - 2);
    pull_errors(&without, &of_hidden, exact);
    pull_errors(&s->pull, &of_hidden, wide);
    CU_ASSERT(wide[D] - exact[D] >= (int64_t)(a / FIXED_ONE) - 2);
    pool_release(NULL);
}

// ---- refusals -----------------------------------------------------------------------------------

static void make_coarse(const void *x)
{
    coarse(*(const int64_t *)x);
}

static void numbers_too_large_are_refused(void)
{
    int64_t limit = 512 * FIXED_ONE, good[] = {limit - FIXED_ONE, FIXED_ONE - limit, 0},
            bad[] = {limit, -limit, 3 * limit, -3 * limit};
    for (int i = 0; i < 3; i++)
        CU_ASSERT_EQUAL(exit_code_of(make_coarse, &good[i]), 0);
    for (int i = 0; i < 4; i++)
        CU_ASSERT_EQUAL(exit_code_of(make_coarse, &bad[i]), EXIT_REJECTED);
    CU_ASSERT_EQUAL(coarse((INT64_C(1) << (DOWN - 1)) - 1), 0);
    CU_ASSERT_EQUAL(coarse(INT64_C(1) << (DOWN - 1)), 1);
}

static void begin(const void *setting)
{
    Setting *s = (Setting *)setting;
    pull_init(&s->pull, &s->layer, &s->mix, &s->next);
}

static void gains_too_large_are_refused(void)
{
    static Setting s;
    for (int i = 0; i < F; i++)
        s.in[i * D] = (i % 2 ? -1 : 1) * 51 * FIXED_ONE; // 2040 in all
    build(&s);
    CU_ASSERT_EQUAL(exit_code_of(begin, &s), 0);
    s.in[0] = 60 * FIXED_ONE; // 2049
    build(&s);
    CU_ASSERT_EQUAL(exit_code_of(begin, &s), EXIT_REJECTED);
    pool_release(NULL);
}

static void radii_too_large_are_refused(void)
{
    const int64_t limit = INT64_C(1) << (DOWN - 1);
    srand(3);
    Setting *s = random_setting();
    s->mix.rad = limit - 1;
    CU_ASSERT_EQUAL(exit_code_of(begin, s), 0);
    s->mix.rad = limit;
    CU_ASSERT_EQUAL(exit_code_of(begin, s), EXIT_REJECTED);
    s->mix.rad = 0;
    s->layer.out.rad = 2 * limit;
    CU_ASSERT_EQUAL(exit_code_of(begin, s), EXIT_REJECTED);
    s->layer.out.rad = 0;
    s->layer.o.rad = 2 * limit;
    CU_ASSERT_EQUAL(exit_code_of(begin, s), EXIT_REJECTED);
    s->layer.o.rad = 0;
    CU_ASSERT_EQUAL(exit_code_of(begin, s), 0);
    pool_release(NULL);
}

RUN_TESTS("check/pull", TESTS)
