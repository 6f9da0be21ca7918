// A statement, the SMT-LIB script that asks whether it can fail, and what the solver said.
//
// The first question of a script asks whether the hypotheses can be met at all, so that nothing is
// proved from a contradiction (`sat` is expected). Each further question asks for one way in which
// the statement could fail (`unsat` is expected).
#pragma once

#include "smt.h"
#include "term.h"

typedef struct Obligation {
    const char *name;        // "A.step"
    const char *statement;   // what it says, one sentence
    const char *script;      // NULL: it could not be written
    SmtAnswer answer;        // SMT_UNSAT: it holds; SMT_SAT: it can fail; SMT_UNKNOWN
    int failed;              // the first question answered otherwise than expected; -1: none
    const char *explanation; // why it does not hold or is not known; "" when it holds
    int questions;
    unsigned long used; // units of rlimit
} Obligation;

// A script that is being written. Terms are added through draft_term, which keeps track of the
// logic they need, and of what cannot be written.
typedef struct Draft {
    Text text;
    TermKind kind;
    const Expr *obstacle; // the first part that could not be written, or NULL
} Draft;

void draft_term(Draft *draft, const Expr *expr, TermLeaf *leaf, const void *context);
void draft_declare(Draft *draft, const char *format, ...) PRINTF_LIKE(2, 3); // an integer

// The complete script: a title, the logic, and the draft. Leaves the draft empty. NULL: obstacle.
const char *draft_finish(Arena *arena, Draft *draft, const char *name, const char *statement);

// Asks the solver. Ensures: answer, failed, questions, used; a plain explanation where it is not
// SMT_UNSAT. Requires: name, statement, script.
MUST_USE Status obligation_ask(Arena *arena, Obligation *obligation, unsigned long rlimit,
                               Diag *diag);
