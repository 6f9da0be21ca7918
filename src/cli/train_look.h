// A look at how far a model in training is from being proved, and which questions stand in the way.
//
// Samples are tried first, as in a proof. If all are right, level N is tried with bounds alone, without
// the solver, on a budget. That every case is closed says that a proof will most likely be found, no
// more: `verify SPEC` has to find it.
#pragma once

#include "network.h"
#include "replay.h"

enum { TRAIN_LOOK_QUESTIONS = 1024 }; // found at most

typedef struct TrainLook {
    bool closed;           // every edge case of every answer position
    int wrong;             // different samples that are answered wrongly
    bool more;             // there are more than these; if there is any, nothing below is tried
    int cases, open;       // edge cases; those not closed
    int refuted;           // open ones with an input that the inference gets wrong
    unsigned long regions; // bounded
} TrainLook;

typedef struct TrainLookOptions {
    unsigned long regions; // bounded at most, about
    uint64_t seed, stream; // of the questions that are drawn
    void (*progress)(void *context, int cases, int proved, int open); // or NULL
    void *context;
} TrainLookOptions;

// Adds to what `replay` has found: questions that are answered wrongly; or if
// none is known, of the cases that are open or were closed with the least margin. The same for any
// number of threads.
// Errors: STATUS_INTERRUPTED (P002), those of claim_new. Weights beyond the rigorous arithmetic leave
// everything open and find nothing, which is no error.
MUST_USE Status train_look(WorkPool *pool, const Task *task, const Model *model,
                           const TrainLookOptions *options, Replay *replay, TrainLook *ret_look,
                           Diag *diag);
