#include "harness.h"
#include "oracle.h"
#include "rng.h"

#include <math.h>
#include <string.h>

#define TESTS(X)                                                                                   \
    X(products_of_every_sign_are_enclosed)                                                         \
    X(quotients_of_every_sign_are_enclosed)                                                        \
    X(a_model_of_zeros_gives_its_biases_exactly)                                                   \
    X(margins_hold_what_plain_doubles_compute)                                                     \
    X(preactivations_hold_what_plain_doubles_compute)                                              \
    X(more_bits_give_an_enclosure_within)                                                          \
    X(enclosures_are_tight)                                                                        \
    X(what_is_kept_does_not_change_results)                                                        \
    X(a_head_without_edges_adds_nothing)                                                           \
    X(hostile_scores_stay_enclosed)

enum { LAYERS = 2, HEADS = 2, D = 8, K = 3, F = 10, V = 5, C = 6 };

// ---- random models ------------------------------------------------------------------------------

static void fill(Rng *rng, float *numbers, int count, float size)
{
    for (int i = 0; i < count; i++)
        numbers[i] = rng_below(rng, 10) == 0 ? 0.0f : rng_normal(rng) * size;
}

static Model *random_model(Arena *arena, uint64_t seed, bool with_edges, float score_scale)
{
    static const char *const vocab[V] = {"0", "1", "2", "3", "4"};
    ModelShape shape = {LAYERS, HEADS, D, K, F, V, C, score_scale};
    Model *m = model_new(arena, shape, vocab);
    Rng rng = rng_new(seed, 0);
    fill(&rng, m->W_E, V * D, 1.0f);
    fill(&rng, m->W_pos, C * D, 1.0f);
    fill(&rng, m->W_U, D * V, 0.5f);
    fill(&rng, m->b_U, V, 0.5f);
    for (int l = 0; l < LAYERS; l++) {
        ModelLayer *w = &m->layer[l];
        float *const tensors[] = {w->W_Q, w->b_Q, w->W_K,  w->b_K,  w->W_V,   w->b_V,
                                  w->W_O, w->b_O, w->W_in, w->b_in, w->W_out, w->b_out};
        const int counts[] = {HEADS * D * K, HEADS * K, HEADS * D * K, HEADS * K,
                              HEADS * D * K, HEADS * K, HEADS * K * D, D,
                              D * F,         F,         F * D,         D};
        for (int i = 0; i < 12; i++)
            fill(&rng, tensors[i], counts[i], 0.4f);
        for (int i = 0; with_edges && i < HEADS * C * C; i++)
            w->edges[i] = (uint8_t)(w->edges[i] && rng_below(&rng, 2));
    }
    m->has_edges = with_edges;
    return m;
}

// ---- the same in plain doubles ------------------------------------------------------------------

typedef struct Plain {
    double x[C][D], pre[C][F], logits[C][V];
} Plain;

static double plain_project(const float *W, const float *b, const double *x, int k)
{
    double y = (double)b[k];
    for (int d = 0; d < D; d++)
        y += x[d] * (double)W[d * K + k];
    return y;
}

static void plain_head(const Model *m, int l, int h, int p, double x[C][D], double *y)
{
    const ModelLayer *w = &m->layer[l];
    double e[C] = {0}, total = 0;
    for (int key = 0; key <= p; key++) {
        double score = 0;
        if (!model_edge(m, l, h, p, key))
            continue;
        for (int k = 0; k < K; k++)
            score += plain_project(w->W_Q + h * D * K, w->b_Q + h * K, x[p], k) *
                     plain_project(w->W_K + h * D * K, w->b_K + h * K, x[key], k);
        e[key] = exp(score * (double)m->shape.score_scale);
        total += e[key];
    }
    for (int key = 0; key <= p; key++)
        for (int k = 0; total > 0 && k < K; k++)
            for (int d = 0; d < D; d++)
                y[d] += e[key] / total *
                        plain_project(w->W_V + h * D * K, w->b_V + h * K, x[key], k) *
                        (double)w->W_O[(h * K + k) * D + d];
}

static void plain_layer(const Model *m, int l, int length, Plain *plain)
{
    const ModelLayer *w = &m->layer[l];
    double out[C][D];
    for (int p = 0; p < length; p++) {
        memcpy(out[p], plain->x[p], sizeof out[p]);
        for (int d = 0; d < D; d++)
            out[p][d] += (double)w->b_O[d];
        for (int h = 0; h < HEADS; h++)
            plain_head(m, l, h, p, plain->x, out[p]);
        for (int f = 0; f < F; f++) {
            plain->pre[p][f] = (double)w->b_in[f];
            for (int d = 0; d < D; d++)
                plain->pre[p][f] += out[p][d] * (double)w->W_in[d * F + f];
        }
        for (int d = 0; d < D; d++) {
            out[p][d] += (double)w->b_out[d];
            for (int f = 0; f < F; f++)
                out[p][d] += fmax(0, plain->pre[p][f]) * (double)w->W_out[f * D + d];
        }
    }
    memcpy(plain->x, out, sizeof out[0] * (size_t)length);
}

static void plain_run(const Model *m, const int *tokens, int length, Plain *plain)
{
    for (int p = 0; p < length; p++)
        for (int d = 0; d < D; d++)
            plain->x[p][d] = (double)m->W_E[tokens[p] * D + d] + (double)m->W_pos[p * D + d];
    for (int l = 0; l < LAYERS; l++)
        plain_layer(m, l, length, plain);
    for (int p = 0; p < length; p++)
        for (int t = 0; t < V; t++) {
            plain->logits[p][t] = (double)m->b_U[t];
            for (int d = 0; d < D; d++)
                plain->logits[p][t] += plain->x[p][d] * (double)m->W_U[d * V + t];
        }
}

// ---- tests --------------------------------------------------------------------------------------

static void random_tokens(Rng *rng, int *tokens)
{
    for (int p = 0; p < C; p++)
        tokens[p] = (int)rng_below(rng, V);
}

static bool near(const Enclosure *x, double y)
{
    return mpfr_get_d(x->lo, MPFR_RNDD) <= y + 1e-11 && mpfr_get_d(x->hi, MPFR_RNDU) >= y - 1e-11;
}

static double width(const Enclosure *x)
{
    return mpfr_get_d(x->hi, MPFR_RNDU) - mpfr_get_d(x->lo, MPFR_RNDD);
}

static void set(Enclosure *x, double lo, double hi)
{
    mpfr_set_d(x->lo, lo, MPFR_RNDN);
    mpfr_set_d(x->hi, hi, MPFR_RNDN);
}

static bool equals(const Enclosure *x, double lo, double hi)
{
    return mpfr_cmp_d(x->lo, lo) == 0 && mpfr_cmp_d(x->hi, hi) == 0;
}

static void products_of_every_sign_are_enclosed(void)
{
    static const double ends[] = {-3, -2, 0, 1, 4};
    Arena *arena = arena_new();
    Enclosure *v = enclosure_vector(arena, 3, 53);
    mpfr_ptr t = enclosure_numbers(arena, 2, 53);
    for (int i = 0; i < 625; i++) {
        double a = ends[i % 5], b = ends[i / 5 % 5], c = ends[i / 25 % 5], d = ends[i / 125];
        if (a > b || c > d)
            continue;
        double lo = fmin(fmin(a * c, a * d), fmin(b * c, b * d));
        double hi = fmax(fmax(a * c, a * d), fmax(b * c, b * d));
        set(&v[0], 1, 2);
        set(&v[1], a, b);
        set(&v[2], c, d);
        enclosure_add_product(&v[0], &v[1], &v[2], t);
        CU_ASSERT_TRUE(equals(&v[0], 1 + lo, 2 + hi));
    }
    arena_free(arena);
}

static void quotients_of_every_sign_are_enclosed(void)
{
    Arena *arena = arena_new();
    Enclosure *v = enclosure_vector(arena, 2, 53);
    set(&v[1], 2, 4);
    set(&v[0], -8, -4);
    enclosure_divide(&v[0], &v[1]);
    CU_ASSERT_TRUE(equals(&v[0], -4, -1));
    set(&v[0], -8, 4);
    enclosure_divide(&v[0], &v[1]);
    CU_ASSERT_TRUE(equals(&v[0], -4, 2));
    set(&v[0], 4, 8);
    enclosure_divide(&v[0], &v[1]);
    CU_ASSERT_TRUE(equals(&v[0], 1, 4));
    arena_free(arena);
}

static void a_model_of_zeros_gives_its_biases_exactly(void)
{
    static const char *const vocab[V] = {"0", "1", "2", "3", "4"};
    Arena *arena = arena_new();
    Model *m = model_new(arena, (ModelShape){LAYERS, HEADS, D, K, F, V, C, 1.0f}, vocab);
    Enclosure *margins = enclosure_vector(arena, V, 200);
    int tokens[C] = {0, 1, 2, 3, 4, 0};
    for (int t = 0; t < V; t++)
        m->b_U[t] = (float)t * 0.25f;
    Oracle *oracle = oracle_new(m, ORACLE_PRECISION);
    oracle_margins(oracle, tokens, C - 1, 2, margins);
    for (int t = 0; t < V; t++)
        CU_ASSERT_TRUE(equals(&margins[t], 0.5 - t * 0.25, 0.5 - t * 0.25));
    oracle_free(oracle);
    arena_free(arena);
}

// For a number of models and inputs, checks every position's margins against plain doubles.
static void compare_margins(bool with_edges)
{
    Plain plain;
    int tokens[C], wrong = 0;
    for (uint64_t seed = 0; seed < 10; seed++) {
        Arena *arena = arena_new();
        Rng rng = rng_new(seed, 1);
        Model *m = random_model(arena, seed, with_edges, 0.5f);
        Oracle *oracle = oracle_new(m, ORACLE_PRECISION);
        Enclosure *margins = enclosure_vector(arena, V, ORACLE_PRECISION);
        for (int i = 0; i < 5; i++) {
            random_tokens(&rng, tokens);
            plain_run(m, tokens, C, &plain);
            for (int p = 0; p < C; p++) {
                oracle_margins(oracle, tokens, p, 1, margins);
                for (int t = 0; t < V; t++)
                    wrong += !near(&margins[t], plain.logits[p][1] - plain.logits[p][t]);
            }
        }
        oracle_free(oracle);
        arena_free(arena);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void margins_hold_what_plain_doubles_compute(void)
{
    compare_margins(false);
    compare_margins(true);
}

static void preactivations_hold_what_plain_doubles_compute(void)
{
    Plain plain;
    Arena *arena = arena_new();
    Rng rng = rng_new(3, 1);
    Model *m = random_model(arena, 3, true, 0.5f);
    Oracle *oracle = oracle_new(m, ORACLE_PRECISION);
    Enclosure *pre = enclosure_vector(arena, F, ORACLE_PRECISION);
    int tokens[C], wrong = 0;
    for (int i = 0; i < 10; i++) {
        random_tokens(&rng, tokens);
        plain_run(m, tokens, C, &plain);
        for (int p = 0; p < C; p++) {
            oracle_preactivations(oracle, tokens, p, pre);
            for (int f = 0; f < F; f++)
                wrong += !near(&pre[f], plain.pre[p][f]);
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
    oracle_free(oracle);
    arena_free(arena);
}

static void more_bits_give_an_enclosure_within(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(4, 1);
    Model *m = random_model(arena, 4, true, 0.5f);
    Oracle *coarse = oracle_new(m, 40), *fine = oracle_new(m, ORACLE_PRECISION);
    Enclosure *wide = enclosure_vector(arena, V, ORACLE_PRECISION);
    Enclosure *narrow = enclosure_vector(arena, V, ORACLE_PRECISION);
    int tokens[C], outside = 0;
    for (int i = 0; i < 20; i++) {
        random_tokens(&rng, tokens);
        oracle_margins(coarse, tokens, C - 1, 0, wide);
        oracle_margins(fine, tokens, C - 1, 0, narrow);
        for (int t = 1; t < V; t++)
            outside +=
                mpfr_cmp(narrow[t].lo, wide[t].lo) <= 0 || mpfr_cmp(narrow[t].hi, wide[t].hi) >= 0;
    }
    CU_ASSERT_EQUAL(outside, 0);
    oracle_free(coarse);
    oracle_free(fine);
    arena_free(arena);
}

static void enclosures_are_tight(void)
{
    static const struct {
        mpfr_prec_t precision;
        double width;
    } rows[] = {{ORACLE_QUICK, 1e-18}, {ORACLE_PRECISION, 1e-54}};
    for (int r = 0; r < 2; r++) {
        Arena *arena = arena_new();
        Model *m = random_model(arena, 5, false, 0.5f);
        Oracle *oracle = oracle_new(m, rows[r].precision);
        Enclosure *margins = enclosure_vector(arena, V, rows[r].precision);
        int tokens[C] = {4, 3, 2, 1, 0, 4};
        oracle_margins(oracle, tokens, C - 1, 0, margins);
        for (int t = 1; t < V; t++) {
            mpfr_sub(margins[t].hi, margins[t].hi, margins[t].lo, MPFR_RNDU);
            CU_ASSERT_TRUE(mpfr_sgn(margins[t].hi) > 0);
            CU_ASSERT_TRUE(mpfr_cmp_d(margins[t].hi, rows[r].width) < 0);
        }
        oracle_free(oracle);
        arena_free(arena);
    }
}

// 5^6 inputs are more than an oracle keeps: compare with a new oracle now and then.
static void what_is_kept_does_not_change_results(void)
{
    Arena *arena = arena_new();
    Model *m = random_model(arena, 6, true, 0.5f);
    Oracle *oracle = oracle_new(m, ORACLE_QUICK);
    Enclosure *kept = enclosure_vector(arena, V, ORACLE_QUICK);
    Enclosure *fresh = enclosure_vector(arena, V, ORACLE_QUICK);
    int tokens[C], different = 0;
    for (int input = 0; input < 15625; input += 7) {
        for (int p = 0, rest = input; p < C; p++, rest /= V)
            tokens[p] = rest % V;
        oracle_margins(oracle, tokens, C - 1, 0, kept);
        if (input % 49 != 0)
            continue;
        Oracle *new_oracle = oracle_new(m, ORACLE_QUICK);
        oracle_margins(new_oracle, tokens, C - 1, 0, fresh);
        for (int t = 0; t < V; t++)
            different +=
                !mpfr_equal_p(kept[t].lo, fresh[t].lo) || !mpfr_equal_p(kept[t].hi, fresh[t].hi);
        oracle_free(new_oracle);
    }
    CU_ASSERT_EQUAL(different, 0);
    oracle_free(oracle);
    arena_free(arena);
}

static void a_head_without_edges_adds_nothing(void)
{
    Arena *arena = arena_new();
    Model *m = random_model(arena, 7, false, 0.5f);
    Enclosure *cut = enclosure_vector(arena, V, ORACLE_QUICK);
    Enclosure *zeroed = enclosure_vector(arena, V, ORACLE_QUICK);
    int tokens[C] = {0, 1, 2, 3, 4, 0};
    ModelLayer *last = &m->layer[LAYERS - 1];
    memset(last->edges + C * C, 0, C * C);
    Oracle *oracle = oracle_new(m, ORACLE_QUICK);
    oracle_margins(oracle, tokens, C - 1, 0, cut);
    oracle_free(oracle);
    memset(last->edges, 0, 2 * C * C);
    for (int q = 0; q < 2 * C; q++)
        memset(last->edges + q * C, 1, (size_t)(q % C) + 1);
    memset(last->W_O + K * D, 0, sizeof(float) * K * D);
    oracle = oracle_new(m, ORACLE_QUICK);
    oracle_margins(oracle, tokens, C - 1, 0, zeroed);
    oracle_free(oracle);
    for (int t = 0; t < V; t++) {
        CU_ASSERT_TRUE(mpfr_lessequal_p(cut[t].lo, zeroed[t].hi));
        CU_ASSERT_TRUE(mpfr_lessequal_p(zeroed[t].lo, cut[t].hi));
        CU_ASSERT_TRUE(width(&cut[t]) < 1e-12);
    }
    arena_free(arena);
}

static void hostile_scores_stay_enclosed(void)
{
    Arena *arena = arena_new();
    Model *m = random_model(arena, 8, false, 1e30f);
    Oracle *oracle = oracle_new(m, ORACLE_PRECISION);
    Enclosure *margins = enclosure_vector(arena, V, ORACLE_PRECISION);
    int tokens[C] = {0, 1, 2, 3, 4, 0};
    oracle_margins(oracle, tokens, C - 1, 0, margins);
    for (int t = 0; t < V; t++) {
        CU_ASSERT_TRUE(mpfr_number_p(margins[t].lo) && mpfr_number_p(margins[t].hi));
        CU_ASSERT_TRUE(mpfr_lessequal_p(margins[t].lo, margins[t].hi));
    }
    oracle_free(oracle);
    arena_free(arena);
}

RUN_TESTS("oracle", TESTS)
