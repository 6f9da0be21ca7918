// Which tokens the residual stream at a position can depend on.
//
// The cone of (layer l, position p) is the set of positions whose tokens can influence the residual
// that enters layer l at p: p itself for layer 0, and for layer l + 1 the union of the cones of p
// and of every key that a head of layer l may read from p. When few tokens are possible at the
// cone's positions, every configuration of them is enumerated (docs/lemmas/bounds.md, Lemma B1).
#pragma once

#include "model.h"
#include "task.h"

enum { CONE_POSITIONS_MAX = 12, CONE_CONFIGS_MAX = 20000 };

// Tokens that stand at each position of the sequence on some input, ascending in the task's alphabet, as
// model ids.
typedef struct TokenOptions {
    int positions;
    int *count; // [positions]
    int (*id)[TASK_TOKENS_MAX];
    uint8_t (*option)[TASK_TOKENS_MAX]; // alphabet index -> option, for tokens that can stand there
} TokenOptions;

typedef struct Cone {
    bool wide; // too many positions or configurations to enumerate
    int count; // positions at which more than one token can stand, ascending
    int position[CONE_POSITIONS_MAX];
    int stride[CONE_POSITIONS_MAX]; // configuration = sum of option * stride
    int configs;
} Cone;

TokenOptions token_options(Arena *arena, const Task *task, const int *ids);

// Cones entering layers 0..L of every position below `positions`: cones[layer * positions + p].
Cone *cones_new(Arena *arena, const Model *model, const TokenOptions *options);

// Option at the cone's i-th position in a configuration.
static inline int cone_option(const Cone *cone, const TokenOptions *options, int i, int config)
{
    return config / cone->stride[i] % options->count[cone->position[i]];
}

// Index in the cone's list of positions, or -1.
int cone_find(const Cone *cone, int position);

// The configuration of `part` that agrees with configuration `config` of `whole`.
// Requires: every position of part is in whole.
int cone_project(const Cone *part, const Cone *whole, const TokenOptions *options, int config);
