// The shipped inference against two plain ones: bit for bit, and in double precision.
#include "inference.h"

#include <math.h>
#include <string.h>

#include "harness.h"
#include "inference_reference.h"
#include "isa.h"
#include "rng.h"
#include "samples.h"

enum { BATCH = 21 };

typedef struct Fixture {
    Arena *arena;
    Model *model;
    int length;  // n_ctx
    int *tokens; // [BATCH][length]
    size_t V;
    float *logits; // [BATCH][length][V] by reference_bits
} Fixture;

static Fixture fixture_new(int which, bool edges)
{
    Fixture f = {.arena = arena_new()};
    f.model = sample_model(f.arena, (uint64_t)which, sample_shape(which), edges);
    f.length = f.model->shape.n_ctx;
    f.V = (size_t)f.model->shape.d_vocab;
    size_t count = BATCH * (size_t)f.length;
    f.tokens = ARENA_NEW(f.arena, int, count);
    f.logits = ARENA_NEW(f.arena, float, count *f.V);
    Rng rng = rng_new(5, 0);
    for (size_t i = 0; i < count; i++)
        f.tokens[i] = (int)rng_below(&rng, (uint32_t)f.V);
    for (int b = 0; b < BATCH; b++)
        reference_bits(f.model, f.tokens + b * f.length, f.length,
                       f.logits + (size_t)(b * f.length) * f.V);
    return f;
}

static void check_logits(const Fixture *f, int first_question, int batch, int first)
{
    Inference *inference = inference_new(f->arena, f->model, f->length);
    size_t wanted = (size_t)(f->length - first) * f->V, all = (size_t)f->length * f->V;
    float *logits = ARENA_NEW(f->arena, float, (size_t)batch *wanted + 1);
    inference_logits(inference, f->tokens + first_question * f->length, batch, f->length, first,
                     logits);
    for (size_t b = 0; b < (size_t)batch; b++) {
        const float *right = f->logits + ((size_t)first_question + b) * all + (all - wanted);
        CU_ASSERT(memcmp(logits + b * wanted, right, wanted * sizeof(float)) == 0);
    }
}

static void logits_have_the_bits_of_the_definition_on_every_instruction_set(void)
{
    for (int which = 0; which < 2 * SAMPLE_SHAPES; which++) {
        Fixture f = fixture_new(which / 2, which % 2);
        for (int isa = 0; isa < ISA_COUNT; isa++) {
            if (!isa_available((Isa)isa))
                continue;
            isa_use((Isa)isa);
            check_logits(&f, 0, isa == ISA_GENERIC ? 5 : BATCH, 0);
        }
        arena_free(f.arena);
    }
}

static void logits_do_not_depend_on_the_batch(void)
{
    Fixture f = fixture_new(2, true);
    for (int batch = 0; batch <= BATCH; batch += 5)
        check_logits(&f, 0, batch, 0);
    for (int question = 0; question < BATCH; question++)
        check_logits(&f, question, 1, 3);
    arena_free(f.arena);
}

static void logits_do_not_depend_on_which_positions_are_wanted(void)
{
    for (int edges = 0; edges < 2; edges++) {
        Fixture f = fixture_new(1, edges);
        for (int first = 0; first < f.length; first++)
            check_logits(&f, 0, 16, first);
        arena_free(f.arena);
    }
}

static void logits_are_close_to_those_in_double_precision(void)
{
    for (int which = 0; which < 2 * SAMPLE_SHAPES; which++) {
        Fixture f = fixture_new(which / 2, which % 2);
        double *values = ARENA_NEW(f.arena, double, (size_t)f.length *f.V);
        for (int b = 0; b < 3; b++) {
            reference_values(f.model, f.tokens + b * f.length, f.length, values);
            for (size_t i = 0; i < (size_t)f.length * f.V; i++)
                CU_ASSERT(fabs(values[i] -
                               (double)f.logits[(size_t)b * (size_t)f.length * f.V + i]) < 1e-4);
        }
        arena_free(f.arena);
    }
}

static void an_answer_is_decoded_token_by_token(void)
{
    enum { PROMPT = 4, ANSWER = 6 }; // n_ctx is 9, and the last answer token needs no position
    Fixture f = fixture_new(1, false);
    Inference *inference = inference_new(f.arena, f.model, f.length);
    int prompts[BATCH * PROMPT], answers[BATCH * ANSWER];
    float logits[BATCH * 16];
    for (int b = 0; b < BATCH; b++)
        memcpy(prompts + b * PROMPT, f.tokens + b * f.length, PROMPT * sizeof(int));
    inference_decode(inference, prompts, BATCH, PROMPT, ANSWER, answers);
    for (int b = 0; b < BATCH; b++)
        for (int i = 0; i < ANSWER; i++) {
            int line[PROMPT + ANSWER];
            memcpy(line, prompts + b * PROMPT, PROMPT * sizeof(int));
            memcpy(line + PROMPT, answers + b * ANSWER, ANSWER * sizeof(int));
            inference_logits(inference, line, 1, PROMPT + i, PROMPT + i - 1, logits);
            CU_ASSERT(answers[b * ANSWER + i] == inference_argmax(logits, (int)f.V));
        }
    arena_free(f.arena);
}

static void ties_go_to_the_lowest_token_and_nan_never_wins(void)
{
    const float nan = NAN, tied[] = {1.0f, 3.0f, 3.0f, 2.0f};
    const float holes[] = {nan, -INFINITY, nan, -5.0f}, none[] = {nan, nan};
    CU_ASSERT(inference_argmax(tied, 4) == 1);
    CU_ASSERT(inference_argmax(tied + 2, 1) == 0);
    CU_ASSERT(inference_argmax(holes, 4) == 3);
    CU_ASSERT(inference_argmax(holes, 3) == 1);
    CU_ASSERT(inference_argmax(none, 2) == 0);
}

static void great_scores_do_not_overflow_the_softmax(void)
{
    Fixture f = fixture_new(1, true);
    f.model->shape.score_scale = 1e5f;
    reference_bits(f.model, f.tokens, f.length, f.logits);
    for (size_t i = 0; i < (size_t)f.length * f.V; i++)
        CU_ASSERT(isfinite(f.logits[i]));
    check_logits(&f, 0, 1, 0);
    arena_free(f.arena);
}

#define TESTS(X)                                                                                   \
    X(logits_have_the_bits_of_the_definition_on_every_instruction_set)                             \
    X(logits_do_not_depend_on_the_batch)                                                           \
    X(logits_do_not_depend_on_which_positions_are_wanted)                                          \
    X(logits_are_close_to_those_in_double_precision)                                               \
    X(an_answer_is_decoded_token_by_token)                                                         \
    X(ties_go_to_the_lowest_token_and_nan_never_wins)                                              \
    X(great_scores_do_not_overflow_the_softmax)
RUN_TESTS("inference", TESTS)
