// The formulas of K8 in long double, term by term: what enters a layer at each configuration of the
// tables of the small bundle.
#pragma once

#include "reals.h"
#include "site.h"

enum { STATE_MOST = 64, STATE_POSITIONS = 9 };

// The small bundle and what the checker makes of it, for all tests of a program.
typedef struct All {
    Model model;
    Problem problem;
    Tables tables;
    SiteParts parts;
} All;

extern All all;

// Sets it, at the first call.
void state_prepare(void);

Real state_entry(const Matrix *m, int i, int o);

// y = x m + b with the sizes of all, b may be null.
void state_apply_sizes(const Matrix *m, const Bias *b, const Real *x, Real *y);

// W_O W_in, entry r -> i.
Real state_mix(const Layer *y, int r, int i);

// x, e, q, k, v and their errors, as they enter a layer at a position.
typedef struct State {
    Real x[STATE_MOST], e[STATE_MOST], eq[STATE_MOST], ek[STATE_MOST], ev[STATE_MOST];
    Real q[STATE_MOST], k[STATE_MOST], v[STATE_MOST], dq[STATE_MOST], dk[STATE_MOST],
        dv[STATE_MOST];
    Real lv[STATE_MOST];
} State;

// The state of a configuration of the table of a layer and position.
void state_evaluate(int layer, int j, int64_t c, State *ret);

// The score of a head, and what it may err by.
Real state_score(const State *query, const State *key, int h);
Real state_tau(const State *query, const State *key, int h);
