// Tokens of a concrete input.

#include <string.h>

#include "task.h"

int task_symbol_digit(const Task *task, int symbol, int which)
{
    for (int m = task->inputs - 1; m > which; m--)
        symbol /= SPEC_BASE;
    return symbol % SPEC_BASE;
}

static int list_length(const Task *task, int which)
{
    return task->spec->numbers[task->choice[which]].n_choices;
}

int task_option_choice(const Task *task, int option, int which)
{
    for (int m = task->choices - 1; m > which; m--)
        option /= list_length(task, m);
    return option % list_length(task, which);
}

bool task_is_choice(const Task *task, int position)
{
    const TokenSource *source = &task->source[position];
    const SpecScan *scan = &task->spec->scan;
    if (source->kind == TOKEN_FINAL)
        return spec_is_choice(&task->spec->numbers[scan->finals[source->which].number]);
    return source->kind == TOKEN_INPUT && source->which >= task->inputs;
}

int task_source_token(const Task *task, const TokenSource *source, int state, int symbol)
{
    switch (source->kind) {
    case TOKEN_INPUT:
        return source->table[symbol];
    case TOKEN_OUTPUT:
        return source->table[state * task->symbols + symbol];
    case TOKEN_FINAL:
        return source->table[state];
    case TOKEN_FIXED:
        break;
    }
    return source->token;
}

int task_source_column(const Task *task, const TokenSource *source)
{
    return source->kind == TOKEN_FIXED   ? -1
           : source->kind == TOKEN_FINAL ? task->columns - 1
                                         : source->column;
}

int task_edge_token(const Task *task, const TokenSource *source, int edge)
{
    int state = source->kind == TOKEN_FINAL ? task->next[edge] : edge / task->symbols;
    return task_source_token(task, source, state, edge % task->symbols);
}

// Whether the scan, begun in states[0], gets through and ends in an accepted state.
static bool run_scan(const Task *task, const uint8_t *symbols, uint8_t *states)
{
    for (int c = 0; c < task->columns; c++) {
        states[c + 1] = task->next[states[c] * task->symbols + symbols[c]];
        if (states[c + 1] == TASK_NO_STATE)
            return false;
    }
    return task_has_state(task->accepts, states[task->columns]);
}

bool task_path(const Task *task, const uint8_t *symbols, uint8_t ret_states[TASK_COLUMNS_MAX + 1])
{
    for (int q = 0; q < task->states; q++) {
        ret_states[0] = (uint8_t)q;
        if (task_has_state(task->starts, q) && run_scan(task, symbols, ret_states))
            return true;
    }
    return false;
}

// Those of the prompt need no states.
static int token_at(const Task *task, int position, const uint8_t *symbols, const uint8_t *states)
{
    const TokenSource *source = &task->source[position];
    if (source->kind == TOKEN_FIXED)
        return source->token;
    if (source->kind == TOKEN_INPUT)
        return source->table[symbols[source->column]];
    if (source->kind == TOKEN_FINAL)
        return task_source_token(task, source, states[task->columns], 0);
    return task_source_token(task, source, states[source->column], symbols[source->column]);
}

void task_prompt_tokens(const Task *task, const uint8_t *symbols, int *ret_tokens)
{
    for (int p = 0; p < task->prompt; p++)
        ret_tokens[p] = token_at(task, p, symbols, NULL);
}

void task_tokens(const Task *task, const int *ids, const uint8_t *symbols, int *ret_tokens)
{
    uint8_t states[TASK_COLUMNS_MAX + 1];
    CHECK(task_path(task, symbols, states));
    for (int p = 0; p < task->prompt + task->answer; p++) {
        int token = token_at(task, p, symbols, states);
        ret_tokens[p] = ids ? ids[token] : token;
    }
}

Status task_bind(const Task *task, char *const *vocab, int V, int *ret_ids, Diag *diag)
{
    for (int k = 0; k < task->n_alphabet; k++) {
        ret_ids[k] = -1;
        for (int v = 0; v < V && ret_ids[k] < 0; v++)
            if (strcmp(vocab[v], task->alphabet[k]) == 0)
                ret_ids[k] = v;
        if (ret_ids[k] < 0)
            return diag_set(diag, STATUS_MALFORMED, "T006",
                            "the model's vocabulary has no token \"%s\", which the spec needs",
                            task->alphabet[k]);
    }
    return STATUS_OK;
}
