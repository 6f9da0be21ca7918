// Questions of a claim through the shipped inference, many at a time, the right answers known.
//
// The model is shown the right answer up to each token and must give the next one; it gives all of
// them exactly when its greedy answer is right.
#pragma once

#include "claim.h"
#include "inference.h"

enum { QUESTION_BATCH_MAX = 64 };

typedef struct QuestionBatch { // for one thread
    const Claim *claim;
    Inference *inference; // for sequences of claim_length
    int *tokens;          // [QUESTION_BATCH_MAX][prompt + answer]: prompt and right answer
    int *read;            // [QUESTION_BATCH_MAX][claim_length]: all but the last of each
    float *logits;        // [QUESTION_BATCH_MAX][answer][V]
} QuestionBatch;

// The claim must not change while the batch is in use.
QuestionBatch question_batch_new(Arena *arena, const Claim *claim);

// Asks the questions given as symbols [count][columns]. Ensures: tokens and logits of each.
// Requires: 0 <= count <= QUESTION_BATCH_MAX.
void question_batch_run(QuestionBatch *batch, const uint8_t *symbols, int count);

// Of question `question` of the last run, at answer position 0 <= a < answer: the logits [V], and
// the right token.
const float *question_batch_logits(const QuestionBatch *batch, int question, int a);
int question_batch_right(const QuestionBatch *batch, int question, int a);

// True if greedy decoding takes the right token there.
bool question_batch_hit(const QuestionBatch *batch, int question, int a);
