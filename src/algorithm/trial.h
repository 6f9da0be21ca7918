// One input, computed by the algorithm of a spec in exact integers: what comes out, and what is
// wrong with it. This is where every counterexample to an algorithm is confirmed; no solver is
// asked (docs/lemmas/algorithm.md, Lemma A8).
#pragma once

#include "spec.h"

typedef enum TrialEnd {
    TRIAL_RIGHT,       // `require` holds
    TRIAL_NOT_ASSUMED, // the input does not meet the assumptions
    TRIAL_WRONG,       // `require` does not hold
    TRIAL_DIGIT_RANGE, // in column `column`, digit rule `rule` gives `value`, not in 0..9
    TRIAL_STATE_RANGE, // in column `column`, the rule of state `rule` gives `value`, out of range
    TRIAL_FINAL_RANGE, // after the scan, rule `rule` gives `value`, which is no digit or token
    TRIAL_NO_VALUE,    // an expression has no value (an exponent too large)
} TrialEnd;

typedef struct Trial {
    const Spec *spec;
    int **digits; // [n_numbers] -> digits, least significant first, or the place in the list of a
                  // choice; the caller sets those of inputs
    TrialEnd end;
    int column, rule;
    char *value; // in decimal, where `end` speaks of it
} Trial;

Trial *trial_new(Arena *arena, const Spec *spec); // all digits 0

// Computes the answer and says how it ends: all states first, since digits may look at the last
// ones. Requires: input digits in 0..9, choices in their lists.
void trial_run(Arena *arena, Trial *trial);

// Is the algorithm refuted? Without `other`: runs the trial and says whether it goes wrong. With
// `other`: whether the digits of both, as they stand, are different answers to one input that meets
// the assumptions, and `require` holds for both.
bool trial_refutes(Arena *arena, Trial *trial, const Trial *other);

// The value of an expression over whole numbers and fixed digits, in decimal; "?" when it has none.
char *trial_value(Arena *arena, const Trial *trial, const Expr *expr);
// Whether a boolean holds for the digits as they stand; false when it has no value.
bool trial_truth(const Trial *trial, const Expr *expr);
