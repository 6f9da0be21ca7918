#include "doubles.h"

#include <math.h>

void doubles_add(const double *x, const float *W, int in, int out, double *y)
{
    for (int i = 0; i < in; i++)
        for (int o = 0; o < out; o++)
            y[o] += x[i] * (double)W[i * out + o];
}

void doubles_start(double *y, const float *bias, int n)
{
    for (int i = 0; i < n; i++)
        y[i] = bias ? (double)bias[i] : 0;
}

void doubles_project(const Model *model, const double *x, const float *W, const float *b, int h,
                     double *y)
{
    ModelShape s = model->shape;
    doubles_start(y, b + h * s.d_head, s.d_head);
    doubles_add(x, W + h * s.d_model * s.d_head, s.d_model, s.d_head, y);
}

double doubles_score(const Model *model, const double *q, const double *k)
{
    double sum = 0;
    for (int i = 0; i < model->shape.d_head; i++)
        sum += q[i] * k[i];
    return sum * (double)model->shape.score_scale;
}

static void embed(const Model *model, const int *token, int p, double *x)
{
    int D = model->shape.d_model;
    for (int i = 0; i < D; i++)
        x[i] = (double)model->W_E[token[p] * D + i] + (double)model->W_pos[p * D + i];
}

// What attention adds in layer 0 at j.
static void attend_below(const Model *model, const int *token, int j, int h, double *y)
{
    ModelShape s = model->shape;
    const ModelLayer *layer = &model->layer[0];
    double x[DOUBLES_MAX], q[DOUBLES_MAX], k[DOUBLES_MAX], v[DOUBLES_MAX];
    double z[DOUBLES_MAX] = {0}, total = 0;
    embed(model, token, j, x);
    doubles_project(model, x, layer->W_Q, layer->b_Q, h, q);
    for (int p = 0; p <= j; p++) {
        if (!model_edge(model, 0, h, j, p))
            continue;
        embed(model, token, p, x);
        doubles_project(model, x, layer->W_K, layer->b_K, h, k);
        doubles_project(model, x, layer->W_V, layer->b_V, h, v);
        double w = exp(doubles_score(model, q, k));
        total += w;
        for (int i = 0; i < s.d_head; i++)
            z[i] += w * v[i];
    }
    for (int i = 0; i < s.d_head; i++)
        z[i] /= total;
    doubles_add(z, layer->W_O + h * s.d_head * s.d_model, s.d_head, s.d_model, y);
}

void doubles_residual(const Model *model, const int *token, int j, double *x)
{
    ModelShape s = model->shape;
    const ModelLayer *layer = &model->layer[0];
    double y[DOUBLES_MAX], u[DOUBLES_MAX];
    embed(model, token, j, x);
    doubles_start(y, layer->b_O, s.d_model);
    for (int h = 0; h < s.heads; h++)
        attend_below(model, token, j, h, y);
    for (int i = 0; i < s.d_model; i++)
        x[i] += y[i];
    doubles_start(u, layer->b_in, s.d_mlp);
    doubles_add(x, layer->W_in, s.d_model, s.d_mlp, u);
    for (int i = 0; i < s.d_mlp; i++)
        u[i] = fmax(u[i], 0);
    doubles_start(y, layer->b_out, s.d_model);
    doubles_add(u, layer->W_out, s.d_mlp, s.d_model, y);
    for (int i = 0; i < s.d_model; i++)
        x[i] += y[i];
}
