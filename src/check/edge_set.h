// Regions (K10): sets of edges for each column.
#pragma once

#include "trellis.h"

// bits[column][state][word]: the symbols of the edges from that state.
typedef struct EdgeSet {
    uint64_t *bits;
} EdgeSet;

EdgeSet edge_set_new(const Trellis *trellis);
void edge_set_copy(const Trellis *trellis, EdgeSet *to, const EdgeSet *from);

// All edges of K4; trimmed.
void edge_set_fill(const Trellis *trellis, EdgeSet *set);

// Removes the edges that lie on no path. False if there is no path.
bool edge_set_trim(const Trellis *trellis, EdgeSet *set);

// How many paths there are. Requires: trimmed.
void edge_set_count(const Trellis *trellis, const EdgeSet *set, mpz_t ret_count);

static inline uint64_t *edge_set_row(const Trellis *t, const EdgeSet *set, int column, int state)
{
    return set->bits + ((size_t)column * (size_t)t->states + (size_t)state) * (size_t)t->words;
}
