#include "sight.h"

#include <string.h>

#include "reach.h"

enum {
    QUESTIONS = 1000, // sampled, half of them with long chains
    CHANGES = 4,      // of each column of each of them
};

typedef struct Seen {
    int count, *position; // ascending
} Seen;

typedef struct Sight {
    const Task *task;
    Seen *seen; // [answer] from where the token is written, down through all layers
} Sight;

static Seen seen_from(Arena *arena, const Model *model, int query)
{
    Arena *scratch = arena_new();
    const ReachLayer *first = &reach_new(scratch, model, query, query + 1)->layer[0];
    Seen seen = {first->n_in, ARENA_NEW(arena, int, (size_t)first->n_in)};
    memcpy(seen.position, first->in, (size_t)first->n_in * sizeof *first->in);
    arena_free(scratch);
    return seen;
}

static Sight sight_new(Arena *arena, const Task *task, const Model *model)
{
    Sight sight = {task, ARENA_NEW(arena, Seen, (size_t)task->answer)};
    for (int a = 0; a < task->answer; a++)
        sight.seen[a] = seen_from(arena, model, task->prompt + a - 1);
    return sight;
}

static bool look_alike(const Seen *seen, const int *x, const int *y)
{
    for (int i = 0; i < seen->count; i++)
        if (x[seen->position[i]] != y[seen->position[i]])
            return false;
    return true;
}

static bool compare(const Sight *sight, const uint8_t *one, const uint8_t *other, SightGap *ret_gap)
{
    const Task *task = sight->task;
    int x[TASK_POSITIONS_MAX], y[TASK_POSITIONS_MAX], ids[TASK_TOKENS_MAX];
    for (int k = 0; k < task->n_alphabet; k++)
        ids[k] = k;
    task_tokens(task, ids, one, x);
    task_tokens(task, ids, other, y);
    for (int a = 0; a < task->answer; a++) {
        int position = task->prompt + a;
        if (x[position] == y[position] || !look_alike(&sight->seen[a], x, y))
            continue;
        ret_gap->answer = a;
        memcpy(ret_gap->one, one, (size_t)task->columns);
        memcpy(ret_gap->other, other, (size_t)task->columns);
        return true;
    }
    return false;
}

// The question with column c changed to what another question has there.
static bool try_column(const Sight *sight, const uint8_t *symbols, int c, Rng *rng,
                       SightGap *ret_gap)
{
    uint8_t other[TASK_COLUMNS_MAX], states[TASK_COLUMNS_MAX + 1];
    for (int i = 0; i < CHANGES; i++) {
        task_sample_uniform(sight->task, rng, other);
        uint8_t symbol = other[c];
        memcpy(other, symbols, (size_t)sight->task->columns);
        other[c] = symbol;
        if (task_path(sight->task, other, states) && compare(sight, symbols, other, ret_gap))
            return true;
    }
    return false;
}

bool sight_find_gap(const Task *task, const Model *model, SightGap *ret_gap)
{
    Arena *arena = arena_new();
    Sight sight = sight_new(arena, task, model);
    Rng rng = rng_new(1, 0);
    bool found = false;
    for (int i = 0; i < QUESTIONS && !found; i++) {
        uint8_t symbols[TASK_COLUMNS_MAX];
        if (i % 2)
            task_sample_chained(task, &rng, symbols);
        else
            task_sample_uniform(task, &rng, symbols);
        for (int c = 0; c < task->columns && !found; c++)
            found = try_column(&sight, symbols, c, &rng, ret_gap);
    }
    arena_free(arena);
    return found;
}
