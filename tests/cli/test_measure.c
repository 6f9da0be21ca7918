// What `verify eval` measures, against asking the model one question at a time.
#include "measure.h"

#include <math.h>
#include <string.h>

#include "harness.h"
#include "inference.h"

static const char text[] = "input a, b : number of 1 digits\n"
                           "prompt a \"+\" b \"=\"\n"
                           "answer s : number of 2 digits\n"
                           "require s = a + b\n"
                           "algorithm\n"
                           "  scan from least significant\n"
                           "    state c in 0..1, initially 0\n"
                           "    digit s[i] = (a[i] + b[i] + c) mod 10\n"
                           "    next c = (a[i] + b[i] + c) div 10\n"
                           "  finally s[1] = c\n";

enum { QUESTIONS = 3000, SEED = 11 };

// A model that answers 14, whatever the question.
static Claim *new_claim(Arena *arena)
{
    Spec *spec = NULL;
    Task *task = NULL;
    Claim *claim = NULL;
    Diag diag;
    ModelShape shape = {1, 1, 2, 1, 1, 12, 5, 1.0f};
    CU_ASSERT_FATAL(spec_parse(arena, "test", text, strlen(text), NULL, 0, &spec, &diag) ==
                    STATUS_OK);
    CU_ASSERT_FATAL(task_new(arena, spec, &task, &diag) == STATUS_OK);
    CU_ASSERT_FATAL(task->n_alphabet == 12);
    Model *model = model_new(arena, shape, task->alphabet);
    model->W_E[model_token(model, "=") * 2] = 1.0f;
    model->W_U[model_token(model, "1")] = 5.0f;
    model->W_pos[4 * 2 + 1] = 1.0f;
    model->W_U[12 + model_token(model, "4")] = 5.0f;
    CU_ASSERT_FATAL(claim_new(arena, task, model, &claim, &diag) == STATUS_OK);
    return claim;
}

static bool always(void *context, long long done)
{
    (void)context;
    return done >= 0;
}

static bool stop_at_once(void *context, long long done)
{
    (void)context;
    return done < 0;
}

// As measure_samples, by greedy decoding.
static Measure by_decoding(Arena *arena, const Claim *claim)
{
    const Task *task = claim->task;
    Measure sum = {.worst = -1};
    Inference *inference = inference_new(arena, claim->model, claim_length(claim));
    for (long long i = 0; i < QUESTIONS; i++) {
        uint8_t symbols[TASK_COLUMNS_MAX];
        int tokens[TASK_POSITIONS_MAX], answer[TASK_POSITIONS_MAX];
        measure_question(task, SEED, i, symbols);
        task_tokens(task, claim->ids, symbols, tokens);
        inference_decode(inference, tokens, 1, task->prompt, task->answer, answer);
        bool right =
            memcmp(answer, tokens + task->prompt, (size_t)task->answer * sizeof *answer) == 0;
        sum.questions++;
        sum.right += right;
        if (!right && sum.n_wrong < MEASURE_WRONG_MAX)
            sum.wrong[sum.n_wrong++] = i;
    }
    return sum;
}

static void counts_are_those_of_greedy_decoding(void)
{
    Arena *arena = arena_new();
    const Claim *claim = new_claim(arena);
    WorkPool *pool = work_pool_new(1);
    Measure measure = measure_samples(claim, pool, SEED, QUESTIONS, always, NULL);
    Measure decoded = by_decoding(arena, claim);
    CU_ASSERT(measure.questions == QUESTIONS);
    CU_ASSERT(measure.right == decoded.right && measure.right > 0 && measure.right < QUESTIONS);
    CU_ASSERT(measure.n_wrong == MEASURE_WRONG_MAX);
    CU_ASSERT(memcmp(measure.wrong, decoded.wrong, sizeof measure.wrong) == 0);
    CU_ASSERT(measure.worst >= 0 && measure.worst_margin < 0.0f);
    work_pool_free(pool);
    arena_free(arena);
}

static void threads_change_nothing(void)
{
    Arena *arena = arena_new();
    const Claim *claim = new_claim(arena);
    WorkPool *one = work_pool_new(1), *three = work_pool_new(3);
    Measure a = measure_samples(claim, one, SEED, 70000, always, NULL);
    Measure b = measure_samples(claim, three, SEED, 70000, always, NULL);
    CU_ASSERT(a.questions == 70000 && b.questions == 70000);
    CU_ASSERT(a.right == b.right && a.worst == b.worst && a.n_wrong == b.n_wrong);
    CU_ASSERT(memcmp(a.wrong, b.wrong, sizeof a.wrong) == 0);
    work_pool_free(one);
    work_pool_free(three);
    arena_free(arena);
}

static void a_measurement_can_be_stopped(void)
{
    Arena *arena = arena_new();
    WorkPool *pool = work_pool_new(1);
    Measure measure = measure_samples(new_claim(arena), pool, SEED, 70000, stop_at_once, NULL);
    CU_ASSERT(measure.questions == 0);
    work_pool_free(pool);
    arena_free(arena);
}

static void margins_are_those_of_the_right_token(void)
{
    const float logits[] = {1.0f, 4.0f, 2.5f}, holes[] = {1.0f, NAN, 2.0f};
    const float infinite[] = {INFINITY, INFINITY};
    CU_ASSERT(measure_margin(logits, 3, 1) == 1.5f);
    CU_ASSERT(measure_margin(logits, 3, 0) == -3.0f);
    CU_ASSERT(measure_margin(logits, 1, 0) == INFINITY);
    CU_ASSERT(measure_margin(holes, 3, 2) == -INFINITY);
    CU_ASSERT(measure_margin(infinite, 2, 0) == -INFINITY);
}

#define TESTS(X)                                                                                   \
    X(counts_are_those_of_greedy_decoding)                                                         \
    X(threads_change_nothing)                                                                      \
    X(a_measurement_can_be_stopped)                                                                \
    X(margins_are_those_of_the_right_token)
RUN_TESTS("measure", TESTS)
