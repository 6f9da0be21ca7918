#include "perturbed.h"

#include <math.h>
#include <stdlib.h>

enum { WIDTH = 1024 };

typedef struct Run {
    const Model *model;
    PerturbedMode mode;
    Rng *rng;
    ModelShape s;
    int P;
} Run;

Perturbed perturbed_new(Arena *arena, const Model *model, int positions)
{
    ModelShape s = model->shape;
    size_t P = (size_t)positions, D = (size_t)s.d_model, F = (size_t)s.d_mlp, H = (size_t)s.heads;
    size_t HK = H * (size_t)s.d_head;
    Perturbed r = {positions, ARENA_NEW(arena, PerturbedLayer, (size_t)s.layers + 1),
                   ARENA_NEW(arena, Real, P * (size_t)s.d_vocab)};
    for (int l = 0; l <= s.layers; l++)
        r.layer[l] = (PerturbedLayer){
            .x = ARENA_NEW(arena, Real, P * D),
            .q = ARENA_NEW(arena, Real, P * HK),
            .k = ARENA_NEW(arena, Real, P * HK),
            .v = ARENA_NEW(arena, Real, P * HK),
            .s = ARENA_NEW(arena, Real, P * H * P),
            .d = ARENA_NEW(arena, Real, P * H * P),
            .p = ARENA_NEW(arena, Real, P * H * P),
            .w = ARENA_NEW(arena, Real, P * H * P),
            .total = ARENA_NEW(arena, Real, P * H),
            .z = ARENA_NEW(arena, Real, P * HK),
            .o = ARENA_NEW(arena, Real, P * D),
            .y = ARENA_NEW(arena, Real, P * D),
            .u = ARENA_NEW(arena, Real, P * F),
            .h = ARENA_NEW(arena, Real, P * F),
            .m = ARENA_NEW(arena, Real, P * D),
        };
    return r;
}

// ---- operations ---------------------------------------------------------------------------------

// x, the exact result of an operation, as the run has it: off by `error` of its size at most.
static Real off(const Run *r, Real x, Real error, Real derivative)
{
    Real size = fabsl(x) * error;
    switch (r->mode) {
    case PERTURBED_EXACT:
        return x;
    case PERTURBED_ROUNDED:
        return (Real)(float)x;
    case PERTURBED_RANDOM:
        return rng_below(r->rng, 2) ? x + size : x - size;
    case PERTURBED_UP:
        return derivative > 0 ? x + size : derivative < 0 ? x - size : x;
    case PERTURBED_DOWN:
        return derivative > 0 ? x - size : derivative < 0 ? x + size : x;
    }
    return x;
}

#define U 0x1p-24L

static Real add(const Run *r, Real a, Real b, Real derivative)
{
    return a == 0 || b == 0 ? a + b : off(r, a + b, U, derivative);
}

typedef struct Term {
    Real a, b, value; // a product, or a bias with b = 1
} Term;

static int larger_first(const void *a, const void *b)
{
    Real x = fabsl(((const Term *)a)->value), y = fabsl(((const Term *)b)->value);
    return (x < y) - (x > y);
}

static void shuffle(const Run *r, Term *term, int n)
{
    for (int i = n - 1; i > 0; i--) {
        int j = (int)rng_below(r->rng, (uint32_t)i + 1);
        Term swapped = term[i];
        term[i] = term[j];
        term[j] = swapped;
    }
}

static Real product(const Run *r, const Term *t, Real derivative)
{
    return t->b == 1 ? t->a : off(r, t->value, U, derivative);
}

// One term after the other. Products of binary32 numbers, and their sums with another, are exact
// enough in long double for a fused operation.
static Real in_turn(const Run *r, const Term *term, int n, bool fused, Real derivative)
{
    Real sum = product(r, &term[0], derivative);
    for (int i = 1; i < n; i++)
        sum = fused ? off(r, sum + term[i].value, U, derivative)
                    : add(r, sum, product(r, &term[i], derivative), derivative);
    return sum;
}

static Real grouped(const Run *r, const Term *term, int n, Real derivative)
{
    if (n < 3 || rng_below(r->rng, 3) == 0)
        return in_turn(r, term, n, rng_below(r->rng, 2), derivative);
    int left = 1 + (int)rng_below(r->rng, (uint32_t)n - 1);
    Real a = grouped(r, term, left, derivative), b = grouped(r, term + left, n - left, derivative);
    return add(r, a, b, derivative);
}

// A sum of n terms; none is zero.
static Real sum_up(const Run *r, Term *term, int n, Real derivative)
{
    Real sum = 0;
    if (n == 0)
        return 0;
    if (r->mode == PERTURBED_EXACT) {
        for (int i = 0; i < n; i++)
            sum += term[i].value;
        return sum;
    }
    if (r->mode == PERTURBED_UP ||
        r->mode == PERTURBED_DOWN) { // large terms are rounded most often
        qsort(term, (size_t)n, sizeof *term, larger_first);
        return in_turn(r, term, n, false, derivative);
    }
    shuffle(r, term, n);
    return grouped(r, term, n, derivative);
}

// bias + sum of a[i] b[i b_step].
static Real dot(const Run *r, const Real *a, const float *b, int b_step, int n, Real bias,
                Real derivative)
{
    Term term[WIDTH + 1];
    int count = 0;
    for (int i = 0; i < n; i++)
        if (a[i] != 0 && b[(size_t)i * (size_t)b_step] != 0) {
            Real w = (Real)b[(size_t)i * (size_t)b_step];
            term[count++] = (Term){a[i], w, a[i] * w};
        }
    if (bias != 0)
        term[count++] = (Term){bias, 1, bias};
    return sum_up(r, term, count, derivative);
}

// ---- forward ------------------------------------------------------------------------------------

static const Real *row(const Real *x, int i, int width)
{
    return x + (size_t)i * (size_t)width;
}

static void project(const Run *r, const float *W, const float *b, const Real *x, const Real *dy,
                    Real *y)
{
    int D = r->s.d_model, K = r->s.d_head;
    for (int i = 0; i < r->s.heads * K; i++)
        y[i] = dot(r, x, W + (size_t)(i / K * D) * (size_t)K + i % K, K, D, (Real)b[i], dy[i]);
}

static Real score(const Run *r, const Real *q, const Real *k, Real derivative)
{
    Term term[WIDTH];
    int count = 0;
    for (int i = 0; i < r->s.d_head; i++)
        if (q[i] != 0 && k[i] != 0)
            term[count++] = (Term){q[i], k[i], q[i] * k[i]};
    Real sum = sum_up(r, term, count, derivative);
    return off(r, sum * (Real)r->s.score_scale, U, derivative);
}

static Real attend_to(const Run *r, const PerturbedLayer *a, const PerturbedLayer *d, int p, int i,
                      bool *edge)
{
    Term term[WIDTH];
    int HK = r->s.heads * r->s.d_head, h = i / r->s.d_head, at = (p * r->s.heads + h) * r->P, n = 0;
    for (int k = 0; k <= p; k++)
        if (edge[k] && a->w[at + k] != 0 && a->v[k * HK + i] != 0) {
            Real v = a->v[k * HK + i];
            term[n++] = (Term){a->w[at + k], v, a->w[at + k] * v};
        }
    return sum_up(r, term, n, d->z[p * HK + i]);
}

static void head(const Run *r, PerturbedLayer *a, const PerturbedLayer *d, int l, int p, int h)
{
    int K = r->s.d_head, HK = r->s.heads * K, at = (p * r->s.heads + h) * r->P, n = 0;
    bool edge[WIDTH] = {false};
    Real most = -INFINITY;
    Term term[WIDTH];
    for (int k = 0; k <= p; k++)
        if ((edge[k] = model_edge(r->model, l, h, p, k))) {
            a->s[at + k] = score(r, a->q + p * HK + h * K, a->k + k * HK + h * K, d->s[at + k]);
            most = fmaxl(most, a->s[at + k]);
        }
    for (int k = 0; k <= p; k++)
        if (edge[k]) {
            a->d[at + k] = off(r, a->s[at + k] - most, U, d->s[at + k]);
            a->p[at + k] = off(r, expl(a->d[at + k]), 2 * U, d->p[at + k]);
            term[n++] = (Term){a->p[at + k], 1, a->p[at + k]};
        }
    a->total[p * r->s.heads + h] = sum_up(r, term, n, d->total[p * r->s.heads + h]);
    for (int k = 0; k <= p; k++)
        if (edge[k])
            a->w[at + k] = off(r, a->p[at + k] / a->total[p * r->s.heads + h], U, d->w[at + k]);
    for (int i = h * K; i < (h + 1) * K; i++)
        a->z[p * HK + i] = n > 0 ? attend_to(r, a, d, p, i, edge) : 0;
}

static void mlp(const Run *r, PerturbedLayer *a, const PerturbedLayer *d, int l, int p, Real *x,
                const Real *dx)
{
    const ModelLayer *w = &r->model->layer[l];
    int D = r->s.d_model, F = r->s.d_mlp, HK = r->s.heads * r->s.d_head;
    Real *y = a->y + p * D, *u = a->u + p * F, *h = a->h + p * F, *m = a->m + p * D;
    for (int i = 0; i < D; i++) {
        a->o[p * D + i] =
            dot(r, row(a->z, p, HK), w->W_O + i, D, HK, (Real)w->b_O[i], d->o[p * D + i]);
        y[i] = add(r, a->x[p * D + i], a->o[p * D + i], d->y[p * D + i]);
    }
    for (int i = 0; i < F; i++) {
        u[i] = dot(r, y, w->W_in + i, F, D, (Real)w->b_in[i], d->u[p * F + i]);
        h[i] = u[i] > 0 ? u[i] : 0;
    }
    for (int i = 0; i < D; i++) {
        m[i] = dot(r, h, w->W_out + i, D, F, (Real)w->b_out[i], d->m[p * D + i]);
        x[i] = add(r, y[i], m[i], dx[i]);
    }
}

void perturbed_run(const Model *model, const int *tokens, PerturbedMode mode,
                   const Perturbed *derivative, Rng *rng, Perturbed *ret)
{
    Run r = {model, mode, rng, model->shape, ret->positions};
    int D = r.s.d_model, HK = r.s.heads * r.s.d_head, V = r.s.d_vocab, L = r.s.layers;
    const Perturbed *by = derivative ? derivative : ret; // signs, or nothing that is looked at
    for (int p = 0; p < r.P; p++)
        for (int d = 0; d < D; d++)
            ret->layer[0].x[p * D + d] =
                add(&r, (Real)model->W_E[tokens[p] * D + d], (Real)model->W_pos[p * D + d],
                    by->layer[0].x[p * D + d]);
    for (int l = 0; l < L; l++) {
        const ModelLayer *w = &model->layer[l];
        PerturbedLayer *a = &ret->layer[l];
        const PerturbedLayer *d = &by->layer[l];
        for (int p = 0; p < r.P; p++) {
            project(&r, w->W_Q, w->b_Q, a->x + p * D, d->q + p * HK, a->q + p * HK);
            project(&r, w->W_K, w->b_K, a->x + p * D, d->k + p * HK, a->k + p * HK);
            project(&r, w->W_V, w->b_V, a->x + p * D, d->v + p * HK, a->v + p * HK);
        }
        for (int p = 0; p < r.P; p++) {
            for (int h = 0; h < r.s.heads; h++)
                head(&r, a, d, l, p, h);
            mlp(&r, a, d, l, p, ret->layer[l + 1].x + p * D, by->layer[l + 1].x + p * D);
        }
    }
    for (int t = 0; t < V; t++) {
        size_t at = (size_t)((r.P - 1) * V + t);
        ret->logits[at] = dot(&r, ret->layer[L].x + (r.P - 1) * D, model->W_U + t, V, D,
                              (Real)model->b_U[t], by->logits[at]);
    }
}

// ---- backward -----------------------------------------------------------------------------------

// dx += W dy for y = x W.
static void back(Real *dx, const Real *dy, const float *W, int n, int m, int step_in, int step_out)
{
    for (int j = 0; j < m; j++)
        for (int i = 0; dy[j] != 0 && i < n; i++)
            dx[i] += dy[j] * (Real)W[i * step_in + j * step_out];
}

static void back_head(const Run *r, const PerturbedLayer *a, PerturbedLayer *d, int l, int p, int h)
{
    int K = r->s.d_head, HK = r->s.heads * K, at = (p * r->s.heads + h) * r->P;
    Real scale = (Real)r->s.score_scale, mean = 0;
    for (int k = 0; k <= p; k++) {
        if (!model_edge(r->model, l, h, p, k))
            continue;
        for (int i = h * K; i < (h + 1) * K; i++) {
            d->w[at + k] += d->z[p * HK + i] * a->v[k * HK + i];
            d->v[k * HK + i] += d->z[p * HK + i] * a->w[at + k];
        }
        mean += d->w[at + k] * a->w[at + k];
    }
    d->total[p * r->s.heads + h] = -mean; // by its logarithm; only signs are used
    for (int k = 0; k <= p; k++) {
        if (!model_edge(r->model, l, h, p, k))
            continue;
        d->p[at + k] = d->w[at + k] - mean; // times the total
        Real ds = d->s[at + k] = a->w[at + k] * d->p[at + k];
        for (int i = h * K; i < (h + 1) * K; i++) {
            d->q[p * HK + i] += ds * scale * a->k[k * HK + i];
            d->k[k * HK + i] += ds * scale * a->q[p * HK + i];
        }
    }
}

static void back_layer(const Run *r, const PerturbedLayer *a, PerturbedLayer *d, const Real *dx,
                       Real edge, int l)
{
    const ModelLayer *w = &r->model->layer[l];
    int D = r->s.d_model, F = r->s.d_mlp, K = r->s.d_head, HK = r->s.heads * K;
    for (int p = r->P - 1; p >= 0; p--) {
        for (int i = 0; i < D; i++) {
            d->m[p * D + i] += dx[p * D + i];
            d->y[p * D + i] += dx[p * D + i];
        }
        back(d->h + p * F, d->m + p * D, w->W_out, F, D, D, 1);
        for (int i = 0; i < F; i++)
            d->u[p * F + i] += a->u[p * F + i] > -edge ? d->h[p * F + i] : 0;
        back(d->y + p * D, d->u + p * F, w->W_in, D, F, F, 1);
        for (int i = 0; i < D; i++) {
            d->o[p * D + i] += d->y[p * D + i];
            d->x[p * D + i] += d->y[p * D + i];
        }
        back(d->z + p * HK, d->o + p * D, w->W_O, HK, D, D, 1);
        for (int h = 0; h < r->s.heads; h++)
            back_head(r, a, d, l, p, h);
    }
    for (int p = 0; p < r->P; p++)
        for (int h = 0; h < r->s.heads; h++) {
            int at = p * HK + h * K;
            back(d->x + p * D, d->q + at, w->W_Q + h * D * K, D, K, K, 1);
            back(d->x + p * D, d->k + at, w->W_K + h * D * K, D, K, K, 1);
            back(d->x + p * D, d->v + at, w->W_V + h * D * K, D, K, K, 1);
        }
}

void perturbed_derive(const Model *model, const Perturbed *exact, Real edge, Perturbed *derivative)
{
    Run r = {model, PERTURBED_EXACT, NULL, model->shape, exact->positions};
    int L = r.s.layers, D = r.s.d_model, V = r.s.d_vocab, last = r.P - 1;
    back(derivative->layer[L].x + last * D, derivative->logits + last * V, model->W_U, D, V, V, 1);
    for (int l = L - 1; l >= 0; l--)
        back_layer(&r, &exact->layer[l], &derivative->layer[l], derivative->layer[l + 1].x, edge,
                   l);
}
