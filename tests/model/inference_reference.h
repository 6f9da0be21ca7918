// The inference written down twice more, plainly: once for its values, once for its bits.
#pragma once

#include "model.h"

// Logits after every position of one sequence, [length][V], in double precision with libm's exp.
void reference_values(const Model *model, const int *tokens, int length, double *ret_logits);

// The same by the operations of docs/model-format.md, in their order, with libm's fmaf.
void reference_bits(const Model *model, const int *tokens, int length, float *ret_logits);
