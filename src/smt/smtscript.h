// An SMT-LIB 2 script taken apart into the commands that Ripple's scripts are made of.
//
//     set-logic, set-info, set-option   first
//     declare-const, declare-fun, define-fun   before the first push
//     assert, push, pop, check-sat, get-value, exit
//
// Any other command, and a declaration inside a push, is refused: what is accepted means the same
// to every solver. This reader finds the commands; terms are read by the solver behind smt.h.
#pragma once

#include "arena.h"
#include "diag.h"

typedef enum SmtStepKind { STEP_ASSERT, STEP_PUSH, STEP_POP, STEP_CHECK, STEP_VALUE } SmtStepKind;

typedef struct SmtStep {
    SmtStepKind kind;
    int terms;        // STEP_VALUE: how many
    const char *text; // STEP_ASSERT: the command
} SmtStep;

typedef struct SmtScript {
    char logic[16];     // "QF_LRA"; empty when the script sets none
    char *formulas;     // the declarations and assertions, in order, then (assert (= t t)) for each
                        // term t whose value is asked for
    char *declarations; // those alone, a line each
    char **terms;       // texts of those terms
    SmtStep *steps;     // assertions, scopes and questions, in order
    int n_steps, n_asserts, n_checks, n_terms;
} SmtScript;

// Errors: STATUS_INTERNAL (Z001, with the place in the script).
MUST_USE Status smt_script_read(Arena *arena, const char *text, SmtScript *ret_script, Diag *diag);
