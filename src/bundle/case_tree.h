// The tree of splits whose leaves are the edge cases of an answer position, made again from their
// conditions.
//
// A case has one condition for each split on the way to it from the root. Those that agree so far were
// split alike, so the next condition of all of them is about the same split.
#pragma once

#include "network.h"

typedef struct CaseTree {
    const EdgeCase *edge_case; // a leaf; else NULL, and
    Split split;               // how it is split, into
    int n_parts;
    LabelSet *labels;       // [n_parts] by their least label
    struct CaseTree **part; // [n_parts]
} CaseTree;

// Requires: at least one case; the cases are the leaves of a tree.
CaseTree *case_tree_new(Arena *arena, const PositionProof *position);

// The cases in the order of the tree, [n_cases]: how certificates list them, and number them from 1.
const EdgeCase **case_tree_order(Arena *arena, const PositionProof *position);

// The labels of a part, for SPLIT_MOVE and SPLIT_DIGIT the symbols that have them; returns how many
// labels there can be.
enum { CASE_LABELS_MAX = SPLIT_LABELS_MAX };
int case_tree_members(const Task *task, const CaseTree *tree, int part,
                      bool ret_member[CASE_LABELS_MAX]);
