// Level C: the edge cases of each answer position leave no input out, none counts an input twice,
// and the token that each says is right is the algorithm's on all of its inputs.
//
// Three things are established of every selected position, each by its own means
// (docs/lemmas/cover.md, Theorem C):
//   * the solver refutes that some input meets the conditions of no case, and that some input of a
//     case has another token; its script is made of the spec's own rules (cover_script.h);
//   * the region of each case is what its conditions cut out of the full one;
//   * the inputs of the cases, counted exactly, add up to those that meet the precondition.
// For all positions together, the solver refutes that the task's tables say anything else than the
// rules of the spec (cover_tables.h), which connects the first with the other two.
#pragma once

#include <gmp.h>

#include "network.h"
#include "obligation.h"
#include "verdict.h"

typedef struct CoverPosition {
    const char *name; // "s3"
    bool selected;    // else nothing below
    Verdict verdict;
    const char *text;      // one sentence
    Obligation obligation; // "C.s3"
    int n_cases;
    mpz_srcptr counted; // inputs of all cases, added up
} CoverPosition;

typedef struct CoverVerdict {
    Verdict verdict;   // VERDICT_PROVED, VERDICT_VACUOUS or VERDICT_UNKNOWN
    const char *text;  // one sentence
    Obligation tables; // "C.tables"
    int answer;
    CoverPosition *position; // [answer], in the order of the tokens
    mpz_srcptr inputs;       // that meet the precondition: how many
    int n_questions;         // to the solver
    unsigned long used;      // units of rlimit
} CoverVerdict;

// 1000 cases take about half a million units, the trellis 20 000 a column.
enum { COVER_RLIMIT = 4000000 };

// `rlimit`: of each script, for each 1000 cases that it has. The result lives as long as the arena;
// it does not depend on the number of threads.
// Errors: STATUS_INTERNAL (P021) when the solver and the tables contradict each other; those of
// smt_run.
MUST_USE Status cover_prove(Arena *arena, WorkPool *pool, const Claim *claim,
                            const NetworkProof *network, unsigned long rlimit,
                            CoverVerdict *ret_verdict, Diag *diag);
