#include "task_file.h"

#include <string.h>

#include "equation.h"
#include "set_text.h"

// Tables of tokens, each named by the first position that reads it.
typedef struct Tables {
    int first[TASK_POSITIONS_MAX]; // position of each table
    int count;
    int of[TASK_POSITIONS_MAX]; // table of each position; -1: fixed
} Tables;

static Status refuse(const Task *task, SpecSpan span, Diag *diag, const char *why)
{
    return spec_diag(task->spec, span, diag, STATUS_MALFORMED, "C002",
                     "no certificate can be written for this claim: %s", why);
}

// ---- the trellis --------------------------------------------------------------------------------

static void add_states(Text *text, const char *name, const Task *task, uint64_t states)
{
    bool member[TASK_STATES_MAX];
    for (int q = 0; q < task->states; q++)
        member[q] = task_has_state(states, q);
    text_add(text, "%s ", name);
    set_text_add(text, member, task->states);
    text_add(text, "\n");
}

static void add_word(Text *text, int value)
{
    if (value == TASK_NO_STATE)
        text_add(text, " -");
    else
        text_add(text, " %d", value);
}

static void add_trellis(Text *text, const Task *task)
{
    text_add(text, "columns %d\nstates %d\nsymbols %d\n", task->columns, task->states,
             task->symbols);
    add_states(text, "start", task, task->starts);
    add_states(text, "accept", task, task->accepts);
    for (int q = 0; q < task->states; q++) {
        text_add(text, "next %d", q);
        for (int s = 0; s < task->symbols; s++)
            add_word(text, task->next[q * task->symbols + s]);
        text_add(text, "\n");
    }
    for (int c = 0; c < task->columns; c++) {
        bool member[TASK_SYMBOLS_MAX];
        for (int s = 0; s < task->symbols; s++)
            member[s] = task->allowed[c * task->symbols + s] != 0;
        text_add(text, "allow %d ", c);
        set_text_add(text, member, task->symbols);
        text_add(text, "\n");
    }
}

// ---- tokens -------------------------------------------------------------------------------------

static bool plain(const char *token)
{
    for (const char *c = token; *c; c++)
        if (*c < ' ' || *c > '~')
            return false;
    return *token != '\0';
}

static Status add_alphabet(Text *text, const Task *task, Diag *diag)
{
    for (int k = 0; k < task->n_alphabet; k++) {
        if (!plain(task->alphabet[k]))
            return refuse(task, task->spec->require->span, diag,
                          "the text of a token is not plain ASCII");
        text_add(text, "token %d %s\n", k, task->alphabet[k]);
    }
    return STATUS_OK;
}

static Tables tables_of(const Task *task)
{
    Tables tables = {.count = 0};
    for (int p = 0; p < task->prompt + task->answer; p++) {
        const TokenSource *source = &task->source[p];
        int t = 0;
        tables.of[p] = -1;
        if (source->kind == TOKEN_FIXED)
            continue;
        while (t < tables.count && (task->source[tables.first[t]].kind != source->kind ||
                                    task->source[tables.first[t]].which != source->which))
            t++;
        if (t == tables.count)
            tables.first[tables.count++] = p;
        tables.of[p] = t;
    }
    return tables;
}

static void add_tables(Text *text, const Task *task, const Tables *tables)
{
    for (int t = 0; t < tables->count; t++)
        for (int q = 0; q < task->states; q++) {
            text_add(text, "table %d %d", t, q);
            for (int e = q * task->symbols; e < (q + 1) * task->symbols; e++)
                add_word(text, task->next[e] == TASK_NO_STATE
                                   ? TASK_NO_STATE
                                   : task_edge_token(task, &task->source[tables->first[t]], e));
            text_add(text, "\n");
        }
}

static void add_positions(Text *text, const Task *task, const Tables *tables)
{
    text_add(text, "prompt %d\nanswer %d\n", task->prompt, task->answer);
    for (int p = 0; p < task->prompt + task->answer; p++) {
        const TokenSource *source = &task->source[p];
        if (source->kind == TOKEN_FIXED)
            text_add(text, "fixed %d %d\n", p, source->token);
        else
            text_add(text, "column %d %d %d\n", p, task_source_column(task, source),
                     tables->of[p]);
    }
}

// ---- the claim ----------------------------------------------------------------------------------

static const SpecItem *item_at(const Spec *spec, int i)
{
    return i < spec->n_prompt ? &spec->prompt[i] : &spec->answer[i - spec->n_prompt];
}

// Position of a number's most significant digit.
static int first_digit(const Spec *spec, int number)
{
    int position = 0;
    for (int i = 0; i < spec->n_prompt + spec->n_answer; i++) {
        const SpecItem *item = item_at(spec, i);
        if (item->number == number)
            return position;
        position += item->number < 0 ? 1 : spec->numbers[item->number].digits;
    }
    CHECK(!"each number stands somewhere");
}

static Status add_claim(Text *text, const Task *task, Diag *diag)
{
    const Spec *spec = task->spec;
    long long coefficient[SPEC_DIGITS_MAX];
    TRY(equation_read(spec, coefficient, diag));
    for (int i = 0; i < spec->n_answer; i++)
        if (spec->answer[i].number < 0 || coefficient[spec->answer[i].number] == 0)
            return refuse(task, spec->answer[i].span, diag,
                          "this part of the answer does not matter to `require`");
    for (int i = 0; i < spec->n_numbers; i++) {
        if (coefficient[i] == 0)
            continue;
        text_add(text, "number %s %lld", spec->numbers[i].name, coefficient[i]);
        for (int d = 0; d < spec->numbers[i].digits; d++)
            text_add(text, " %d", first_digit(spec, i) + d);
        text_add(text, "\n");
    }
    text_add(text, "claim sum is zero\n");
    return STATUS_OK;
}

Status task_file_write(Text *text, const Task *task, Diag *diag)
{
    Tables tables = tables_of(task);
    text_add(text, "ripple-task 1\n");
    add_trellis(text, task);
    TRY(add_alphabet(text, task, diag));
    add_tables(text, task, &tables);
    add_positions(text, task, &tables);
    return add_claim(text, task, diag);
}
