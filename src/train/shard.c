#include "shard.h"

#include <string.h>

#include "clones.h"
#include "embedding.h"
#include "exchange.h"
#include "heads.h"
#include "linear.h"
#include "relu.h"
#include "transpose.h"

static float *grid(Arena *arena, int rows, int columns)
{
    return ARENA_NEW(arena, float, (size_t)rows *(size_t)columns);
}

static void allocate_layer(Arena *arena, ModelShape shape, const ReachLayer *reach,
                           ShardLayer *layer)
{
    int D = shape.d_model, HK = shape.heads * shape.d_head;
    int I = reach->n_in * LANES, O = reach->n_out * LANES;
    *layer = (ShardLayer){
        .x = grid(arena, D, I),
        .query_x = grid(arena, D, O),
        .x_mid = grid(arena, D, O),
        .h = grid(arena, shape.d_mlp, O),
    };
    layer->attention = (Attention){
        .reach = reach,
        .heads = shape.heads,
        .d_head = shape.d_head,
        .score_scale = shape.score_scale,
        .q = grid(arena, HK, O),
        .k = grid(arena, HK, I),
        .v = grid(arena, HK, I),
        .weights = grid(arena, attention_edges(reach, shape.heads), LANES),
        .z = grid(arena, HK, O),
    };
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int answer_columns(const Shard *shard)
{
    return (shard->reach->length - shard->reach->first) * LANES;
}

static void allocate_scratch(Arena *arena, Shard *shard)
{
    ModelShape shape = shard->shape;
    int D = shape.d_model, HK = shape.heads * shape.d_head;
    int columns = shard->reach->layer[0].n_in * LANES; // no layer has more
    int widest = larger(larger(D, shape.d_mlp), larger(HK, shape.d_vocab)), edges = 0;
    for (int l = 0; l < shape.layers; l++)
        edges = larger(edges, attention_edges(&shard->reach->layer[l], shape.heads));
    shard->dx = grid(arena, D, columns);
    shard->dx_in = grid(arena, D, columns);
    shard->dh = grid(arena, shape.d_mlp, columns);
    shard->dz = grid(arena, HK, columns);
    shard->dq = grid(arena, HK, columns);
    shard->dk = grid(arena, HK, columns);
    shard->dv = grid(arena, HK, columns);
    shard->ds = grid(arena, edges, LANES);
    shard->transposed = grid(arena, (int)transpose_width(widest), columns);
    shard->joined = grid(arena, D, HK);
}

Shard *shard_new(Arena *arena, const Model *model, const Reach *reach)
{
    Shard *shard = ARENA_NEW(arena, Shard, 1);
    ModelShape shape = model->shape;
    *shard = (Shard){.reach = reach, .shape = shape};
    shard->layer = ARENA_NEW(arena, ShardLayer, (size_t)shape.layers);
    for (int l = 0; l < shape.layers; l++)
        allocate_layer(arena, shape, &reach->layer[l], &shard->layer[l]);
    shard->x = grid(arena, shape.d_model, answer_columns(shard));
    shard->logits = grid(arena, shape.d_vocab, answer_columns(shard));
    allocate_scratch(arena, shard);
    return shard;
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
static void gather_out(const ReachLayer *reach, int rows, const float *x, float *ret_out)
{
    for (int d = 0; d < rows; d++)
        for (int i = 0; i < reach->n_out; i++)
            memcpy(ret_out + (size_t)(d * reach->n_out + i) * LANES,
                   x + (size_t)(d * reach->n_in + reach->self[i]) * LANES, LANES * sizeof(float));
}

static void scatter_add_out(const ReachLayer *reach, int rows, const float *out, float *ret_x)
{
    for (int d = 0; d < rows; d++)
        for (int i = 0; i < reach->n_out; i++) {
            const float *from = out + (size_t)(d * reach->n_out + i) * LANES;
            float *to = ret_x + (size_t)(d * reach->n_in + reach->self[i]) * LANES;
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

static Heads heads_of(ModelShape shape, const float *W, const float *b)
{
    return (Heads){shape.heads, shape.d_model, shape.d_head, W, b};
}

static void exchange(ModelShape shape, const ShardLayer *layer, float *h)
{
    if (layer->from)
        exchange_apply(layer->from, shape.d_mlp, layer->attention.reach->n_out, h);
}

static void layer_forward(ModelShape shape, const ModelLayer *model, ShardLayer *layer,
                          float *ret_x)
{
    const Attention *attention = &layer->attention;
    const ReachLayer *reach = attention->reach;
    int D = shape.d_model, HK = shape.heads * shape.d_head, F = shape.d_mlp;
    int I = reach->n_in * LANES, O = reach->n_out * LANES;
    gather_out(reach, D, layer->x, layer->query_x);
    heads_forward(heads_of(shape, model->W_Q, model->b_Q), layer->query_x, O, attention->q);
    heads_forward(heads_of(shape, model->W_K, model->b_K), layer->x, I, attention->k);
    heads_forward(heads_of(shape, model->W_V, model->b_V), layer->x, I, attention->v);
    attention_forward(attention);
    add_bias(layer->query_x, model->b_O, D, O, layer->x_mid);
    linear_forward((Linear){HK, D, model->W_O, NULL}, attention->z, O, true, layer->x_mid);
    linear_forward((Linear){D, F, model->W_in, model->b_in}, layer->x_mid, O, false, layer->h);
    relu_forward(layer->h, (size_t)(F * O));
    exchange(shape, layer, layer->h);
    add_bias(layer->x_mid, model->b_out, D, O, ret_x);
    linear_forward((Linear){F, D, model->W_out, NULL}, layer->h, O, true, ret_x);
}

// shard->dx: in, the gradient of what the layer puts out; out, of x_mid.
static void mlp_part_backward(Shard *shard, const ModelLayer *model, const ShardLayer *layer,
                              ModelLayer *gradient)
{
    int columns = layer->attention.reach->n_out * LANES;
    int D = shard->shape.d_model, F = shard->shape.d_mlp;
    weight_gradient(shard, F, D, layer->h, shard->dx, columns, gradient->W_out, gradient->b_out);
    linear_backward_input((Linear){F, D, model->W_out, NULL}, shard->dx, columns, false, shard->dh);
    exchange(shard->shape, layer, layer->h);
    exchange(shard->shape, layer, shard->dh);
    relu_backward(layer->h, shard->dh, (size_t)(F * columns));
    weight_gradient(shard, D, F, layer->x_mid, shard->dh, columns, gradient->W_in, gradient->b_in);
    linear_backward_input((Linear){D, F, model->W_in, NULL}, shard->dh, columns, true, shard->dx);
}

static void heads_gradient(Shard *shard, const float *x, const float *dy, int columns,
                           float *ret_dW, float *ret_db)
{
    heads_backward_weight(heads_of(shard->shape, NULL, NULL), x, dy, columns, shard->transposed,
                          shard->joined, ret_dW, ret_db);
}

// shard->dx: in, the gradient of x_mid; out, of the residual that enters the layer.
static void attention_part_backward(Shard *shard, const ModelLayer *model, const ShardLayer *layer,
                                    ModelLayer *gradient)
{
    ModelShape shape = shard->shape;
    const ReachLayer *reach = layer->attention.reach;
    int D = shape.d_model, HK = shape.heads * shape.d_head;
    int I = reach->n_in * LANES, O = reach->n_out * LANES;
    weight_gradient(shard, HK, D, layer->attention.z, shard->dx, O, gradient->W_O, gradient->b_O);
    linear_backward_input((Linear){HK, D, model->W_O, NULL}, shard->dx, O, false, shard->dz);
    attention_backward(&layer->attention,
                       &(AttentionGradient){shard->dz, shard->dq, shard->dk, shard->dv, shard->ds});
    heads_gradient(shard, layer->query_x, shard->dq, O, gradient->W_Q, gradient->b_Q);
    heads_gradient(shard, layer->x, shard->dk, I, gradient->W_K, gradient->b_K);
    heads_gradient(shard, layer->x, shard->dv, I, gradient->W_V, gradient->b_V);
    heads_backward_input(heads_of(shape, model->W_Q, NULL), shard->dq, O, true, shard->joined,
                         shard->dx);
    heads_backward_input(heads_of(shape, model->W_K, NULL), shard->dk, I, false, shard->joined,
                         shard->dx_in);
    heads_backward_input(heads_of(shape, model->W_V, NULL), shard->dv, I, true, shard->joined,
                         shard->dx_in);
    scatter_add_out(reach, D, shard->dx, shard->dx_in);
    float *swap = shard->dx;
    shard->dx = shard->dx_in;
    shard->dx_in = swap;
}

static EmbeddingInput embedding_input(const Shard *shard, const int *tokens)
{
    const ReachLayer *first = &shard->reach->layer[0];
    return (EmbeddingInput){first->in, first->n_in, shard->shape.d_model, tokens};
}

void shard_forward(Shard *shard, const Model *model, const int *tokens)
{
    ModelShape shape = shard->shape;
    embedding_forward(embedding_input(shard, tokens), model->W_E, model->W_pos, shard->layer[0].x);
    for (int l = 0; l < shape.layers; l++)
        layer_forward(shape, &model->layer[l], &shard->layer[l],
                      l + 1 < shape.layers ? shard->layer[l + 1].x : shard->x);
    linear_forward((Linear){shape.d_model, shape.d_vocab, model->W_U, model->b_U}, shard->x,
                   answer_columns(shard), false, shard->logits);
}

static void embed_backward(Shard *shard, const int *tokens, Model *gradient)
{
    ModelShape shape = shard->shape;
    size_t row = (size_t)shape.d_model * sizeof(float);
    memset(gradient->W_E, 0, (size_t)shape.d_vocab * row);
    memset(gradient->W_pos, 0, (size_t)shape.n_ctx * row);
    transpose(shard->dx, shape.d_model, shard->reach->layer[0].n_in * LANES, shard->transposed);
    embedding_backward(embedding_input(shard, tokens), shard->transposed,
                       transpose_width(shape.d_model), gradient->W_E, gradient->W_pos);
}

static void backward(Shard *shard, const Model *model, const int *tokens, Model *gradient)
{
    ModelShape shape = shard->shape;
    int columns = answer_columns(shard);
    weight_gradient(shard, shape.d_model, shape.d_vocab, shard->x, shard->logits, columns,
                    gradient->W_U, gradient->b_U);
    linear_backward_input((Linear){shape.d_model, shape.d_vocab, model->W_U, NULL}, shard->logits,
                          columns, false, shard->dx);
    for (int l = shape.layers - 1; l >= 0; l--) {
        const ShardLayer *layer = &shard->layer[l];
        mlp_part_backward(shard, &model->layer[l], layer, &gradient->layer[l]);
        attention_part_backward(shard, &model->layer[l], layer, &gradient->layer[l]);
    }
    embed_backward(shard, tokens, gradient);
}

void shard_run(Shard *shard, const Model *model, const int *tokens, float weight, Model *gradient,
               LossReport *ret_report)
{
    shard_forward(shard, model, tokens);
    int answer = shard->reach->length - shard->reach->first;
    const int *targets = tokens + (shard->reach->first + 1) * LANES; // each predicts the next
    loss_backward(shard->shape.d_vocab, answer, targets, weight, shard->smoothing, shard->logits,
                  ret_report);
    backward(shard, model, tokens, gradient);
}

static double layer_multiply_adds(ModelShape shape, const ReachLayer *reach)
{
    double projection = (double)shape.d_model * shape.heads * shape.d_head;
    double mlp = (double)shape.d_model * shape.d_mlp;
    return 2 * projection * (reach->n_in + reach->n_out) + 2 * mlp * reach->n_out +
           2.0 * shape.d_head * attention_edges(reach, shape.heads);
}

double shard_multiply_adds(const Model *model, const Reach *reach)
{
    ModelShape shape = model->shape;
    double sum = (double)(reach->length - reach->first) * shape.d_model * shape.d_vocab;
    for (int l = 0; l < shape.layers; l++)
        sum += layer_multiply_adds(shape, &reach->layer[l]);
    return sum;
}
