#include "case_tree.h"

#include <string.h>

static bool same_split(const Split *a, const Split *b)
{
    return a->kind == b->kind && a->column == b->column && a->which == b->which;
}

static bool same_labels(const LabelSet *a, const LabelSet *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static int least_label(const LabelSet *labels)
{
    int label = 0;
    while (!label_set_has(labels, label))
        label++;
    return label;
}

// The different label sets of the cases' conditions at `depth`, by their least labels.
static void list_parts(Arena *arena, const EdgeCase *const *cases, int count, int depth,
                       CaseTree *tree)
{
    tree->labels = ARENA_NEW(arena, LabelSet, (size_t)count);
    for (int i = 0; i < count; i++) {
        const Condition *condition = &cases[i]->node.condition[depth];
        int at = 0;
        CHECK(cases[i]->node.n_conditions > depth && same_split(&condition->split, &tree->split));
        while (at < tree->n_parts &&
               least_label(&tree->labels[at]) < least_label(&condition->labels))
            at++;
        if (at < tree->n_parts && same_labels(&tree->labels[at], &condition->labels))
            continue;
        memmove(tree->labels + at + 1, tree->labels + at,
                (size_t)(tree->n_parts++ - at) * sizeof *tree->labels);
        tree->labels[at] = condition->labels;
    }
}

static CaseTree *build(Arena *arena, const EdgeCase *const *cases, int count, int depth)
{
    CaseTree *tree = ARENA_NEW(arena, CaseTree, 1);
    CHECK(count > 0);
    if (count == 1 && cases[0]->node.n_conditions == depth) {
        tree->edge_case = cases[0];
        return tree;
    }
    CHECK(cases[0]->node.n_conditions > depth);
    tree->split = cases[0]->node.condition[depth].split;
    list_parts(arena, cases, count, depth, tree);
    tree->part = ARENA_NEW(arena, CaseTree *, (size_t)tree->n_parts);
    for (int p = 0; p < tree->n_parts; p++) {
        const EdgeCase **here = ARENA_NEW(arena, const EdgeCase *, (size_t)count);
        int n_here = 0;
        for (int i = 0; i < count; i++)
            if (same_labels(&cases[i]->node.condition[depth].labels, &tree->labels[p]))
                here[n_here++] = cases[i];
        tree->part[p] = build(arena, here, n_here, depth + 1);
    }
    return tree;
}

CaseTree *case_tree_new(Arena *arena, const PositionProof *position)
{
    const EdgeCase **cases = ARENA_NEW(arena, const EdgeCase *, (size_t)position->n_cases);
    for (int i = 0; i < position->n_cases; i++)
        cases[i] = &position->cases[i];
    return build(arena, cases, position->n_cases, 0);
}

static void gather(const CaseTree *tree, const EdgeCase **cases, int *count)
{
    if (tree->edge_case)
        cases[(*count)++] = tree->edge_case;
    for (int p = 0; p < tree->n_parts; p++)
        gather(tree->part[p], cases, count);
}

const EdgeCase **case_tree_order(Arena *arena, const PositionProof *position)
{
    const EdgeCase **cases = ARENA_NEW(arena, const EdgeCase *, (size_t)position->n_cases);
    int count = 0;
    gather(case_tree_new(arena, position), cases, &count);
    CHECK(count == position->n_cases);
    return cases;
}

int case_tree_members(const Task *task, const CaseTree *tree, int part,
                      bool ret_member[CASE_LABELS_MAX])
{
    const Split *split = &tree->split;
    bool symbols = split->kind == SPLIT_MOVE || split->kind == SPLIT_DIGIT;
    int count = symbols                      ? task->symbols
                : split->kind == SPLIT_STATE ? task->states
                                             : task->n_alphabet;
    CHECK(count <= CASE_LABELS_MAX);
    for (int i = 0; i < count; i++)
        ret_member[i] =
            label_set_has(&tree->labels[part], symbols ? split_label(task, split, i) : i);
    return count;
}
