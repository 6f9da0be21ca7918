// A decoder-only transformer: its shape, vocabulary and stored weights.
//
// One letter a dimension, everywhere: L layers, H heads, D model width, K head width, F MLP width,
// V vocabulary, C context (positions). Names and shapes of the tensors are TransformerLens's. For
// the residual stream x[p] at position p (row vectors; docs/model-format.md has the same in full):
//
//   x[p]  = W_E[token p] + W_pos[p]
//   each layer, each head:  q = x W_Q + b_Q, k = x W_K + b_K, v = x W_V + b_V,
//       score(p, p') = score_scale * (q[p] . k[p']) on the allowed edges p' <= p,
//       z[p] = softmax(score) v,   x += sum over heads of z W_O, + b_O;   a head without an allowed
//       edge at p has z[p] = 0
//   x += relu(x W_in + b_in) W_out + b_out
//   logits[p] = x[p] W_U + b_U
//
// The reader guarantees: every number finite, every edge causal (key <= query), no token twice.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "diag.h"

typedef struct ModelShape {
    int layers, heads, d_model, d_head, d_mlp, d_vocab, n_ctx;
    float score_scale; // multiplies q . k; a stored binary32 number
} ModelShape;

typedef struct ModelLayer {
    float *W_Q, *b_Q;     // [H, D, K], [H, K]
    float *W_K, *b_K;     // [H, D, K], [H, K]
    float *W_V, *b_V;     // [H, D, K], [H, K]
    float *W_O, *b_O;     // [H, K, D], [D]
    float *W_in, *b_in;   // [D, F], [F]
    float *W_out, *b_out; // [F, D], [D]
    uint8_t *edges;       // [H, C, C] as (head, query, key), 1 = allowed; causal
} ModelLayer;

// Key and value of an entry of `__metadata__` that Ripple carries along without reading it.
typedef struct ModelNote {
    char *key, *value;
} ModelNote;

typedef struct Model {
    ModelShape shape;
    char **vocab;      // [V] token texts, all different
    float *parameters; // every trained number, one tensor after another in the order of the fields
    size_t n_parameters;
    float *W_E, *W_pos; // [V, D], [C, D]
    ModelLayer *layer;  // [L]
    float *W_U, *b_U;   // [D, V], [V]
    bool has_edges;     // false: every causal edge is allowed, and no mask is stored
    ModelNote *notes;   // other metadata (which spec and recipe the model was trained for)
    int n_notes;
} Model;

// A model of this shape: weights zero, all causal edges allowed, vocabulary copied.
// Requires: a shape that model_check_shape accepts.
Model *model_new(Arena *arena, ModelShape shape, const char *const *vocab);

// Bounds on every dimension, so that no product overflows and memory stays below about 2 GiB.
// Errors: STATUS_MALFORMED.
MUST_USE Status model_check_shape(ModelShape shape, Diag *diag);

// Id of a token's text, or -1.
int model_token(const Model *model, const char *text);

// Value of a note, or NULL.
const char *model_note(const Model *model, const char *key);

static inline bool model_edge(const Model *model, int layer, int head, int query, int key)
{
    size_t C = (size_t)model->shape.n_ctx;
    return model->layer[layer].edges[((size_t)head * C + (size_t)query) * C + (size_t)key] != 0;
}
