// What docs/machine.md says about runs of the shipped models, tried: sums in other orders, fused or
// not, give other bits, the same answers, and stay close to the exact values.
#include <math.h>

#include "harness.h"
#include "runs.h"

enum { LEAST_DIGITS = 3, MOST_DIGITS = 6 };

// A few times the greatest differences seen in a million questions.
static const double most_logit = 1e-3, most_margin = 1e-3, most_preactivation = 1e-3;

static RunsReport compare(int digits, const RunsOptions *options)
{
    Arena *arena = arena_new();
    WorkPool *pool = work_pool_new(work_default_threads());
    Questions questions = questions_open(arena, digits);
    RunsReport report = runs_compare(pool, &questions, options);
    work_pool_free(pool);
    arena_free(arena);
    return report;
}

static void print(int digits, const RunsReport *r)
{
    printf("\n    %d digits: %llu questions, %llu runs, %llu exact; least margin %.4f; greatest\n"
           "    difference: logit %.3g, from the exact margin %.3g, pre-activation %.3g ",
           digits, (unsigned long long)r->questions, (unsigned long long)r->runs,
           (unsigned long long)r->exact, r->least, r->logit, r->margin, r->preactivation);
}

static void check(const RunsOptions *options)
{
    for (int digits = LEAST_DIGITS; digits <= MOST_DIGITS; digits++) {
        RunsReport report = compare(digits, options);
        print(digits, &report);
        CU_ASSERT(report.questions == options->count);
        CU_ASSERT(report.wrong == 0 && report.undefined == 0);
        CU_ASSERT(report.other_bits == 0 && report.outside == 0);
        CU_ASSERT(report.logit < most_logit && report.margin < most_margin);
        CU_ASSERT(report.preactivation < most_preactivation);
    }
}

#if SLOW

static void a_million_questions_have_the_same_answers_in_any_order(void)
{
    check(&(RunsOptions){.first = 1000000, .count = 250000, .orders = 2, .exact_every = 10});
}

#define TESTS(X) X(a_million_questions_have_the_same_answers_in_any_order)

#else

static void all_orders_have_the_same_answers_and_are_close_to_the_exact_values(void)
{
    check(&(RunsOptions){.count = 200, .orders = REORDERED_COUNT, .exact_every = 1});
}

// The first wrong token's margin, with the least that a run may have.
static void bound_margins(void *context, const RunsPlace *place, RunsLimits *limits)
{
    const double *least = context;
    ModelShape s = place->questions->model->shape;
    for (int t = 0; t < s.d_vocab; t++)
        limits->low[s.d_mlp + t] = *least;
}

static void bounds_are_compared_with_every_run(void)
{
    double least = 0;
    RunsOptions options = {
        .count = 50, .orders = REORDERED_COUNT, .bound = bound_margins, .context = &least};
    RunsReport report = compare(LEAST_DIGITS, &options);
    CU_ASSERT(report.outside == 0);
    least = report.least;
    CU_ASSERT(compare(LEAST_DIGITS, &options).outside == 0);
    least = nextafter(report.least, INFINITY);
    CU_ASSERT(compare(LEAST_DIGITS, &options).outside > 0);
}

// Each margin may be so far from the exact one, and is allowed a tenth of it besides.
static void allow_margins(void *context, const RunsPlace *place, RunsLimits *limits)
{
    const double *away = context;
    ModelShape s = place->questions->model->shape;
    for (int t = 0; t < s.d_vocab; t++) {
        limits->away[0][s.d_mlp + t] = *away;
        limits->away[1][s.d_mlp + t] = place->exact_low[s.d_mlp + t] / 10;
    }
}

static void differences_are_compared_with_what_is_allowed(void)
{
    double away = 1;
    RunsOptions options = {.count = 50,
                           .orders = REORDERED_COUNT,
                           .exact_every = 1,
                           .bound = allow_margins,
                           .context = &away};
    RunsReport report = compare(LEAST_DIGITS, &options);
    CU_ASSERT(report.outside == 0 && report.width < 0x1p-200);
    CU_ASSERT(report.used[0] == report.margin && report.margin > 0);
    CU_ASSERT(fabs(report.allowed[1] - 0.1) < 1e-9 && report.used[1] < 1e-3);
    CU_ASSERT(fabs(report.allowed[0] - 1 / report.least_exact) < 1e-9);
    away = report.margin;
    CU_ASSERT(compare(LEAST_DIGITS, &options).outside == 0);
    away = nextafter(report.margin, 0);
    report = compare(LEAST_DIGITS, &options);
    CU_ASSERT(report.outside > 0 && report.used[0] > 1);
}

#define TESTS(X)                                                                                   \
    X(all_orders_have_the_same_answers_and_are_close_to_the_exact_values)                          \
    X(bounds_are_compared_with_every_run)                                                          \
    X(differences_are_compared_with_what_is_allowed)

#endif

RUN_TESTS("runs", TESTS)
