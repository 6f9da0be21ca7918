#include "sight.h"

#include <string.h>

enum {
    QUESTIONS = 1000, // sampled, half of them with long chains
    CHANGES = 4,      // of each column of each of them
};

typedef struct Sight {
    const Task *task;
    int C;         // positions
    uint8_t *sees; // [query][key]
} Sight;

// A layer lets a query see what the keys of its heads saw before.
static void add_layer(const Model *model, int layer, int C, const uint8_t *before, uint8_t *after)
{
    memcpy(after, before, (size_t)(C * C));
    for (int q = 0; q < C; q++)
        for (int k = 0; k <= q; k++) {
            bool edge = false;
            for (int h = 0; h < model->shape.heads; h++)
                edge = edge || model_edge(model, layer, h, q, k);
            for (int p = 0; edge && p < C; p++)
                after[q * C + p] |= before[k * C + p];
        }
}

static uint8_t *sees(Arena *arena, const Model *model)
{
    int C = model->shape.n_ctx;
    uint8_t *now = ARENA_NEW(arena, uint8_t, (size_t)(C * C));
    uint8_t *next = ARENA_NEW(arena, uint8_t, (size_t)(C * C));
    for (int p = 0; p < C; p++)
        now[p * C + p] = 1;
    for (int l = 0; l < model->shape.layers; l++) {
        add_layer(model, l, C, now, next);
        uint8_t *old = now;
        now = next;
        next = old;
    }
    return now;
}

static bool look_alike(const Sight *sight, int query, const int *x, const int *y)
{
    for (int p = 0; p <= query; p++)
        if (sight->sees[query * sight->C + p] && x[p] != y[p])
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
        int query = task->prompt + a - 1;
        if (x[query + 1] == y[query + 1] || !look_alike(sight, query, x, y))
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
    Sight sight = {task, model->shape.n_ctx, sees(arena, model)};
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
