// A proof run from a test, with a model in memory.
#pragma once

#include "proof.h"

typedef struct Proving {
    Arena *arena;
    Spec *spec;
    Model *model; // the good one, as read
} Proving;

// specs/addition.spec for n digits, and a model from a file. Ends the program on any error.
Proving proving_new(int n, const char *model_path);
void proving_free(Proving *proving);

// The proof for a model, which takes the way through a file.
Status proving_run(Proving *proving, const Model *model, int threads, const ProofOptions *options,
                   Proof *ret_proof, Diag *diag);

// The same with the default budget; ends the program on any error.
Proof proving_prove(Proving *proving, const Model *model);

// How many inputs the model answers wrongly: every one is tried. Requires: at most six digits.
long proving_count_wrong(Proving *proving, const Model *model);
