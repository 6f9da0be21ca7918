// Where training starts: random weights, from a seed alone.
//
// Positions that stand for the same column share a random vector, and so do those of one segment
// (an input number, the answer): W_pos[p] = column + segment + a little noise. Which digits belong
// together is then linearly readable from the start, and carry chains are learned far sooner.
#pragma once

#include "model.h"
#include "task.h"

// Fills in all parameters. Requires: the model's context is prompt + answer.
void init_weights(const Task *task, uint64_t seed, Model *model);
