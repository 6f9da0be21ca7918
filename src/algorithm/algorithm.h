// Level A: the algorithm of a spec computes what `require` says, for every number of digits, and
// `require` determines the answer.
//
// Proved by induction over the columns (induction.h), or, where that does not come about though no invariant fails, by
// writing out the number of columns that the spec has (unroll.h). A refutation is an input
// that was computed in exact integers and came out wrong (trial.h); where neither is found, the
// verdict is VERDICT_UNKNOWN and says what stood in the way.
#pragma once

#include "counterexample.h"
#include "obligation.h"
#include "verdict.h"

typedef struct AlgorithmBudget {
    unsigned long rlimit; // for each script (A.step: each 100 questions), in the solver's units;
                          // addition needs 20 000
    int columns;          // counterexamples are looked for in up to so many columns
} AlgorithmBudget;

#define ALGORITHM_BUDGET_DEFAULT ((AlgorithmBudget){200000, 6})

typedef struct AlgorithmVerdict {
    Verdict verdict;
    bool every_width; // proved for every number of columns; else for those of the spec
    const char *text; // one sentence: what is proved, what is wrong, or what stood in the way
    Obligation *obligations; // that were asked, in order; VERDICT_PROVED: those that are the proof
    int n_obligations;
    Counterexample counterexample; // VERDICT_REFUTED
} AlgorithmVerdict;

// Errors: those of smt_run; STATUS_INTERNAL (P010).
MUST_USE Status algorithm_prove(Arena *arena, const Spec *spec, AlgorithmBudget budget,
                                AlgorithmVerdict *ret_verdict, Diag *diag);
