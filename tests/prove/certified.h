// What a proof certifies of the margins at one place of one question.
#pragma once

#include "network.h"

typedef struct Certified {
    const Claim *claim;
    NetworkProof proof;
} Certified;

// Proves level N as `verify` does. Errors: those of network_prove.
MUST_USE Status certified_new(Arena *arena, WorkPool *pool, const Claim *claim,
                              Certified *ret_certified, Diag *diag);

// The edge case that the question lies in; NULL unless it lies in one and no other, and that one is proved.
// Requires: an addition of two numbers. tokens: [prompt], whose digits are their ids.
const Node *certified_case(const Certified *certified, const int *tokens, int answer);
