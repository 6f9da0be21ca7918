// What `require` says, as clauses of linear literals (docs/certificate-format.md, K4): for all digits of the numbers,
// `require` is true if and only if each clause has a literal that holds.
#pragma once

#include "diag.h"
#include "linear_form.h"

enum {
    CLAUSES_LITERALS_MAX = 4096, // in all clauses together
    CLAUSES_QUOTIENTS_MAX = 16,  // that a `div` or `mod` may have
    CLAUSES_BRANCHES_MAX = 256,  // values that the parts of a comparison may have between them
    CLAUSES_DIGITS_MAX = 100,    // of a coefficient
};

typedef struct ClaimClause {
    int count;
    const Linear **literal; // each says that it is at least 0
} ClaimClause;

typedef struct Clauses {
    Quantities quantities;
    int count, literals;
    ClaimClause *clause;
} Clauses;

// Errors: STATUS_MALFORMED, placed: C001 when something in `require` is not linear; C002 when there is too much of it,
// or it is true or false whatever the digits are.
MUST_USE Status clauses_of(Arena *arena, const Spec *spec, Clauses *ret_clauses, Diag *diag);
