// How a person writes an input.

#include <ctype.h>
#include <string.h>

#include "task.h"
#include "text.h"

// Adds a number without its leading zeros.
static void add_number(Text *text, const char *const *digits, int count)
{
    int first = 0;
    while (first < count - 1 && strcmp(digits[first], "0") == 0)
        first++;
    for (int i = first; i < count; i++)
        text_add(text, "%s", digits[i]);
}

static char *show_items(Arena *arena, const Spec *spec, const SpecItem *items, int count,
                        const char *const *tokens)
{
    Text text = {0};
    for (int i = 0; i < count; i++) {
        int width = items[i].number < 0 ? 1 : spec->numbers[items[i].number].digits;
        if (i > 0)
            text_add(&text, " ");
        add_number(&text, tokens, width);
        tokens += width;
    }
    char *copy = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return copy;
}

char *task_show_prompt(Arena *arena, const Task *task, const uint8_t *symbols)
{
    int tokens[TASK_POSITIONS_MAX];
    const char *texts[TASK_POSITIONS_MAX];
    const Spec *spec = task->spec;
    task_prompt_tokens(task, symbols, tokens);
    for (int p = 0; p < task->prompt; p++)
        texts[p] = task->alphabet[tokens[p]];
    return show_items(arena, spec, spec->prompt, spec->n_prompt, texts);
}

char *task_show_answer(Arena *arena, const Task *task, const char *const *tokens)
{
    return show_items(arena, task->spec, task->spec->answer, task->spec->n_answer, tokens);
}

char *task_show_right(Arena *arena, const Task *task, const uint8_t *symbols)
{
    int tokens[TASK_POSITIONS_MAX];
    const char *texts[TASK_POSITIONS_MAX];
    task_tokens(task, NULL, symbols, tokens);
    for (int p = 0; p < task->answer; p++)
        texts[p] = task->alphabet[tokens[task->prompt + p]];
    return task_show_answer(arena, task, texts);
}

static const char *skip_space(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

static Status cannot_read(const Task *task, Diag *diag, const char *text, const char *why)
{
    Arena *arena = arena_new();
    uint8_t zeros[TASK_COLUMNS_MAX] = {0};
    diag_set(diag, STATUS_USAGE, "T009", "cannot read the question \"%.60s\": %s", text, why);
    diag_hint(diag, "write it like \"%s\", numbers of at most %d digits",
              task_show_prompt(arena, task, zeros), task->columns - task->lead);
    arena_free(arena);
    return STATUS_USAGE;
}

// What a person wrote, in parts: [column][which] digits of numbers, and places in lists.
typedef struct Reading {
    const Task *task;
    int digits[TASK_COLUMNS_MAX][SPEC_DIGITS_MAX];
    int place[SPEC_DIGITS_MAX];
} Reading;

// Behind the digits of a number; NULL if it has none or too many.
static const char *read_number(Reading *r, const char *text, int which)
{
    size_t length = strspn(text, "0123456789"), zeros = strspn(text, "0");
    int lead = r->task->lead, columns = r->task->columns - lead;
    if (length == 0 || length - zeros > (size_t)columns)
        return NULL;
    for (int c = 0; c < columns; c++)
        r->digits[lead + c][which] = (size_t)c < length ? text[length - 1 - (size_t)c] - '0' : 0;
    return text + length;
}

static const char *read_token(const char *text, const char *token)
{
    size_t length = strlen(token);
    return strncmp(text, token, length) == 0 ? text + length : NULL;
}

// The longest token of the list that stands there.
static const char *read_choice(Reading *r, const char *text, int number, int which)
{
    const SpecNumber *choice = &r->task->spec->numbers[number];
    const char *behind = NULL;
    for (int k = 0; k < choice->n_choices; k++) {
        const char *end = read_token(text, choice->choices[k]);
        if (end && (!behind || end > behind)) {
            behind = end;
            r->place[which] = k;
        }
    }
    return behind;
}

// How many inputs of the same kind are declared before it.
static int rank_of(const Spec *spec, int number)
{
    int rank = 0;
    for (int k = 0; k < number; k++)
        rank += !spec->numbers[k].answer &&
                spec_is_choice(&spec->numbers[k]) == spec_is_choice(&spec->numbers[number]);
    return rank;
}

// What it should be is in *ret_why when it is something else.
static const char *read_item(Reading *r, const char *text, const SpecItem *item, bool is_last,
                             const char **ret_why)
{
    const Spec *spec = r->task->spec;
    if (item->number < 0) {
        const char *behind = read_token(text, item->token);
        *ret_why = "a sign is missing or wrong";
        return !behind && is_last && !*text ? text : behind; // a last "=" may be left out
    }
    if (spec_is_choice(&spec->numbers[item->number])) {
        *ret_why = "a sign is missing or wrong";
        return read_choice(r, text, item->number, rank_of(spec, item->number));
    }
    *ret_why = "a number is missing or too long";
    return read_number(r, text, rank_of(spec, item->number));
}

static int symbol_of(const Reading *r, int column)
{
    const Task *task = r->task;
    int symbol = 0;
    for (int m = 0; column < task->lead && m < task->choices; m++)
        symbol = symbol * task->spec->numbers[task->choice[m]].n_choices + r->place[m];
    for (int m = 0; column >= task->lead && m < task->inputs; m++)
        symbol = symbol * SPEC_BASE + r->digits[column][m];
    return symbol;
}

Status task_read_prompt(const Task *task, const char *text, uint8_t *ret_symbols, Diag *diag)
{
    Reading r = {.task = task};
    const Spec *spec = task->spec;
    const char *at = skip_space(text), *why;
    for (int i = 0; i < spec->n_prompt; i++) {
        at = read_item(&r, at, &spec->prompt[i], i + 1 == spec->n_prompt, &why);
        if (!at)
            return cannot_read(task, diag, text, why);
        at = skip_space(at);
    }
    if (*at)
        return cannot_read(task, diag, text, "something follows the question");
    for (int c = 0; c < task->columns; c++) {
        int symbol = symbol_of(&r, c);
        if (!task->allowed[c * task->symbols + symbol])
            return cannot_read(task, diag, text, "it does not meet the spec's precondition");
        ret_symbols[c] = (uint8_t)symbol;
    }
    return STATUS_OK;
}
