// What is computed of every configuration of a cone: exact values with radii, and the errors of runs (K7, K8).
#pragma once

#include "cones.h"

// For one layer and position; arrays are [configuration][number], errors are upper bounds.
typedef struct Table {
    const Cone *cone;
    int64_t *x, *rx;    // the residual that enters the layer
    int64_t *e;         // its error
    int64_t *q, *k, *v; // [HK], all heads side by side
    int64_t *rq, *rk, *rv;
    int64_t *dq, *dk, *dv;
    int64_t *e_most;  // [D]: the greatest e of a configuration
    int64_t *lv_most; // [HK]: the greatest rounding error lv of a configuration (K9)
    int64_t *v_most;  // [HK]: the greatest |v| + dV
} Table;

typedef struct Tables {
    const Problem *problem;
    Cone *cone;    // [layer * length + position]
    Table **table; // likewise; null if no answer position needs it
} Tables;

void tables_fill(Tables *tables, const Problem *problem);

static inline const Table *tables_at(const Tables *t, int layer, int position)
{
    return t->table[layer * t->problem->task->length + position];
}

// At least scale (|q| dK + dQ |k| + dQ dK) + gamma(K+1) scale (|q| + dQ)(|k| + dK), for one head whose numbers
// begin at `from`: tau of K8 and K9. `query` is made for the head and configuration of the query.
typedef struct TauQuery {
    int64_t *size;  // [K]: |q|
    int64_t *error; // [K]: dQ + gamma(K+1) (|q| + dQ)
} TauQuery;

TauQuery tau_query_new(const Model *model);
void tau_query_set(TauQuery *query, const Model *m, const Table *t, int64_t configuration,
                   int from);
int64_t tau_bound(const TauQuery *query, const Model *m, const Table *key, int64_t configuration,
                  int from);

// The exact score of a head, for a query's and a key's configuration.
Ball exact_score(const Model *m, const Table *query, int64_t i, const Table *key, int64_t j,
                 int from);
