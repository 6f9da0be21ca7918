// Regions and weights made ready for the kernel in path_bound.c.

#include "path.h"

#include <string.h>

// Moves of a symbol: bit s is set if state s may be left by it in this region.
static uint64_t leaving_states(const Region *region, int column, int symbol)
{
    const Task *task = region->task;
    uint64_t states = 0;
    for (int s = 0; s < task->states; s++)
        if (region_has(region, column, s * task->symbols + symbol))
            states |= (uint64_t)1 << s;
    return states;
}

static bool same_moves(const Task *task, uint64_t states, int a, int b)
{
    for (int s = 0; s < task->states; s++)
        if (states >> s & 1 &&
            task->next[s * task->symbols + a] != task->next[s * task->symbols + b])
            return false;
    return true;
}

static void class_init(PathClass *class, const Task *task, uint64_t states, int symbol, int first)
{
    *class = (PathClass){.first = first};
    for (int s = 0; s < task->states; s++)
        if (states >> s & 1) {
            class->from[class->n_moves] = (uint8_t)s;
            class->to[class->n_moves++] = task->next[s * task->symbols + symbol];
        }
}

static void column_init(Arena *arena, const Region *region, int column, PathColumn *ret_column)
{
    const Task *task = region->task;
    uint64_t leaving[TASK_SYMBOLS_MAX];
    PathClass classes[TASK_SYMBOLS_MAX];
    int count = 0, n = 0;
    for (int a = 0; a < task->symbols; a++)
        leaving[a] = leaving_states(region, column, a);
    for (int a = 0; a < task->symbols; a++) {
        if (!leaving[a])
            continue;
        uint64_t states = leaving[a];
        PathClass *class = &classes[n++];
        class_init(class, task, states, a, count);
        for (int b = a; b < task->symbols; b++)
            if (leaving[b] == states && same_moves(task, states, a, b)) {
                ret_column->symbol[count++] = (uint8_t)b;
                leaving[b] = 0;
            }
        class->count = count - class->first;
    }
    ret_column->n_classes = n;
    ret_column->classes = ARENA_NEW(arena, PathClass, (size_t)n);
    memcpy(ret_column->classes, classes, (size_t)n * sizeof *classes);
}

void path_region_init(Arena *arena, const Region *region, PathRegion *ret_path)
{
    ret_path->task = region->task;
    ret_path->column = ARENA_NEW(arena, PathColumn, (size_t)region->task->columns);
    for (int c = 0; c < region->task->columns; c++)
        column_init(arena, region, c, &ret_path->column[c]);
}

static int64_t least_variant(const PathKey *key, int symbol)
{
    const int32_t *weight = key->low + (key->column < 0 ? 0 : symbol * key->variants);
    int64_t least = weight[0];
    for (int v = 1; v < key->variants; v++)
        least = weight[v] < least ? weight[v] : least;
    return least;
}

static int64_t least_of_class(const PathColumn *column, const PathClass *class,
                              const PathHead *head, int c)
{
    int64_t least = INT64_MAX;
    for (int i = class->first; i < class->first + class->count; i++) {
        int64_t sum = 0;
        for (int k = 0; k < head->n_keys; k++)
            if (head->key[k].column == c)
                sum += least_variant(&head->key[k], column->symbol[i]);
        least = sum < least ? sum : least;
    }
    return least;
}

bool path_least_weight(const PathRegion *path, PathHead *head)
{
    const Task *task = path->task;
    int64_t now[TASK_STATES_MAX], after[TASK_STATES_MAX], best = INT64_MAX;
    for (int s = 0; s < task->states; s++)
        now[s] = task_has_state(task->starts, s) ? 0 : INT64_MAX;
    for (int c = 0; c < task->columns; c++) {
        const PathColumn *column = &path->column[c];
        for (int s = 0; s < task->states; s++)
            after[s] = INT64_MAX;
        for (int i = 0; i < column->n_classes; i++) {
            const PathClass *class = &column->classes[i];
            int64_t least = least_of_class(column, class, head, c);
            for (int m = 0; m < class->n_moves; m++)
                if (now[class->from[m]] != INT64_MAX &&
                    now[class->from[m]] + least < after[class->to[m]])
                    after[class->to[m]] = now[class->from[m]] + least;
        }
        memcpy(now, after, sizeof now);
    }
    for (int s = 0; s < task->states; s++)
        if (task_has_state(task->accepts, s) && now[s] < best)
            best = now[s];
    if (best == INT64_MAX)
        return false;
    for (int k = 0; k < head->n_keys; k++)
        if (head->key[k].column < 0)
            best += least_variant(&head->key[k], 0);
    head->least = best;
    return true;
}
