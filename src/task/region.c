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
            if (task->reachable[e / task->symbols] &&
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

typedef uint64_t StateSet; // TASK_STATES_MAX bits

// Keeps the edges that start in `from` and end in `to`; gives the states that they start and end
// in.
static void keep_between(Region *region, int column, StateSet from, StateSet to,
                         StateSet *ret_starts, StateSet *ret_ends)
{
    const Task *task = region->task;
    *ret_starts = *ret_ends = 0;
    for (size_t w = 0; w < region->words; w++)
        for (uint64_t left = column_edges(region, column)[w]; left; left &= left - 1) {
            int e = (int)(64 * w) + __builtin_ctzll(left);
            int start = e / task->symbols, end = task->next[e];
            if (!(from >> start & 1) || !(to >> end & 1)) {
                region_drop(region, column, e);
                continue;
            }
            *ret_starts |= (StateSet)1 << start;
            *ret_ends |= (StateSet)1 << end;
        }
}

bool region_trim(Region *region)
{
    StateSet starts, ends, alive = (StateSet)1 << region->task->initial;
    int columns = region->task->columns;
    for (int c = 0; c < columns; c++, alive = ends)
        keep_between(region, c, alive, ~(StateSet)0, &starts, &ends);
    alive = ~(StateSet)0;
    for (int c = columns - 1; c >= 0; c--, alive = starts)
        keep_between(region, c, ~(StateSet)0, alive, &starts, &ends);
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
    mpz_set_ui(now[task->initial], 1);
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
        mpz_add(ret_count, ret_count, now[q]);
    clear_counts(now, task->states);
    clear_counts(after, task->states);
}

bool region_contains(const Region *region, const uint8_t *symbols)
{
    const Task *task = region->task;
    int state = task->initial;
    for (int c = 0; c < task->columns; c++) {
        int edge = state * task->symbols + symbols[c];
        if (!region_has(region, c, edge))
            return false;
        state = task->next[edge];
    }
    return true;
}

void region_sample(const Region *region, Rng *rng, uint8_t *ret_symbols)
{
    const Task *task = region->task;
    int state = task->initial;
    for (int c = 0; c < task->columns; c++) {
        uint8_t choice[TASK_SYMBOLS_MAX];
        uint32_t count = 0;
        for (int s = 0; s < task->symbols; s++)
            if (region_has(region, c, state * task->symbols + s))
                choice[count++] = (uint8_t)s;
        CHECK(count > 0);
        ret_symbols[c] = choice[rng_below(rng, count)];
        state = task->next[state * task->symbols + ret_symbols[c]];
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
    const Task *task = region->task;
    if (source->kind == TOKEN_FIXED)
        return source->token;
    int final = source->kind == TOKEN_FINAL, token = -1;
    int column = final ? task->columns - 1 : source->column;
    for (int e = 0; e < region_edges(region); e++) {
        if (!region_has(region, column, e))
            continue;
        int state = final ? task->next[e] : e / task->symbols;
        int here = task_source_token(task, source, state, e % task->symbols);
        if (token >= 0 && token != here)
            return -1;
        token = here;
    }
    return token;
}
