// The certificate (K10): for each answer position, a tree of splits whose leaves are edge cases.
#pragma once

#include "proof_files.h"
#include "tables.h"

typedef struct PositionVerdict {
    int cases;
    Wide margin; // the worst of the position, in units of 2^-50, rounded down
} PositionVerdict;

// Checks all of it; ends the program if anything does not hold. ret: one for each answer position.
void splits_check(const Tables *tables, const ProofFile *certificate, PositionVerdict *ret);
