// err(f) of K8 for many functionals at once: how far an error can be pulled along by them.
#pragma once

#include "weights.h"

// The functionals of a layer's output that the next one takes: first the D unit vectors, then the columns
// of its W_Q, then those of its W_K.
typedef struct Pull {
    int count, lanes, d, hk, hidden;
    int32_t *slope; // [functional][neuron]: a, in units of 2^-20
    int32_t *base;  // [functional][lane]: f and W_O f, likewise
    int32_t *gain;  // [neuron][lane]: W_in and W_O W_in, likewise
    int64_t
        *slack; // [functional]: what rounding does to any entry of C and W_O C, in units of 2^-40
    int64_t *size;      // [functional][neuron]: at least |a|
    int64_t *self_size; // [functional][D]: at least |f|
} Pull;

// Requires: mix is the layer's W_O W_in, HK -> F.
void pull_init(Pull *pull, const Layer *layer, const Matrix *mix, const Layer *next);

// What K8 has found for one configuration: upper bounds, but theta2, which is twice theta.
typedef struct Disturbance {
    const int64_t *residual; // [D]: e + ly
    const int64_t *heads;    // [HK]: dz
    const int64_t *hidden;   // [F]: theta lu + sigma eta
    const int64_t *output;   // [D]: lx
    const int *theta2;       // [F]: 0, 1, 2
} Disturbance;

// ret[functional] >= err(f).
void pull_errors(const Pull *pull, const Disturbance *by, int64_t *ret);
