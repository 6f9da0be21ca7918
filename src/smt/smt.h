// The solver: runs an SMT-LIB 2 script and says what was answered.
//
// Z3 stands behind it, and no other file of Ripple knows that. Each script runs in a context of its
// own, so an answer depends on the script and the budget alone. Only what the solver states plainly
// counts: SMT_UNSAT is an `unsat` that was reached without any error on the way; time, memory and
// doubt end in SMT_UNKNOWN.
//
// Threads: any number of scripts at once.
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "diag.h"

typedef enum SmtAnswer { SMT_UNKNOWN = 0, SMT_UNSAT, SMT_SAT } SmtAnswer;

typedef struct SmtValue {
    const char *term;  // as the script has it
    const char *value; // "3", "-1/7", "true"; for mpq_set_str. NULL: the check was not sat
} SmtValue;

typedef struct SmtReply {
    SmtAnswer *answers; // of the check-sat commands, in order
    int n_answers;      // as many as the script has
    SmtValue *values;   // of the terms of the get-value commands, in order
    int n_values;
    unsigned long used; // units of rlimit; the same from run to run
    bool cached;        // answered earlier (smtcache.h)
    const char *reason; // why the first SMT_UNKNOWN was given; "" when there is none
} SmtReply;

// Memory that all solvers together may take before they give up.
enum { SMT_MEMORY_MB = 2048 };

// Runs a complete script (smtscript.h says which commands it may hold). `rlimit` is the budget of
// the whole script in Z3's units of work, up to 10 million a second where it pivots, half a million
// where it searches; what it does not reach is SMT_UNKNOWN. Errors: STATUS_INTERNAL for a script
// that is not well formed (Z001 before, Z002 by the solver's parser) or a solver that fails (Z003);
// STATUS_LIMIT (Z002, Z003) when there is no memory to begin with; STATUS_INTERRUPTED (Z004);
// STATUS_STALE (Z005) when the cache is to answer and cannot. Cost: 2 ms and the solving.
MUST_USE Status smt_run(Arena *arena, const char *script, unsigned long rlimit, SmtReply *ret_reply,
                        Diag *diag);

const char *smt_answer_name(SmtAnswer answer); // "unknown", "unsat", "sat"
const char *smt_version(void);                 // "Z3 4.8.12.0"
