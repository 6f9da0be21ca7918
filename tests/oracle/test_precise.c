// The fast evaluation, against the oracle with more bits.
#include <math.h>

#include "harness.h"
#include "oracle.h"
#include "precise.h"
#include "questions.h"
#include "rng.h"
#include "samples.h"

#define TESTS(X)                                                                                   \
    X(enclosures_hold_those_of_the_oracle)                                                         \
    X(enclosures_of_hostile_models_hold_those_of_the_oracle)                                       \
    X(shipped_models_are_enclosed_to_200_bits)                                                     \
    X(what_is_kept_does_not_change_results)                                                        \
    X(a_model_of_zeros_gives_its_biases)

enum { PRECISION = 400, WIDTH = 128 };

typedef struct Compared {
    int wrong;      // enclosures that do not hold the oracle's
    double widest;  // the largest width
    double largest; // the largest number, for the tests to be of something
} Compared;

// Besides its own width the oracle must lie within.
static void compare(const Enclosure *got, const Enclosure *exact, Compared *c)
{
    CU_ASSERT(enclosure_width(exact) < 0x1p-250);
    c->wrong +=
        mpfr_lessequal_p(got->lo, exact->lo) == 0 || mpfr_lessequal_p(exact->hi, got->hi) == 0;
    c->widest = fmax(c->widest, enclosure_width(got));
    c->largest = fmax(c->largest, fabs(mpfr_get_d(exact->hi, MPFR_RNDN)));
}

typedef struct Pair { // both evaluations of a model
    Arena *arena;
    const Model *model;
    Oracle *oracle;
    Precise *precise;
    Enclosure *exact, *got; // [F + V]
} Pair;

static Pair pair_new(const Model *model)
{
    size_t count = (size_t)(model->shape.d_mlp + model->shape.d_vocab);
    Pair p = {arena_new(), model, oracle_new(model, PRECISION), precise_new(model), NULL, NULL};
    p.exact = enclosure_vector(p.arena, count, PRECISION);
    p.got = enclosure_vector(p.arena, count, PRECISION);
    return p;
}

static void pair_free(Pair *p)
{
    oracle_free(p->oracle);
    precise_free(p->precise);
    arena_free(p->arena);
}

static void ask(Pair *p, const int *tokens, int position, int right, Compared *c)
{
    ModelShape s = p->model->shape;
    oracle_preactivations(p->oracle, tokens, position, p->exact);
    oracle_margins(p->oracle, tokens, position, right, p->exact + s.d_mlp);
    precise_last(p->precise, tokens, position, right, p->got, p->got + s.d_mlp);
    for (int i = 0; i < s.d_mlp + s.d_vocab; i++)
        compare(&p->got[i], &p->exact[i], c);
    CU_ASSERT(mpfr_zero_p(p->got[s.d_mlp + right].lo) && mpfr_zero_p(p->got[s.d_mlp + right].hi));
}

static void random_tokens(Rng *rng, ModelShape s, int *ret)
{
    for (int i = 0; i < s.n_ctx; i++)
        ret[i] = (int)rng_below(rng, (uint32_t)s.d_vocab);
}

static void ask_some(const Model *model, uint64_t seed, int inputs, Compared *c)
{
    Pair pair = pair_new(model);
    Rng rng = rng_new(seed, 1);
    int tokens[WIDTH];
    for (int i = 0; i < inputs; i++) {
        random_tokens(&rng, model->shape, tokens);
        for (int p = 0; p < model->shape.n_ctx; p++)
            ask(&pair, tokens, p, (int)rng_below(&rng, (uint32_t)model->shape.d_vocab), c);
    }
    pair_free(&pair);
}

static void enclosures_hold_those_of_the_oracle(void)
{
    Compared c = {0};
    for (uint64_t seed = 0; seed < 2 * SAMPLE_SHAPES; seed++) {
        Arena *arena = arena_new();
        ModelShape shape = sample_shape((int)(seed / 2));
        ask_some(sample_model(arena, seed, shape, seed % 2), seed, 1, &c);
        arena_free(arena);
    }
    CU_ASSERT(c.wrong == 0);
    CU_ASSERT(c.widest > 0 && c.widest < 0x1p-180);
    CU_ASSERT(c.largest > 1);
}

// Scores that leave one key all the weight, and weights of the largest size.
static void enclosures_of_hostile_models_hold_those_of_the_oracle(void)
{
    Compared c = {0};
    for (uint64_t seed = 0; seed < 6; seed++) {
        Arena *arena = arena_new();
        Model *m = sample_model(arena, seed, sample_shape(1), seed % 2);
        m->shape.score_scale = seed < 3 ? -40.0f : 40.0f;
        for (size_t i = 0; i < m->n_parameters; i += 17)
            m->parameters[i] = i % 2 ? 5.0f : i % 3 ? 0x1p-56f : -0x1p-33f;
        ask_some(m, seed, 2, &c);
        arena_free(arena);
    }
    CU_ASSERT(c.wrong == 0);
    CU_ASSERT(c.widest < 0x1p-160);
    CU_ASSERT(c.largest > 1000);
}

static void shipped_models_are_enclosed_to_200_bits(void)
{
    for (int digits = 3; digits <= 6; digits++) {
        Arena *arena = arena_new();
        Questions q = questions_open(arena, digits);
        Pair pair = pair_new(q.model);
        Compared c = {0};
        int tokens[TASK_POSITIONS_MAX];
        for (uint64_t i = 0; i < 4; i++) {
            questions_tokens(&q, i, tokens);
            for (int a = 0; a < q.answer; a++)
                ask(&pair, tokens, q.prompt + a - 1, tokens[q.prompt + a], &c);
        }
        CU_ASSERT(c.wrong == 0);
        CU_ASSERT(c.widest < 0x1p-200);
        CU_ASSERT(c.largest > 10);
        pair_free(&pair);
        arena_free(arena);
    }
}

static int differences(const Pair *a, const Pair *b)
{
    int count = 0;
    for (int i = 0; i < a->model->shape.d_mlp + a->model->shape.d_vocab; i++)
        count +=
            !mpfr_equal_p(a->got[i].lo, b->got[i].lo) || !mpfr_equal_p(a->got[i].hi, b->got[i].hi);
    return count;
}

static void what_is_kept_does_not_change_results(void)
{
    Arena *arena = arena_new();
    Model *m = sample_model(arena, 5, sample_shape(1), true);
    Pair kept = pair_new(m);
    Rng rng = rng_new(5, 2);
    int tokens[WIDTH], last = m->shape.n_ctx - 1, F = m->shape.d_mlp;
    for (int i = 0; i < 60; i++) {
        Pair fresh = pair_new(m);
        random_tokens(&rng, m->shape, tokens);
        for (int p = 0; p < m->shape.n_ctx && i % 3 > 0; p++)
            tokens[p] %= 2;
        precise_last(kept.precise, tokens, last, 0, kept.got, kept.got + F);
        precise_last(fresh.precise, tokens, last, 0, fresh.got, fresh.got + F);
        CU_ASSERT_EQUAL(differences(&kept, &fresh), 0);
        pair_free(&fresh);
    }
    pair_free(&kept);
    arena_free(arena);
}

static void a_model_of_zeros_gives_its_biases(void)
{
    Arena *arena = arena_new();
    const char *const vocab[3] = {"a", "b", "c"};
    Model *m = model_new(arena, (ModelShape){2, 2, 4, 2, 3, 3, 4, 1.0f}, vocab);
    Enclosure *got = enclosure_vector(arena, 6, PRECISION);
    for (int i = 0; i < 3; i++) {
        m->b_U[i] = (float)i - 0.5f;
        m->layer[1].b_in[i] = 2.5f * (float)(i - 1);
    }
    Precise *p = precise_new(m);
    precise_last(p, (int[]){0, 1, 2, 0}, 3, 2, got, got + 3);
    for (int i = 0; i < 3; i++) {
        CU_ASSERT(fabs(mpfr_get_d(got[i].lo, MPFR_RNDN) - 2.5 * (i - 1)) < 0x1p-190);
        CU_ASSERT(fabs(mpfr_get_d(got[3 + i].lo, MPFR_RNDN) - (2 - i)) < 0x1p-190);
    }
    precise_free(p);
    arena_free(arena);
}

RUN_TESTS("precise", TESTS)
