// One input, answered by the shipped inference: greedy decoding from the prompt alone.
#pragma once

#include "claim.h"

typedef struct WitnessToken {
    const char *name;           // of its position, "s3"
    const char *chosen, *right; // texts of the vocabulary
    float chosen_logit, right_logit;
} WitnessToken;

typedef struct Witness {
    uint8_t symbols[TASK_COLUMNS_MAX];
    const char *question, *answer, *right; // "12 + 99 =", "110", "111"
    bool wrong;                            // the answer is not the right one
    const int *prompt;                     // [Task.prompt] model ids
    WitnessToken *token;                   // [Task.answer]
} Witness;

// Cost: a millisecond.
Witness witness_of(Arena *arena, const Claim *claim, const uint8_t *symbols);

// Whether the answer, whatever the algorithm says, violates `require`, in exact integers. What is
// not made of digits where digits belong violates it.
bool witness_violates(Arena *arena, const Claim *claim, const Witness *witness);
