// What a certificate says of an edge case: the choices from which its bounds follow
// (docs/certificate-format.md, K11). Every number was taken large enough that a checker with
// arithmetic of its own finds the conditions met.
#pragma once

#include <stdint.h>

#include "arena.h"

typedef enum NeuronKind { NEURON_OFF, NEURON_ON, NEURON_OPEN } NeuronKind;

typedef struct NeuronChoice {
    NeuronKind kind;
    const uint8_t *slope; // [groups] m, NEURON_OPEN
    const int32_t *up;    // [heads] d of `off` and `open`
    const int32_t *down;  // [heads] d of `on`, D of `open`
} NeuronChoice;

typedef struct TokenChoice {
    int token;        // a wrong token, a model id
    const int32_t *d; // [heads]
} TokenChoice;

typedef struct Choices {
    int columns, heads, neurons, n_references, n_tokens, configs, groups;
    const uint8_t *reference;   // [n_references][columns] symbols
    const uint8_t *group_of;    // [configs] of the query configurations that occur, in their order
    const NeuronChoice *neuron; // [neurons]
    const TokenChoice *token;   // [n_tokens], ascending
} Choices;

Choices choices_copy(Arena *arena, const Choices *choices);
