// Level A for every number of columns at once: induction over the columns of the scan.
//
// The invariant speaks of the integers that the digits below column i make. They are symbols here,
// as are i, the number of columns n, 10^i and 10^n; the states and the digits of the next column
// are enumerated, so that a step is linear. docs/lemmas/algorithm.md, Lemmas A1 to A6, says why the
// five obligations together are a proof.
#pragma once

#include "automaton.h"
#include "obligation.h"

enum {
    INDUCTION_RANGE,      // states that occur lead to states that occur, and digits are digits
    INDUCTION_BASE,       // the invariant holds before the first column
    INDUCTION_STEP,       // and is carried over each column
    INDUCTION_FINAL,      // after the last column it implies `require`
    INDUCTION_DETERMINES, // `require` holds for one answer at most
    INDUCTION_COUNT
};

// Asks for all five, as far as they can be written; ret_obligations has room for INDUCTION_COUNT.
// *ret_obstacle: a part of the spec that cannot be written for all numbers of columns, or NULL.
// Requires: family->exists, automaton without obstacle. Errors: those of smt_run.
MUST_USE Status induction_prove(Arena *arena, const Family *family, const Automaton *automaton,
                                unsigned long rlimit, Obligation *ret_obligations,
                                const Expr **ret_obstacle, Diag *diag);
