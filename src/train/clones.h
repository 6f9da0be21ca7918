// What the inner loops of training are written in: ISA_BODY and CLONES (isa.h) compile them for each instruction set, all
// giving the same bits. Bodies hold elementwise operations and sums in a written order only; -ffp-contract=off keeps a
// product and a sum apart, so no clone rounds where another does not.
//
// A Lanes is sixteen numbers side by side, one a question: formulas are written once, as for
// scalars.
#pragma once

#include "isa.h"

enum { LANES = 16 };

typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));
typedef int LaneMask __attribute__((vector_size(64), aligned(4), may_alias));

// mask ? yes : no, lane by lane; a comparison of Lanes is a mask. Macros, since vectors that go in
// and out of functions change the calling convention.
#define LANES_SELECT(mask, yes, no)                                                                \
    ((Lanes)(((mask) & (LaneMask)(yes)) | (~(mask) & (LaneMask)(no))))

#define LANES_MAX(x, y) LANES_SELECT((x) > (y), x, y)
