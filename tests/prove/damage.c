#include "damage.h"

#include <ctype.h>
#include <string.h>

#include "tensors.h"

Status damage_weight(Arena *arena, Model *model, const char *tensor, long index, float change,
                     Diag *diag)
{
    int count;
    const Tensor *tensors = tensors_list(arena, model->shape, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(tensors[i].name, tensor) == 0 && index >= 0 &&
            (size_t)index < tensors[i].count) {
            model->parameters[tensors[i].first + (size_t)index] += change;
            return STATUS_OK;
        }
    return diag_set(diag, STATUS_USAGE, "X001", "there is no element %ld of %s", index, tensor);
}

void damage_cut_head(Model *model, int layer, int head)
{
    size_t size = (size_t)model->shape.d_head * (size_t)model->shape.d_model;
    memset(model->layer[layer].W_O + (size_t)head * size, 0, size * sizeof(float));
}

void damage_rename_token(Arena *arena, Model *model, int id, const char *text)
{
    model->vocab[id] = arena_strdup(arena, text);
}

static void set_edge(Model *model, int layer, int head, int query, int key, uint8_t allowed)
{
    size_t C = (size_t)model->shape.n_ctx;
    model->layer[layer].edges[((size_t)head * C + (size_t)query) * C + (size_t)key] = allowed;
}

void damage_add_edge(Model *model, int layer, int head, int query, int key)
{
    model->has_edges = true;
    set_edge(model, layer, head, query, key, 1);
}

// ---- a trap -------------------------------------------------------------------------------------

enum { OWN, FETCHED, FITS, FITTING, SPRUNG, MORE_DIMENSIONS }; // behind those of the good model
enum { MORE_NEURONS = 3 };

typedef struct Trap {
    Model *model;
    int n, first, head, neuron; // digits; first new dimension, the new head, the first new neuron
    const char *a, *b;
    int pairs; // that must fit
} Trap;

// Element (i, j, k) of a larger tensor that has room for the smaller one.
static void copy_tensor(const Tensor *from, const float *x, const Tensor *to, float *y)
{
    for (size_t e = 0; e < from->count; e++) {
        size_t rest = e, place = 0, step = 1;
        for (int r = from->rank - 1; r >= 0; r--) {
            place += rest % (size_t)from->dims[r] * step;
            rest /= (size_t)from->dims[r];
            step *= (size_t)to->dims[r];
        }
        y[to->first + place] = x[from->first + e];
    }
}

static void copy_edges(const Model *from, Model *to)
{
    size_t C = (size_t)from->shape.n_ctx, H = (size_t)from->shape.heads;
    to->has_edges = true;
    for (int l = 0; l < from->shape.layers; l++) {
        memcpy(to->layer[l].edges, from->layer[l].edges, H * C * C);
        memset(to->layer[l].edges + H * C * C, 0, C * C);
    }
}

// The same function with room for more; the new head has no edges.
static Model *widen(Arena *arena, const Model *model)
{
    ModelShape shape = model->shape;
    int count;
    shape.d_model += MORE_DIMENSIONS;
    shape.d_mlp += MORE_NEURONS;
    shape.heads++;
    Model *wide = model_new(arena, shape, (const char *const *)model->vocab);
    const Tensor *from = tensors_list(arena, model->shape, &count);
    const Tensor *to = tensors_list(arena, shape, &count);
    for (int i = 0; i < count; i++)
        copy_tensor(&from[i], model->parameters, &to[i], wide->parameters);
    copy_edges(model, wide);
    wide->notes = model->notes;
    wide->n_notes = model->n_notes;
    return wide;
}

static float *at(float *x, int row, int column, int columns)
{
    return &x[(size_t)row * (size_t)columns + (size_t)column];
}

static float *residual_row(const Trap *t, float *x, int row, int dimension)
{
    return at(x, row, t->first + dimension, t->model->shape.d_model);
}

static bool is_wanted(const Trap *t, int i)
{
    return isdigit((unsigned char)t->a[i]) && isdigit((unsigned char)t->b[i]);
}

// OWN: the digit less the one that is wanted.
static void embed(const Trap *t)
{
    Model *m = t->model;
    for (int d = 0; d < 10; d++) {
        char text[2] = {(char)('0' + d), '\0'};
        *residual_row(t, m->W_E, model_token(m, text), OWN) = (float)d;
    }
    for (int i = 0; i < t->n; i++) {
        *residual_row(t, m->W_pos, i, OWN) = (float)-(t->a[i] - '0');
        *residual_row(t, m->W_pos, t->n + 1 + i, OWN) = (float)-(t->b[i] - '0');
    }
}

// The new head of a layer brings factor * `from` of the keys, or its mean, to `to` of the query.
static void connect(const Trap *t, int layer, int from, int to, float factor)
{
    const ModelLayer *l = &t->model->layer[layer];
    int D = t->model->shape.d_model, K = t->model->shape.d_head;
    l->W_V[((size_t)t->head * (size_t)D + (size_t)(t->first + from)) * (size_t)K] = factor;
    l->W_O[(size_t)t->head * (size_t)K * (size_t)D + (size_t)(t->first + to)] = 1.0f;
}

// FITS = hat(32 FETCHED + OWN), which is 1 at 0 and 0 at every other whole number.
static void fit_pairs(const Trap *t)
{
    static const float bias[MORE_NEURONS] = {1.0f, 0.0f, -1.0f}, out[] = {1.0f, -2.0f, 1.0f};
    const ModelLayer *l = &t->model->layer[0];
    int F = t->model->shape.d_mlp;
    for (int i = 0; i < t->n; i++)
        set_edge(t->model, 0, t->head, t->n + 1 + i, i, 1);
    connect(t, 0, OWN, FETCHED, 1.0f);
    for (int k = 0; k < MORE_NEURONS; k++) {
        *at(l->W_in, t->first + FETCHED, t->neuron + k, F) = 32.0f;
        *at(l->W_in, t->first + OWN, t->neuron + k, F) = 1.0f;
        l->b_in[t->neuron + k] = bias[k];
        *residual_row(t, l->W_out, t->neuron + k, FITS) = out[k];
    }
}

// SPRUNG = 1 if all pairs fit, else 0; then the logit of "1" is out of reach.
static void spring(const Trap *t)
{
    Model *m = t->model;
    const ModelLayer *l = &m->layer[1];
    for (int i = 0; i < t->n; i++)
        if (is_wanted(t, i))
            set_edge(m, 1, t->head, 2 * t->n + 1, t->n + 1 + i, 1);
    connect(t, 1, FITS, FITTING, (float)t->pairs);
    *at(l->W_in, t->first + FITTING, t->neuron, m->shape.d_mlp) = 2.0f;
    l->b_in[t->neuron] = 1.0f - 2.0f * (float)t->pairs;
    *residual_row(t, l->W_out, t->neuron, SPRUNG) = 1.0f;
    *at(m->W_U, t->first + SPRUNG, model_token(m, "1"), m->shape.d_vocab) = 256.0f;
}

Status damage_set_trap(Arena *arena, const Model *model, const char *a, const char *b,
                       Model **ret_trapped, Diag *diag)
{
    Trap trap = {.n = (int)strlen(a),
                 .first = model->shape.d_model,
                 .head = model->shape.heads,
                 .neuron = model->shape.d_mlp,
                 .a = a,
                 .b = b};
    if (strlen(b) != strlen(a) || model->shape.n_ctx < 2 * trap.n + 2 || model->shape.layers != 2)
        return diag_set(diag, STATUS_USAGE, "X002", "the digits do not fit the model");
    trap.model = widen(arena, model);
    for (int i = 0; i < trap.n; i++)
        trap.pairs += is_wanted(&trap, i);
    embed(&trap);
    fit_pairs(&trap);
    spring(&trap);
    *ret_trapped = trap.model;
    return STATUS_OK;
}
