// Errors of runs in the last layer: what noise.c computes, and what bounds of neurons and margins
// make of it, against the formulas of docs/certificate-format.md, K9 and K11, written down once
// more in long double.

#include "noise.h"

#include <string.h>

#include "formulas.h"
#include "harness.h"
#include "regions.h"

#define TESTS(X)                                                                                   \
    X(errors_of_the_last_layer_follow_their_formulas)                                              \
    X(errors_of_neurons_and_margins_follow_their_formulas)                                         \
    X(heads_with_functionals_too_large_are_refused)

enum { WIDTH = 32 }; // at least D, HK, F and V

// ---- the last layer (K9) ------------------------------------------------------------------------

typedef struct Last {
    const Query *query;
    const ModelLayer *w;
    int D, HK, F, V, K;
    Real e[WIDTH], x[WIDTH], y[WIDTH], ly[WIDTH], v[WIDTH], hidden[WIDTH], top[WIDTH];
    Real key_e[PATH_KEYS_MAX][WIDTH], key_v[PATH_KEYS_MAX][WIDTH], lv[PATH_KEYS_MAX][WIDTH];
} Last;

static Real w_v(const Last *a, int d, int i)
{
    return (Real)a->w->W_V[(i / a->K * a->D + d) * a->K + i % a->K];
}

static void last_key(Last *a, int k)
{
    const ResidualTable *t = a->query->key[k].table;
    for (int c = 0; c < t->cone->configs; c++) {
        for (int d = 0; d < a->D; d++)
            a->key_e[k][d] = fmaxl(a->key_e[k][d], real(t->e[c * a->D + d]));
        for (int i = 0; i < a->HK; i++) {
            Real sum = fabsl((Real)a->w->b_V[i]);
            for (int d = 0; d < a->D; d++)
                sum += (fabsl(real(t->x[c * a->D + d])) + real(t->e[c * a->D + d])) *
                       fabsl(w_v(a, d, i));
            a->lv[k][i] = fmaxl(a->lv[k][i], gamma_of(a->D + 1) * sum);
            a->key_v[k][i] = fmaxl(a->key_v[k][i],
                                   fabsl(real(t->v[c * a->HK + i])) + real(t->dv[c * a->HK + i]));
        }
    }
}

static void last_values(Last *a)
{
    const Query *q = a->query;
    for (int k = 0; k < q->n_keys; k++)
        last_key(a, k);
    for (int i = 0; i < a->HK; i++)
        for (int j = 0; j < q->n_head_keys[i / a->K]; j++)
            a->v[i] = fmaxl(a->v[i], a->key_v[q->head_key[i / a->K][j]][i]);
}

// R_h(c), taken 1/32 larger.
static Real last_head(const Last *a, int h, const Real *c)
{
    const Query *q = a->query;
    Real most = 0, sum = 0;
    for (int j = 0; j < q->n_head_keys[h]; j++) {
        int k = q->head_key[h][j];
        Real error = 0;
        for (int d = 0; d < a->D; d++) {
            Real through = 0;
            for (int i = 0; i < a->K; i++)
                through += w_v(a, d, h * a->K + i) * c[i];
            error += a->key_e[k][d] * fabsl(through);
        }
        for (int i = 0; i < a->K; i++)
            error += a->lv[k][h * a->K + i] * fabsl(c[i]);
        most = fmaxl(most, error);
    }
    for (int i = 0; i < a->K; i++)
        sum += gamma_of(2 * q->n_head_keys[h] + 2) * a->v[h * a->K + i] * fabsl(c[i]);
    return q->n_head_keys[h] > 0 ? (most + sum) * 33 / 32 : 0;
}

static int last_residual(Last *a)
{
    const ResidualTable *t = a->query->table;
    int wrong = 0;
    for (int c = 0; c < t->cone->configs; c++)
        for (int d = 0; d < a->D; d++) {
            Real x = fabsl(real(t->x[c * a->D + d])), e = real(t->e[c * a->D + d]);
            a->e[d] = fmaxl(a->e[d], e);
            a->x[d] = fmaxl(a->x[d], x + e);
        }
    for (int d = 0; d < a->D; d++) {
        Real sum = fabsl((Real)a->w->b_O[d]);
        for (int i = 0; i < a->HK; i++)
            sum += a->v[i] * (1 + 0x1p-10L) * fabsl((Real)a->w->W_O[i * a->D + d]);
        Real la = gamma_of(a->HK + 1) * sum;
        a->ly[d] = la + u0 * (a->x[d] + sum + la);
        a->y[d] = a->x[d] + sum;
        wrong += wrong_by(a->query->noise->residual[d], a->e[d] + a->ly[d], 1.02L);
    }
    return wrong;
}

// What v W_O,h W_in[:, i] is at most, over the keys of the head and their configurations.
static Real last_most(const Last *a, int h, const Real *c)
{
    const Query *q = a->query;
    Real most = -INFINITY;
    for (int j = 0; j < q->n_head_keys[h]; j++) {
        const ResidualTable *t = q->key[q->head_key[h][j]].table;
        for (int config = 0; config < t->cone->configs; config++) {
            Real g = 0;
            for (int i = 0; i < a->K; i++)
                g += real(t->v[config * a->HK + h * a->K + i]) * c[i];
            most = fmaxl(most, g);
        }
    }
    return q->n_head_keys[h] > 0 ? most : 0;
}

static Real last_direct(const Last *a, int n)
{
    const ResidualTable *t = a->query->table;
    Real most = -INFINITY;
    for (int c = 0; c < t->cone->configs; c++) {
        Real u = (Real)a->w->b_in[n];
        for (int d = 0; d < a->D; d++)
            u += (real(t->x[c * a->D + d]) + (Real)a->w->b_O[d]) * (Real)a->w->W_in[d * a->F + n];
        most = fmaxl(most, u);
    }
    return most;
}

static int last_neurons(Last *a)
{
    int wrong = 0;
    for (int n = 0; n < a->F; n++) {
        Real sum = fabsl((Real)a->w->b_in[n]), wide = 0, most = last_direct(a, n);
        for (int d = 0; d < a->D; d++) {
            Real w = fabsl((Real)a->w->W_in[d * a->F + n]);
            sum += (a->y[d] + a->ly[d]) * w;
            wide += (a->e[d] + a->ly[d]) * w;
        }
        Real lu = gamma_of(a->D + 1) * sum;
        wide += lu;
        for (int h = 0; h < a->HK / a->K; h++) {
            Real c[WIDTH] = {0};
            for (int i = 0; i < a->K; i++)
                for (int d = 0; d < a->D; d++)
                    c[i] +=
                        (Real)a->w->W_O[(h * a->K + i) * a->D + d] * (Real)a->w->W_in[d * a->F + n];
            wide += last_head(a, h, c);
            most += last_most(a, h, c);
        }
        a->hidden[n] = fmaxl(0, most + wide);
        wrong += wrong_by(a->query->noise->lu[n], lu, 1.02L) +
                 wrong_by(a->query->noise->wide[n], wide, 1.02L);
    }
    return wrong;
}

static int last_logits(Last *a)
{
    const Model *m = a->query->model->model;
    Real reach[WIDTH];
    int wrong = 0;
    for (int d = 0; d < a->D; d++) {
        Real out = fabsl((Real)a->w->b_out[d]);
        for (int n = 0; n < a->F; n++)
            out += a->hidden[n] * fabsl((Real)a->w->W_out[n * a->D + d]);
        Real x = a->y[d] + a->ly[d] + out, lx = gamma_of(a->F + 1) * out * (1 + u0) + u0 * x;
        wrong += wrong_by(a->query->noise->lx[d], lx, 1.02L);
        reach[d] = x + lx;
    }
    for (int t = 0; t < a->V; t++) {
        Real sum = fabsl((Real)m->b_U[t]);
        for (int d = 0; d < a->D; d++)
            sum += reach[d] * fabsl((Real)m->W_U[d * a->V + t]);
        wrong += wrong_by(a->query->noise->ll[t], gamma_of(a->D + 1) * sum, 1.02L);
    }
    return wrong;
}

static Last last_of(const Query *query)
{
    ModelShape s = query->model->model->shape;
    Last a = {.query = query,
              .w = &query->model->model->layer[s.layers - 1],
              .D = s.d_model,
              .HK = s.heads * s.d_head,
              .F = s.d_mlp,
              .V = s.d_vocab,
              .K = s.d_head};
    last_values(&a);
    return a;
}

static int check_query(const Query *query)
{
    Last a = last_of(query);
    return last_residual(&a) + last_neurons(&a) + last_logits(&a);
}

static void errors_of_the_last_layer_follow_their_formulas(void)
{
    int queries = 0;
    for (uint64_t seed = 0; seed < 12; seed++) {
        FixtureOptions o = fixture_small;
        o.seed = 20 + seed;
        o.edges = (FixtureEdges)(seed % 3);
        o.layers = seed % 4 == 3 ? 1 : 2;
        o.heads = 1 + (int)seed % 3;
        Fixture f = fixture_new(o);
        for (int a = 0; a < f.task->answer; a++)
            if (f.query[a]->supported) {
                queries++;
                CU_ASSERT_EQUAL(check_query(f.query[a]), 0);
            }
        fixture_free(&f);
    }
    CU_ASSERT_TRUE(queries > 15);
}

// ---- margins (K11) ------------------------------------------------------------------------------

static Real excess_of(const NeuronBound *n, Real gain, Real slope)
{
    Real low = real(n->low), high = real(n->high), e = 0;
    e = fmaxl(e, slope * low - gain * fmaxl(low, 0));
    return fmaxl(e, slope * high - gain * fmaxl(high, 0));
}

// The noise of a margin, and what it is taken from: (x + b_O) C + ... - sum of e.
static Real token_noise(const Last *a, int right, const GroupBound *g, const TokenBound *t,
                        const Fix *x, Real *ret_direct)
{
    const Model *m = a->query->model->model;
    const Noise *n = a->query->noise;
    Real C[WIDTH], direct = (Real)m->b_U[right] - (Real)m->b_U[t->token];
    Real noise = real(n->ll[right]) + real(n->ll[t->token]);
    for (int d = 0; d < a->D; d++) {
        C[d] = (Real)m->W_U[d * a->V + right] - (Real)m->W_U[d * a->V + t->token];
        noise += real(n->lx[d]) * fabsl(C[d]);
        direct += C[d] * (Real)a->w->b_out[d];
    }
    for (int i = 0; i < a->F; i++) {
        Real slope = real(t->slope[i]);
        for (int d = 0; d < a->D; d++)
            C[d] += slope * (Real)a->w->W_in[d * a->F + i];
        noise += fabsl(slope) * real(n->lu[i]);
        direct += slope * (Real)a->w->b_in[i];
        direct -= g->kept[i] ? 0 : excess_of(&g->neuron[i], real(t->gain[i]), slope);
    }
    for (int d = 0; d < a->D; d++) {
        noise += real(n->residual[d]) * fabsl(C[d]);
        direct += (real(x[d]) + (Real)a->w->b_O[d]) * C[d];
    }
    for (int h = 0; h < a->HK / a->K; h++) {
        Real c[WIDTH] = {0};
        for (int i = 0; i < a->K; i++)
            for (int d = 0; d < a->D; d++)
                c[i] += (Real)a->w->W_O[(h * a->K + i) * a->D + d] * C[d];
        noise += last_head(a, h, c);
    }
    *ret_direct = direct;
    return noise;
}

// An input by itself: one configuration, so that the least direct part is that of the input.
static int check_margins(const Fixture *f, int answer, Rng *rng)
{
    const Query *query = f->query[answer];
    Last a = last_of(query);
    Arena *arena = arena_new();
    uint8_t symbols[TASK_COLUMNS_MAX];
    int tokens[TASK_POSITIONS_MAX], wrong = 0;
    MarginBound b;
    task_sample_uniform(f->task, rng, symbols);
    fixture_tokens(f, symbols, tokens);
    const Fix *x = query->table->x + fixture_config(f, query->table->cone, tokens) * a.D;
    CU_ASSERT_TRUE_FATAL(margin_bound(arena, query, regions_single(arena, f->task, symbols),
                                      tokens[f->task->prompt + answer], INT64_MIN, &b));
    const GroupBound *g = fixture_group(f, answer, &b, symbols);
    for (int t = 0; t < b.n_tokens; t++) {
        Real direct, noise = token_noise(&a, b.right, g, &g->token[t], x, &direct);
        Real taken = direct - real(g->token[t].direct);
        wrong += !(taken >= noise - 1e-13L && taken <= 1.02L * noise + 0x1p-38L);
    }
    // A neuron without keys to read has no other room than rounding.
    for (int i = 0; i < a.F && query->n_keys == 0; i++) {
        Real wide = 2 * real(query->noise->wide[i]);
        Real room = real(g->neuron[i].high) - real(g->neuron[i].low);
        wrong += !(room >= wide && room <= wide + 0x1p-30L);
    }
    arena_free(arena);
    return wrong;
}

static void errors_of_neurons_and_margins_follow_their_formulas(void)
{
    for (uint64_t seed = 0; seed < 12; seed++) {
        FixtureOptions o = fixture_small;
        Rng rng = rng_new(seed, 6);
        o.seed = 50 + seed;
        o.edges = (FixtureEdges)(seed % 3);
        Fixture f = fixture_model(o);
        int C = f.model->shape.n_ctx;
        if (seed % 4 == 3)
            memset(f.model->layer[1].edges, 0, (size_t)(o.heads * C * C));
        fixture_prepare(&f);
        for (int a = 0; a < f.task->answer; a++)
            for (int i = 0; i < 5 && f.query[a]->supported; i++)
                CU_ASSERT_EQUAL(check_margins(&f, a, &rng), 0);
        fixture_free(&f);
    }
}

// ---- refusals -----------------------------------------------------------------------------------

// c W_V beyond what a Fix holds: no small number may come of it.
static void heads_with_functionals_too_large_are_refused(void)
{
    FixtureOptions o = fixture_small;
    o.edges = FIXTURE_RECIPE;
    Fixture f = fixture_new(o);
    FixMatrix *W_V = &f.fix->layer[1].W_V;
    Fix c[3] = {FIX_MAX, FIX_MAX, FIX_MAX};
    for (int i = 0; i < W_V->rows * W_V->cols; i++)
        W_V->mid[i] = FIX_MAX / 2;
    CU_ASSERT_TRUE(fix_matrix_seal(W_V));
    CU_ASSERT_TRUE(noise_of_head(f.query[0]->noise, 0, c, 0) > ROUNDING_MAX);
    fixture_free(&f);
}

RUN_TESTS("noise", TESTS)
