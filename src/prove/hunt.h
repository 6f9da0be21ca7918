// The hunt for inputs that the shipped inference gets wrong: before the proof by samples, after it
// through every input of the small regions that it left open.
//
// Nothing here proves anything. Pieces of work are fixed and put together in order, so what is
// found does not depend on the number of threads. A hunt ends early when work_interrupted; the
// caller asks.
#pragma once

#include "falsify.h"
#include "network.h"
#include "wrongs.h"

enum {
    HUNT_CHUNK = 1000,        // samples drawn from one stream
    HUNT_REGION_MAX = 4096,   // inputs of a region that is tried whole
    HUNT_INPUTS_MAX = 1 << 20 // inputs of all such regions together
};

typedef struct Hunt {
    const Claim *claim;
    WorkPool *pool;
    Falsifier **falsifier; // [threads]
    Wrongs wrongs;
} Hunt;

Hunt hunt_new(Arena *arena, WorkPool *pool, const Claim *claim);

// Samples, rounded up to whole chunks.
void hunt_samples(Hunt *hunt, long samples);

// What refinement has met, and every input of the open cases that are small enough, in order, while
// they last. *ret_complete: every input of every open case was tried.
void hunt_cases(Hunt *hunt, const NetworkProof *proof, bool *ret_complete);

// The first wrong input made simpler, as falsifier_shrink does; it is added too.
// Requires: there is one.
void hunt_shrink(Hunt *hunt, uint8_t *ret_symbols);
