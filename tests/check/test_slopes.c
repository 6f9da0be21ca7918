// Slopes, excesses and functionals of margins (K11), with radii that are not small: whatever the exact numbers are, what
// is said of them holds.
#include "margins.c" // for what it keeps to itself

#include <math.h>
#include <stdlib.h>

#include "child.h"
#include "draws.h"
#include "reals.h"
#include "small_bundle.h"

#define TESTS(X)                                                                                   \
    X(slopes_are_those_of_the_format)                                                              \
    X(gains_of_unknown_sign_have_no_slope)                                                         \
    X(estimates_are_below_the_neuron)                                                              \
    X(functionals_stay_within)                                                                     \
    X(radii_come_off_the_margin)                                                                   \
    X(bounds_that_cross_are_refused)                                                               \
    X(scores_that_err_too_much_are_refused)

enum { ROUNDS = 20000 };

static const int64_t inflated = INT64_C(1) << 16;

static struct {
    Problem problem;
    Tables tables;
    SiteParts parts;
    Site site;
    Model model; // with radii of our own
} all;

// One neuron: gain within its radius, and bounds of both signs or one.
static void draw(Wrong *w, Neuron *n)
{
    w->gain[0] = rand() % 5 ? some(rand() % 52) : 0;
    w->gain_rad = rand() % 3 ? (int64_t)(rand() % 1000) : 0;
    if (rand() % 4 == 0)
        w->gain_rad = fixed_abs(w->gain[0]) + rand() % 3 - 1;
    w->gain_rad = fixed_greater(w->gain_rad, 0);
    n->phase = (Phase)(rand() % 3);
    n->m = rand() % 65;
    n->low = some(53);
    n->high = n->low + fixed_abs(some(53));
}

// K11's slope for an exact gain, times 64.
static Wide exact_slope(const Wrong *w, const Neuron *n, int i, int64_t g)
{
    if (n->phase == NEURON_ON)
        return (Wide)g * 64;
    if (n->phase == NEURON_OFF)
        return 0;
    if (w->gain[i] - w->gain_rad >= 0)
        return n->m >= 32 ? (Wide)g * 64 : 0;
    return w->gain[i] + w->gain_rad < 0 ? (Wide)g * n->m : 0;
}

static Wide wide_abs(Wide x)
{
    return x < 0 ? -x : x;
}

static void slopes_are_those_of_the_format(void)
{
    int64_t gain[1];
    Wrong w = {.gain = gain};
    Neuron n;
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        draw(&w, &n);
        Wide slope = (Wide)slope_of(&w, &n, 0) * 64;
        for (int end = -1; end <= 1; end++) {
            Wide away = wide_abs(slope - exact_slope(&w, &n, 0, gain[0] + end * w.gain_rad));
            CU_ASSERT(away <= (Wide)(w.gain_rad + 1) * 64);
        }
    }
}

static void gains_of_unknown_sign_have_no_slope(void)
{
    int64_t gain[1];
    Wrong w = {.gain = gain};
    srand(4);
    for (int round = 0; round < ROUNDS; round++) {
        Neuron n = {NEURON_OPEN, rand() % 65, 0, 0};
        gain[0] = some(rand() % 40);
        w.gain_rad = fixed_abs(gain[0]) + 1 + rand() % 2;
        CU_ASSERT_EQUAL(slope_of(&w, &n, 0), 0);
    }
}

// g relu(u) >= a u - e at every end: products are in units of 2^-100, times 64.
static void estimates_are_below_the_neuron(void)
{
    int64_t gain[1];
    Wrong w = {.gain = gain};
    Neuron n;
    long tight = 0;
    srand(2);
    for (int round = 0; round < ROUNDS; round++) {
        draw(&w, &n);
        n.phase = NEURON_OPEN;
        Wide e = excess_of(&w, &n, 0), least = (Wide)1 << 120;
        CU_ASSERT(e >= 0);
        for (int end = -1; end <= 1; end++) {
            int64_t g = gain[0] + end * w.gain_rad;
            Wide u[] = {n.low, n.high, 0};
            for (int i = 0; i < (n.low < 0 && n.high > 0 ? 3 : 2); i++) {
                Wide room = (u[i] > 0 ? u[i] * g * 64 : 0) - exact_slope(&w, &n, 0, g) * u[i] +
                            (e * FIXED_ONE) * 64;
                CU_ASSERT(room >= 0);
                least = room < least ? room : least;
            }
        }
        tight += e > 0 && least < (Wide)FIXED_ONE * 64 * 3;
    }
    CU_ASSERT(tight > ROUNDS / 20);
}

// ---- a whole answer position --------------------------------------------------------------------

static void prepare(void)
{
    if (all.problem.task)
        return;
    small_tables(BUNDLE, &all.problem, &all.model, &all.tables);
    site_parts_init(&all.parts, &all.tables);
    site_keys(&all.site, &all.parts, all.problem.task->prompt + 1);
    for (int k = 0; k < all.site.keys; k++)
        all.site.key[k].column = -1;
    site_fill(&all.site, &all.parts);
}

static void begin(Neuron *neuron, Wrong *wrong)
{
    for (int w = 0; w < all.model.vocabulary - 1; w++)
        wrong[w].id = w + 1;
    for (int i = 0; i < all.model.hidden; i++)
        neuron[i] = (Neuron){(Phase)(i % 3), i % 65, 0, 0};
    margins_begin(&all.site, &all.parts, neuron, 0, wrong);
    for (int i = 0; i < all.model.hidden; i++) {
        neuron[i].low = -FIXED_ONE / 8 * (1 + i % 5);
        neuron[i].high = FIXED_ONE / 8 * (1 + i % 3);
    }
    for (int w = 0; w < all.model.vocabulary - 1; w++)
        wrong[w].least = 0;
}

// y = (x + also) m for entries at ends, sides chosen so that output 0 is as large as it can be.
static Real largest(const Matrix *m, const Real *x, const Real *also, int o)
{
    Real sum = also ? also[o] : 0;
    for (int i = 0; i < m->in; i++) {
        int64_t a = m->a[(size_t)o * (size_t)m->stride + (size_t)i];
        sum += x[i] * real(x[i] > 0 ? a + m->rad : a - m->rad);
    }
    return sum;
}

static void check_functionals(const Wrong *w, const Neuron *neuron)
{
    const Model *m = &all.model;
    Real delta[64], gain[64], slope[64], c[64];
    for (int d = 0; d < m->d; d++)
        delta[d] = real(end_of(m->unembed.a[d], m->unembed.rad)) -
                   real(end_of(m->unembed.a[w->id * m->d + d], m->unembed.rad));
    for (int i = 0; i < m->hidden; i++) {
        gain[i] = largest(&all.parts.out_back, delta, NULL, i);
        CU_ASSERT(fabsl(gain[i] - real(w->gain[i])) <= real(w->gain_rad));
        for (int end = -1; end <= 1; end++)
            CU_ASSERT(wide_abs((Wide)w->slope[i] * 64 -
                               exact_slope(w, &neuron[i], i, w->gain[i] + end * w->gain_rad)) <=
                      (Wide)w->slope_rad * 64);
        slope[i] = real(end_of(w->slope[i], w->slope_rad));
    }
    for (int d = 0; d < m->d; d++) {
        c[d] = largest(&all.parts.in_back, slope, delta, d);
        CU_ASSERT(fabsl(c[d] - real(w->c[d])) <= real(w->c_rad));
        c[d] = real(end_of(w->c[d], w->c_rad));
    }
    for (int r = 0; r < m->hk; r++)
        CU_ASSERT(fabsl(largest(&all.parts.o_back, c, NULL, r) - real(w->head[r])) <=
                  real(w->head_rad));
}

static void functionals_stay_within(void)
{
    prepare();
    static Neuron neuron[64];
    static Wrong wrong[64];
    SiteParts exact = all.parts;
    const Matrix unembed = all.model.unembed;
    srand(3);
    for (int which = 0; which < 6; which++) {
        all.parts = exact;
        if (which == 5) // and nothing but delta
            all.parts.out_back = matrix_of(pool_numbers(all.model.hidden * all.model.d), 0,
                                           all.model.d, all.model.hidden);
        all.model.unembed.rad = which % 5 == 0 ? inflated : unembed.rad;
        all.parts.out_back.rad = which == 1 ? inflated : exact.out_back.rad;
        all.parts.in_back.rad = which == 2 ? inflated : exact.in_back.rad;
        all.parts.o_back.rad = which == 3 ? inflated : exact.o_back.rad;
        begin(neuron, wrong);
        for (int w = 0; w < all.model.vocabulary - 1; w++)
            check_functionals(&wrong[w], neuron);
    }
    all.parts = exact;
    all.model.unembed = unembed;
}

// ---- margins ------------------------------------------------------------------------------------

static Wide margin(Wrong *wrong, Neuron *neuron)
{
    margins_end(&all.site, &all.parts, neuron, 0, wrong);
    return wrong[0].margin;
}

static Wide sum_of_sizes(const int64_t *x, int n)
{
    Wide sum = 0;
    for (int i = 0; i < n; i++)
        sum += fixed_abs(x[i]);
    return sum;
}

// By how much a margin falls when one radius grows by `inflated`.
static Wide fall(int64_t *rad, Wrong *wrong, Neuron *neuron)
{
    Wide before = margin(wrong, neuron);
    *rad += inflated;
    Wide after = margin(wrong, neuron);
    *rad -= inflated;
    return before - after;
}

static bool about(Wide fall, Wide units)
{
    return fall >= units - 4 && fall <= units + units / 1000 + 4;
}

static void radii_come_off_the_margin(void)
{
    prepare();
    static Neuron neuron[64];
    static Wrong wrong[64];
    Layer *y = &all.model.layer[all.model.layers - 1];
    begin(neuron, wrong);
    Wrong *w = &wrong[0];
    int64_t delta[64];
    difference(&all.model, 0, w->id, delta);
    Wide of_slopes = sum_of_sizes(w->slope, all.model.hidden) * inflated / FIXED_ONE;
    Wide of_delta = sum_of_sizes(delta, all.model.d) * inflated / FIXED_ONE;
    CU_ASSERT(about(fall(&all.model.bu.rad, wrong, neuron), 2 * inflated));
    CU_ASSERT(about(fall(&y->bin.rad, wrong, neuron), of_slopes));
    CU_ASSERT(about(fall(&y->bout.rad, wrong, neuron), of_delta));
    // of noise
    Wide of_entry = 0, of_lu = 0;
    for (int d = 0; d < all.model.d; d++)
        of_entry += (Wide)all.site.table->e_most[d] + all.site.ly[d];
    for (int i = 0; i < all.model.hidden; i++)
        of_lu += all.site.lu[i];
    int64_t much = FIXED_ONE >> 20;
    Wide before = margin(wrong, neuron);
    w->c_rad += much;
    Wide c = before - margin(wrong, neuron);
    w->c_rad -= much;
    CU_ASSERT(c >= of_entry * much / FIXED_ONE - 4);
    w->slope_rad += much; // also of sum a b_in
    Wide slopes = before - margin(wrong, neuron);
    w->slope_rad -= much;
    CU_ASSERT(slopes >= (of_lu + sum_of_sizes(y->bin.a, all.model.hidden)) * much / FIXED_ONE - 4);
    w->head_rad += much;
    CU_ASSERT(before - margin(wrong, neuron) > 100);
    w->head_rad -= much;
    CU_ASSERT(before == margin(wrong, neuron));
}

static void end_with_crossed(const void *which)
{
    static Neuron neuron[64];
    static Wrong wrong[64];
    begin(neuron, wrong);
    Neuron *n = &neuron[2]; // open
    n->low = 1000;
    n->high = n->low - *(const int *)which;
    margins_end(&all.site, &all.parts, neuron, 0, wrong);
}

static void bounds_that_cross_are_refused(void)
{
    prepare();
    CU_ASSERT_EQUAL(exit_code_of(end_with_crossed, &(int){0}), 0);
    CU_ASSERT_EQUAL(exit_code_of(end_with_crossed, &(int){1}), EXIT_REJECTED);
}

// Lets all numbers of all keys of the site err by so much.
static void let_err(int64_t error)
{
    for (int k = 0; k < all.site.keys; k++) {
        const Table *t = all.site.key[k].table;
        for (int64_t i = 0; i < t->cone->count * all.model.hk; i++)
            t->dk[i] = error;
    }
}

static int64_t greatest_tau(void)
{
    TauQuery query = tau_query_new(&all.model);
    int64_t most = 0;
    for (int h = 0; h < all.model.heads; h++)
        for (int64_t c = 0; c < all.site.table->cone->count; c++) {
            tau_query_set(&query, &all.model, all.site.table, c, h * all.model.width);
            for (int k = 0; k < all.site.keys; k++)
                for (int64_t i = 0; all.site.key[k].read[h] && i < all.site.key[k].members; i++) {
                    const SiteKey *key = &all.site.key[k];
                    int64_t tau = tau_bound(&query, &all.model, key->table,
                                            site_base(&all.site, key, c) + key->offset[i],
                                            h * all.model.width);
                    most = tau > most ? tau : most;
                }
        }
    return most;
}

static void fill_again(const void *error)
{
    Site site;
    let_err(*(const int64_t *)error);
    site_keys(&site, &all.parts, all.problem.task->prompt + 1);
    for (int k = 0; k < site.keys; k++)
        site.key[k].column = -1;
    site_fill(&site, &all.parts);
}

static void scores_that_err_too_much_are_refused(void)
{
    int64_t error = FIXED_ONE >> 20, half;
    prepare();
    let_err(error);
    while (greatest_tau() <= 16 * FIXED_ONE)
        let_err(error *= 2);
    CU_ASSERT(greatest_tau() < 3 * 16 * FIXED_ONE);
    half = error / 4;
    CU_ASSERT_EQUAL(exit_code_of(fill_again, &error), EXIT_REJECTED);
    CU_ASSERT_EQUAL(exit_code_of(fill_again, &half), 0);
}

RUN_TESTS("check/slopes", TESTS)
