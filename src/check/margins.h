// The linear estimates of the neurons and the margins of the wrong tokens (K11, Margins).
#pragma once

#include "site.h"

typedef enum Phase { NEURON_OFF, NEURON_ON, NEURON_OPEN } Phase;

typedef struct Neuron {
    Phase phase;
    int m;          // of open ones
    Wide low, high; // of open ones: l and r, outwards, once the paths are known
} Neuron;

typedef struct Wrong {
    int id;        // in the vocabulary
    int64_t *gain; // [F]: g
    int64_t gain_rad;
    int64_t *slope; // [F]: a
    int64_t slope_rad;
    int64_t *c; // [D]: C
    int64_t c_rad;
    int64_t *head; // [HK]: W_O C
    int64_t head_rad;
    Wide least;  // of (x + b_O) C - sum of lambdas, over the configurations
    Wide margin; // in units of 2^-50, rounded down
} Wrong;

// What the functionals of the tokens are: all but least and margin. Sets these, and low and high, to where
// minima and maxima begin. Requires: id is set.
void margins_begin(const Site *site, const SiteParts *parts, Neuron *neuron, int right,
                   Wrong *wrong);

// The margins. Requires: low, high, least.
void margins_end(const Site *site, const SiteParts *parts, const Neuron *neuron, int right,
                 Wrong *wrong);
