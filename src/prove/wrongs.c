#include "wrongs.h"

#include <string.h>

Wrongs wrongs_new(Arena *arena, const Task *task)
{
    return (Wrongs){.task = task,
                    .input = ARENA_NEW(arena, WrongInput, WRONGS_MAX),
                    .slot = ARENA_NEW(arena, int, WRONGS_SLOTS)};
}

static size_t hash(const uint8_t *symbols, int columns)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (int c = 0; c < columns; c++)
        h = (h ^ symbols[c]) * 0x100000001b3u;
    return (size_t)(h ^ h >> 32) & (WRONGS_SLOTS - 1);
}

void wrongs_add(Wrongs *wrongs, const uint8_t *symbols, int position)
{
    size_t columns = (size_t)wrongs->task->columns, at = hash(symbols, wrongs->task->columns);
    for (; wrongs->slot[at]; at = (at + 1) & (WRONGS_SLOTS - 1))
        if (memcmp(wrongs->input[wrongs->slot[at] - 1].symbols, symbols, columns) == 0)
            return;
    wrongs->full = wrongs->count == WRONGS_MAX;
    if (wrongs->full)
        return;
    WrongInput *input = &wrongs->input[wrongs->count++];
    memcpy(input->symbols, symbols, columns);
    input->position = position;
    wrongs->slot[at] = wrongs->count;
}
