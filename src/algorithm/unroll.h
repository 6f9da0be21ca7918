// Level A for one number of columns: the whole algorithm written out, digit by digit.
//
// This finds counterexamples, and is the proof where there is none for all numbers of columns at once.
// docs/lemmas/algorithm.md, Lemma A7.
#pragma once

#include "obligation.h"
#include "trial.h"

enum {
    UNROLL_COMPUTES,   // the algorithm stays in its ranges and its answer satisfies `require`
    UNROLL_DETERMINES, // `require` holds for one answer at most
    UNROLL_COUNT
};

// Asks one of the two for the spec as it stands. When it can fail, *ret_trial and *ret_other hold
// what the solver found: for UNROLL_COMPUTES the trial of an input (*ret_other is NULL), for
// UNROLL_DETERMINES two different answers to one input, both of which satisfy `require`; else NULL.
// Errors: those of smt_run; STATUS_INTERNAL (P010) when exact arithmetic does not confirm it.
MUST_USE Status unroll_ask(Arena *arena, const Spec *spec, int which, unsigned long rlimit,
                           Obligation *ret_obligation, Trial **ret_trial, Trial **ret_other,
                           Diag *diag);
