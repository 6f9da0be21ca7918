// A counterexample to an algorithm or to its `require`: made small, and put into words.
#pragma once

#include "family.h"
#include "trial.h"

typedef struct Counterexample {
    int columns;
    const Trial *trial; // the input, and the answer that the algorithm gives
    const Trial *other; // NULL, or a second answer: then `require` holds for both, which leaves
                        // open what is right
    const char *text;   // "wrong at 19 + 1: the algorithm gives 10, but require says s = a + b:
                        // s = 10, a + b = 20"
} Counterexample;

// Lowers digits while it stays a counterexample (Lemma A8); then, if it is one for `spec` too with
// zeros in front or behind, it becomes that. Requires: trial_refutes(trial, other); both of `spec`
// or of a member of its family.
Counterexample counterexample_of(Arena *arena, const Spec *spec, const Family *family, Trial *trial,
                                 Trial *other);
