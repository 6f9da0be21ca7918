// Tokens of a concrete input, how a person writes it, and random inputs.

#include <ctype.h>
#include <string.h>

#include "task.h"
#include "text.h"

int task_symbol_digit(const Task *task, int symbol, int which)
{
    for (int m = task->inputs - 1; m > which; m--)
        symbol /= SPEC_BASE;
    return symbol % SPEC_BASE;
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

// The k-th (random) symbol of column c among those that pass `keep`, or -1 if there is none.
static int draw(const Task *task, Rng *rng, int column, const uint8_t *keep)
{
    const uint8_t *allowed = task->allowed + column * task->symbols;
    uint32_t count = 0;
    for (int s = 0; s < task->symbols; s++)
        count += allowed[s] && (!keep || keep[s]);
    if (count == 0)
        return -1;
    uint32_t k = rng_below(rng, count);
    for (int s = 0;; s++)
        if (allowed[s] && (!keep || keep[s]) && k-- == 0)
            return s;
}

void task_sample_uniform(const Task *task, Rng *rng, uint8_t *ret_symbols)
{
    for (int c = 0; c < task->columns; c++) {
        int symbol = draw(task, rng, c, NULL);
        CHECK(symbol >= 0);
        ret_symbols[c] = (uint8_t)symbol;
    }
}

// Passing symbols: two reachable states lead to different states.
static void mark_passing(const Task *task, uint8_t *ret_keep)
{
    for (int s = 0; s < task->symbols; s++) {
        int first = -1;
        ret_keep[s] = 0;
        for (int q = 0; q < task->states; q++) {
            int to = task->next[q * task->symbols + s];
            if (!task->reachable[q] || to == TASK_NO_STATE)
                continue;
            if (first >= 0 && to != first)
                ret_keep[s] = 1;
            first = to;
        }
    }
}

void task_sample_chained(const Task *task, Rng *rng, uint8_t *ret_symbols)
{
    uint8_t passing[TASK_SYMBOLS_MAX];
    float probability = rng_unit(rng);
    mark_passing(task, passing);
    for (int c = 0; c < task->columns; c++) {
        int symbol = -1;
        if (rng_unit(rng) < probability)
            symbol = draw(task, rng, c, passing);
        if (symbol < 0)
            symbol = draw(task, rng, c, NULL);
        CHECK(symbol >= 0);
        ret_symbols[c] = (uint8_t)symbol;
    }
}

bool task_has_inputs(const Task *task)
{
    Rng rng = rng_new(0, 0);
    for (int c = 0; c < task->columns; c++)
        if (draw(task, &rng, c, NULL) < 0)
            return false;
    return true;
}

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
    const char *texts[TASK_POSITIONS_MAX];
    const Spec *spec = task->spec;
    for (int p = 0; p < task->prompt; p++)
        texts[p] = task->alphabet[token_at(task, p, symbols, NULL)];
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
              task_show_prompt(arena, task, zeros), task->columns);
    arena_free(arena);
    return STATUS_USAGE;
}

// Digits of one number into its place of the symbols; NULL if it has none or too many.
static const char *read_number(const Task *task, const char *text, int which, int *ret_digits)
{
    size_t length = strspn(text, "0123456789"), zeros = strspn(text, "0");
    if (length == 0 || length - zeros > (size_t)task->columns)
        return NULL;
    for (int c = 0; c < task->columns; c++)
        ret_digits[c * task->inputs + which] =
            (size_t)c < length ? text[length - 1 - (size_t)c] - '0' : 0;
    return text + length;
}

Status task_read_prompt(const Task *task, const char *text, uint8_t *ret_symbols, Diag *diag)
{
    int digits[TASK_COLUMNS_MAX * 4] = {0}, which = 0;
    const Spec *spec = task->spec;
    const char *at = skip_space(text);
    for (int i = 0; i < spec->n_prompt; i++, at = skip_space(at)) {
        const char *token = spec->prompt[i].token;
        if (spec->prompt[i].number >= 0) {
            for (int k = which = 0; k < spec->prompt[i].number; k++)
                which += !spec->numbers[k].answer;
            at = read_number(task, at, which, digits);
            if (!at)
                return cannot_read(task, diag, text, "a number is missing or too long");
        } else if (strncmp(at, token, strlen(token)) == 0) {
            at += strlen(token);
        } else if (i + 1 < spec->n_prompt || *at) {
            return cannot_read(task, diag, text, "a sign is missing or wrong");
        }
    }
    if (*at)
        return cannot_read(task, diag, text, "something follows the question");
    for (int c = 0; c < task->columns; c++) {
        int symbol = 0;
        for (int m = 0; m < task->inputs; m++)
            symbol = symbol * SPEC_BASE + digits[c * task->inputs + m];
        if (!task->allowed[c * task->symbols + symbol])
            return cannot_read(task, diag, text, "it does not meet the spec's precondition");
        ret_symbols[c] = (uint8_t)symbol;
    }
    return STATUS_OK;
}
