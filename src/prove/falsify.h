// Looking for inputs that the shipped inference gets wrong.
#pragma once

#include "question_batch.h"
#include "region.h"

enum { FALSIFIER_BATCH = QUESTION_BATCH_MAX };

typedef struct Falsifier Falsifier; // for one thread

Falsifier *falsifier_new(Arena *arena, const Claim *claim);

// Runs the inference, teacher-forced, on inputs [count][columns], count <= FALSIFIER_BATCH. For
// each: the first answer position, 0.., at which it predicts a wrong token; -1 if there is none,
// which is to say that its decoded answer is the algorithm's.
void falsifier_check(Falsifier *falsifier, const uint8_t *symbols, int count, int *ret_position);

// One input; true if it predicts a wrong token somewhere.
bool falsifier_wrong(Falsifier *falsifier, const uint8_t *symbols);

// Draws inputs of the region; returns how many were wrong and copies the first of them.
// Requires: trimmed and not empty.
int falsifier_sample(Falsifier *falsifier, const Region *region, uint64_t seed, int samples,
                     uint8_t *ret_symbols);

// Tries `samples` inputs, alternately uniform and with chains; copies at most `most` wrong ones
// ([most][columns]) and returns how many were wrong.
long falsifier_search(Falsifier *falsifier, uint64_t seed, long samples, int most,
                      uint8_t *ret_symbols);

// Makes a wrong input simpler while it stays wrong: digits are lowered one after another.
void falsifier_shrink(Falsifier *falsifier, uint8_t *symbols);

// The answer that the inference decodes greedily, as alphabet texts of the model's vocabulary.
void falsifier_answer(Falsifier *falsifier, const uint8_t *symbols, const char **ret_tokens);
