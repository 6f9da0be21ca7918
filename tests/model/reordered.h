// The model in plain binary32 once more, with every sum taken in an order of choice: a *run* in the
// sense of docs/certificate-format.md, K6, as a program with other loops or kernels would do it.
//
// A sum of products goes through its terms in a permuted order and deals them out to `lanes`
// partial sums, which are then added in a tree, as vector units and BLAS libraries do. Products and
// additions are fused or not; biases come first or last; the exponential is exp32 or e^x rounded.
#pragma once

#include "model.h"

typedef enum ReorderedTerms { REORDERED_UP, REORDERED_DOWN, REORDERED_SHUFFLED } ReorderedTerms;

typedef struct Reordering {
    ReorderedTerms terms;
    int lanes; // a power of two up to REORDERED_LANES; so many that each has one term: pairwise
    bool fused, bias_last, rounded_exp;
} Reordering;

enum {
    REORDERED_LANES = 128,
    REORDERED_COUNT = 14,
    REORDERED_WIDTH = 128,
    REORDERED_POSITIONS = 32
};

// Number 0 is the order of docs/model-format.md, whose bits are those of the shipped inference.
extern const Reordering reordered_all[REORDERED_COUNT];

// Pre-activations of the last layer's MLP, [length - first][F], and logits, [length - first][V], at
// the positions first..length-1. `seed` is for shuffled terms.
// Requires: D, H K, F, V <= REORDERED_WIDTH; length <= REORDERED_POSITIONS.
void reordered_logits(const Model *model, const int *tokens, int length, int first,
                      const Reordering *reordering, uint64_t seed, float *ret_preactivations,
                      float *ret_logits);
