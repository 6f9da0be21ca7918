#include "cover_count.h"

#include <string.h>

// Whether label and atom speak of the same thing (Theorem C).
static bool is_well_formed(const Task *task, const Split *split)
{
    if (split->column < 0 || split->column >= task->columns ||
        (split->column < task->lead && split->kind != SPLIT_TOKEN))
        return false;
    if (split->kind == SPLIT_DIGIT)
        return split->which >= 0 && split->which < task->inputs;
    if (split->kind != SPLIT_TOKEN)
        return split->kind == SPLIT_STATE || split->kind == SPLIT_MOVE;
    return split->which >= 0 && split->which < task->prompt + task->answer &&
           task->source[split->which].kind != TOKEN_FIXED &&
           split->column == split_by_token(task, split->which).column;
}

// The part of `full` that meets all conditions, trimmed (Lemma C2).
static Region *cut_out(Arena *arena, const Region *full, const Node *node)
{
    Region *part = region_copy(arena, full);
    for (int k = 0; k < node->n_conditions; k++) {
        const Condition *c = &node->condition[k];
        CHECK(is_well_formed(part->task, &c->split));
        for (int e = 0; e < region_edges(part); e++)
            if (region_has(part, c->split.column, e) &&
                !condition_has(c, split_label(part->task, &c->split, e)))
                region_drop(part, c->split.column, e);
    }
    region_trim(part);
    return part;
}

static bool same_edges(const Region *a, const Region *b)
{
    return memcmp(a->edges, b->edges, a->words * (size_t)a->task->columns * sizeof *a->edges) == 0;
}

// Counts a case, and compares its region with its conditions and its token.
static void look_at(Arena *arena, const Region *full, const TokenSource *source, const Node *node,
                    mpz_t ret_count, bool *ret_matches, bool *ret_labelled)
{
    Region *region = region_copy(arena, node->region);
    bool some = region_trim(region);
    region_count(region, ret_count);
    *ret_matches = same_edges(region, cut_out(arena, full, node));
    *ret_labelled = !some || node->right < 0 || region_token(region, source) == node->right;
}

void cover_count_cases(const Region *full, int position, const EdgeCase *cases, int n_cases,
                       CaseCount *ret_count)
{
    mpz_t count;
    mpz_init(count);
    mpz_set_ui(ret_count->counted, 0);
    ret_count->mismatched = ret_count->mislabelled = -1;
    for (int i = 0; i < n_cases; i++) {
        Arena *arena = arena_new();
        bool matches, labelled;
        look_at(arena, full, &full->task->source[position], &cases[i].node, count, &matches,
                &labelled);
        mpz_add(ret_count->counted, ret_count->counted, count);
        if (!matches && ret_count->mismatched < 0)
            ret_count->mismatched = i;
        if (!labelled && ret_count->mislabelled < 0)
            ret_count->mislabelled = i;
        arena_free(arena);
    }
    mpz_clear(count);
}

bool cover_case_holds(const Task *task, const Node *node, const uint8_t *symbols)
{
    uint8_t states[TASK_COLUMNS_MAX + 1];
    bool holds = task_path(task, symbols, states);
    for (int k = 0; k < node->n_conditions && holds; k++) {
        const Condition *c = &node->condition[k];
        int column = c->split.column, edge = states[column] * task->symbols + symbols[column];
        holds = condition_has(c, split_label(task, &c->split, edge));
    }
    return holds;
}
