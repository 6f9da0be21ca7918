#include "shard.h"

#include <string.h>

#include "attention.h"
#include "clones.h"
#include "embedding.h"
#include "linear.h"
#include "relu.h"
#include "transpose.h"

static float *grid(Arena *arena, int rows, int columns)
{
    return ARENA_NEW(arena, float, (size_t)rows *(size_t)columns);
}

static void allocate_layer(Arena *arena, ModelShape shape, const PlanLayer *plan, ShardLayer *layer)
{
    int D = shape.d_model, HK = shape.heads * shape.d_head;
    int I = plan->n_in * LANES, O = plan->n_out * LANES;
    *layer = (ShardLayer){
        .x = grid(arena, D, I),
        .query_x = grid(arena, D, O),
        .q = grid(arena, HK, O),
        .k = grid(arena, HK, I),
        .v = grid(arena, HK, I),
        .weights = grid(arena, plan->n_edges, LANES),
        .z = grid(arena, HK, O),
        .x_mid = grid(arena, D, O),
        .h = grid(arena, shape.d_mlp, O),
    };
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static void allocate_scratch(Arena *arena, Shard *shard)
{
    ModelShape shape = shard->shape;
    int D = shape.d_model, HK = shape.heads * shape.d_head, edges = 0;
    int columns = larger(shard->plan->positions_max, shard->plan->answer) * LANES;
    int widest = larger(larger(D, shape.d_mlp), larger(HK, shape.d_vocab));
    for (int l = 0; l < shape.layers; l++)
        edges = larger(edges, shard->plan->layer[l].n_edges);
    shard->dx = grid(arena, D, columns);
    shard->dx_in = grid(arena, D, columns);
    shard->dh = grid(arena, shape.d_mlp, columns);
    shard->dz = grid(arena, HK, columns);
    shard->dq = grid(arena, HK, columns);
    shard->dk = grid(arena, HK, columns);
    shard->dv = grid(arena, HK, columns);
    shard->dw = grid(arena, edges, LANES);
    shard->transposed = grid(arena, (int)transpose_width(widest), columns);
    shard->packed = grid(arena, D, HK);
}

Shard *shard_new(Arena *arena, const Model *model, const Plan *plan)
{
    Shard *shard = ARENA_NEW(arena, Shard, 1);
    ModelShape shape = model->shape;
    *shard = (Shard){.plan = plan, .shape = shape};
    shard->layer = ARENA_NEW(arena, ShardLayer, (size_t)shape.layers);
    for (int l = 0; l < shape.layers; l++)
        allocate_layer(arena, shape, &plan->layer[l], &shard->layer[l]);
    shard->x = grid(arena, shape.d_model, plan->answer * LANES);
    shard->logits = grid(arena, shape.d_vocab, plan->answer * LANES);
    allocate_scratch(arena, shard);
    return shard;
}

// Linear maps of one head, or of all heads together where their weights lie together.

static Linear head_linear(ModelShape shape, const float *W, const float *b, int head)
{
    int D = shape.d_model, K = shape.d_head;
    return (Linear){D, K, W + (size_t)head * (size_t)(D * K), b ? b + head * K : NULL};
}

static void heads_forward(ModelShape shape, const float *W, const float *b, const float *x,
                          int columns, float *ret_y)
{
    for (int head = 0; head < shape.heads; head++)
        linear_forward(head_linear(shape, W, b, head), x, columns, false,
                       ret_y + (size_t)head * (size_t)(shape.d_head * columns));
}

static void heads_backward_input(ModelShape shape, const float *W, const float *dy, int columns,
                                 bool add, float *ret_dx)
{
    for (int head = 0; head < shape.heads; head++)
        linear_backward_input(head_linear(shape, W, NULL, head),
                              dy + (size_t)head * (size_t)(shape.d_head * columns), columns,
                              add || head > 0, ret_dx);
}

// All heads in one product, then each head's columns to their place.
static void heads_backward_weight(Shard *shard, const float *x, const float *dy, int columns,
                                  float *ret_dW, float *ret_db)
{
    ModelShape shape = shard->shape;
    int D = shape.d_model, K = shape.d_head, HK = shape.heads * K;
    size_t width = transpose_width(HK);
    transpose(dy, HK, columns, shard->transposed);
    linear_backward_bias(shard->transposed, width, columns, HK, ret_db);
    linear_backward_weight((Linear){D, HK, NULL, NULL}, x, shard->transposed, width, columns,
                           shard->packed);
    for (int head = 0; head < shape.heads; head++)
        for (int d = 0; d < D; d++)
            memcpy(ret_dW + (size_t)((head * D + d) * K), shard->packed + d * HK + head * K,
                   (size_t)K * sizeof(float));
}

static void weight_gradient(Shard *shard, int in, int out, const float *x, const float *dy,
                            int columns, float *ret_dW, float *ret_db)
{
    transpose(dy, out, columns, shard->transposed);
    linear_backward_bias(shard->transposed, transpose_width(out), columns, out, ret_db);
    linear_backward_weight((Linear){in, out, NULL, NULL}, x, shard->transposed,
                           transpose_width(out), columns, ret_dW);
}

// Residual rows of the positions that a layer puts out.
static void gather_out(const PlanLayer *plan, int rows, const float *x, float *ret_out)
{
    for (int d = 0; d < rows; d++)
        for (int i = 0; i < plan->n_out; i++)
            memcpy(ret_out + (size_t)(d * plan->n_out + i) * LANES,
                   x + (size_t)(d * plan->n_in + plan->residual[i]) * LANES, LANES * sizeof(float));
}

static void scatter_add_out(const PlanLayer *plan, int rows, const float *out, float *ret_x)
{
    for (int d = 0; d < rows; d++)
        for (int i = 0; i < plan->n_out; i++) {
            const float *from = out + (size_t)(d * plan->n_out + i) * LANES;
            float *to = ret_x + (size_t)(d * plan->n_in + plan->residual[i]) * LANES;
            for (int lane = 0; lane < LANES; lane++)
                to[lane] += from[lane];
        }
}

// y = x + b, row by row.
static void add_bias(const float *x, const float *b, int rows, int columns, float *ret_y)
{
    for (int d = 0; d < rows; d++, x += columns, ret_y += columns)
        for (int c = 0; c < columns; c++)
            ret_y[c] = x[c] + b[d];
}

static void layer_forward(ModelShape shape, const PlanLayer *plan, const ModelLayer *model,
                          ShardLayer *layer, float *ret_x)
{
    int D = shape.d_model, HK = shape.heads * shape.d_head, F = shape.d_mlp;
    int I = plan->n_in * LANES, O = plan->n_out * LANES;
    gather_out(plan, D, layer->x, layer->query_x);
    heads_forward(shape, model->W_Q, model->b_Q, layer->query_x, O, layer->q);
    heads_forward(shape, model->W_K, model->b_K, layer->x, I, layer->k);
    heads_forward(shape, model->W_V, model->b_V, layer->x, I, layer->v);
    attention_forward(plan, shape.d_head, shape.score_scale, layer->q, layer->k, layer->v,
                      layer->weights, layer->z);
    add_bias(layer->query_x, model->b_O, D, O, layer->x_mid);
    linear_forward((Linear){HK, D, model->W_O, NULL}, layer->z, O, true, layer->x_mid);
    linear_forward((Linear){D, F, model->W_in, model->b_in}, layer->x_mid, O, false, layer->h);
    relu_forward(layer->h, (size_t)(F * O));
    add_bias(layer->x_mid, model->b_out, D, O, ret_x);
    linear_forward((Linear){F, D, model->W_out, NULL}, layer->h, O, true, ret_x);
}

// shard->dx: in, the gradient of what the layer puts out; out, of x_mid.
static void mlp_backward(Shard *shard, int columns, const ModelLayer *model,
                         const ShardLayer *layer, ModelLayer *gradient)
{
    int D = shard->shape.d_model, F = shard->shape.d_mlp;
    weight_gradient(shard, F, D, layer->h, shard->dx, columns, gradient->W_out, gradient->b_out);
    linear_backward_input((Linear){F, D, model->W_out, NULL}, shard->dx, columns, false, shard->dh);
    relu_backward(layer->h, shard->dh, (size_t)(F * columns));
    weight_gradient(shard, D, F, layer->x_mid, shard->dh, columns, gradient->W_in, gradient->b_in);
    linear_backward_input((Linear){D, F, model->W_in, NULL}, shard->dh, columns, true, shard->dx);
}

// shard->dx: in, the gradient of x_mid; out, of the residual that enters the layer.
static void attention_layer_backward(Shard *shard, const PlanLayer *plan, const ModelLayer *model,
                                     const ShardLayer *layer, ModelLayer *gradient)
{
    ModelShape shape = shard->shape;
    int D = shape.d_model, HK = shape.heads * shape.d_head;
    int I = plan->n_in * LANES, O = plan->n_out * LANES;
    weight_gradient(shard, HK, D, layer->z, shard->dx, O, gradient->W_O, gradient->b_O);
    linear_backward_input((Linear){HK, D, model->W_O, NULL}, shard->dx, O, false, shard->dz);
    attention_backward(plan, shape.d_head, shape.score_scale, layer->q, layer->k, layer->v,
                       layer->weights, shard->dz,
                       (AttentionGradients){shard->dq, shard->dk, shard->dv, shard->dw});
    heads_backward_weight(shard, layer->query_x, shard->dq, O, gradient->W_Q, gradient->b_Q);
    heads_backward_weight(shard, layer->x, shard->dk, I, gradient->W_K, gradient->b_K);
    heads_backward_weight(shard, layer->x, shard->dv, I, gradient->W_V, gradient->b_V);
    heads_backward_input(shape, model->W_Q, shard->dq, O, true, shard->dx);
    heads_backward_input(shape, model->W_K, shard->dk, I, false, shard->dx_in);
    heads_backward_input(shape, model->W_V, shard->dv, I, true, shard->dx_in);
    scatter_add_out(plan, D, shard->dx, shard->dx_in);
    float *swap = shard->dx;
    shard->dx = shard->dx_in;
    shard->dx_in = swap;
}

static EmbeddingInput embedding_input(const Shard *shard, const int *tokens)
{
    const PlanLayer *first = &shard->plan->layer[0];
    return (EmbeddingInput){first->in, first->n_in, shard->shape.d_model, tokens};
}

void shard_forward(Shard *shard, const Model *model, const int *tokens)
{
    ModelShape shape = shard->shape;
    embedding_forward(embedding_input(shard, tokens), model->W_E, model->W_pos, shard->layer[0].x);
    for (int l = 0; l < shape.layers; l++)
        layer_forward(shape, &shard->plan->layer[l], &model->layer[l], &shard->layer[l],
                      l + 1 < shape.layers ? shard->layer[l + 1].x : shard->x);
    linear_forward((Linear){shape.d_model, shape.d_vocab, model->W_U, model->b_U}, shard->x,
                   shard->plan->answer * LANES, false, shard->logits);
}

static void embed_backward(Shard *shard, const int *tokens, Model *gradient)
{
    ModelShape shape = shard->shape;
    size_t row = (size_t)shape.d_model * sizeof(float);
    memset(gradient->W_E, 0, (size_t)shape.d_vocab * row);
    memset(gradient->W_pos, 0, (size_t)shape.n_ctx * row);
    transpose(shard->dx, shape.d_model, shard->plan->layer[0].n_in * LANES, shard->transposed);
    embedding_backward(embedding_input(shard, tokens), shard->transposed,
                       transpose_width(shape.d_model), gradient->W_E, gradient->W_pos);
}

static void backward(Shard *shard, const Model *model, const int *tokens, Model *gradient)
{
    ModelShape shape = shard->shape;
    int columns = shard->plan->answer * LANES;
    weight_gradient(shard, shape.d_model, shape.d_vocab, shard->x, shard->logits, columns,
                    gradient->W_U, gradient->b_U);
    linear_backward_input((Linear){shape.d_model, shape.d_vocab, model->W_U, NULL}, shard->logits,
                          columns, false, shard->dx);
    for (int l = shape.layers - 1; l >= 0; l--) {
        const PlanLayer *plan = &shard->plan->layer[l];
        mlp_backward(shard, plan->n_out * LANES, &model->layer[l], &shard->layer[l],
                     &gradient->layer[l]);
        attention_layer_backward(shard, plan, &model->layer[l], &shard->layer[l],
                                 &gradient->layer[l]);
    }
    embed_backward(shard, tokens, gradient);
}

void shard_run(Shard *shard, const Model *model, const int *tokens, float weight, Model *gradient,
               LossReport *ret_report)
{
    shard_forward(shard, model, tokens);
    const int *targets = tokens + shard->plan->prompt * LANES;
    loss_backward(shard->shape.d_vocab, shard->plan->answer, targets, weight, shard->logits,
                  ret_report);
    backward(shard, model, tokens, gradient);
}
