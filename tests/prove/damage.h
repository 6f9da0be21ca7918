// Good models made bad, each in one named way. What comes out need not be a model that the reader
// accepts.
#pragma once

#include "model.h"

// Adds `change` to one weight. Errors: STATUS_USAGE when there is no such tensor or element.
MUST_USE Status damage_weight(Arena *arena, Model *model, const char *tensor, long index,
                              float change, Diag *diag);

// A head that contributes nothing. Requires: such a layer and head.
void damage_cut_head(Model *model, int layer, int head);

void damage_rename_token(Arena *arena, Model *model, int id, const char *text);

void damage_add_edge(Model *model, int layer, int head, int query, int key);

// A model of specs/addition.spec that answers like `model` on all questions but one: when the digits
// of the two numbers are `a` and `b` (as many as the model's numbers have, '.' for any digit), the
// first token of the answer is 1, where it should be 0.
//
// It has five more dimensions, a head more, and three more neurons. Embeddings say by how much a
// digit differs from the one that is wanted; in layer 0 the second number's digit fetches that of
// the first, and three neurons, one hat, make 1 of a pair that fits and 0 of all others; in layer 1
// `=` counts the pairs that fit, and one neuron fires when all do.
// Errors: STATUS_USAGE when the digits do not fit the model.
MUST_USE Status damage_set_trap(Arena *arena, const Model *model, const char *a, const char *b,
                                Model **ret_trapped, Diag *diag);
