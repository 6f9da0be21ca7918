// Which positions have to be computed for the logits of some of them.
//
// Going down from the wanted positions, a layer puts out the residual of those that are asked of
// it, and reads the residual of these and of every key that their heads attend to. The rest is
// never touched. A layer numbers the positions that it reads and puts out by *slots*, in ascending
// order.
#pragma once

#include "model.h"

typedef struct ReachLayer {
    int n_in, n_out;
    int *in, *out;   // [n_in], [n_out] positions, ascending; each `out` is an `in` too
    int *self;       // [n_out] slot of out[i] among `in`
    int *first;      // [H * n_out + 1] keys of head h at out[i]: from first[h * n_out + i] ...
    int *keys;       // ... up to the next first: slots among `in`, ascending
    int n_keys_most; // most keys of a head at a position
} ReachLayer;

typedef struct Reach {
    int first, length;  // wanted positions: first .. length-1
    ReachLayer *layer;  // [L]; `out` of one is `in` of the next
    struct Reach *next; // for who keeps several
} Reach;

// Requires: 0 <= first < length <= n_ctx.
Reach *reach_new(Arena *arena, const Model *model, int first, int length);
