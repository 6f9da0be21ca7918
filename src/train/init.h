// Where training starts: random weights, from a seed alone.
//
// Positions that stand for the same column share a random vector, and so do those of one segment
// (an input number, the answer): W_pos[p] = column + segment + a little noise. Which digits belong
// together is then linearly readable from the start, and carry chains are learned far sooner. With a
// ramp, columns also lie in a row along one random vector, `ramp` apart: which of two is the more
// significant can be read off too, as long chains need.
#pragma once

#include "model.h"
#include "task.h"

// Fills in all parameters. Requires: the model's context is prompt + answer.
void init_weights(const Task *task, uint64_t seed, float ramp, Model *model);
