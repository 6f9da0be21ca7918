#include "obligation_file.h"

#include "case_tree.h"
#include "number_text.h"
#include "smt_files.h"

// "name  settled by  margin  inputs  sentence", columns that line up.
static void add_row(Text *text, const char *name, const char *by, const char *margin,
                    const char *inputs, const char *sentence)
{
    text_add(text, "%-14s  %-15s  %8s  %20s  %s\n", name, by, margin, inputs, sentence);
}

static void add_plain(Text *text, const Obligation *o, const char *by)
{
    add_row(text, o->name, o->answer == SMT_UNSAT ? by : "-", "-", "-", o->statement);
}

static void add_sentence(Text *text, const Task *task, const PositionProof *position,
                         const Node *node)
{
    text_add(text, "%s is %s", position->name, task->alphabet[node->right]);
    for (int i = 0; i < node->n_conditions; i++) {
        const Split *split = &node->condition[i].split;
        if (split->kind == SPLIT_TOKEN && split->which == task->prompt + node->answer)
            continue;
        text_add(text, "; ");
        condition_say(text, task, &node->condition[i]);
    }
}

static void add_case(Arena *arena, Text *text, const Task *task, const PositionProof *position,
                     const EdgeCase *edge_case, int number)
{
    Text margin = {0}, inputs = {0}, sentence = {0};
    mpz_t count;
    mpz_init(count);
    region_count(edge_case->node.region, count);
    number_add_margin(&margin, edge_case->node.margin, 4);
    number_add_count(&inputs, count);
    add_sentence(&sentence, task, position, &edge_case->node);
    add_row(text, smt_files_case_name(arena, position, number), "bounds and Z3",
            text_chars(&margin), text_chars(&inputs), text_chars(&sentence));
    mpz_clear(count);
    text_free(&margin);
    text_free(&inputs);
    text_free(&sentence);
}

void obligation_file_write(Text *text, const Proof *proof)
{
    const Task *task = proof->claim->task;
    Arena *arena = arena_new();
    for (int i = 0; i < proof->algorithm.n_obligations; i++)
        add_plain(text, &proof->algorithm.obligations[i], "Z3");
    add_plain(text, &proof->cover.tables, "Z3");
    for (int a = 0; a < proof->cover.answer; a++)
        add_plain(text, &proof->cover.position[a].obligation, "Z3 and counting");
    for (int a = 0; a < proof->network.answer; a++) {
        const PositionProof *position = &proof->network.position[a];
        const EdgeCase **cases = case_tree_order(arena, position);
        for (int i = 0; i < position->n_cases; i++)
            add_case(arena, text, task, position, cases[i], i + 1);
    }
    arena_free(arena);
}
