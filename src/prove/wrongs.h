// Distinct inputs that the shipped inference answers wrongly.
#pragma once

#include "task.h"

enum { WRONGS_MAX = 10000, WRONGS_SLOTS = 1 << 15 };

typedef struct WrongInput {
    uint8_t symbols[TASK_COLUMNS_MAX];
    int position; // answer position, 0.., of the first wrong token
} WrongInput;

typedef struct Wrongs {
    const Task *task;
    WrongInput *input; // [count]
    int count;
    bool full; // WRONGS_MAX are kept, and there were more
    int *slot; // [WRONGS_SLOTS] hash table: index into input, plus 1
} Wrongs;

Wrongs wrongs_new(Arena *arena, const Task *task);
void wrongs_add(Wrongs *wrongs, const uint8_t *symbols, int position); // once more is no change
