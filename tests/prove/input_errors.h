// How far the numbers of a run can be from the exact ones at one input: docs/certificate-format.md, K8, applied
// to the last layer too, where levels N and F do without (docs/lemmas/rounding.md, Lemmas R1 and R2).
//
// The errors that enter the last layer are the prover's own, those of its residual tables; what the layer
// makes of them is computed here in doubles, whose rounding is allowed for.
#pragma once

#include "claim.h"
#include "residual.h"

typedef struct InputErrors InputErrors;

// Errors: those of residual_tables_new.
MUST_USE Status input_errors_new(Arena *arena, WorkPool *pool, const Claim *claim,
                                 InputErrors **ret_errors, Diag *diag);

// At `position`: errors of the pre-activations of the last layer's MLP, [F], then of logit[right] - logit[t]
// for every token t, [V]. Several threads may ask at once.
void input_errors_at(const InputErrors *errors, const int *tokens, int position, int right,
                     double *ret_errors);
