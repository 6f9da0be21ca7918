// Regions (K10): sets of edges for each column.
#pragma once

#include "trellis.h"

EdgeSet edge_set_new(const Trellis *trellis);
void edge_set_copy(const Trellis *trellis, EdgeSet *to, const EdgeSet *from);

// All edges of K4.
void edge_set_fill(const Trellis *trellis, EdgeSet *set);

// Removes the edges that lie on no path. False if there is no path.
bool edge_set_trim(const Trellis *trellis, EdgeSet *set);

// How many paths there are. Requires: trimmed.
void edge_set_count(const Trellis *trellis, const EdgeSet *set, mpz_t ret_count);
