// Runs of a model (docs/certificate-format.md, K6) with every intermediate number to be seen: in
// binary32 with sums in random order, or with every operation erring as much as a run may.
//
// Numbers are long double. An operation of a perturbed run gives its result times 1 + d, |d| <= u
// (2u for the exponential), d of random sign or of the sign that moves one chosen number furthest:
// that sign is the one of the number's derivative, found by going backward through the exact run.
#pragma once

#include "fixture.h"

typedef long double Real;

static inline Real real(Fix x)
{
    return (Real)x * 0x1p-50L;
}

typedef enum PerturbedMode {
    PERTURBED_EXACT,   // no operation errs
    PERTURBED_ROUNDED, // binary32, sums in random order and grouping, fused or not
    PERTURBED_RANDOM,  // errors as large as may be, of random sign
    PERTURBED_UP,      // errors that make the chosen number as large as can be
    PERTURBED_DOWN,    // as small
} PerturbedMode;

typedef struct PerturbedLayer { // [positions] rows each
    Real *x;                    // [D] entering the layer
    Real *q, *k, *v;            // [HK], q not scaled
    Real *s, *d, *p, *w;        // [H][positions]: scores, less the largest, exponentials, weights
    Real *total, *z, *o;        // [H] sums, [HK] heads' outputs, [D] attention's
    Real *y, *u, *h, *m;        // [D], [F], [F], [D] MLP's output
} PerturbedLayer;

typedef struct Perturbed {
    int positions;
    PerturbedLayer *layer; // [L + 1]; of the last one only x is there
    Real *logits;          // [V]
} Perturbed;

// Room for the numbers of `positions` tokens, all zero.
Perturbed perturbed_new(Arena *arena, const Model *model, int positions);

// A run. `derivative`: of the chosen number by each number; for PERTURBED_UP and _DOWN.
void perturbed_run(const Model *model, const int *tokens, PerturbedMode mode,
                   const Perturbed *derivative, Rng *rng, Perturbed *ret);

// Spreads the derivatives that the caller put into some numbers (all others zero) to all that these
// are made of. `exact`: a run in PERTURBED_EXACT. A neuron within `edge` of zero counts as on.
void perturbed_derive(const Model *model, const Perturbed *exact, Real edge, Perturbed *derivative);
