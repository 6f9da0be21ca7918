#include "init.h"

#include <string.h>

#include "edges.h"

// Each tensor draws from a stream of its own. Training uses small stream numbers.
enum {
    STREAM_COLUMNS = 1,
    STREAM_SEGMENTS,
    STREAM_NOISE,
    STREAM_TOKENS,
    STREAM_UNEMBED,
    STREAM_LAYERS, // and six a layer
    STREAM_RAMP = 1 << 16,
};

static const float embedding_scale = 0.4f, noise_scale = 0.02f;

static Rng stream(uint64_t seed, int number)
{
    return rng_new(seed, UINT64_MAX - (uint64_t)number);
}

static void fill_normal(Rng rng, float scale, float *ret_weights, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ret_weights[i] = scale * rng_normal(&rng);
}

static float inverse_root(int n)
{
    return 1.0f / __builtin_sqrtf((float)n);
}

// Columns first; then a number for each digit that has none.
static int column_group(const Task *task, int position)
{
    int column = edges_column(task, position);
    return column == EDGES_NO_COLUMN ? task->columns + position : column;
}

// Input numbers, then the answer, then a number for each fixed token.
static int segment_group(const Task *task, int position)
{
    const TokenSource *source = &task->source[position];
    if (position >= task->prompt - 1)
        return task->inputs;
    bool digit = source->kind == TOKEN_INPUT && source->which < task->inputs;
    return digit ? source->which : task->inputs + 1 + position;
}

static void add_group(uint64_t seed, int kind, int group, int D, float *row)
{
    Rng rng = rng_new(seed + (uint64_t)group * 0x9e3779b97f4a7c15u, UINT64_MAX - (uint64_t)kind);
    for (int d = 0; d < D; d++)
        row[d] += embedding_scale * rng_normal(&rng);
}

// Columns in a row along one random vector, the middle at 0.
static void add_ramp(const Task *task, uint64_t seed, float ramp, int position, int D, float *row)
{
    int column = edges_column(task, position);
    if (column == EDGES_NO_COLUMN || ramp == 0.0f)
        return;
    float place = ramp * ((float)column - 0.5f * (float)(task->columns - 1));
    Rng rng = stream(seed, STREAM_RAMP);
    for (int d = 0; d < D; d++)
        row[d] += place * embedding_scale * rng_normal(&rng);
}

static void init_positions(const Task *task, uint64_t seed, float ramp, int D, int C, float *W_pos)
{
    fill_normal(stream(seed, STREAM_NOISE), noise_scale, W_pos, (size_t)C * (size_t)D);
    for (int p = 0; p < C; p++) {
        add_group(seed, STREAM_COLUMNS, column_group(task, p), D, W_pos + p * D);
        add_group(seed, STREAM_SEGMENTS, segment_group(task, p), D, W_pos + p * D);
        add_ramp(task, seed, ramp, p, D, W_pos + p * D);
    }
}

static void init_layer(uint64_t seed, int number, ModelShape shape, ModelLayer *layer)
{
    size_t attention = (size_t)shape.heads * (size_t)shape.d_model * (size_t)shape.d_head;
    size_t mlp = (size_t)shape.d_model * (size_t)shape.d_mlp;
    float from_residual = inverse_root(shape.d_model);
    int first = STREAM_LAYERS + 6 * number;
    fill_normal(stream(seed, first), from_residual, layer->W_Q, attention);
    fill_normal(stream(seed, first + 1), from_residual, layer->W_K, attention);
    fill_normal(stream(seed, first + 2), from_residual, layer->W_V, attention);
    fill_normal(stream(seed, first + 3), 0.5f * inverse_root(shape.heads * shape.d_head),
                layer->W_O, attention);
    fill_normal(stream(seed, first + 4), from_residual, layer->W_in, mlp);
    fill_normal(stream(seed, first + 5), 0.5f * inverse_root(shape.d_mlp), layer->W_out, mlp);
}

void init_weights(const Task *task, uint64_t seed, float ramp, Model *model)
{
    ModelShape shape = model->shape;
    size_t VD = (size_t)shape.d_vocab * (size_t)shape.d_model;
    memset(model->parameters, 0, model->n_parameters * sizeof(float)); // biases stay 0
    fill_normal(stream(seed, STREAM_TOKENS), embedding_scale, model->W_E, VD);
    init_positions(task, seed, ramp, shape.d_model, shape.n_ctx, model->W_pos);
    for (int l = 0; l < shape.layers; l++)
        init_layer(seed, l, shape, &model->layer[l]);
    fill_normal(stream(seed, STREAM_UNEMBED), inverse_root(shape.d_model), model->W_U, VD);
}
