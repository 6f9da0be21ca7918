// Training: batches of questions, gradients from all threads, AdamW.
//
// The weights after step t depend on recipe, seed and t alone: question i of step t draws from the
// stream (seed, t * batch + i) and from what earlier steps left to be asked again, each shard of
// sixteen questions has its own gradient, and gradients are added in the order of the shards.
// Threads only decide who computes what.
#pragma once

#include "loss.h"
#include "recipe.h"
#include "replay.h"
#include "task.h"
#include "work.h"

typedef struct Trainer Trainer;

// A fresh model for the recipe: shape, vocabulary, edges and notes set, weights zero.
// Errors: STATUS_MALFORMED (the shape is too large, or the vocabulary lacks a token).
MUST_USE Status trainer_model(Arena *arena, const Recipe *recipe, const Task *task,
                              Model **ret_model, Diag *diag);

// A trainer of `model` at step 0, weights drawn from the recipe's seed. `pool` is used by every
// step. Errors: STATUS_MALFORMED (a token is missing, no input meets the precondition, too large).
MUST_USE Status trainer_new(Arena *arena, const Recipe *recipe, const Task *task, Model *model,
                            WorkPool *pool, Trainer **ret_trainer, Diag *diag);

// One step: a batch forward and back, and the update of the weights. Steps beyond those of the recipe
// belong to its rounds, round_steps each, and those beyond its rounds to the next attempt, which begins with new weights.
// Requires: rounds and restarts, if there are no other steps left.
void trainer_step(Trainer *trainer, LossReport *ret_report);

int trainer_steps_done(const Trainer *trainer);

// Useful multiply-adds of a question, forward and back: the backward pass counts twice.
double trainer_multiply_adds(const Trainer *trainer);

// What a checkpoint holds besides the weights.
typedef struct TrainerState {
    int *steps_done;
    float *m, *v; // moments, model->n_parameters each
    Replay *replay;
} TrainerState;

TrainerState trainer_state(Trainer *trainer);
