// Edge cases of small tasks that are to be proved a cover (cover.h).
#pragma once

#include "cover.h"

// Specs, all but `half` with a parameter n.
extern const char covering_addition[];

// Two states, one of them below zero, of which not all combinations occur; a token in the answer.
extern const char covering_difference[];

// One input, a state that says nothing, a constant answer behind the scan.
extern const char covering_half[];

// The sign is known at the end only, and a choice settles what is computed.
extern const char covering_either[];

typedef struct Covering {
    Arena *arena;
    WorkPool *pool;
    Task *task;
    NetworkProof network; // its edge cases are those to be proved a cover
    CoverVerdict verdict; // what came out last
    Diag diag;
} Covering;

// The task of a spec, n being 0 if it has no parameter. No position is selected, and none has
// cases.
Covering covering_begin(const char *text, long long n);

// All positions are selected, each with a complete cover of about `target` cases: the leaves of a
// random tree of splits.
Covering covering_new(const char *text, long long n, int target);
void covering_free(Covering *covering);

// What cover_prove says goes to the verdict, or an error to the diag.
Status covering_prove_within(Covering *covering, unsigned long rlimit);

// With the limit that proofs have. An error ends the test.
void covering_prove(Covering *covering);
