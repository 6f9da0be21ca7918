// What a proof certifies of every run, tried: on many questions, the margins of the shipped inference
// and of evaluations with reordered sums are never below that of the question's edge case.
#include <math.h>

#include "harness.h"
#include "network.h"
#include "runs.h"

typedef struct Certified {
    const Task *task;
    NetworkProof proof;
} Certified;

// The symbols of a question of the addition of two numbers, from the digits of its prompt.
static void symbols_of(const Task *task, const int *tokens, uint8_t *ret_symbols)
{
    int n = task->columns;
    for (int c = 0; c < n; c++)
        ret_symbols[c] = (uint8_t)(10 * tokens[n - 1 - c] + tokens[2 * n - c]);
}

static void certified_margin(void *context, const RunsPlace *place, double *low, double *high)
{
    const Certified *c = context;
    const PositionProof *position = &c->proof.position[place->answer];
    ModelShape s = place->questions->model->shape;
    uint8_t symbols[TASK_COLUMNS_MAX];
    int found = 0;
    symbols_of(c->task, place->tokens, symbols);
    for (int i = 0; i < position->n_cases; i++) {
        const EdgeCase *edge_case = &position->cases[i];
        if (!region_contains(edge_case->node.region, symbols))
            continue;
        found++;
        for (int t = 0; t < s.d_vocab; t++)
            if (t != place->right)
                low[s.d_mlp + t] = (double)edge_case->node.margin / (double)FIX_ONE;
    }
    if (found != 1) // nothing lies above infinity
        high[s.d_mlp] = -INFINITY;
}

static void check(int digits, uint64_t count, int orders)
{
    Arena *arena = arena_new();
    WorkPool *pool = work_pool_new(work_default_threads());
    Questions questions = questions_open(arena, digits);
    Certified certified = {.task = questions.task};
    Claim *claim;
    Diag diag = {0};
    NetworkOptions options = {.mu = FIX_ONE / 1024, .budget = 100000, .rlimit = 20000000};
    CU_ASSERT_EQUAL_FATAL(claim_new(arena, questions.task, questions.model, &claim, &diag),
                          STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(network_prove(arena, pool, claim, &options, &certified.proof, &diag),
                          STATUS_OK);
    RunsReport report = runs_compare(pool, &questions,
                                     &(RunsOptions){.first = 5000000,
                                                    .count = count,
                                                    .orders = orders,
                                                    .bound = certified_margin,
                                                    .context = &certified});
    printf("\n    %d digits: %llu questions, %llu runs; least margin %.4f ", digits,
           (unsigned long long)report.questions, (unsigned long long)report.runs, report.least);
    CU_ASSERT(report.questions == count && report.runs >= count);
    CU_ASSERT(report.wrong == 0 && report.outside == 0);
    work_pool_free(pool);
    arena_free(arena);
}

#if SLOW
static void a_million_questions_keep_what_is_certified(void)
{
    check(5, 1000000, 1);
}
#define TESTS(X) X(a_million_questions_keep_what_is_certified)
#else
static void questions_keep_what_is_certified(void)
{
    check(3, 5000, 3);
}
#define TESTS(X) X(questions_keep_what_is_certified)
#endif

RUN_TESTS("certified margins", TESTS)
