// From the resolved spec to finite tables. Only edges that some input can reach are evaluated: a
// rule may be nonsense on a state that never occurs.

#include "task.h"

#include <string.h>

#include "eval.h"

typedef struct Builder {
    Arena *arena;
    const Spec *spec;
    Diag *diag;
    Task *task;
    int inputs;                 // how many input numbers
    int input[SPEC_DIGITS_MAX]; // index into spec->numbers of the m-th input number
    uint8_t *next, *reachable;  // [states * symbols], [states]
    uint8_t **output, **final;  // per digit rule, per final rule
    int column;                 // the column at hand, and its digits, by number
    int digits[SPEC_DIGITS_MAX];
    long long states[TASK_STATES_MAX];
} Builder;

static Status fail(Builder *b, SpecSpan span, const char *code, const char *text)
{
    return spec_diag(b->spec, span, b->diag, STATUS_MALFORMED, code, "%s", text);
}

static Status count_symbols(Builder *b)
{
    Task *task = b->task;
    if (b->spec->n_numbers > SPEC_DIGITS_MAX)
        return fail(b, b->spec->numbers[0].span, "T001", "more than 64 numbers");
    task->symbols = 1;
    for (int i = 0; i < b->spec->n_numbers; i++) {
        const SpecNumber *number = &b->spec->numbers[i];
        if (number->answer)
            continue;
        b->input[b->inputs++] = i;
        task->columns = number->digits;
        task->symbols *= SPEC_BASE;
        if (task->symbols > TASK_SYMBOLS_MAX)
            return fail(b, number->span, "T001", "more than two input numbers are not supported");
    }
    task->inputs = b->inputs;
    return STATUS_OK;
}

static Status count_states(Builder *b)
{
    const SpecScan *scan = &b->spec->scan;
    long long count = 1;
    for (int i = 0; i < scan->n_states; i++) {
        count *= scan->states[i].high - scan->states[i].low + 1;
        if (count > TASK_STATES_MAX)
            return fail(b, scan->states[i].span, "T002", "the states combine to more than 64");
    }
    b->task->states = (int)count;
    return STATUS_OK;
}

// Mixed radix, the first declared state most significant.
static int state_number(const SpecScan *scan, const long long *values)
{
    int number = 0;
    for (int i = 0; i < scan->n_states; i++) {
        const SpecState *s = &scan->states[i];
        number = number * (int)(s->high - s->low + 1) + (int)(values[i] - s->low);
    }
    return number;
}

static void state_values(const SpecScan *scan, int number, long long *ret_values)
{
    for (int i = scan->n_states - 1; i >= 0; i--) {
        const SpecState *s = &scan->states[i];
        int range = (int)(s->high - s->low + 1);
        ret_values[i] = s->low + number % range;
        number /= range;
    }
}

long long task_state_value(const Task *task, int state, int which)
{
    long long values[TASK_STATES_MAX];
    state_values(&task->spec->scan, state, values);
    return values[which];
}

static void set_column(Builder *b, int state, int symbol)
{
    state_values(&b->spec->scan, state, b->states);
    for (int m = 0; m < b->inputs; m++)
        b->digits[b->input[m]] = task_symbol_digit(b->task, symbol, m);
}

static Status evaluate(Builder *b, const Expr *rule, long long low, long long high,
                       long long *ret_value)
{
    SpecEnv env = {
        .spec = b->spec, .column = b->column, .states = b->states, .column_digits = b->digits};
    if (!spec_eval_small(rule, &env, ret_value))
        return fail(b, rule->span, "T003", "this rule overflows or divides by zero");
    if (*ret_value < low || *ret_value > high)
        return spec_diag(b->spec, rule->span, b->diag, STATUS_MALFORMED, "T004",
                         "this rule gives %lld, outside %lld..%lld", *ret_value, low, high);
    return STATUS_OK;
}

static Status fill_edge(Builder *b, int state, int symbol)
{
    const SpecScan *scan = &b->spec->scan;
    long long values[TASK_STATES_MAX], digit;
    size_t edge = (size_t)state * (size_t)b->task->symbols + (size_t)symbol;
    set_column(b, state, symbol);
    for (int i = 0; i < scan->n_states; i++)
        TRY(evaluate(b, scan->states[i].next, scan->states[i].low, scan->states[i].high,
                     &values[i]));
    for (int i = 0; i < scan->n_digits; i++) {
        TRY(evaluate(b, scan->digits[i].rule, 0, SPEC_BASE - 1, &digit));
        b->output[i][edge] = (uint8_t)digit;
    }
    b->next[edge] = (uint8_t)state_number(scan, values);
    return STATUS_OK;
}

static Status fill_final(Builder *b, int state)
{
    const SpecScan *scan = &b->spec->scan;
    long long digit;
    state_values(scan, state, b->states);
    for (int i = 0; i < scan->n_finals; i++) {
        TRY(evaluate(b, scan->finals[i].rule, 0, SPEC_BASE - 1, &digit));
        b->final[i][state] = (uint8_t)digit;
    }
    return STATUS_OK;
}

static bool allowed_somewhere(const Task *task, int symbol)
{
    for (int c = 0; c < task->columns; c++)
        if (task->allowed[c * task->symbols + symbol])
            return true;
    return false;
}

// Follows the edges from the starts until no new state turns up.
static Status fill_tables(Builder *b)
{
    Task *task = b->task;
    int queue[TASK_STATES_MAX], count = 0;
    for (int q = 0; q < task->states; q++)
        if (task_has_state(task->starts, q)) {
            b->reachable[q] = 1;
            queue[count++] = q;
        }
    for (int i = 0; i < count; i++) {
        TRY(fill_final(b, queue[i]));
        for (int symbol = 0; symbol < task->symbols; symbol++) {
            if (!allowed_somewhere(task, symbol))
                continue;
            TRY(fill_edge(b, queue[i], symbol));
            int to = b->next[queue[i] * task->symbols + symbol];
            if (!b->reachable[to]) {
                b->reachable[to] = 1;
                queue[count++] = to;
            }
        }
    }
    return STATUS_OK;
}

// Whether an assumption is about the column. One that names `i` is about every column; else all its
// digits are of one.
static bool is_about(const Builder *b, const Expr *assume, int column)
{
    SpecEnv env = {.spec = b->spec, .column = column};
    long long index;
    if (!assume)
        return true;
    if (assume->kind == EXPR_DIGIT)
        return spec_eval_small(assume->a, &env, &index) && index == column;
    return is_about(b, assume->a, column) && is_about(b, assume->b, column) &&
           is_about(b, assume->c, column);
}

static Status apply_assume(Builder *b, const Expr *assume, uint8_t *allowed)
{
    Task *task = b->task;
    for (int c = 0; c < task->columns; c++)
        for (int symbol = 0; is_about(b, assume, c) && symbol < task->symbols; symbol++) {
            long long holds;
            b->column = c;
            set_column(b, 0, symbol);
            TRY(evaluate(b, assume, 0, 1, &holds));
            if (!holds)
                allowed[c * task->symbols + symbol] = 0;
        }
    b->column = 0; // the rules are alike in all columns
    return STATUS_OK;
}

static Status apply_assumes(Builder *b)
{
    Task *task = b->task;
    size_t size = (size_t)task->columns * (size_t)task->symbols;
    uint8_t *allowed = ARENA_NEW(b->arena, uint8_t, size);
    memset(allowed, 1, size);
    task->allowed = allowed;
    for (int i = 0; i < b->spec->n_assumes; i++)
        TRY(apply_assume(b, b->spec->assumes[i], allowed));
    return STATUS_OK;
}

// What every symbol does to every declared state, be it reachable or not: a model may well treat columns
// differently that the precondition makes alike.
static void fill_effects(Builder *b, uint8_t *effect)
{
    const SpecScan *scan = &b->spec->scan;
    Task *task = b->task;
    Diag ignored, *diag = b->diag;
    b->diag = &ignored;
    for (int symbol = 0; symbol < task->symbols; symbol++)
        for (int state = 0; state < task->states; state++) {
            long long values[TASK_STATES_MAX];
            bool defined = true;
            set_column(b, state, symbol);
            for (int i = 0; i < scan->n_states && defined; i++)
                defined = evaluate(b, scan->states[i].next, scan->states[i].low,
                                   scan->states[i].high, &values[i]) == STATUS_OK;
            effect[symbol * task->states + state] =
                defined ? (uint8_t)state_number(scan, values) : TASK_NO_STATE;
        }
    b->diag = diag;
}

static void classify_moves(Builder *b)
{
    Task *task = b->task;
    size_t states = (size_t)task->states;
    uint8_t *move = ARENA_NEW(b->arena, uint8_t, (size_t)task->symbols);
    uint8_t *effect = ARENA_NEW(b->arena, uint8_t, (size_t)task->symbols * states);
    fill_effects(b, effect);
    for (int s = 0; s < task->symbols; s++) {
        int first = 0;
        while (memcmp(effect + (size_t)first * states, effect + (size_t)s * states, states) != 0)
            first++;
        move[s] = first < s ? move[first] : (uint8_t)task->moves++;
    }
    task->move = move;
    task->effect = effect;
}

static Status find_token(Builder *b, const char *text, SpecSpan span, int *ret_token)
{
    Task *task = b->task;
    for (int i = 0; i < task->n_alphabet; i++)
        if (strcmp(task->alphabet[i], text) == 0) {
            *ret_token = i;
            return STATUS_OK;
        }
    if (task->n_alphabet == TASK_TOKENS_MAX)
        return fail(b, span, "T007", "more than 64 different tokens");
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

static TokenSource input_source(Builder *b, int number, int column)
{
    int which = 0;
    while (b->input[which] != number)
        which++;
    uint8_t *table = ARENA_NEW(b->arena, uint8_t, b->task->symbols);
    for (int symbol = 0; symbol < b->task->symbols; symbol++)
        table[symbol] = (uint8_t)task_symbol_digit(b->task, symbol, which);
    return (TokenSource){TOKEN_INPUT, -1, column, which, table};
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
            return (TokenSource){TOKEN_OUTPUT, -1, digit, i,
                                 digit_tokens(b, b->output[i], states * symbols)};
    CHECK(!"resolution gives every answer digit a rule");
}

static Status place_item(Builder *b, const SpecItem *item, int *position)
{
    Task *task = b->task;
    const SpecNumber *number = item->number < 0 ? NULL : &b->spec->numbers[item->number];
    int digits = number ? number->digits : 1;
    if (*position + digits > TASK_POSITIONS_MAX)
        return fail(b, item->span, "T008", "prompt and answer together exceed 512 tokens");
    if (!number) {
        TokenSource *fixed = &task->source[(*position)++];
        *fixed = (TokenSource){.kind = TOKEN_FIXED, .column = -1};
        return find_token(b, item->token, item->span, &fixed->token);
    }
    for (int d = digits - 1; d >= 0; d--)
        task->source[(*position)++] =
            number->answer ? answer_source(b, item->number, d) : input_source(b, item->number, d);
    return STATUS_OK;
}

static Status lay_out(Builder *b)
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

static void allocate_tables(Builder *b)
{
    const SpecScan *scan = &b->spec->scan;
    size_t states = (size_t)b->task->states, edges = states * (size_t)b->task->symbols;
    long long initial[TASK_STATES_MAX];
    b->next = ARENA_NEW(b->arena, uint8_t, edges);
    memset(b->next, TASK_NO_STATE, edges);
    b->reachable = ARENA_NEW(b->arena, uint8_t, states);
    b->output = ARENA_NEW(b->arena, uint8_t *, scan->n_digits);
    b->final = ARENA_NEW(b->arena, uint8_t *, scan->n_finals);
    for (int i = 0; i < scan->n_digits; i++)
        b->output[i] = ARENA_NEW(b->arena, uint8_t, edges);
    for (int i = 0; i < scan->n_finals; i++)
        b->final[i] = ARENA_NEW(b->arena, uint8_t, states);
    for (int i = 0; i < scan->n_states; i++)
        initial[i] = scan->states[i].initial;
    b->task->starts = UINT64_C(1) << state_number(scan, initial);
    b->task->accepts = ~UINT64_C(0);
    b->task->next = b->next;
    b->task->reachable = b->reachable;
}

Status task_new(Arena *arena, const Spec *spec, Task **ret_task, Diag *diag)
{
    Builder b = {.arena = arena, .spec = spec, .diag = diag, .task = ARENA_NEW(arena, Task, 1)};
    b.task->spec = spec;
    TRY(count_symbols(&b));
    TRY(count_states(&b));
    allocate_tables(&b);
    TRY(apply_assumes(&b));
    TRY(fill_tables(&b));
    classify_moves(&b);
    TRY(lay_out(&b));
    *ret_task = b.task;
    return STATUS_OK;
}
