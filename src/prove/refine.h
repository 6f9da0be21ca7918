// One step of refinement: a region whose bound does not suffice is split so that as little as
// possible stays unproved, and the parts whose bounds suffice are put to the solver. A bound suffices
// if it exceeds mu, and if allowing for rounding errors takes no more than half of it away.
#pragma once

#include "claim.h"
#include "falsify.h"
#include "margin.h"
#include "split.h"

typedef struct Node { // a region that is not proved yet
    const Region *region;
    Condition *condition; // from the root
    int n_conditions;
    int answer; // index of the answer position, 0..Task.answer-1
    int right;  // alphabet token, -1 if it is not constant
    Fix margin; // what its bound gave, for every run; -FIX_MAX if it has none
    Fix exact; // when proved: what it gives for the exact function alone; at least 2 (exact - margin)
    bool refuted; // `wrong` is an input of the region that the inference gets wrong
    uint8_t wrong[TASK_COLUMNS_MAX];
    int wrong_samples; // out of REFINE_SAMPLES
} Node;

enum { REFINE_SAMPLES = 64 };

typedef struct Part {
    Node node;
    bool bounded, proved;
    MarginBound bound;  // when bounded; its arrays are gone once the refinement is returned
    Choices choices;    // when proved
    const char **script; // when proved: what the solver was asked, of each group
    int n_scripts;       // 0 if it was not asked
    int unstable;       // neurons that change sign, in the group with most of them
} Part;

typedef struct Refinement {
    Part *part;
    int n_parts; // 0: no split is left, or none helps to compute a bound
    unsigned long bounds, queries;
    double bound_seconds, solver_seconds;
} Refinement;

typedef struct RefineContext {
    const Claim *claim;
    Query *const *query; // [answer]
    Fix mu;
    unsigned long rlimit;
    bool unsolved; // bounds that suffice count as a proof: see NetworkOptions
} RefineContext;

// Splits `node`. Everything in the refinement lives in `arena`.
// Errors: those of smt_run.
MUST_USE Status refine(Arena *arena, const RefineContext *context, Falsifier *falsifier,
                       const Node *node, Refinement *ret_refinement, Diag *diag);
