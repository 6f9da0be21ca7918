#include "train_outlook.h"

#include "algorithm.h"
#include "sight.h"
#include "split.h"

static Status ask_algorithm(Arena *arena, const Task *task, Diag *diag)
{
    AlgorithmVerdict verdict;
    TRY(algorithm_prove(arena, task->spec, ALGORITHM_BUDGET_DEFAULT, &verdict, diag));
    if (verdict.verdict == VERDICT_PROVED)
        return STATUS_OK;
    diag_set(diag, STATUS_LIMIT, "R038", "no model of this spec can be proved: %s", verdict.text);
    diag_path(diag, task->spec->path);
    return STATUS_LIMIT;
}

// "`190 + 100 =` and `199 + 101 =` look the same where s2 is written, but 2 and 3 are right"
static char *say_gap(Arena *arena, const Task *task, const SightGap *gap)
{
    int one[TASK_POSITIONS_MAX], other[TASK_POSITIONS_MAX], ids[TASK_TOKENS_MAX];
    int position = task->prompt + gap->answer;
    Text name = {0};
    for (int k = 0; k < task->n_alphabet; k++)
        ids[k] = k;
    task_tokens(task, ids, gap->one, one);
    task_tokens(task, ids, gap->other, other);
    position_say(&name, task, position);
    char *said = arena_printf(
        arena, "`%s` and `%s` look the same where %s is written, but %s and %s are right",
        task_show_prompt(arena, task, gap->one), task_show_prompt(arena, task, gap->other),
        text_chars(&name), task->alphabet[one[position]], task->alphabet[other[position]]);
    text_free(&name);
    return said;
}

Status train_outlook(Arena *arena, const Options *options, const char *recipe, const Task *task,
                     const Model *model, Diag *diag)
{
    SightGap gap;
    if (options->until_proved)
        TRY(ask_algorithm(arena, task, diag));
    if (!task_has_inputs(task) || !sight_find_gap(task, model, &gap))
        return STATUS_OK;
    const char *said = say_gap(arena, task, &gap);
    if (options->until_proved) {
        diag_set(diag, STATUS_LIMIT, "R039", "the edges hide too much: %s", said);
        diag_path(diag, recipe);
        diag_hint(diag, "give a head of the last layer `columns-below`, `columns` or `dense`, or "
                        "one of the first "
                        "`column` or `choices`");
        return STATUS_LIMIT;
    }
    if (!options->quiet)
        fprintf(stderr, "%s: note: whatever the weights, %s\n", recipe, said);
    return STATUS_OK;
}
