// Questions for a shipped model: numbered, the same on every machine.
#pragma once

#include "model.h"
#include "task.h"

typedef struct Questions {
    const Model *model;
    const Task *task;
    int ids[TASK_TOKENS_MAX]; // model id of each token of the task
    int prompt, answer;
    int length; // of what the model reads: the last answer token is only predicted
} Questions;

// models/add_d<digits>.safetensors and what it should compute; ends the program on failure.
Questions questions_open(Arena *arena, int digits);

// Number i, uniform if i is even, else with a long chain of carries now and then: its prompt and
// right answer, [prompt + answer].
void questions_tokens(const Questions *questions, uint64_t i, int *ret_tokens);
