// Which token stands where.

#include <string.h>

#include "task_builder.h"

static Status find_token(Builder *b, const char *text, SpecSpan span, int *ret_token)
{
    Task *task = b->task;
    for (int i = 0; i < task->n_alphabet; i++)
        if (strcmp(task->alphabet[i], text) == 0) {
            *ret_token = i;
            return STATUS_OK;
        }
    if (task->n_alphabet == TASK_TOKENS_MAX)
        return task_fail(b, span, "T007", "more than 64 different tokens");
    task->alphabet[task->n_alphabet] = arena_strdup(b->arena, text);
    *ret_token = task->n_alphabet++;
    return STATUS_OK;
}

// Token of a digit: the alphabet starts with "0".."9".
static uint8_t *digit_tokens(Builder *b, const uint8_t *digits, size_t count)
{
    uint8_t *table = ARENA_NEW(b->arena, uint8_t, count);
    memcpy(table, digits, count);
    return table;
}

static TokenSource input_source(Builder *b, int number, int digit)
{
    int which = 0;
    while (b->input[which] != number)
        which++;
    uint8_t *table = ARENA_NEW(b->arena, uint8_t, b->task->symbols);
    for (int symbol = 0; symbol < b->task->symbols; symbol++)
        table[symbol] = (uint8_t)task_symbol_digit(b->task, symbol, which);
    return (TokenSource){TOKEN_INPUT, -1, b->task->lead + digit, which, table};
}

static TokenSource answer_source(Builder *b, int number, int digit)
{
    const SpecScan *scan = &b->spec->scan;
    size_t states = (size_t)b->task->states, symbols = (size_t)b->task->symbols;
    for (int i = 0; i < scan->n_finals; i++)
        if (scan->finals[i].number == number && scan->finals[i].index == digit)
            return (TokenSource){TOKEN_FINAL, -1, -1, i, digit_tokens(b, b->final[i], states)};
    for (int i = 0; i < scan->n_digits; i++)
        if (scan->digits[i].number == number)
            return (TokenSource){TOKEN_OUTPUT, -1, b->task->lead + digit, i,
                                 digit_tokens(b, b->output[i], states * symbols)};
    CHECK(!"resolution gives every answer digit a rule");
}

// Tokens of places in the list of a choice.
static Status list_tokens(Builder *b, const SpecNumber *choice, const uint8_t *places, size_t count,
                          const uint8_t **ret_table)
{
    uint8_t *table = ARENA_NEW(b->arena, uint8_t, count);
    int token[SPEC_CHOICES_MAX];
    for (int k = 0; k < choice->n_choices; k++)
        TRY(find_token(b, choice->choices[k], choice->span, &token[k]));
    for (size_t i = 0; i < count; i++)
        table[i] = (uint8_t)token[places[i]];
    *ret_table = table;
    return STATUS_OK;
}

static Status place_input_choice(Builder *b, int number, TokenSource *ret_source)
{
    uint8_t places[TASK_SYMBOLS_MAX];
    int which = 0;
    while (b->choice[which] != number)
        which++;
    for (int symbol = 0; symbol < b->task->symbols; symbol++)
        places[symbol] = (uint8_t)task_option_choice(b->task, symbol % b->task->options, which);
    *ret_source = (TokenSource){.kind = TOKEN_INPUT, .token = -1, .which = b->task->inputs + which};
    return list_tokens(b, &b->spec->numbers[number], places, (size_t)b->task->symbols,
                       &ret_source->table);
}

static Status place_choice(Builder *b, int number, TokenSource *ret_source)
{
    const SpecNumber *choice = &b->spec->numbers[number];
    if (!choice->answer)
        return place_input_choice(b, number, ret_source);
    *ret_source = answer_source(b, number, 0);
    return list_tokens(b, choice, ret_source->table, (size_t)b->task->states, &ret_source->table);
}

static Status place_item(Builder *b, const SpecItem *item, int *position)
{
    Task *task = b->task;
    const SpecNumber *number = item->number < 0 ? NULL : &b->spec->numbers[item->number];
    int digits = number ? number->digits : 1;
    if (*position + digits > TASK_POSITIONS_MAX)
        return task_fail(b, item->span, "T008", "prompt and answer together exceed 512 tokens");
    if (!number) {
        TokenSource *fixed = &task->source[(*position)++];
        *fixed = (TokenSource){.kind = TOKEN_FIXED, .column = -1};
        return find_token(b, item->token, item->span, &fixed->token);
    }
    if (spec_is_choice(number))
        return place_choice(b, item->number, &task->source[(*position)++]);
    for (int d = digits - 1; d >= 0; d--)
        task->source[(*position)++] =
            number->answer ? answer_source(b, item->number, d) : input_source(b, item->number, d);
    return STATUS_OK;
}

Status task_lay_out(Builder *b)
{
    static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    Task *task = b->task;
    int position = 0, token;
    task->alphabet = ARENA_NEW(b->arena, const char *, TASK_TOKENS_MAX);
    task->source = ARENA_NEW(b->arena, TokenSource, TASK_POSITIONS_MAX);
    for (int d = 0; d < SPEC_BASE; d++)
        TRY(find_token(b, digits[d], (SpecSpan){0, 0}, &token));
    for (int i = 0; i < b->spec->n_prompt; i++)
        TRY(place_item(b, &b->spec->prompt[i], &position));
    task->prompt = position;
    for (int i = 0; i < b->spec->n_answer; i++)
        TRY(place_item(b, &b->spec->answer[i], &position));
    task->answer = position - task->prompt;
    return STATUS_OK;
}
