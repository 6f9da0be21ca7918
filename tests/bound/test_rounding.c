// Errors of runs below the last layer: what rounding.c and residual.c compute, against the formulas
// of docs/certificate-format.md, K8, written down once more in long double.

#include "rounding.h"

#include "formulas.h"
#include "harness.h"

#define TESTS(X)                                                                                   \
    X(gamma_is_rounded_up)                                                                         \
    X(weights_follow_their_formula)                                                                \
    X(errors_of_tables_follow_their_formulas)                                                      \
    X(errors_too_large_are_refused)

enum { WIDTH = 32 }; // at least D, HK, F and V

static void gamma_is_rounded_up(void)
{
    Rng rng = rng_new(1, 0);
    for (int i = 0; i < 10000; i++) {
        int k = (int)rng_below(&rng, 1 << rng_below(&rng, 20));
        Fix sum = (Fix)(rng_next(&rng) >> (4 + rng_below(&rng, 60)));
        Wide g = rounding_gamma(k, sum), below = (1 << 24) - k;
        CU_ASSERT_TRUE(g * below >= (Wide)k * sum && (g - 1) * below < (Wide)k * sum);
    }
}

static void weights_follow_their_formula(void)
{
    Rng rng = rng_new(2, 0);
    for (int i = 0; i < 10000; i++) {
        Fix tau = (Fix)(rng_next(&rng) >> (16 + rng_below(&rng, 48)));
        if (tau > ROUNDING_TAU_MAX)
            continue;
        Real t = real(tau) + 0x1p-16L, rho = t + t * t;
        CU_ASSERT_EQUAL(wrong_by(rounding_weights(tau, 2), rho / (1 - rho), 1.0001L), 0);
        CU_ASSERT_EQUAL(rounding_weights(tau, 1), 0);
    }
}

// ---- below the last layer (K8) ------------------------------------------------------------------

typedef struct Step { // one configuration on its way through a layer, as K8 names it
    const Fixture *f;
    const ModelLayer *w;
    int l, p, D, HK, F, K;
    const int *tokens;
    const PerturbedLayer *exact; // of layer l
    const Real *above;           // x'
    Real e[WIDTH], dz[WIDTH], ly[WIDTH], dy[WIDTH], lu[WIDTH], eta[WIDTH], lx[WIDTH];
    Real theta[WIDTH], sigma[WIDTH];
} Step;

static Real tau_of(const Step *s, int head, int key)
{
    const ResidualTable *own = residual_table(s->f->tables, s->l, s->p);
    const ResidualTable *other = residual_table(s->f->tables, s->l, key);
    int from = fixture_config(s->f, own->cone, s->tokens) * s->HK;
    int to = fixture_config(s->f, other->cone, s->tokens) * s->HK;
    Real errors = 0, sum = 0, scale = (Real)s->f->model->shape.score_scale;
    for (int i = head * s->K; i < (head + 1) * s->K; i++) {
        Real q = scale * fabsl(s->exact->q[s->p * s->HK + i]), dq = real(own->dq[from + i]);
        Real k = fabsl(s->exact->k[key * s->HK + i]), dk = real(other->dk[to + i]);
        errors += q * dk + dq * k + dq * dk;
        sum += (q + dq) * (k + dk);
    }
    return errors + gamma_of(s->K + 1) * sum;
}

static void step_head(Step *s, int head)
{
    const Model *m = s->f->model;
    int P = s->f->options.positions - 1; // of the run
    const Real *w = s->exact->w + (s->p * m->shape.heads + head) * P;
    Real tau = 0, most[WIDTH] = {0}, error[WIDTH] = {0}, away[WIDTH] = {0};
    int n = 0;
    for (int k = 0; k <= s->p; k++) {
        if (!model_edge(m, s->l, head, s->p, k))
            continue;
        const ResidualTable *key = residual_table(s->f->tables, s->l, k);
        int config = fixture_config(s->f, key->cone, s->tokens);
        n++;
        tau = fmaxl(tau, tau_of(s, head, k));
        for (int i = head * s->K; i < (head + 1) * s->K; i++) {
            Real v = s->exact->v[k * s->HK + i], dv = real(key->dv[config * s->HK + i]);
            most[i] = fmaxl(most[i], fabsl(v) + dv);
            error[i] = fmaxl(error[i], dv);
            away[i] += w[k] * fabsl(v - s->exact->z[s->p * s->HK + i]);
        }
    }
    Real t = tau + 0x1p-16L, rho = n > 1 ? t + t * t : 0;
    for (int i = head * s->K; i < (head + 1) * s->K; i++)
        s->dz[i] = n > 0 ? rho / (1 - rho) * away[i] + error[i] + gamma_of(2 * n + 2) * most[i] : 0;
}

static void step_attention(Step *s)
{
    for (int d = 0; d < s->D; d++) {
        Real spread = 0, sum = fabsl((Real)s->w->b_O[d]);
        for (int i = 0; i < s->HK; i++) {
            Real w = fabsl((Real)s->w->W_O[i * s->D + d]);
            spread += s->dz[i] * w;
            sum += (fabsl(s->exact->z[s->p * s->HK + i]) + s->dz[i]) * w;
        }
        Real la = gamma_of(s->HK + 1) * sum;
        s->ly[d] = la + u0 * (fabsl(s->exact->y[s->p * s->D + d]) + s->e[d] + spread + la);
        s->dy[d] = s->e[d] + spread + s->ly[d];
    }
}

// W_O W_in[:, i] at head dimension j.
static Real head_in(const Step *s, int j, int i)
{
    Real sum = 0;
    for (int d = 0; d < s->D; d++)
        sum += (Real)s->w->W_O[j * s->D + d] * (Real)s->w->W_in[d * s->F + i];
    return sum;
}

static void step_neurons(Step *s)
{
    for (int i = 0; i < s->F; i++) {
        Real sum = fabsl((Real)s->w->b_in[i]), spread = 0, u = s->exact->u[s->p * s->F + i];
        for (int d = 0; d < s->D; d++) {
            Real w = fabsl((Real)s->w->W_in[d * s->F + i]);
            sum += (fabsl(s->exact->y[s->p * s->D + d]) + s->dy[d]) * w;
            spread += (s->e[d] + s->ly[d]) * w;
        }
        for (int j = 0; j < s->HK; j++)
            spread += s->dz[j] * fabsl(head_in(s, j, i));
        s->lu[i] = gamma_of(s->D + 1) * sum;
        s->eta[i] = spread + s->lu[i];
        s->theta[i] = u >= s->eta[i] ? 1 : u <= -s->eta[i] ? 0 : 0.5L;
        s->sigma[i] = s->theta[i] == 0.5L ? 0.5L : 0;
    }
}

static void step_output(Step *s)
{
    for (int d = 0; d < s->D; d++) {
        Real spread = 0, sum = fabsl((Real)s->w->b_out[d]);
        for (int i = 0; i < s->F; i++) {
            Real w = fabsl((Real)s->w->W_out[i * s->D + d]);
            sum += (s->exact->h[s->p * s->F + i] + s->eta[i]) * w;
            spread += s->eta[i] * w;
        }
        Real lo = gamma_of(s->F + 1) * sum;
        s->lx[d] = lo + u0 * (fabsl(s->above[s->p * s->D + d]) + s->dy[d] + spread + lo);
    }
}

// err(f)
static Real error_of(const Step *s, const Real *f)
{
    Real C[WIDTH], error = 0;
    for (int d = 0; d < s->D; d++) {
        C[d] = f[d];
        error += s->lx[d] * fabsl(f[d]);
    }
    for (int i = 0; i < s->F; i++) {
        Real a = 0;
        for (int d = 0; d < s->D; d++)
            a += (Real)s->w->W_out[i * s->D + d] * f[d];
        for (int d = 0; d < s->D; d++)
            C[d] += s->theta[i] * a * (Real)s->w->W_in[d * s->F + i];
        error += fabsl(a) * (s->theta[i] * s->lu[i] + s->sigma[i] * s->eta[i]);
    }
    for (int d = 0; d < s->D; d++)
        error += (s->e[d] + s->ly[d]) * fabsl(C[d]);
    for (int j = 0; j < s->HK; j++) {
        Real through = 0;
        for (int d = 0; d < s->D; d++)
            through += (Real)s->w->W_O[j * s->D + d] * C[d];
        error += s->dz[j] * fabsl(through);
    }
    return error;
}

// One of W_Q, W_K, W_V: its column i, and what is besides its spread.
static Real projected(const Step *s, const float *W, const float *b, int i, const Real *e,
                      Real *ret_column)
{
    Real sum = fabsl((Real)b[i]);
    for (int d = 0; d < s->D; d++) {
        ret_column[d] = (Real)W[(i / s->K * s->D + d) * s->K + i % s->K];
        sum += (fabsl(s->above[s->p * s->D + d]) + e[d]) * fabsl(ret_column[d]);
    }
    return gamma_of(s->D + 1) * sum;
}

static int compare_step(Step *s)
{
    const ResidualTable *t = residual_table(s->f->tables, s->l + 1, s->p);
    const ModelLayer *next = &s->f->model->layer[s->l + 1];
    int wrong = 0, config = fixture_config(s->f, t->cone, s->tokens);
    Real e[WIDTH], column[WIDTH], scale = (Real)s->f->model->shape.score_scale;
    for (int d = 0; d < s->D; d++) {
        Real f[WIDTH] = {0};
        f[d] = 1;
        e[d] = error_of(s, f);
        wrong += wrong_by(t->e[config * s->D + d], e[d], 1.02L);
    }
    for (int i = 0; i < s->HK; i++) {
        int at = config * s->HK + i;
        Real local = projected(s, next->W_Q, next->b_Q, i, e, column);
        wrong += wrong_by(t->dq[at], scale * (error_of(s, column) + local), 1.02L);
        local = projected(s, next->W_K, next->b_K, i, e, column);
        wrong += wrong_by(t->dk[at], error_of(s, column) + local, 1.02L);
        local = projected(s, next->W_V, next->b_V, i, e, column);
        for (int d = 0; d < s->D; d++)
            local += e[d] * fabsl(column[d]);
        wrong += wrong_by(t->dv[at], local, 1.02L);
    }
    return wrong;
}

static int check_step(const Fixture *f, const Perturbed *exact, const int *tokens, int l, int p)
{
    ModelShape m = f->model->shape;
    const ResidualTable *own = residual_table(f->tables, l, p);
    Step s = {.f = f,
              .w = &f->model->layer[l],
              .l = l,
              .p = p,
              .D = m.d_model,
              .HK = m.heads * m.d_head,
              .F = m.d_mlp,
              .K = m.d_head,
              .tokens = tokens,
              .exact = &exact->layer[l],
              .above = exact->layer[l + 1].x};
    for (int d = 0; d < s.D; d++)
        s.e[d] = real(own->e[fixture_config(f, own->cone, tokens) * s.D + d]);
    for (int h = 0; h < m.heads; h++)
        step_head(&s, h);
    step_attention(&s);
    step_neurons(&s);
    step_output(&s);
    return compare_step(&s);
}

static int check_embedding(const Fixture *f, const Perturbed *exact, const int *tokens, int p)
{
    const ResidualTable *t = residual_table(f->tables, 0, p);
    int D = f->model->shape.d_model, wrong = 0;
    for (int d = 0; d < D; d++)
        wrong += wrong_by(t->e[fixture_config(f, t->cone, tokens) * D + d],
                          u0 * fabsl(exact->layer[0].x[p * D + d]), 1.02L);
    return wrong;
}

static void random_tokens(const Fixture *f, Rng *rng, int *ret_tokens)
{
    for (int p = 0; p < f->options.positions; p++)
        ret_tokens[p] = f->options.id[p][rng_below(rng, (uint32_t)f->options.count[p])];
}

// Moves biases so that every other neuron of layer 0 is nearly 0 at position p: not settled.
static void put_at_zero(Arena *arena, Model *m, const int *tokens, int p)
{
    int F = m->shape.d_mlp;
    Perturbed exact = perturbed_new(arena, m, p + 1);
    perturbed_run(m, tokens, PERTURBED_EXACT, NULL, NULL, &exact);
    for (int i = 0; i < F; i += 2)
        m->layer[0].b_in[i] = (float)((Real)m->layer[0].b_in[i] - exact.layer[0].u[p * F + i]);
}

static int check_tables(const Fixture *f, const int *tokens)
{
    int wrong = 0;
    Arena *arena = arena_new();
    Perturbed exact = perturbed_new(arena, f->model, f->options.positions - 1);
    perturbed_run(f->model, tokens, PERTURBED_EXACT, NULL, NULL, &exact);
    for (int p = 0; p < exact.positions; p++) {
        for (int l = 0; l + 1 < f->model->shape.layers; l++)
            if (residual_table(f->tables, l + 1, p))
                wrong += check_step(f, &exact, tokens, l, p);
        if (residual_table(f->tables, 0, p))
            wrong += check_embedding(f, &exact, tokens, p);
    }
    arena_free(arena);
    return wrong;
}

static void errors_of_tables_follow_their_formulas(void)
{
    for (uint64_t seed = 0; seed < 16; seed++) {
        FixtureOptions o = fixture_small;
        Rng rng = rng_new(seed, 5);
        int tokens[TASK_POSITIONS_MAX];
        o.seed = seed;
        o.edges = (FixtureEdges)(seed % 3);
        o.layers = seed % 5 == 4 ? 3 : 2;
        o.sharp = seed % 4 == 3 ? 2.0f : 0.6f;
        o.score_scale = seed % 2 ? 0.37f : 1.7f;
        Fixture f = fixture_model(o);
        f.options = token_options(f.arena, f.task, f.ids);
        random_tokens(&f, &rng, tokens);
        put_at_zero(f.arena, f.model, tokens, f.options.positions - 2);
        fixture_fix(&f);
        fixture_tables(&f);
        CU_ASSERT_EQUAL(check_tables(&f, tokens), 0);
        for (int i = 0; i < 4; i++) {
            random_tokens(&f, &rng, tokens);
            CU_ASSERT_EQUAL(check_tables(&f, tokens), 0);
        }
        fixture_free(&f);
    }
}

// ---- refusals -----------------------------------------------------------------------------------

static void errors_too_large_are_refused(void)
{
    Fix x_mid[2] = {0}, b_mid[1] = {0}, e[2] = {FIX_ONE / 32, FIX_ONE / 64}, ret[1] = {7};
    Arena *arena = arena_new();
    FixMatrix A = fix_matrix_new(arena, 1, 2);
    FixVector x = {x_mid, 0, 2}, b = {b_mid, 0, 1};
    A.mid[0] = A.mid[1] = FIX_ONE;
    CU_ASSERT_TRUE(fix_matrix_seal(&A));
    CU_ASSERT_TRUE(rounding_apply(&A, &b, &x, e, NULL, ret));
    CU_ASSERT_TRUE(ret[0] > 3 * (FIX_ONE / 64) && ret[0] < FIX_ONE / 16);
    e[1] = FIX_ONE / 32;
    CU_ASSERT_FALSE(rounding_apply(&A, &b, &x, e, NULL, ret));
    arena_free(arena);
}

RUN_TESTS("rounding", TESTS)
