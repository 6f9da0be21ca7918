// Bounds of the neurons of the last layer's MLP on a region, query configuration by query configuration.
//
// A neuron that is below zero on all of the region, or above, is off or on; that is shown by coarse numbers.
// The others are open, and have two fine numbers a head (docs/certificate-format.md, K11).
#pragma once

#include "cases.h"
#include "choices.h"

typedef struct NeuronBound {
    Fix low, high; // low <= pre-activation <= high in every run
    NeuronKind kind;
} NeuronBound;

static inline bool neuron_unstable(NeuronBound n)
{
    return n.low < 0 && n.high > 0;
}

typedef struct Neurons {
    int F;
    Fix *low, *high;            // [cases][F]
    NeuronKind *kind;           // [F]
    const int32_t **up, **down; // [F] the numbers, see NeuronChoice
} Neurons;

// Numbers of a certificate are in units of 2^-NUMBER_BITS: coarse ones of what is off or on, fine ones of the rest.
enum { NUMBER_BITS_COARSE = 4, NUMBER_BITS_FINE = 10 };

// False if something grows too large for the rigorous arithmetic.
bool neurons_bound(Arena *arena, const Cases *cases, Neurons *ret_neurons);

// The bounds of all neurons ([F]) on the cases that are members of a group.
void neurons_hull(const Neurons *neurons, const uint8_t *group_of, int count, int group,
                  NeuronBound *ret_bounds);
