// How many inputs are proved, refuted and open; the three add up to the total.
//
// An input is refuted when the shipped inference was run on it and its answer was wrong; proved
// when it lies in a proved case at every selected answer position and is not refuted; else open.
// The inputs of the open cases of all positions together are counted by region_union_count.
#pragma once

#include "network.h"
#include "wrongs.h"

enum { COUNTS_REGIONS_MAX = 4096 }; // open cases of several positions that are counted exactly

typedef struct Counts {
    mpz_t total, proved, refuted, open;
    bool proved_exact;  // else there are at least so many
    bool refuted_exact; // else there are at least so many
} Counts;

// `proof`: NULL when there are no bounds, and everything is open. `complete`: every input of every
// open case was tried, and all positions were selected. The numbers live as long as the arena.
Counts *counts_of(Arena *arena, const Task *task, const NetworkProof *proof, const Wrongs *wrongs,
                  bool complete);

// What the network was proved to answer like the algorithm becomes open.
void counts_withhold(Counts *counts);

// Open inputs are as many as it says, not at most so many.
static inline bool counts_open_exact(const Counts *counts)
{
    return counts->proved_exact && counts->refuted_exact;
}

// Whether an open case of answer position `position` contains the input.
bool counts_case_contains(const PositionProof *position, const uint8_t *symbols);
