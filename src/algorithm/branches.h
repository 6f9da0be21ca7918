// What is known of an input before its first column: the tokens that stand in it, and, where a rule
// or the invariant looks at the end of the scan, the states after the last column. The former are
// read and the latter guessed. Together they are a *branch*; a scan follows all branches with the
// tokens of its input, and is confirmed by the one whose guess comes true
// (docs/lemmas/algorithm.md, Lemma A3).
#pragma once

#include "arena.h"
#include "spec.h"

typedef struct Branch {
    const int *choices;    // [n_numbers] for choices of the input, the place in the list; else 0
    const long long *last; // [n_states] the guess, 0 for states of which none is made
} Branch;

typedef struct Branches {
    bool *guessed; // [n_states] the state occurs under EXPR_LAST
    Branch *branch;
    int count, capacity;
} Branches;

// No branch yet. Adding more than `capacity` is ignored.
Branches branches_none(Arena *arena, const Spec *spec, int capacity);

// Does anything look at the end of the scan?
bool branches_need_guesses(const Spec *spec, const Branches *branches);

// A branch for each combination of tokens in the input, with a guess of zeros.
void branches_add_choices(Arena *arena, const Spec *spec, Branches *branches);

// A branch with these choices and the guessed ones among these states, unless it is there already.
void branches_add(Arena *arena, const Spec *spec, Branches *branches, const int *choices,
                  const long long *states);

// Does the guess of the branch come true in these states?
bool branches_confirmed(const Spec *spec, const Branches *branches, int branch,
                        const long long *states);
