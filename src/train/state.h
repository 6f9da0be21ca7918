// A training that was interrupted, in a file beside its output, so that it can go on bit for bit.
//
// The file: a line with its format and version; the identity of the training (a hash of recipe,
// spec, seed and number of steps); steps done; weights, both moments and the questions to ask
// again, as they lie in memory; a SHA-256 of all that. It is for the machine that wrote it, not for
// exchange.
#pragma once

#include "trainer.h"

char *state_path(Arena *arena, const char *output); // "<output>.train-state"

// Hash of everything that a training depends on.
void state_identity(Arena *arena, const Recipe *recipe, const Spec *spec,
                    char ret_hex[HASH_HEX_SIZE]);

MUST_USE Status state_save(const char *path, const char *identity, const Model *model,
                           Trainer *trainer, Diag *diag);

// Errors: STATUS_MISSING; STATUS_MALFORMED (R020) when the file is damaged, (R021) when it belongs
// to another training. Model and trainer are then as they were.
MUST_USE Status state_load(Arena *arena, const char *path, const char *identity, Model *model,
                           Trainer *trainer, Diag *diag);
