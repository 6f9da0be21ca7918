// The formulas of K9 in long double: the constants of the answer positions of the small bundle.
#pragma once

#include "states.h"

// Maxima over the configurations of a table of layer 1.
typedef struct Most {
    Real e[STATE_MOST], lv[STATE_MOST], v[STATE_MOST], entry[STATE_MOST]; // |x| + e
} Most;

// Of the table at a position. All configurations are evaluated once, by sites_of.
typedef struct Known {
    State *state; // [configuration]
    Most most;
} Known;

extern Known known[STATE_POSITIONS];

// What the checker makes of an answer position; the key at position 4 depends on a column.
// Afterwards all is known of the tables up to the query's.
Site sites_of(int position);

// R_h(c) for a column vector of K numbers.
Real sites_head_error(int j, int h, const Real *c);

// The same for c = W_O,h w, w a column of D numbers.
Real sites_head_error_of(int j, int h, const Real *w);

// What neuron i is without the heads.
Real sites_direct(const State *s, int i);

typedef struct Constants {
    Real v[STATE_MOST], y[STATE_MOST], ly[STATE_MOST], lu[STATE_MOST];
    Real wide[STATE_MOST], h[STATE_MOST], lx[STATE_MOST], ll[STATE_MOST];
} Constants;

// Of the answer position whose query is j. Requires: sites_of was called for it.
void sites_constants(int j, Constants *ret);
