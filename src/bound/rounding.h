// Rounding errors of binary32 runs, from the bottom to the top.
//
// A run (docs/certificate-format.md, K6) computes the model's function by operations that err by at
// most half a unit in the last place, sums in any order. Errors here are Fix, units of 2^-50, not
// negative, rounded up: a quantity of a run differs from the exact one by at most its error.
// Formulas: K8 and K9; proofs: docs/lemmas/rounding.md, Lemmas R1 to R4.
#pragma once

#include "fixmodel.h"

#define ROUNDING_MAX (FIX_ONE / 16) // larger errors are refused
// Of scores below the last layer, with 2^-16 for exponentials; and in it.
#define ROUNDING_TAU_MAX  (FIX_ONE / 4)
#define ROUNDING_TAU_LAST (16 * FIX_ONE)

// gamma(k) * sum, gamma(k) = k u / (1 - k u), u = 2^-24. Requires: 0 <= k < 2^20, 0 <= sum < 2^80.
Wide rounding_gamma(int k, Wide sum);

// Sum of errors times magnitudes: sum of e[i] (|w[i]| + rad).
Wide rounding_spread(const Fix *e, const Fix *w, Fix rad, int n);

// Error of a linear map's results in runs: ret[r] = spread[r] + gamma(cols + 1) ((|x| + e) |A| + |b|),
// `spread` being what the errors of x make of it (NULL: e |A|). False beyond ROUNDING_MAX.
bool rounding_apply(const FixMatrix *A, const FixVector *b, const FixVector *x, const Fix *e,
                    const Fix *spread, Fix *ret);

// tau: error of a score q . k, q scaled; dq and dk are errors of their elements. (Lemma R2)
Wide rounding_score(const Fix *q, Fix q_rad, const Fix *dq, const Fix *k, Fix k_rad, const Fix *dk,
                    int K);

// rho / (1 - rho) for scores that err by tau <= ROUNDING_TAU_MAX, n keys. (Lemma R2)
Fix rounding_weights(Fix tau, int n);

// How errors inside one layer come out as errors of linear functionals of the residual above it:
// precomputed products for one layer and the functionals that the layer above asks for, which are
// the unit vectors (D), then the columns of its W_Q and of its W_K (HK each).
typedef struct RoundingLayer RoundingLayer;

// NULL if something is too large.
RoundingLayer *rounding_layer_new(Arena *arena, const FixLayer *layer, const FixLayer *above);

// W_O W_in of the layer: [F][HK], a neuron's row of heads' outputs.
const FixMatrix *rounding_heads_in(const RoundingLayer *layer);

// What a configuration does in the layer.
typedef struct RoundingStep {
    const Fix *residual;   // [D] e + ly
    const Fix *heads;      // [HK] dz
    const Fix *lu, *eta;   // [F]
    const Fix *lx;         // [D]
    const uint8_t *theta2; // [F] 2 theta: 2 on, 0 off, 1 not settled
} RoundingStep;

// ret_e[D], ret_q[HK], ret_k[HK]: err of the functionals. False beyond ROUNDING_MAX. Thread-safe.
bool rounding_step(Arena *scratch, const RoundingLayer *layer, const RoundingStep *step, Fix *ret_e,
                   Fix *ret_q, Fix *ret_k);
