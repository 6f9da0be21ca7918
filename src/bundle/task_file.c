#include "task_file.h"

#include <string.h>

#include "clauses.h"
#include "set_text.h"
#include "settled.h"

// Tables of tokens, each named by the first position that reads it.
typedef struct Tables {
    int first[TASK_POSITIONS_MAX]; // position of each table
    int count;
    int of[TASK_POSITIONS_MAX]; // table of each position; -1: fixed
} Tables;

static Status refuse(const Task *task, SpecSpan span, Diag *diag, const char *code, const char *why)
{
    return spec_diag(task->spec, span, diag, STATUS_MALFORMED, code,
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
            return refuse(task, task->spec->require->span, diag, "C002",
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
            text_add(text, "column %d %d %d\n", p, task_source_column(task, source), tables->of[p]);
    }
}

// ---- the claim ----------------------------------------------------------------------------------

static bool is_named(const Clauses *clauses, int quantity)
{
    for (int k = 0; k < clauses->count; k++)
        for (int l = 0; l < clauses->clause[k].count; l++)
            if (mpz_sgn(clauses->clause[k].literal[l]->coefficient[quantity]) != 0)
                return true;
    return false;
}

// Whether the claim names a number, or this digit of it.
static bool is_spoken_of(const Clauses *clauses, int number, int digit)
{
    for (int i = 0; i < clauses->quantities.count; i++) {
        const Quantity *item = &clauses->quantities.item[i];
        if (item->number == number && (item->digit < 0 || item->digit == digit) &&
            is_named(clauses, i))
            return true;
    }
    return false;
}

static Status check_answer(const Task *task, const Clauses *clauses, Diag *diag)
{
    const Spec *spec = task->spec;
    for (int i = 0; i < spec->n_answer; i++) {
        int number = spec->answer[i].number;
        for (int d = 0; number >= 0 && d < spec->numbers[number].digits; d++)
            if (!is_spoken_of(clauses, number, d))
                return refuse(task, spec->answer[i].span, diag, "C002",
                              "this part of the answer does not matter to `require`");
    }
    return STATUS_OK;
}

static int token_of(const Task *task, const char *token)
{
    int k = 0;
    while (strcmp(task->alphabet[k], token) != 0)
        k++;
    return k;
}

static void add_quantity(Text *text, const Task *task, const Quantity *item)
{
    const SpecNumber *number = &task->spec->numbers[item->number];
    int position[SPEC_DIGITS_MAX], count = quantity_positions(task->spec, item, position);
    text_add(text, "%s %s", spec_is_choice(number) ? "choice" : "number", item->name);
    for (int d = 0; d < count; d++)
        text_add(text, " %d", position[d]);
    for (int k = 0; k < number->n_choices; k++)
        text_add(text, " %d", token_of(task, number->choices[k]));
    text_add(text, "\n");
}

static void add_integer(Text *text, const mpz_t value)
{
    char digits[CLAUSES_DIGITS_MAX + 3];
    text_add(text, " %s", mpz_get_str(digits, 10, value));
}

static void add_literal(Text *text, const Quantities *quantities, const Linear *form)
{
    text_add(text, "literal");
    add_integer(text, form->constant);
    for (int i = 0; i < form->count; i++)
        if (mpz_sgn(form->coefficient[i]) != 0) {
            add_integer(text, form->coefficient[i]);
            text_add(text, " %s", quantities->item[i].name);
        }
    text_add(text, "\n");
}

static void add_clauses(Text *text, const Clauses *clauses)
{
    for (int k = 0; k < clauses->count; k++) {
        text_add(text, "clause\n");
        for (int l = 0; l < clauses->clause[k].count; l++)
            add_literal(text, &clauses->quantities, clauses->clause[k].literal[l]);
    }
}

static Status add_claim(Text *text, Arena *arena, const Task *task, Diag *diag)
{
    Clauses clauses;
    TRY(clauses_of(arena, task->spec, &clauses, diag));
    TRY(check_answer(task, &clauses, diag));
    if (!settled_in_time(task, &clauses))
        return refuse(task, task->spec->require->span, diag, "C002",
                      "it has too many digits, alternatives and columns");
    if (!settled_all(task, &clauses))
        return refuse(task, task->spec->require->span, diag, "C013",
                      "which of its alternatives holds depends on more than the last state");
    for (int i = 0; i < clauses.quantities.count; i++)
        if (is_named(&clauses, i))
            add_quantity(text, task, &clauses.quantities.item[i]);
    add_clauses(text, &clauses);
    return STATUS_OK;
}

Status task_file_write(Text *text, const Task *task, Diag *diag)
{
    Tables tables = tables_of(task);
    text_add(text, "ripple-task 2\n");
    add_trellis(text, task);
    TRY(add_alphabet(text, task, diag));
    add_tables(text, task, &tables);
    add_positions(text, task, &tables);
    Arena *arena = arena_new();
    Status status = add_claim(text, arena, task, diag);
    arena_free(arena);
    return status;
}
