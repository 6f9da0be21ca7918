// What docs/machine.md says about runs of the shipped models, tried: sums in other orders, fused or
// not, give other bits, the same answers, and stay close to the exact values.
#include <math.h>

#include "harness.h"
#include "oracle.h"
#include "reordered.h"
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
    check(&(RunsOptions){.first = 1000000,
                         .count = 250000,
                         .orders = 2,
                         .oracle_every = 100,
                         .precision = ORACLE_QUICK});
}

#define TESTS(X) X(a_million_questions_have_the_same_answers_in_any_order)

#else

static void all_orders_have_the_same_answers_and_are_close_to_the_exact_values(void)
{
    check(&(RunsOptions){.count = 200,
                         .orders = REORDERED_COUNT,
                         .oracle_every = 10,
                         .precision = ORACLE_PRECISION});
}

// The first wrong token's margin, with the least that a run may have.
static void bound_margins(void *context, const RunsPlace *place, double *low, double *high)
{
    const double *least = context;
    ModelShape s = place->questions->model->shape;
    for (int t = 0; t < s.d_vocab; t++)
        low[s.d_mlp + t] = t == place->right ? 0 : *least;
    high[s.d_mlp + place->right] = 0;
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

#define TESTS(X)                                                                                   \
    X(all_orders_have_the_same_answers_and_are_close_to_the_exact_values)                          \
    X(bounds_are_compared_with_every_run)

#endif

RUN_TESTS("runs", TESTS)
