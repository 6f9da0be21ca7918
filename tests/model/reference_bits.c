#include <math.h>

#include "exp32.h"
#include "inference_reference.h"

// y[j] = b[j], then fma over i in ascending order.
static void linear(const float *x, const float *W, const float *b, int n_in, int n_out, float *y)
{
    for (int j = 0; j < n_out; j++) {
        y[j] = b[j];
        for (int i = 0; i < n_in; i++)
            y[j] = fmaf(x[i], W[i * n_out + j], y[j]);
    }
}

static void softmax(float *x, int count)
{
    float most = x[0], sum = 0.0f;
    for (int i = 1; i < count; i++)
        most = x[i] > most ? x[i] : most;
    for (int i = 0; i < count; i++) {
        x[i] = exp32(x[i] - most);
        sum += x[i];
    }
    for (int i = 0; i < count; i++)
        x[i] /= sum;
}

static float score(const Model *model, const float *q, const float *k)
{
    float sum = 0.0f;
    for (int i = 0; i < model->shape.d_head; i++)
        sum = fmaf(q[i], k[i], sum);
    return model->shape.score_scale * sum;
}

// q, k, v [C][K] of one head; z [K] at position p.
static void head_output(const Model *model, int l, int h, int p, const float *q, const float *k,
                        const float *v, float *z)
{
    int K = model->shape.d_head, keys[64], count = 0;
    float weights[64];
    for (int key = 0; key <= p; key++)
        if (model_edge(model, l, h, p, key))
            keys[count++] = key;
    for (int e = 0; e < count; e++)
        weights[e] = score(model, q + p * K, k + keys[e] * K);
    if (count > 0)
        softmax(weights, count);
    for (int i = 0; i < K; i++) {
        z[i] = 0.0f;
        for (int e = 0; e < count; e++)
            z[i] = fmaf(weights[e], v[keys[e] * K + i], z[i]);
    }
}

static void attention(const Model *model, int l, int length, float *x)
{
    enum { MOST = 64 };
    ModelShape s = model->shape;
    const ModelLayer *w = &model->layer[l];
    float q[MOST * MOST], k[MOST * MOST], v[MOST * MOST], z[MOST][MOST], sum[MOST];
    for (int h = 0; h < s.heads; h++) {
        int W = h * s.d_model * s.d_head, b = h * s.d_head;
        for (int p = 0; p < length; p++) {
            const float *at = x + p * s.d_model;
            linear(at, w->W_Q + W, w->b_Q + b, s.d_model, s.d_head, q + p * s.d_head);
            linear(at, w->W_K + W, w->b_K + b, s.d_model, s.d_head, k + p * s.d_head);
            linear(at, w->W_V + W, w->b_V + b, s.d_model, s.d_head, v + p * s.d_head);
        }
        for (int p = 0; p < length; p++)
            head_output(model, l, h, p, q, k, v, &z[p][b]);
    }
    for (int p = 0; p < length; p++) {
        linear(z[p], w->W_O, w->b_O, s.heads * s.d_head, s.d_model, sum);
        for (int d = 0; d < s.d_model; d++)
            x[p * s.d_model + d] += sum[d];
    }
}

static void mlp(const Model *model, int l, float *x)
{
    ModelShape s = model->shape;
    const ModelLayer *w = &model->layer[l];
    float hidden[128], sum[64];
    linear(x, w->W_in, w->b_in, s.d_model, s.d_mlp, hidden);
    for (int f = 0; f < s.d_mlp; f++)
        hidden[f] = hidden[f] < 0.0f ? 0.0f : hidden[f];
    linear(hidden, w->W_out, w->b_out, s.d_mlp, s.d_model, sum);
    for (int d = 0; d < s.d_model; d++)
        x[d] += sum[d];
}

void reference_bits(const Model *model, const int *tokens, int length, float *ret_logits)
{
    ModelShape s = model->shape;
    Arena *arena = arena_new();
    float *x = ARENA_NEW(arena, float, (size_t)(length * s.d_model));
    for (int p = 0; p < length; p++)
        for (int d = 0; d < s.d_model; d++)
            x[p * s.d_model + d] =
                model->W_E[tokens[p] * s.d_model + d] + model->W_pos[p * s.d_model + d];
    for (int l = 0; l < s.layers; l++) {
        attention(model, l, length, x);
        for (int p = 0; p < length; p++)
            mlp(model, l, x + p * s.d_model);
    }
    for (int p = 0; p < length; p++)
        linear(x + p * s.d_model, model->W_U, model->b_U, s.d_model, s.d_vocab,
               ret_logits + p * s.d_vocab);
    arena_free(arena);
}
