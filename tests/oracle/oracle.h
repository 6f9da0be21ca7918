// The model's logits for one concrete input, enclosed rigorously: what the prover is compared with.
//
// Evaluates the definition at the head of model.h with real softmax on the exact values of the
// stored numbers, in interval arithmetic (enclosure.h). Takes nothing from num/ or bound/. What a
// position computes depends only on the tokens that reach it through the edges; it is kept under
// those tokens, so that enumerating many inputs is quick. One oracle serves one thread.
#pragma once

#include "enclosure.h"
#include "model.h"

typedef struct Oracle Oracle;

enum { ORACLE_PRECISION = 200, ORACLE_QUICK = 80 }; // bits

// The model must outlive the oracle, which must be freed.
Oracle *oracle_new(const Model *model, mpfr_prec_t precision);
void oracle_free(Oracle *oracle);

// Enclosures of logit[right] - logit[t] at `position` for every token t; for t = right, of zero.
// Requires: tokens[0..position], position < n_ctx. ret_margins: [V], of the oracle's precision or
// any.
void oracle_margins(Oracle *oracle, const int *tokens, int position, int right,
                    Enclosure *ret_margins);

// Enclosures of the pre-activations of the last layer's MLP at `position`. ret: [F].
void oracle_preactivations(Oracle *oracle, const int *tokens, int position, Enclosure *ret);
