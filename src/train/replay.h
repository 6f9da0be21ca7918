// Questions to ask again: the hardest ones of late, and those that a search for a proof came upon.
//
// Of every sixteen questions of a batch, the one with the least margin goes into a ring, and a
// share of the later questions is drawn from there. Rare cases that sampling meets once in a
// hundred thousand questions, and that decide whether a model can be proved, are so practised until
// others are harder. What the ring holds after a step depends on the steps before alone.
// The questions found go into a ring of their own, in which those of several rounds have room: what was
// wrong in one would else be forgotten in the next. As soon as there are any, every other question
// that is asked again is one of them.
#pragma once

#include "task.h"

enum { REPLAY_SIZE = 1024, REPLAY_FOUND_SIZE = 4096 };

typedef struct Replay {
    uint8_t symbols[REPLAY_SIZE][TASK_COLUMNS_MAX];
    uint64_t added; // since the beginning; the newest REPLAY_SIZE are kept
    uint8_t found[REPLAY_FOUND_SIZE][TASK_COLUMNS_MAX];
    uint64_t n_found; // since the beginning; the newest REPLAY_FOUND_SIZE are kept
} Replay;

void replay_add(Replay *replay, const uint8_t *symbols);

void replay_add_found(Replay *replay, const uint8_t *symbols);

// Requires: something was added.
void replay_draw(const Replay *replay, Rng *rng, uint8_t *ret_symbols);
