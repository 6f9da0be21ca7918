// Margins of the right token on a whole region at one answer position.
//
// 1. Every neuron of the last layer's MLP is bounded over the region (path.h).
// 2. For each wrong token t the margin is  m_t = L_t + sum over unstable neurons of g_{t,i}
// relu(u_i),
//    L_t collecting all that is linear on the region. Each g relu(u) is at least a u - e on [low,
//    high] for a chosen slope a; so m_t >= (L_t + sum a u) - sum e, and the parenthesis is one
//    functional of the attention's output, bounded by a longest path of its own.
// docs/lemmas/bounds.md, Lemmas B5 and B6.
#pragma once

#include "query.h"

typedef struct NeuronBound {
    Fix low, high; // low <= pre-activation <= high on every input of the region
} NeuronBound;

static inline bool neuron_unstable(NeuronBound n)
{
    return n.low < 0 && n.high > 0;
}

typedef struct TokenBound {
    int token; // the wrong token, a model id
    Fix *gain; // [F] g: midpoints, each within gain_rad
    Fix gain_rad;
    Fix *slope; // [F] a
    Fix linear; // lower bound of L_t + sum over unstable neurons of a u
    Fix direct; // lower bound of what does not come through the last layer's attention,
    Fix *head;  // [H] and of what comes through each head: together L_t + sum a u
    Fix margin; // lower bound of m_t
} TokenBound;

typedef struct MarginBound {
    int right; // the right token, a model id
    bool
        complete; // false: only a few query configurations were looked at, and they did not suffice
    int configs;  // query configurations looked at; all that occur on the region if complete
    NeuronBound *neuron; // [F]
    int n_tokens;
    TokenBound *token; // [V - 1], every other token of the vocabulary
    Fix margin;        // the least of them
    int worst;         // index of the least
} MarginBound;

// Bounds the region. When a few of its query configurations already bring the margin down to
// `enough` or below, the others are left out, and the result, which then bounds nothing, is not
// complete. Requires: a supported query, a trimmed region that is not empty, on which `right` is
// the right token. False if something grows too large for the rigorous arithmetic.
bool margin_bound(Arena *arena, const Query *query, const Region *region, int right, Fix enough,
                  MarginBound *ret_bound);
