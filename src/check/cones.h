// Cones and their configurations (K7), and which of them the answer positions need.
#pragma once

#include "trellis.h"
#include "weights.h"

// A configuration is a number below count: sum of (which option of the position) * stride, the lowest
// position having stride 1.
typedef struct Cone {
    int size;
    int *position;   // ascending
    int64_t *stride; // of each
    int64_t count;
} Cone;

// What the task and the model have in common: ids of tokens in the vocabulary.
typedef struct Problem {
    const Trellis *task;
    const Model *model;
    int *id; // [token of the task]
} Problem;

// Finds the ids; ends the program if K5 does not allow this model for this task.
void problem_init(Problem *problem, const Trellis *task, const Model *model);

// The cones of the residuals that enter a layer, [layer * length + position]; those that no answer
// position needs have count 0.
Cone *cones_new(const Problem *problem);

// The option that a configuration takes at the i-th position of its cone.
static inline int cone_option(const Problem *p, const Cone *cone, int64_t configuration, int i)
{
    return (int)(configuration / cone->stride[i] % p->task->options[cone->position[i]]);
}

// Where a position is in the cone, or -1.
int cone_find(const Cone *cone, int position);

// The configuration of a cone within another one that agrees with one of that.
int64_t cone_project(const Problem *p, const Cone *from, int64_t configuration, const Cone *to);
