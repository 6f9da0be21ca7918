// Does a spec say the same for every number of digits?
//
// It does when its inputs, choices aside, have as many digits as one parameter says, `n`, and everything else
// follows that number evenly: lengths are n plus a constant or constant, rules do not look at n.
// Then the spec is one member of a family, and level A is proved for the family
// (docs/lemmas/algorithm.md).
#pragma once

#include "term.h"

typedef struct Family {
    bool exists;
    int param;            // that says the number of columns
    const char *obstacle; // why not, as the end of a sentence; NULL when the family exists
    const bool *scanned;  // [n_numbers] an answer whose digits the scan makes
    const bool *for_all;  // [n_assumes] the assumption is about every column alike; the others are
                          // left out of the proof for all members, which makes it say more
    bool assumes_left_out;
} Family;

Family family_of(Arena *arena, const Spec *spec);

// The member with `columns` columns, parsed afresh. Errors: as spec_parse.
MUST_USE Status family_member(Arena *arena, const Spec *spec, const Family *family, int columns,
                              const Spec **ret_member, Diag *diag);
