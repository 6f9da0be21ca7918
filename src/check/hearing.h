// An edge case (K11) at one configuration of the query: what its bounds are, and what they show.
//
// Functionals are handled side by side, one lane each: first the neurons, in order (an `on` one with its sign
// turned), then the `open` ones again, turned, then the wrong tokens. So every lane is bounded above by its
// lambda.
#pragma once

#include "edge_case.h"
#include "margins.h"
#include "paths.h"

// What the certificate chooses.
typedef struct Case {
    Place place;
    Court *court;
    const Problem *problem;
    int references;
    int **reference; // [reference][column]
    int64_t *occurs; // configurations of the query
    int occurring;
    int *group_of; // [occurring]
    int groups;
    int *slope;     // [F][groups] m of open neurons
    Neuron *neuron; // [F]
    int *again;     // [F]: the second lane of an open neuron
    int first_token, lanes, rounded;
    int right;    // the task's number of the right token
    Wrong *wrong; // [V - 1]
    int32_t **d;  // [head][lane]
    int *unit;    // [lane]: as a power of two of lambda's unit
} Case;

// The restriction of the region to a configuration of the query, and what is asked there.
typedef struct Hearing {
    const Case *k;
    int64_t c;
    const EdgeSet *region;
    const Stage *stage;
    int h; // the head
    const Weight *weight;
    int64_t *base;   // [key]
    int32_t *lambda; // [lane]
    int64_t *sum;    // [lane]: of lambdas over the heads, in units of 2^-18
    int64_t *result; // [lane]
} Hearing;

// With room for the lanes of a case; the configuration and the restriction are yet to be set.
Hearing hearing_new(const Case *k);

// Ends the program if a bound does not hold there or a neuron is not what it is said to be; widens the bounds of open
// neurons, and lowers what wrong tokens have. Requires: margins_begin was called for the group.
void hearing_hold(Hearing *hearing);
