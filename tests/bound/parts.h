// The residual between attention and MLP of the last layer, head by head, in plain doubles made from
// what the oracle says: good to some fifteen digits, and no bound of anything.
#pragma once

#include "fixture.h"

enum { PARTS_WIDTH = 32, PARTS_HEADS = 3 };

typedef struct Parts {
    double direct[PARTS_WIDTH];            // [D] the residual that enters the layer, plus b_O
    double head[PARTS_HEADS][PARTS_WIDTH]; // [H][D] what each head adds
} Parts;

// Requires: d_model <= PARTS_WIDTH, heads <= PARTS_HEADS.
Parts parts_of(const Fixture *fixture, const int *tokens, int position);
