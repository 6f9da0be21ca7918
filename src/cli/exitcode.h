// Exit codes of `verify`, most serious first. Verdicts and Status values share one numbering
// without collisions; a command that has both (one spec refuted, another missing) ends with
// exit_worst.
#pragma once

#include "status.h"

enum {
    EXIT_PROVED = 0,
    EXIT_REFUTED = 10,
    EXIT_UNKNOWN = STATUS_LIMIT,
    EXIT_VACUOUS = 12,
    EXIT_STALE = STATUS_STALE,
};

// X(code, meaning), in the order of precedence; --help and the man page print it.
#define EXIT_CODES(X)                                                                              \
    X(STATUS_INTERNAL, "internal error: Ripple contradicts itself")                                \
    X(STATUS_INTERRUPTED, "interrupted")                                                           \
    X(STATUS_IO, "reading or writing failed half-way")                                             \
    X(STATUS_CANNOT_WRITE, "an output file cannot be created")                                     \
    X(STATUS_USAGE, "the command line is wrong, or selects nothing")                               \
    X(STATUS_MALFORMED, "a spec, model or recipe is malformed")                                    \
    X(STATUS_MISSING, "an input file is missing")                                                  \
    X(EXIT_REFUTED, "refuted: an input is answered wrongly")                                       \
    X(EXIT_STALE, "stale: what was stored does not match")                                         \
    X(EXIT_VACUOUS, "vacuous: no input meets the precondition")                                    \
    X(EXIT_UNKNOWN, "unknown: some inputs are left open")                                          \
    X(EXIT_PROVED, "proved, or the command did what was asked")

// The more serious of two exit codes; a code that is not in the list counts as an internal error.
int exit_worst(int a, int b);
