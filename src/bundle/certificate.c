#include "certificate.h"

#include "case_tree.h"
#include "set_text.h"

// ---- an edge case -------------------------------------------------------------------------------

static void add_numbers(Text *text, const int32_t *numbers, int count)
{
    for (int i = 0; i < count; i++)
        text_add(text, " %d", (int)numbers[i]);
}

static void add_references(Text *text, const Choices *choices)
{
    for (int r = 0; r < choices->n_references; r++) {
        text_add(text, "input");
        for (int c = 0; c < choices->columns; c++)
            text_add(text, " %d", choices->reference[r * choices->columns + c]);
        text_add(text, "\n");
    }
}

// Left out where all query configurations are in one group.
static void add_groups(Text *text, const Choices *choices)
{
    if (choices->groups == 1)
        return;
    text_add(text, "group");
    for (int c = 0; c < choices->configs; c++)
        text_add(text, " %d", choices->group_of[c]);
    text_add(text, "\n");
}

static void add_neuron(Text *text, const Choices *choices, int i)
{
    const NeuronChoice *neuron = &choices->neuron[i];
    int heads = choices->heads;
    switch (neuron->kind) {
    case NEURON_OFF:
        text_add(text, "off %d", i);
        add_numbers(text, neuron->up, heads);
        break;
    case NEURON_ON:
        text_add(text, "on %d", i);
        add_numbers(text, neuron->down, heads);
        break;
    case NEURON_OPEN:
        text_add(text, "open %d", i);
        for (int g = 0; g < choices->groups; g++)
            text_add(text, " %d", neuron->slope[g]);
        add_numbers(text, neuron->up, heads);
        add_numbers(text, neuron->down, heads);
        break;
    }
    text_add(text, "\n");
}

static void add_case(Text *text, const Choices *choices)
{
    text_add(text, "case\n");
    add_references(text, choices);
    add_groups(text, choices);
    for (int i = 0; i < choices->neurons; i++)
        add_neuron(text, choices, i);
    for (int t = 0; t < choices->n_tokens; t++) {
        text_add(text, "wrong %d", choices->token[t].token);
        add_numbers(text, choices->token[t].d, choices->heads);
        text_add(text, "\n");
    }
    text_add(text, "done\n");
}

// ---- the tree -----------------------------------------------------------------------------------

static void add_split(Text *text, const Split *split)
{
    switch (split->kind) {
    case SPLIT_TOKEN:
        text_add(text, "split token %d\n", split->which);
        break;
    case SPLIT_STATE:
        text_add(text, "split state %d\n", split->column);
        break;
    case SPLIT_MOVE:
    case SPLIT_DIGIT:
        text_add(text, "split symbol %d\n", split->column);
        break;
    }
}

static void add_tree(Text *text, const Task *task, const CaseTree *tree)
{
    if (tree->edge_case) {
        add_case(text, tree->edge_case->choices);
        return;
    }
    add_split(text, &tree->split);
    for (int p = 0; p < tree->n_parts; p++) {
        bool member[CASE_LABELS_MAX];
        int labels = case_tree_members(task, tree, p, member);
        text_add(text, "part ");
        set_text_add(text, member, labels);
        text_add(text, "\n");
        add_tree(text, task, tree->part[p]);
    }
    text_add(text, "end\n");
}

static void add_keys(Text *text, const PositionProof *position)
{
    for (int k = 0; k < position->n_keys; k++)
        if (position->key_column[k] >= 0)
            text_add(text, "key %d %d\n", position->key_position[k], position->key_column[k]);
        else
            text_add(text, "key %d -\n", position->key_position[k]);
}

static bool has_choices(const PositionProof *position)
{
    for (int i = 0; i < position->n_cases; i++)
        if (!position->cases[i].choices)
            return false;
    return true;
}

Status certificate_write(Text *text, const Proof *proof, Diag *diag)
{
    const Task *task = proof->claim->task;
    text_add(text, "ripple-certificate 1\n");
    for (int a = 0; a < proof->network.answer; a++) {
        const PositionProof *position = &proof->network.position[a];
        if (!has_choices(position))
            return diag_set(diag, STATUS_INTERNAL, "C010",
                            "an edge case of %s comes without its choices", position->name);
        Arena *arena = arena_new();
        text_add(text, "position %d\n", task->prompt + a);
        add_keys(text, position);
        add_tree(text, task, case_tree_new(arena, position));
        arena_free(arena);
    }
    text_add(text, "end\n");
    return STATUS_OK;
}
