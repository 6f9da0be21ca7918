#include "region.h"

#include <stdlib.h>
#include <string.h>

static uint64_t *column_edges(const Region *region, int column)
{
    return region->edges + (size_t)column * region->words;
}

static Region *region_new(Arena *arena, const Task *task)
{
    Region *region = ARENA_NEW(arena, Region, 1);
    region->task = task;
    region->words = ((size_t)task->states * (size_t)task->symbols + 63) / 64;
    region->edges = ARENA_NEW(arena, uint64_t, region->words * (size_t)task->columns);
    return region;
}

Region *region_full(Arena *arena, const Task *task)
{
    Region *region = region_new(arena, task);
    for (int c = 0; c < task->columns; c++)
        for (int e = 0; e < region_edges(region); e++)
            if (task->next[e] != TASK_NO_STATE &&
                task->allowed[c * task->symbols + e % task->symbols])
                column_edges(region, c)[e / 64] |= (uint64_t)1 << (e % 64);
    region_trim(region);
    return region;
}

Region *region_copy(Arena *arena, const Region *region)
{
    Region *copy = region_new(arena, region->task);
    memcpy(copy->edges, region->edges,
           region->words * (size_t)region->task->columns * sizeof *copy->edges);
    return copy;
}

void region_drop(Region *region, int column, int edge)
{
    column_edges(region, column)[edge / 64] &= ~((uint64_t)1 << (edge % 64));
}

// Keeps the edges that start in `from` and end in `to`; gives the states that they start and end
// in.
static void keep_between(Region *region, int column, uint64_t from, uint64_t to,
                         uint64_t *ret_starts, uint64_t *ret_ends)
{
    const Task *task = region->task;
    *ret_starts = *ret_ends = 0;
    for (size_t w = 0; w < region->words; w++)
        for (uint64_t left = column_edges(region, column)[w]; left; left &= left - 1) {
            int e = (int)(64 * w) + __builtin_ctzll(left);
            int start = e / task->symbols, end = task->next[e];
            if (!task_has_state(from, start) || !task_has_state(to, end)) {
                region_drop(region, column, e);
                continue;
            }
            *ret_starts |= UINT64_C(1) << start;
            *ret_ends |= UINT64_C(1) << end;
        }
}

bool region_trim(Region *region)
{
    uint64_t starts, ends, alive = region->task->starts, all = ~UINT64_C(0);
    int columns = region->task->columns;
    for (int c = 0; c < columns; c++, alive = ends)
        keep_between(region, c, alive, all, &starts, &ends);
    alive = region->task->accepts;
    for (int c = columns - 1; c >= 0; c--, alive = starts)
        keep_between(region, c, all, alive, &starts, &ends);
    return alive != 0;
}

static void init_counts(mpz_t *counts, int states)
{
    for (int q = 0; q < states; q++)
        mpz_init(counts[q]);
}

static void clear_counts(mpz_t *counts, int states)
{
    for (int q = 0; q < states; q++)
        mpz_clear(counts[q]);
}

void region_count(const Region *region, mpz_t ret_count)
{
    const Task *task = region->task;
    mpz_t now[TASK_STATES_MAX], after[TASK_STATES_MAX];
    init_counts(now, task->states);
    init_counts(after, task->states);
    for (int q = 0; q < task->states; q++)
        mpz_set_ui(now[q], task_has_state(task->starts, q));
    for (int c = 0; c < task->columns; c++) {
        for (int e = 0; e < region_edges(region); e++)
            if (region_has(region, c, e))
                mpz_add(after[task->next[e]], after[task->next[e]], now[e / task->symbols]);
        for (int q = 0; q < task->states; q++) {
            mpz_swap(now[q], after[q]);
            mpz_set_ui(after[q], 0);
        }
    }
    mpz_set_ui(ret_count, 0);
    for (int q = 0; q < task->states; q++)
        if (task_has_state(task->accepts, q))
            mpz_add(ret_count, ret_count, now[q]);
    clear_counts(now, task->states);
    clear_counts(after, task->states);
}

bool region_contains(const Region *region, const uint8_t *symbols)
{
    const Task *task = region->task;
    uint64_t states = task->starts, after;
    for (int c = 0; c < task->columns; c++, states = after) {
        after = 0;
        for (int q = 0; q < task->states; q++) {
            int edge = q * task->symbols + symbols[c];
            if (task_has_state(states, q) && region_has(region, c, edge))
                after |= UINT64_C(1) << task->next[edge];
        }
    }
    return (states & task->accepts) != 0;
}

void region_sample(const Region *region, Rng *rng, uint8_t *ret_symbols)
{
    const Task *task = region->task;
    uint64_t states = task->starts;
    for (int c = 0; c < task->columns; c++) {
        int choice[REGION_EDGES_MAX];
        uint32_t count = 0;
        for (int e = 0; e < region_edges(region); e++)
            if (task_has_state(states, e / task->symbols) && region_has(region, c, e))
                choice[count++] = e;
        CHECK(count > 0);
        int edge = choice[rng_below(rng, count)];
        ret_symbols[c] = (uint8_t)(edge % task->symbols);
        states = UINT64_C(1) << task->next[edge];
    }
}

void region_first(const Region *region, uint8_t *ret_symbols)
{
    Arena *arena = arena_new();
    Region *rest = region_copy(arena, region);
    const Task *task = region->task;
    CHECK(region_trim(rest));
    for (int c = task->columns - 1; c >= 0; c--) {
        int least = task->symbols;
        for (int e = 0; e < region_edges(rest); e++)
            if (region_has(rest, c, e) && e % task->symbols < least)
                least = e % task->symbols;
        for (int e = 0; e < region_edges(rest); e++)
            if (e % task->symbols != least)
                region_drop(rest, c, e);
        CHECK(region_trim(rest));
        ret_symbols[c] = (uint8_t)least;
    }
    arena_free(arena);
}

int region_token(const Region *region, const TokenSource *source)
{
    if (source->kind == TOKEN_FIXED)
        return source->token;
    int token = -1, column = task_source_column(region->task, source);
    for (int e = 0; e < region_edges(region); e++) {
        if (!region_has(region, column, e))
            continue;
        int here = task_edge_token(region->task, source, e);
        if (token >= 0 && token != here)
            return -1;
        token = here;
    }
    return token;
}
