// What is to be proved: this model computes this task.
#pragma once

#include "model.h"
#include "task.h"

typedef struct Claim {
    const Task *task;
    const Model *model;
    int ids[TASK_TOKENS_MAX]; // model id of each token of the task's alphabet
} Claim;

// Errors: STATUS_MALFORMED when the vocabulary lacks a token (T006) or the model has too few
// positions (P001).
MUST_USE Status claim_new(Arena *arena, const Task *task, const Model *model, Claim **ret_claim,
                          Diag *diag);

// Positions that are read: the last answer token is only predicted.
static inline int claim_length(const Claim *claim)
{
    return claim->task->prompt + claim->task->answer - 1;
}
