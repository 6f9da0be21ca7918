// Level N: on every input, at every answer position, the right token's logit beats every other one
// by more than mu, in exact real arithmetic over the exact values of the stored weights.
//
// Each answer position has a tree of regions. The root holds all inputs; it is split by the answer
// token, and a region whose bound does not suffice is split further (refine.h), level by level. A
// leaf is an edge case: proved when its bounds suffice and the solver refutes its script, else
// open.
//
// Nothing depends on the number of threads: the nodes of a level are refined independently, and
// their results are put together in order.
#pragma once

#include <gmp.h>

#include "refine.h"
#include "work.h"

typedef struct EdgeCase {
    Node node; // region, conditions, right token, margin
    bool proved;
    int unstable;           // neurons that its script has
    const Choices *choices; // when proved: what its certificate says,
    const char **script;    // and what the solver was asked, a script for each group of query configurations
    int n_scripts;
} EdgeCase;

typedef struct PositionProof {
    const char *name; // "s3"
    bool selected;    // by --only
    bool supported;   // false: attention too dense for the bounds
    EdgeCase *cases;  // leaves of the tree
    int n_cases, n_proved, capacity;
    Fix margin;   // least certified margin over proved cases, for every run; FIX_MAX if none
    Fix rounding; // the most that allowing for rounding errors takes from the margin of a proved case
    Fix ratio;  // least margin over what rounding takes from it, both for the exact function; >= 2
    int n_keys; // when supported: positions that the last layer reads from the query,
    int *key_position; // [n_keys]
    int *key_column;   // [n_keys] and the column that each mainly depends on, or -1
} PositionProof;

typedef struct NetworkProof {
    int answer;
    PositionProof *position;              // [answer], in the order of the tokens
    unsigned long queries, bounds;        // solver questions; regions bounded
    double bound_seconds, solver_seconds; // summed over threads
    bool budget_met;
    int refuted; // open cases with an input that the inference gets wrong
} NetworkProof;

typedef struct NetworkOptions {
    Fix mu;
    unsigned long budget;       // regions bounded at most, about
    unsigned long budget_wrong; // and so many more at most once a wrong answer is known
    unsigned long rlimit;       // of one script
    bool unsolved; // the solver is not asked: bounds that suffice count as a proof, without scripts;
                   // for a search that has a proof made of what it finds, never for a verdict
    const char *only;           // glob over position names, or NULL
    void (*progress)(void *context, int cases, int proved, int open); // or NULL
    void *context;
} NetworkOptions;

// Errors: STATUS_LIMIT (B001, B002) when weights or values are too large for the rigorous
// arithmetic; STATUS_INTERRUPTED (P002); STATUS_USAGE (P003) if `only` selects nothing; those of
// smt_run.
MUST_USE Status network_prove(Arena *arena, WorkPool *pool, const Claim *claim,
                              const NetworkOptions *options, NetworkProof *ret_proof, Diag *diag);
