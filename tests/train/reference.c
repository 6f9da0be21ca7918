#include "reference.h"

#include <math.h>
#include <string.h>

enum { QUESTIONS = 16, WIDTH_MAX = 64, CONTEXT_MAX = 16 };

typedef struct Reference {
    const Model *model;
    const double *parameters;
    int length;
    double x[CONTEXT_MAX][WIDTH_MAX];
} Reference;

static const double *weights(const Reference *r, const float *tensor)
{
    return r->parameters + (tensor - r->model->parameters);
}

// y[j] = b[j] + sum over i of x[i] W[i][j]
static void affine(const double *x, int in, const double *W, const double *b, int out, double *y)
{
    for (int j = 0; j < out; j++) {
        y[j] = b[j];
        for (int i = 0; i < in; i++)
            y[j] += x[i] * W[i * out + j];
    }
}

static void project(const Reference *r, int head, int p, const float *W, const float *b, double *y)
{
    int D = r->model->shape.d_model, K = r->model->shape.d_head;
    affine(r->x[p], D, weights(r, W) + head * D * K, weights(r, b) + head * K, K, y);
}

static double score(const Reference *r, const ModelLayer *layer, int head, int query, int key)
{
    double q[WIDTH_MAX], k[WIDTH_MAX], sum = 0;
    project(r, head, query, layer->W_Q, layer->b_Q, q);
    project(r, head, key, layer->W_K, layer->b_K, k);
    for (int d = 0; d < r->model->shape.d_head; d++)
        sum += q[d] * k[d];
    return sum * (double)r->model->shape.score_scale;
}

static void attend_head(const Reference *r, int l, int head, int query, double *z)
{
    const ModelLayer *layer = &r->model->layer[l];
    int K = r->model->shape.d_head;
    double total = 0;
    memset(z, 0, WIDTH_MAX * sizeof *z);
    for (int key = 0; key <= query; key++) {
        double v[WIDTH_MAX];
        if (!model_edge(r->model, l, head, query, key))
            continue;
        double weight = exp(score(r, layer, head, query, key));
        project(r, head, key, layer->W_V, layer->b_V, v);
        for (int d = 0; d < K; d++)
            z[d] += weight * v[d];
        total += weight;
    }
    for (int d = 0; d < K && total > 0; d++)
        z[d] /= total;
}

// What attention adds at a position, and then the MLP.
static void update(const Reference *r, int l, int query, double *ret_x)
{
    const ModelLayer *layer = &r->model->layer[l];
    ModelShape shape = r->model->shape;
    int D = shape.d_model, K = shape.d_head;
    double h[WIDTH_MAX], out[WIDTH_MAX];
    for (int d = 0; d < D; d++)
        ret_x[d] = r->x[query][d] + weights(r, layer->b_O)[d];
    for (int head = 0; head < shape.heads; head++) {
        double z[WIDTH_MAX];
        attend_head(r, l, head, query, z);
        for (int k = 0; k < K; k++)
            for (int d = 0; d < D; d++)
                ret_x[d] += z[k] * weights(r, layer->W_O)[(head * K + k) * D + d];
    }
    affine(ret_x, D, weights(r, layer->W_in), weights(r, layer->b_in), shape.d_mlp, h);
    for (int j = 0; j < shape.d_mlp; j++)
        h[j] = fmax(h[j], 0);
    affine(h, shape.d_mlp, weights(r, layer->W_out), weights(r, layer->b_out), D, out);
    for (int d = 0; d < D; d++)
        ret_x[d] += out[d];
}

static void run_layer(Reference *r, int l)
{
    double next[CONTEXT_MAX][WIDTH_MAX];
    for (int p = 0; p < r->length; p++)
        update(r, l, p, next[p]);
    memcpy(r->x, next, sizeof next);
}

static double cross_entropy(const Reference *r, int p, int target)
{
    ModelShape shape = r->model->shape;
    double logits[WIDTH_MAX], sum = 0;
    affine(r->x[p], shape.d_model, weights(r, r->model->W_U), weights(r, r->model->b_U),
           shape.d_vocab, logits);
    for (int t = 0; t < shape.d_vocab; t++)
        sum += exp(logits[t]);
    return log(sum) - logits[target];
}

double reference_loss(const Model *model, const double *parameters, const int *tokens, int first,
                      int length)
{
    Reference r = {.model = model, .parameters = parameters, .length = length};
    int D = model->shape.d_model;
    double loss = 0;
    for (int q = 0; q < QUESTIONS; q++) {
        for (int p = 0; p < length; p++)
            for (int d = 0; d < D; d++)
                r.x[p][d] = weights(&r, model->W_E)[tokens[p * QUESTIONS + q] * D + d] +
                            weights(&r, model->W_pos)[p * D + d];
        for (int l = 0; l < model->shape.layers; l++)
            run_layer(&r, l);
        for (int p = first; p < length; p++)
            loss += cross_entropy(&r, p, tokens[(p + 1) * QUESTIONS + q]);
    }
    return loss;
}
