#include "model.h"

#include <math.h>
#include <string.h>

#include "tensors.h"

enum {
    LAYERS_MAX = 64,
    HEADS_MAX = 256,
    D_MODEL_MAX = 16384,
    D_HEAD_MAX = 4096,
    D_MLP_MAX = 65536,
    D_VOCAB_MAX = 65536,
    N_CTX_MAX = 8192,
    PARAMETERS_MAX = 1 << 28,
    EDGES_MAX = 1 << 28, // entries of all masks together
};

static Status check_dimension(const char *name, int size, int most, Diag *diag)
{
    if (size >= 1 && size <= most)
        return STATUS_OK;
    return diag_set(diag, STATUS_MALFORMED, "M010", "%s is %d, but must be between 1 and %d", name,
                    size, most);
}

// The dimensions are within their bounds, so that no sum or product here overflows.
static Status check_totals(const ModelShape *s, Diag *diag)
{
    uint64_t L = (uint64_t)s->layers, H = (uint64_t)s->heads, D = (uint64_t)s->d_model;
    uint64_t K = (uint64_t)s->d_head, F = (uint64_t)s->d_mlp, V = (uint64_t)s->d_vocab;
    uint64_t C = (uint64_t)s->n_ctx;
    uint64_t layer = 4 * H * D * K + 3 * H * K + 2 * D * F + F + 2 * D;
    uint64_t parameters = V * D + C * D + L * layer + D * V + V;
    if (parameters > PARAMETERS_MAX)
        return diag_set(diag, STATUS_MALFORMED, "M010",
                        "the model would have %llu parameters, more than the %d allowed",
                        (unsigned long long)parameters, PARAMETERS_MAX);
    if (L * H * C * C > EDGES_MAX)
        return diag_set(diag, STATUS_MALFORMED, "M010",
                        "the model would have %llu possible attention edges, more than the %d "
                        "allowed",
                        (unsigned long long)(L * H * C * C), EDGES_MAX);
    return STATUS_OK;
}

Status model_check_shape(ModelShape shape, Diag *diag)
{
    TRY(check_dimension("layers", shape.layers, LAYERS_MAX, diag));
    TRY(check_dimension("heads", shape.heads, HEADS_MAX, diag));
    TRY(check_dimension("d_model", shape.d_model, D_MODEL_MAX, diag));
    TRY(check_dimension("d_head", shape.d_head, D_HEAD_MAX, diag));
    TRY(check_dimension("d_mlp", shape.d_mlp, D_MLP_MAX, diag));
    TRY(check_dimension("d_vocab", shape.d_vocab, D_VOCAB_MAX, diag));
    TRY(check_dimension("n_ctx", shape.n_ctx, N_CTX_MAX, diag));
    if (!isfinite(shape.score_scale) || shape.score_scale <= 0.0f)
        return diag_set(diag, STATUS_MALFORMED, "M007",
                        "score_scale must be a positive finite number");
    return check_totals(&shape, diag);
}

// The fields that point at parameters, in the order of tensors_list.
static void place_parameters(Model *model, const Tensor *tensor)
{
    float *at = model->parameters;
    model->W_E = at + tensor++->first;
    model->W_pos = at + tensor++->first;
    for (int l = 0; l < model->shape.layers; l++) {
        ModelLayer *layer = &model->layer[l];
        layer->W_Q = at + tensor++->first, layer->b_Q = at + tensor++->first;
        layer->W_K = at + tensor++->first, layer->b_K = at + tensor++->first;
        layer->W_V = at + tensor++->first, layer->b_V = at + tensor++->first;
        layer->W_O = at + tensor++->first, layer->b_O = at + tensor++->first;
        layer->W_in = at + tensor++->first, layer->b_in = at + tensor++->first;
        layer->W_out = at + tensor++->first, layer->b_out = at + tensor++->first;
    }
    model->W_U = at + tensor++->first;
    model->b_U = at + tensor++->first;
}

static void allow_causal_edges(uint8_t *edges, size_t H, size_t C)
{
    for (size_t row = 0; row < H * C; row++)
        memset(edges + row * C, 1, row % C + 1);
}

Model *model_new(Arena *arena, ModelShape shape, const char *const *vocab)
{
    size_t L = (size_t)shape.layers, H = (size_t)shape.heads, C = (size_t)shape.n_ctx;
    size_t V = (size_t)shape.d_vocab;
    Model *model = ARENA_NEW(arena, Model, 1);
    int count;
    const Tensor *tensors = tensors_list(arena, shape, &count);
    model->shape = shape;
    model->vocab = ARENA_NEW(arena, char *, V);
    for (size_t v = 0; v < V; v++)
        model->vocab[v] = arena_strdup(arena, vocab[v]);
    model->n_parameters = tensors[count - 1].first + tensors[count - 1].count;
    model->parameters = ARENA_NEW(arena, float, model->n_parameters);
    model->layer = ARENA_NEW(arena, ModelLayer, L);
    place_parameters(model, tensors);
    for (size_t l = 0; l < L; l++) {
        model->layer[l].edges = ARENA_NEW(arena, uint8_t, H * C * C);
        allow_causal_edges(model->layer[l].edges, H, C);
    }
    return model;
}

int model_token(const Model *model, const char *text)
{
    for (int v = 0; v < model->shape.d_vocab; v++)
        if (strcmp(model->vocab[v], text) == 0)
            return v;
    return -1;
}

const char *model_note(const Model *model, const char *key)
{
    for (int i = 0; i < model->n_notes; i++)
        if (strcmp(model->notes[i].key, key) == 0)
            return model->notes[i].value;
    return NULL;
}
