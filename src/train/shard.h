// Sixteen questions on their way through the network and back: the unit of work of a training step.
//
// A batch is cut into shards in a fixed way. Each shard has a gradient of its own, and the trainer
// adds them up in the order of the shards; so the sum does not depend on which thread ran which
// shard. Scratch memory belongs to a thread, and holds nothing that outlives a shard.
//
// Activations lie as [features, slots * 16]: feature by feature, the sixteen questions of a
// position side by side.
#pragma once

#include "attention.h"
#include "loss.h"
#include "model.h"
#include "reach.h"

// What the backward pass needs of a layer; rows x columns, with I = n_in * 16 and O = n_out * 16.
typedef struct ShardLayer {
    float *x;       // [D, I] residual that enters
    float *query_x; // [D, O] of it, the positions that are put out
    Attention attention;
    float *x_mid;        // [D, O] residual after attention
    float *h;            // [F, O] rectified
    const uint8_t *from; // [F, O] whose activation each neuron takes, see exchange.h; NULL: its own
} ShardLayer;

typedef struct Shard {
    const Reach *reach; // the answer positions are those that it wants
    ModelShape shape;
    float smoothing; // of the right answer, see loss.h; 0 at first
    ShardLayer *layer;
    float *x;      // [D, A * 16] the final residual
    float *logits; // [V, A * 16], then their gradient
    float *dx, *dx_in, *dh, *dz, *dq, *dk, *dv, *ds, *transposed, *joined; // scratch of backward
} Shard;

Shard *shard_new(Arena *arena, const Model *model, const Reach *reach);

// tokens[p * 16 + question]: prompt and right answer. Adds the gradient of `weight` times the
// summed loss into nothing: `gradient` (a model of the same shape) is overwritten.
void shard_run(Shard *shard, const Model *model, const int *tokens, float weight, Model *gradient,
               LossReport *ret_report);

// The forward pass alone, up to shard->logits.
void shard_forward(Shard *shard, const Model *model, const int *tokens);

// Multiply-adds of the forward pass of one question: matrix products and attention.
double shard_multiply_adds(const Model *model, const Reach *reach);
