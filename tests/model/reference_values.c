#include <math.h>

#include "inference_reference.h"

typedef struct State {
    const Model *model;
    size_t D, K, F, V, H;
    double *x; // [length][D]
} State;

// sum over i of x[i] W[i][j], plus b[j]
static double column(const double *x, const float *W, const float *b, size_t n_in, size_t n_out,
                     size_t j)
{
    double sum = (double)b[j];
    for (size_t i = 0; i < n_in; i++)
        sum += x[i] * (double)W[i * n_out + j];
    return sum;
}

static double dot(const double *a, const double *b, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static void project(const State *s, const double *x, const float *W, const float *b, size_t h,
                    double *ret)
{
    for (size_t k = 0; k < s->K; k++)
        ret[k] = column(x, W + h * s->D * s->K, b + h * s->K, s->D, s->K, k);
}

// z [K] of head h at position p. The weights need no shift: the scores are small.
static void head_output(const State *s, int l, size_t h, size_t p, double *z)
{
    const ModelLayer *w = &s->model->layer[l];
    double q[64], k[64], v[64], total = 0.0;
    project(s, s->x + p * s->D, w->W_Q, w->b_Q, h, q);
    for (size_t i = 0; i < s->K; i++)
        z[i] = 0.0;
    for (size_t key = 0; key <= p; key++) {
        if (!model_edge(s->model, l, (int)h, (int)p, (int)key))
            continue;
        project(s, s->x + key * s->D, w->W_K, w->b_K, h, k);
        project(s, s->x + key * s->D, w->W_V, w->b_V, h, v);
        double e = exp((double)s->model->shape.score_scale * dot(q, k, s->K));
        total += e;
        for (size_t i = 0; i < s->K; i++)
            z[i] += e * v[i];
    }
    for (size_t i = 0; i < s->K && total > 0.0; i++)
        z[i] /= total;
}

static void attention(const State *s, int l, size_t p, double *y)
{
    const ModelLayer *w = &s->model->layer[l];
    for (size_t d = 0; d < s->D; d++)
        y[d] = s->x[p * s->D + d] + (double)w->b_O[d];
    for (size_t h = 0; h < s->H; h++) {
        double z[64];
        head_output(s, l, h, p, z);
        for (size_t k = 0; k < s->K; k++)
            for (size_t d = 0; d < s->D; d++)
                y[d] += z[k] * (double)w->W_O[(h * s->K + k) * s->D + d];
    }
}

static void mlp(const State *s, int l, double *y)
{
    const ModelLayer *w = &s->model->layer[l];
    double hidden[128], sum[64];
    for (size_t f = 0; f < s->F; f++)
        hidden[f] = fmax(0.0, column(y, w->W_in, w->b_in, s->D, s->F, f));
    for (size_t d = 0; d < s->D; d++)
        sum[d] = column(hidden, w->W_out, w->b_out, s->F, s->D, d);
    for (size_t d = 0; d < s->D; d++)
        y[d] += sum[d];
}

void reference_values(const Model *model, const int *tokens, int length, double *ret_logits)
{
    Arena *arena = arena_new();
    ModelShape shape = model->shape;
    size_t n = (size_t)length;
    State s = {model,
               (size_t)shape.d_model,
               (size_t)shape.d_head,
               (size_t)shape.d_mlp,
               (size_t)shape.d_vocab,
               (size_t)shape.heads,
               NULL};
    s.x = ARENA_NEW(arena, double, n *s.D);
    for (size_t p = 0; p < n; p++)
        for (size_t d = 0; d < s.D; d++)
            s.x[p * s.D + d] =
                (double)model->W_E[(size_t)tokens[p] * s.D + d] + (double)model->W_pos[p * s.D + d];
    for (int l = 0; l < shape.layers; l++) {
        double *y = ARENA_NEW(arena, double, n *s.D);
        for (size_t p = 0; p < n; p++) {
            attention(&s, l, p, y + p * s.D);
            mlp(&s, l, y + p * s.D);
        }
        s.x = y;
    }
    for (size_t p = 0; p < n; p++)
        for (size_t v = 0; v < s.V; v++)
            ret_logits[p * s.V + v] = column(s.x + p * s.D, model->W_U, model->b_U, s.D, s.V, v);
    arena_free(arena);
}
