#include "reordered.h"

#include <math.h>

#include "exp32.h"
#include "isa.h"
#include "rng.h"

enum { WIDTH = REORDERED_WIDTH, POSITIONS = REORDERED_POSITIONS };

const Reordering reordered_all[REORDERED_COUNT] = {
    {REORDERED_UP, 1, true, false, false},
    {REORDERED_UP, 1, false, false, false},
    {REORDERED_UP, 1, true, true, true},
    {REORDERED_DOWN, 1, true, false, false},
    {REORDERED_DOWN, 1, false, true, true},
    {REORDERED_UP, REORDERED_LANES, false, true, false},
    {REORDERED_DOWN, REORDERED_LANES, true, false, true},
    {REORDERED_UP, 4, true, false, false},
    {REORDERED_UP, 8, true, true, false},
    {REORDERED_UP, 16, false, false, true},
    {REORDERED_DOWN, 8, false, true, false},
    {REORDERED_SHUFFLED, 1, true, false, false},
    {REORDERED_SHUFFLED, 1, false, true, true},
    {REORDERED_SHUFFLED, 16, true, true, false},
};

typedef struct State {
    const Model *model;
    const Reordering *reordering;
    Rng rng;
    int length;
    float x[POSITIONS][WIDTH]; // the residual
    float q[POSITIONS][WIDTH], k[POSITIONS][WIDTH], v[POSITIONS][WIDTH], z[WIDTH];
    float lanes[REORDERED_LANES][WIDTH];
} State;

ISA_BODY void permute(State *s, int n, int *ret_order)
{
    ReorderedTerms terms = s->reordering->terms;
    for (int i = 0; i < n; i++)
        ret_order[i] = terms == REORDERED_DOWN ? n - 1 - i : i;
    for (int i = n - 1; i > 0 && terms == REORDERED_SHUFFLED; i--) {
        int j = (int)rng_below(&s->rng, (uint32_t)i + 1), kept = ret_order[i];
        ret_order[i] = ret_order[j];
        ret_order[j] = kept;
    }
}

ISA_BODY void add_term(float *sum, float x, const float *W, int n_out, bool fused)
{
    if (fused)
        for (int j = 0; j < n_out; j++)
            sum[j] = __builtin_fmaf(x, W[j], sum[j]);
    else
        for (int j = 0; j < n_out; j++)
            sum[j] += x * W[j];
}

// y[j] = sum over i of x[i] W[i * row + j], and b[j] unless b is NULL.
ISA_BODY void linear(State *s, const float *x, const float *W, size_t row, const float *b, int n_in,
                     int n_out, float *y)
{
    const Reordering *r = s->reordering;
    int order[WIDTH];
    permute(s, n_in, order);
    for (int l = 0; l < r->lanes; l++)
        for (int j = 0; j < n_out; j++)
            s->lanes[l][j] = l == 0 && b && !r->bias_last ? b[j] : 0.0f;
    for (int i = 0; i < n_in; i++)
        add_term(s->lanes[i % r->lanes], x[order[i]], W + (size_t)order[i] * row, n_out, r->fused);
    for (int half = r->lanes / 2; half > 0; half /= 2)
        for (int l = 0; l < half; l++)
            for (int j = 0; j < n_out; j++)
                s->lanes[l][j] += s->lanes[l + half][j];
    for (int j = 0; j < n_out; j++)
        y[j] = b && r->bias_last ? s->lanes[0][j] + b[j] : s->lanes[0][j];
}

ISA_BODY float exponential(const State *s, float x)
{
    return s->reordering->rounded_exp ? (float)exp((double)x) : exp32(x);
}

ISA_BODY void softmax(State *s, float *x, int count)
{
    float most = x[0], total, ones[POSITIONS];
    for (int i = 1; i < count; i++)
        most = x[i] > most ? x[i] : most;
    for (int i = 0; i < count; i++) {
        x[i] = exponential(s, x[i] - most);
        ones[i] = 1.0f;
    }
    linear(s, ones, x, 1, NULL, count, 1, &total);
    for (int i = 0; i < count; i++)
        x[i] /= total;
}

ISA_BODY void attend(State *s, int layer, int head, int position)
{
    ModelShape shape = s->model->shape;
    int K = shape.d_head, at = head * K, count = 0;
    float weights[POSITIONS], values[POSITIONS * WIDTH];
    for (int key = 0; key <= position; key++) {
        float sum;
        if (!model_edge(s->model, layer, head, position, key))
            continue;
        linear(s, s->q[position] + at, s->k[key] + at, 1, NULL, K, 1, &sum);
        for (int i = 0; i < K; i++)
            values[count * K + i] = s->v[key][at + i];
        weights[count++] = shape.score_scale * sum;
    }
    if (count > 0)
        softmax(s, weights, count);
    linear(s, weights, values, (size_t)K, NULL, count, K, s->z + at);
}

ISA_BODY void project(State *s, const ModelLayer *w, int first)
{
    ModelShape shape = s->model->shape;
    int D = shape.d_model, K = shape.d_head;
    for (int p = 0; p < s->length; p++)
        for (int h = 0; h < shape.heads; h++) {
            size_t W = (size_t)(h * D * K), row = (size_t)K;
            int at = h * K;
            if (p >= first)
                linear(s, s->x[p], w->W_Q + W, row, w->b_Q + at, D, K, s->q[p] + at);
            linear(s, s->x[p], w->W_K + W, row, w->b_K + at, D, K, s->k[p] + at);
            linear(s, s->x[p], w->W_V + W, row, w->b_V + at, D, K, s->v[p] + at);
        }
}

// The residual at a position goes through the layer; `hidden` gets the pre-activations.
ISA_BODY void run_position(State *s, int layer, int position, float *hidden)
{
    ModelShape shape = s->model->shape;
    const ModelLayer *w = &s->model->layer[layer];
    int D = shape.d_model, HK = shape.heads * shape.d_head, F = shape.d_mlp;
    float *x = s->x[position], sum[WIDTH], active[WIDTH];
    for (int h = 0; h < shape.heads; h++)
        attend(s, layer, h, position);
    linear(s, s->z, w->W_O, (size_t)D, w->b_O, HK, D, sum);
    for (int d = 0; d < D; d++)
        x[d] += sum[d];
    linear(s, x, w->W_in, (size_t)F, w->b_in, D, F, hidden);
    for (int f = 0; f < F; f++)
        active[f] = hidden[f] < 0.0f ? 0.0f : hidden[f];
    linear(s, active, w->W_out, (size_t)D, w->b_out, F, D, sum);
    for (int d = 0; d < D; d++)
        x[d] += sum[d];
}

ISA_BODY void embed(State *s, const int *tokens)
{
    const Model *model = s->model;
    size_t D = (size_t)model->shape.d_model;
    for (int p = 0; p < s->length; p++)
        for (size_t d = 0; d < D; d++)
            s->x[p][d] = model->W_E[(size_t)tokens[p] * D + d] + model->W_pos[(size_t)p * D + d];
}

ISA_BODY void body(State *s, const int *tokens, int first, float *preactivations, float *logits)
{
    ModelShape shape = s->model->shape;
    float hidden[WIDTH];
    embed(s, tokens);
    for (int l = 0; l < shape.layers; l++) {
        bool last = l == shape.layers - 1;
        project(s, &s->model->layer[l], last ? first : 0);
        for (int p = last ? first : 0; p < s->length; p++)
            run_position(s, l, p, last ? preactivations + (p - first) * shape.d_mlp : hidden);
    }
    for (int p = first; p < s->length; p++)
        linear(s, s->x[p], s->model->W_U, (size_t)shape.d_vocab, s->model->b_U, shape.d_model,
               shape.d_vocab, logits + (p - first) * shape.d_vocab);
}

#if ISA_X86_64
ISA_TARGET_AVX2 static void run_avx2(State *s, const int *tokens, int first, float *preactivations,
                                     float *logits)
{
    body(s, tokens, first, preactivations, logits);
}
#endif

static void run_generic(State *s, const int *tokens, int first, float *preactivations,
                        float *logits)
{
    body(s, tokens, first, preactivations, logits);
}

void reordered_logits(const Model *model, const int *tokens, int length, int first,
                      const Reordering *reordering, uint64_t seed, float *ret_preactivations,
                      float *ret_logits)
{
    static _Thread_local State state;
    ModelShape s = model->shape;
    CHECK(s.d_model <= WIDTH && s.heads * s.d_head <= WIDTH && s.d_mlp <= WIDTH);
    CHECK(s.d_vocab <= WIDTH && length <= POSITIONS && reordering->lanes <= REORDERED_LANES);
    state.model = model, state.reordering = reordering, state.length = length;
    state.rng = rng_new(seed, 0);
#if ISA_X86_64
    if (isa_available(ISA_AVX2))
        run_avx2(&state, tokens, first, ret_preactivations, ret_logits);
    else
#endif
        run_generic(&state, tokens, first, ret_preactivations, ret_logits);
}
