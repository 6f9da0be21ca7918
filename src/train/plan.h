// Which positions and attention edges training has to compute.
//
// Only the answer positions have a loss. Going down from them, a layer needs the residual of the
// positions that it puts out and of the keys that these attend to; the rest of the context is never
// touched. Positions of a layer are numbered by *slots*, in ascending order.
#pragma once

#include "arena.h"
#include "model.h"

typedef struct PlanLayer {
    int n_in, n_out; // positions whose residual the layer reads and puts out
    int *in, *out;   // [n_in], [n_out] positions; every `out` is an `in` too
    int *residual;   // [n_out] slot among `in`
    int heads, n_edges;
    int *first; // [heads * n_out + 1] edges of (head, out slot): first[i] .. first[i+1]-1
    int *key;   // [n_edges] slot among `in`
} PlanLayer;

typedef struct Plan {
    int layers;
    PlanLayer *layer;     // [layers]; out of one is in of the next
    int prompt, answer;   // answer token i is predicted at position prompt - 1 + i
    int positions_max;    // the largest n_in
    double multiply_adds; // of the forward pass of one question, matrix products and attention
} Plan;

// Requires: model edges set; prompt >= 1, answer >= 1, prompt + answer - 1 <= n_ctx.
Plan *plan_new(Arena *arena, const Model *model, int prompt, int answer);
