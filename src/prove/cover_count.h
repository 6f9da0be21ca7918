// What the regions of the edge cases of a position say, without a solver (docs/lemmas/cover.md,
// Lemma C2).
#pragma once

#include <gmp.h>

#include "network.h"

typedef struct CaseCount {
    mpz_ptr counted; // inputs of all cases, added up
    int mismatched;  // the first case whose region is not what its conditions cut out, or -1
    int mislabelled; // the first case with a right token that some of its inputs do not have, or -1
} CaseCount;

// `full`: the root of the tree. Requires: *ret_count->counted initialised; splits that are well
// formed.
void cover_count_cases(const Region *full, int position, const EdgeCase *cases, int n_cases,
                       CaseCount *ret_count);

// Whether an input meets the conditions of a case.
bool cover_case_holds(const Task *task, const Node *node, const uint8_t *symbols);
