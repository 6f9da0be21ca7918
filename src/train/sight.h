// What a position can see, and whether that suffices.
//
// A position sees the tokens that attention brings it to know, layer by layer, and its own. If two questions with
// different right tokens look alike to the position that has to write the token, no weights answer both.
#pragma once

#include "model.h"
#include "task.h"

typedef struct SightGap {
    int answer;                      // position in the answer of the token that is written
    uint8_t one[TASK_COLUMNS_MAX];   // two questions, as symbols, with the same tokens
    uint8_t other[TASK_COLUMNS_MAX]; // wherever its query looks, but another right token
} SightGap;

// Looks for a gap among sampled questions and those that differ from them in one column. False proves nothing.
// Requires: the model has prompt + answer positions, and a layer.
bool sight_find_gap(const Task *task, const Model *model, SightGap *ret_gap);
