// Exchanges: neurons of the last layer that take their activation from another question.
//
// The bounds of a proof hold each neuron to an interval of its own, as if every one could be driven by
// another input of the region. Training does so: at each answer position, questions of a shard that have
// the same right token there are paired, and of each pair every other neuron, at random, swaps its
// activations. The answer must be right all the same, so what differs between inputs with one
// answer had better not reach the neurons. (Manifold mixup, Verma et al. 2019, mixes hidden activations too,
// but of different answers, and all in the same proportion.)
#pragma once

#include "rng.h"

// ret_from[neurons, answer * 16]: the question that each activation is taken from, itself or its partner;
// an exchange of two. targets[answer * 16]: right tokens.
void exchange_draw(Rng *rng, int neurons, int answer, const int *targets, uint8_t *ret_from);

// h[neurons, answer * 16], activations or their gradients, change places; once more, and they are back.
void exchange_apply(const uint8_t *from, int neurons, int answer, float *h);
