// Enclosures of the residual stream below the last layer, one for each configuration of a cone.
//
// Besides, for each configuration, how far the numbers of a binary32 run can be from these
// (rounding.h): e, dq, dk, dv, errors of single elements.
//
// Every table entry is computed from the exact weights with the softmax itself, not a relaxation of
// it: with its cone's tokens fixed, a residual is one real vector, enclosed to a few units of
// 2^-50. docs/lemmas/bounds.md, Lemmas B1 and B2, and
// docs/lemmas/rounding.md, Lemma R2.
#pragma once

#include "cone.h"
#include "rounding.h"
#include "work.h"

typedef struct ResidualTable {
    const Cone *cone;
    int layer, position; // the residual that enters this layer at this position
    Fix *x, *x_rad;      // [configs][D], [configs]
    Fix *q, *q_rad;      // [configs][HK], [configs]; queries of this layer, times score_scale
    Fix *k, *k_rad;      // keys
    Fix *v, *v_rad;      // values
    Fix *e;              // [configs][D]; errors of x in runs
    Fix *dq, *dk, *dv;   // [configs][HK]; errors of q, k, v
} ResidualTable;

typedef struct ResidualTables {
    const FixModel *model;
    const TokenOptions *options;
    const Cone *cones;        // see cones_new
    RoundingLayer **rounding; // [layers - 1]
    ResidualTable **table;    // [layer * positions + p]; NULL where not needed or too wide
} ResidualTables;

// Tables for the last layer at the positions in `needed` ([positions], 1 = wanted), and for whatever
// they rest on. A wide cone leaves NULL, and so does a table for which there is no room.
// Errors: STATUS_LIMIT (B002) when values grow too large for the rigorous arithmetic.
MUST_USE Status residual_tables_new(Arena *arena, WorkPool *pool, const FixModel *model,
                                    const TokenOptions *options, const Cone *cones,
                                    const uint8_t *needed, ResidualTables **ret_tables, Diag *diag);

static inline ResidualTable *residual_table(const ResidualTables *t, int layer, int position)
{
    return t->table[layer * t->options->positions + position];
}
