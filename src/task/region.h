// Sets of inputs: sub-trellises.
//
// The trellis of a task has one edge per column, state before the column and symbol; it leads to
// next[state, symbol]. A region keeps some edges of each column; its inputs are the paths from a start
// through all columns to an accepted state. A path and an input are the same thing, because each
// sequence of symbols has exactly one (docs/lemmas/cover.md, Lemma C1).
#pragma once

#include <gmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "task.h"

enum {
    REGION_EDGES_MAX = TASK_STATES_MAX * TASK_SYMBOLS_MAX,
    REGION_UNION_MAX = 1 << 16, // alive-sets that region_union_count keeps apart at one boundary
};

typedef struct Region {
    const Task *task;
    size_t words;    // of one column
    uint64_t *edges; // [columns][words]; bit state * symbols + symbol
} Region;

// All inputs that meet the precondition.
Region *region_full(Arena *arena, const Task *task);
Region *region_copy(Arena *arena, const Region *region);

static inline int region_edges(const Region *region)
{
    return region->task->states * region->task->symbols;
}

static inline bool region_has(const Region *region, int column, int edge)
{
    return region->edges[(size_t)column * region->words + (size_t)edge / 64] >> (edge % 64) & 1;
}

void region_drop(Region *region, int column, int edge);

// Removes the edges that lie on no path; false if no path is left. The inputs stay the same.
bool region_trim(Region *region);

// Number of inputs, exactly.
void region_count(const Region *region, mpz_t ret_count);

bool region_contains(const Region *region, const uint8_t *symbols);

// Some input, by a random walk (not uniform). Requires: trimmed and not empty.
void region_sample(const Region *region, Rng *rng, uint8_t *ret_symbols);

// The first input in the order of symbols, most significant column first. Requires: not empty.
void region_first(const Region *region, uint8_t *ret_symbols);

// The token that stands at a position on every input of the region, or -1 if they differ.
// Requires: trimmed and not empty.
int region_token(const Region *region, const TokenSource *source);

// Number of inputs that lie in at least one of the regions. *ret_exact is false when more than
// REGION_UNION_MAX sets of regions would have to be told apart; the number is then the sum of the
// regions' counts, which is an upper bound (Lemma C3).
void region_union_count(const Region *const *regions, int count, mpz_t ret_count, bool *ret_exact);
