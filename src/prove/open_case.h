// What a proof leaves open, put into words.
#pragma once

#include "network.h"
#include "witness.h"

typedef struct OpenCase {
    const EdgeCase *edge_case;
    const char *sentence; // "s3 when c = 1 before column 2 and a2 is 5"
    const char *inputs;   // how many, in decimal
    Witness sample;       // one of them: a wrong one if one is known
} OpenCase;

// The `most` open cases with the most inputs, of equal ones those that come first; returns how many
// there are.
int open_cases(Arena *arena, const Claim *claim, const NetworkProof *proof, int most,
               OpenCase *ret_cases);
