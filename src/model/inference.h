// The shipped inference: logits and greedy answers in binary32, every bit of them defined.
//
// docs/model-format.md writes the operations out. All sums run in a fixed order that depends on no
// batch size, thread, vector width or processor, so a question has the same logits whenever and
// wherever it is asked. Questions are computed sixteen side by side; positions and attention edges
// that do not matter for the logits that are asked for are left out (reach.h).
#pragma once

#include "model.h"

typedef struct Inference Inference;

// Work space for one thread, for sequences of at most max_length tokens. The model must not change
// while it is in use. Requires: 1 <= max_length <= n_ctx.
Inference *inference_new(Arena *arena, const Model *model, int max_length);

// The logits that follow each of the positions first..length-1, given all tokens up to there.
// tokens [batch][length]; ret_logits [batch][length - first][V].
// Requires: 0 <= first < length <= max_length; tokens in 0..V-1; batch >= 0.
void inference_logits(Inference *inference, const int *tokens, int batch, int length, int first,
                      float *ret_logits);

// The token that greedy decoding takes: a greatest logit, of those the lowest id. A logit that is
// not a number is never greatest; when all are not, the token is 0.
int inference_argmax(const float *logits, int V);

// Greedy answers. prompts [batch][prompt]; ret_answers [batch][answer].
// Requires: prompt, answer >= 1; prompt + answer - 1 <= max_length.
void inference_decode(Inference *inference, const int *prompts, int batch, int prompt, int answer,
                      int *ret_answers);
