#include "inference.h"

#include <math.h>
#include <string.h>

#include "attend.h"
#include "gemm32.h"
#include "reach.h"

enum {
    LANES = ATTEND_LANES,
    MLP_COLUMNS = 96, // of the hidden layer are computed at a time, so that it stays in the cache
};

// Activations are [width][slots][lanes]: the numbers of sixteen questions lie side by side.
struct Inference {
    Arena *arena; // its own: threads whose inferences share an arena add reaches at the same time
    const Model *model;
    int max_length;
    Reach *reaches;       // worked out so far
    float *x, *y, *sum;   // [D]: residual that a layer reads, that it puts out, what is added to it
    float *q, *k, *v, *z; // [H * K]
    float *hidden;        // [F][MLP_COLUMNS]
    float *weights;       // [max_length][lanes]
    float *logits;        // [V]
    int *tokens;          // [lanes][max_length], for decoding
    float *answer_logits; // [lanes][V], for decoding
};

static void free_arena(void *arena)
{
    arena_free(arena);
}

Inference *inference_new(Arena *arena, const Model *model, int max_length)
{
    ModelShape s = model->shape;
    size_t columns = (size_t)max_length * LANES, D = (size_t)s.d_model, F = (size_t)s.d_mlp;
    size_t heads = (size_t)s.heads * (size_t)s.d_head;
    CHECK(max_length >= 1 && max_length <= s.n_ctx);
    Inference *inference = ARENA_NEW(arena, Inference, 1);
    *inference = (Inference){.arena = arena_new(), .model = model, .max_length = max_length};
    arena_on_free(arena, free_arena, inference->arena);
    inference->x = ARENA_NEW(arena, float, D *columns);
    inference->y = ARENA_NEW(arena, float, D *columns);
    inference->sum = ARENA_NEW(arena, float, D *columns);
    inference->q = ARENA_NEW(arena, float, heads *columns);
    inference->k = ARENA_NEW(arena, float, heads *columns);
    inference->v = ARENA_NEW(arena, float, heads *columns);
    inference->z = ARENA_NEW(arena, float, heads *columns);
    inference->hidden = ARENA_NEW(arena, float, F *MLP_COLUMNS);
    inference->weights = ARENA_NEW(arena, float, columns);
    inference->logits = ARENA_NEW(arena, float, (size_t)s.d_vocab *columns);
    inference->tokens = ARENA_NEW(arena, int, columns);
    inference->answer_logits = ARENA_NEW(arena, float, (size_t)s.d_vocab *LANES);
    return inference;
}

static const Reach *find_reach(Inference *inf, int first, int length)
{
    for (const Reach *reach = inf->reaches; reach; reach = reach->next)
        if (reach->first == first && reach->length == length)
            return reach;
    Reach *reach = reach_new(inf->arena, inf->model, first, length);
    reach->next = inf->reaches;
    inf->reaches = reach;
    return reach;
}

typedef struct Block { // of activations
    float *at;
    size_t row; // floats from one row to the next
} Block;

// y [n_out][columns] = b + W x for a W that is stored [n_in, n_out].
static void linear(const float *W, const float *b, int n_in, int n_out, Block x, Block y,
                   size_t columns)
{
    Gemm32 product = {.rows = n_out, .columns = (int)columns, .inner = n_in};
    product.A = W, product.A_row = 1, product.A_inner = (size_t)n_out;
    product.B = x.at, product.B_inner = x.row;
    product.C = y.at, product.C_row = y.row;
    product.start = b, product.start_row = 1;
    gemm32(&product);
}

static void embed(Inference *inf, const ReachLayer *layer, const int *const *tokens)
{
    const Model *model = inf->model;
    size_t D = (size_t)model->shape.d_model, row = (size_t)layer->n_in * LANES;
    for (int slot = 0; slot < layer->n_in; slot++) {
        const float *position = model->W_pos + (size_t)layer->in[slot] * D;
        for (int lane = 0; lane < LANES; lane++) {
            const float *token = model->W_E + (size_t)tokens[lane][layer->in[slot]] * D;
            float *x = inf->x + slot * LANES + lane;
            for (size_t d = 0; d < D; d++)
                x[d * row] = token[d] + position[d];
        }
    }
}

// y = the residual x at the positions that the layer puts out.
static void take_outputs(Inference *inf, const ReachLayer *layer)
{
    size_t in = (size_t)layer->n_in * LANES, out = (size_t)layer->n_out * LANES;
    for (size_t d = 0; d < (size_t)inf->model->shape.d_model; d++)
        for (size_t i = 0; i < (size_t)layer->n_out; i++)
            memcpy(inf->y + d * out + i * LANES, inf->x + d * in + (size_t)layer->self[i] * LANES,
                   LANES * sizeof(float));
}

static void add(float *y, const float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        y[i] += x[i];
}

static void project_heads(Inference *inf, const ModelLayer *w, const ReachLayer *layer)
{
    ModelShape s = inf->model->shape;
    size_t K = (size_t)s.d_head, D = (size_t)s.d_model;
    size_t in = (size_t)layer->n_in * LANES, out = (size_t)layer->n_out * LANES;
    Block x = {inf->x, in}, y = {inf->y, out};
    for (size_t h = 0; h < (size_t)s.heads; h++) {
        Block q = {inf->q + h * K * out, out}, k = {inf->k + h * K * in, in};
        Block v = {inf->v + h * K * in, in};
        linear(w->W_Q + h * D * K, w->b_Q + h * K, s.d_model, s.d_head, y, q, out);
        linear(w->W_K + h * D * K, w->b_K + h * K, s.d_model, s.d_head, x, k, in);
        linear(w->W_V + h * D * K, w->b_V + h * K, s.d_model, s.d_head, x, v, in);
    }
}

static void attend_all(Inference *inf, const ReachLayer *layer)
{
    ModelShape s = inf->model->shape;
    size_t in = (size_t)layer->n_in * LANES, out = (size_t)layer->n_out * LANES;
    Attend a = {.d_head = s.d_head, .score_scale = s.score_scale, .row = out, .key_row = in};
    a.weights = inf->weights;
    const int *first = layer->first;
    for (size_t h = 0; h < (size_t)s.heads; h++)
        for (size_t i = 0; i < (size_t)layer->n_out; i++, first++) {
            size_t head = h * (size_t)s.d_head;
            a.n_keys = first[1] - first[0], a.keys = layer->keys + first[0];
            a.q = inf->q + head * out + i * LANES, a.z = inf->z + head * out + i * LANES;
            a.k = inf->k + head * in, a.v = inf->v + head * in;
            attend(&a);
        }
}

static void attention_layer(Inference *inf, const ModelLayer *w, const ReachLayer *layer)
{
    ModelShape s = inf->model->shape;
    size_t out = (size_t)layer->n_out * LANES;
    take_outputs(inf, layer);
    project_heads(inf, w, layer);
    attend_all(inf, layer);
    linear(w->W_O, w->b_O, s.heads * s.d_head, s.d_model, (Block){inf->z, out},
           (Block){inf->sum, out}, out);
    add(inf->y, inf->sum, (size_t)s.d_model * out);
}

static void relu(float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] = x[i] < 0.0f ? 0.0f : x[i];
}

static void mlp_layer(Inference *inf, const ModelLayer *w, const ReachLayer *layer)
{
    ModelShape s = inf->model->shape;
    size_t out = (size_t)layer->n_out * LANES;
    Block hidden = {inf->hidden, MLP_COLUMNS};
    for (size_t j = 0; j < out; j += MLP_COLUMNS) {
        size_t columns = out - j < MLP_COLUMNS ? out - j : MLP_COLUMNS;
        linear(w->W_in, w->b_in, s.d_model, s.d_mlp, (Block){inf->y + j, out}, hidden, columns);
        relu(hidden.at, (size_t)s.d_mlp * MLP_COLUMNS);
        linear(w->W_out, w->b_out, s.d_mlp, s.d_model, hidden, (Block){inf->sum + j, out}, columns);
    }
    add(inf->y, inf->sum, (size_t)s.d_model * out);
}

// Fills inf->logits [V][wanted positions][lanes] for the token sequences of sixteen lanes.
static void forward(Inference *inf, const Reach *reach, const int *const *tokens)
{
    const Model *model = inf->model;
    embed(inf, &reach->layer[0], tokens);
    for (int l = 0; l < model->shape.layers; l++) {
        attention_layer(inf, &model->layer[l], &reach->layer[l]);
        mlp_layer(inf, &model->layer[l], &reach->layer[l]);
        float *x = inf->x;
        inf->x = inf->y;
        inf->y = x;
    }
    size_t columns = (size_t)(reach->length - reach->first) * LANES;
    linear(model->W_U, model->b_U, model->shape.d_model, model->shape.d_vocab,
           (Block){inf->x, columns}, (Block){inf->logits, columns}, columns);
}

static void put_logits(const Inference *inf, int lane, size_t wanted, float *ret_logits)
{
    size_t V = (size_t)inf->model->shape.d_vocab;
    for (size_t i = 0; i < wanted; i++)
        for (size_t v = 0; v < V; v++)
            ret_logits[i * V + v] = inf->logits[(v * wanted + i) * LANES + (size_t)lane];
}

static void check_tokens(const Model *model, const int *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++)
        CHECK(tokens[i] >= 0 && tokens[i] < model->shape.d_vocab);
}

void inference_logits(Inference *inference, const int *tokens, int batch, int length, int first,
                      float *ret_logits)
{
    CHECK(0 <= first && first < length && length <= inference->max_length && batch >= 0);
    check_tokens(inference->model, tokens, (size_t)batch * (size_t)length);
    const Reach *reach = find_reach(inference, first, length);
    size_t wanted = (size_t)(length - first), V = (size_t)inference->model->shape.d_vocab;
    for (int done = 0; done < batch; done += LANES) {
        const int *lanes[LANES]; // those beyond the batch repeat its last question
        int count = batch - done < LANES ? batch - done : LANES;
        for (int l = 0; l < LANES; l++)
            lanes[l] = tokens + (size_t)(done + (l < count ? l : count - 1)) * (size_t)length;
        forward(inference, reach, lanes);
        for (int l = 0; l < count; l++)
            put_logits(inference, l, wanted, ret_logits + (size_t)(done + l) * wanted * V);
    }
}

int inference_argmax(const float *logits, int V)
{
    int best = -1;
    for (int v = 0; v < V; v++)
        if (!isnan(logits[v]) && (best < 0 || logits[v] > logits[best]))
            best = v;
    return best < 0 ? 0 : best;
}

// Some questions, at most sixteen. One pass for each token of the answer.
static void decode_lanes(Inference *inf, const int *prompts, int count, int prompt, int answer,
                         int *ret_answers)
{
    int V = inf->model->shape.d_vocab, *tokens = inf->tokens;
    for (int i = 0; i < answer; i++) {
        int length = prompt + i;
        for (int b = 0; b < count; b++) {
            int *line = tokens + (size_t)b * (size_t)length;
            memcpy(line, prompts + b * prompt, (size_t)prompt * sizeof(int));
            memcpy(line + prompt, ret_answers + b * answer, (size_t)i * sizeof(int));
        }
        inference_logits(inf, tokens, count, length, length - 1, inf->answer_logits);
        for (int b = 0; b < count; b++)
            ret_answers[b * answer + i] = inference_argmax(inf->answer_logits + b * V, V);
    }
}

void inference_decode(Inference *inference, const int *prompts, int batch, int prompt, int answer,
                      int *ret_answers)
{
    CHECK(prompt >= 1 && answer >= 1 && answer <= inference->max_length - prompt + 1);
    for (int done = 0; done < batch; done += LANES) {
        int count = batch - done < LANES ? batch - done : LANES;
        decode_lanes(inference, prompts + (size_t)done * (size_t)prompt, count, prompt, answer,
                     ret_answers + (size_t)done * (size_t)answer);
    }
}
