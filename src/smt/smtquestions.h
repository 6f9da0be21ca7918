// A script as files hold it that any SMT-LIB 2 solver can be run on: its questions alone, each
// complete in itself.
//
// Ripple's scripts first ask whether the hypotheses can be met (`sat`), then one question after
// another between push and pop (`unsat`). Some solvers take push and pop only with an option. So
// the first question is left out, and the others stand one behind the other, each with all
// declarations, the assertions that are in force at it, the answer that is expected, and a (reset)
// in between. Declarations and assertions are copied as they are.
#pragma once

#include "text.h"

#include "arena.h"
#include "diag.h"

// Appends the script's questions but the first; *ret_count says how many they are. Comments in front
// of the first command are kept. Errors: those of smt_script_read.
MUST_USE Status smt_questions(Arena *arena, const char *script, Text *text, int *ret_count,
                              Diag *diag);
