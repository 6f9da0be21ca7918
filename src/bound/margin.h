// Margins of the right token on a whole region at one answer position.
//
// Bounds are for runs (docs/certificate-format.md, K6): they hold of the exact numbers and of those of
// any binary32 program. Every neuron of the last layer's MLP is bounded over the region (neurons.h)
// and found to be off, on or open. A wrong token's margin is a linear part plus the sum over neurons of
// g relu(u), g the neuron's effect on the two logits. Each g relu(u) is at least a u - e on [low, high]
// for a slope a, with e = 0 where u keeps its sign. So the margin is at least a functional of the
// attention's output, bounded by a longest path of its own, less the sum of e and the rounding errors
// (noise.h). Where one estimate for all query configurations is too loose, groups of them have their own (groups.h).
//
// The few unstable neurons with the largest e are kept: for them the solver is given the ReLU itself,
//
//     m_t = L_t + sum over kept neurons of g relu(u),
//
// with a bound of L_t + sum a u. docs/lemmas/bounds.md, Lemmas B5 and B6.
#pragma once

#include "choices.h"
#include "neurons.h"
#include "query.h"

enum { MARGIN_KEPT_MAX = 8 };

typedef struct TokenBound {
    int token; // the wrong token, a model id
    Fix *gain; // [F] g: midpoints, each within gain_rad
    Fix gain_rad;
    Fix *slope; // [F] a
    Fix linear; // lower bound of L_t + sum over kept neurons of a u
    Fix direct; // lower bound of what does not come through the last layer's attention,
    Fix *head;  // [H] and of what comes through each head: together L_t + sum a u
    Fix margin; // lower bound of m_t
} TokenBound;

// What holds where the query has a configuration of one group.
typedef struct GroupBound {
    NeuronBound *neuron; // [F]
    uint8_t *
        slope; // [F] m of open neurons: slopes are m/64 of the neuron's effect where that is negative
    bool *kept; // [F]
    int n_kept;
    TokenBound *token; // [n_tokens], every other token of the vocabulary
    Fix margin;        // the least of them
} GroupBound;

typedef struct MarginBound {
    int right;     // the right token, a model id
    bool complete; // false: a few query configurations did not suffice, and no others were tried
    int configs;   // query configurations looked at; all that occur on the region if complete
    int *config;   // [configs] ascending
    int n_tokens, n_groups;
    uint8_t *group_of; // [configs]
    GroupBound *group; // [n_groups]
    Fix margin;        // the least of the groups
    Choices choices;   // from which the same follows for others
} MarginBound;

// Bounds the region. When a few of its query configurations already bring the margin down to `enough`
// or below, the others are left out, and the result, which then bounds nothing, is not complete. Groups are tried
// only if the margin without them is not above `enough`.
// Requires: a supported query, a trimmed region that is not empty, on which `right` is the right token.
// False if something grows too large for the rigorous arithmetic.
bool margin_bound(Arena *arena, const Query *query, const Region *region, int right, Fix enough,
                  MarginBound *ret_bound);

// What a complete bound would be if nothing errs: of the exact function alone, with the same groups and slopes.
// -FIX_MAX if something grows too large.
Fix margin_exact(const Query *query, const Region *region, const MarginBound *bound);

// A quick look: what margin_bound would find if only a few of the query's configurations occurred. It bounds
// nothing; -FIX_MAX if something grows too large.
Fix margin_look(const Query *query, const Region *region, int right, Fix enough);
