#include "smt_files.h"

#include "case_tree.h"
#include "smtquestions.h"

char *smt_files_case_name(Arena *arena, const PositionProof *position, int number)
{
    return arena_printf(arena, "N.%s.%04d", position->name, number);
}

static Status add(Arena *arena, SmtFiles *files, const char *name, const char *script, Diag *diag)
{
    Text text = {0};
    SmtFile *file = &files->file[files->count];
    Status status = smt_questions(arena, script, &text, &file->questions, diag);
    file->name = name;
    file->text = arena_strdup(arena, text_chars(&text));
    files->count++;
    text_free(&text);
    return status;
}

// What level A could not prove one way, it has proved another.
static Status add_obligation(Arena *arena, SmtFiles *files, const Obligation *o, Diag *diag)
{
    if (o->answer != SMT_UNSAT)
        return STATUS_OK;
    return add(arena, files, o->name, o->script, diag);
}

// A script for each group of query configurations, numbered if there are several.
static Status add_case(Arena *arena, SmtFiles *files, const EdgeCase *edge_case, const char *name,
                       Diag *diag)
{
    for (int g = 0; g < edge_case->n_scripts; g++) {
        const char *own =
            edge_case->n_scripts == 1 ? name : arena_printf(arena, "%s.%d", name, g + 1);
        TRY(add(arena, files, own, edge_case->script[g], diag));
    }
    return STATUS_OK;
}

// In the order of the tree.
static Status add_position(Arena *arena, SmtFiles *files, const PositionProof *position, Diag *diag)
{
    const EdgeCase **cases = case_tree_order(arena, position);
    for (int i = 0; i < position->n_cases; i++)
        TRY(add_case(arena, files, cases[i], smt_files_case_name(arena, position, i + 1), diag));
    return STATUS_OK;
}

static size_t scripts_at_most(const Proof *proof)
{
    size_t count = (size_t)proof->obligations;
    for (int a = 0; a < proof->network.answer; a++)
        for (int i = 0; i < proof->network.position[a].n_cases; i++)
            count += (size_t)proof->network.position[a].cases[i].n_scripts;
    return count;
}

Status smt_files_of(Arena *arena, const Proof *proof, SmtFiles *ret_files, Diag *diag)
{
    const AlgorithmVerdict *algorithm = &proof->algorithm;
    const CoverVerdict *cover = &proof->cover;
    const NetworkProof *network = &proof->network;
    SmtFiles files = {.file = ARENA_NEW(arena, SmtFile, scripts_at_most(proof))};
    for (int i = 0; i < algorithm->n_obligations; i++)
        TRY(add_obligation(arena, &files, &algorithm->obligations[i], diag));
    TRY(add_obligation(arena, &files, &cover->tables, diag));
    for (int a = 0; a < cover->answer; a++)
        TRY(add_obligation(arena, &files, &cover->position[a].obligation, diag));
    for (int a = 0; a < network->answer; a++)
        TRY(add_position(arena, &files, &network->position[a], diag));
    *ret_files = files;
    return STATUS_OK;
}
