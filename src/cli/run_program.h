// Other programs, run and waited for.
#pragma once

#include "arena.h"
#include "diag.h"
#include "text.h"

// `name` beside the running program, else on the PATH; NULL when it is in neither place.
char *run_program_find(Arena *arena, const char *name);

// Runs argv[0] (found on the PATH if it has no slash) and waits. `output` takes what it writes to
// stdout and stderr; NULL: it writes where we do. *ret_code: its exit code. Errors: STATUS_MISSING
// (C007) when it cannot be run; STATUS_INTERNAL (C008) when a signal ended it.
MUST_USE Status run_program(const char *const *argv, Text *output, int *ret_code, Diag *diag);
