// Small random models for the tests.
#pragma once

#include "model.h"

// Weights about N(0, 1 / sqrt(inputs)), biases too; tokens named "t0", "t1", ...; with `edges`,
// each causal edge kept with probability 1/2 and has_edges set.
Model *sample_model(Arena *arena, uint64_t seed, ModelShape shape, bool edges);

ModelShape sample_shape(int which); // a few different ones, 0 .. SAMPLE_SHAPES-1
enum { SAMPLE_SHAPES = 4 };
