// Regions to try bounds on: on each, the token at one answer position is constant.
#pragma once

#include "region.h"

// A random one: the answer token, then up to `depth` conditions of the kinds that proofs split by, and
// now and then random edges left out. Not empty, trimmed.
Region *regions_draw(Arena *arena, const Task *task, int answer, int depth, Rng *rng);

// All inputs with one answer token; NULL if there are none.
Region *regions_of_token(Arena *arena, const Task *task, int answer, int token);

// One input.
Region *regions_single(Arena *arena, const Task *task, const uint8_t *symbols);
