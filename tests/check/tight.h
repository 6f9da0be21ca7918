// What a certificate without any room has of an edge case: each d the least that K11 allows and one
// more, and the margins that follow by the formulas of K11 without the noise.
#pragma once

#include "sights.h"

// A d for each head: the least one that holds without the errors of runs, one that holds with them, and what follows.
typedef struct Bound {
    long least[SIGHT_HEADS_MAX], d[SIGHT_HEADS_MAX];
    bool sharp[SIGHT_HEADS_MAX];   // no mean lies near a multiple of the unit
    double lambda[FEW_INPUTS_MAX]; // [query]: the sum of the heads
} Bound;

typedef enum NeuronKind { OFF, ON, OPEN } NeuronKind;

typedef struct Neuron {
    NeuronKind kind;
    int m;
    Bound above, below;
    double low, high; // l and r, without wide
} Neuron;

typedef struct Answer {
    Neuron neuron[DOUBLES_MAX];
    Bound wrong[FEW_TOKENS_MAX];
    double margin[FEW_TOKENS_MAX], least; // without the noise
} Answer;

// What neurons are, the bounds on them and on the wrong tokens, and the margins. Requires: the case
// was made last.
void answer_settle(const Case *k, Answer *ret);
