// The rules of a spec as tables. Only edges that some input can reach are evaluated: a rule may be
// nonsense on a state that never occurs.

#include <string.h>

#include "eval.h"
#include "task_builder.h"

// ---- evaluation ---------------------------------------------------------------------------------

void task_set_digits(Builder *b, int symbol)
{
    for (int m = 0; m < b->task->inputs; m++)
        b->digits[b->input[m]] = task_symbol_digit(b->task, symbol, m);
}

void task_set_option(Builder *b, int option)
{
    for (int m = 0; m < b->task->choices; m++)
        b->digits[b->choice[m]] = task_option_choice(b->task, option, m);
}

Status task_evaluate(Builder *b, const Expr *rule, long long low, long long high,
                     long long *ret_value)
{
    SpecEnv env = {.spec = b->spec,
                   .column = b->column,
                   .states = b->states,
                   .last = b->last,
                   .column_digits = b->digits};
    if (!spec_eval_small(rule, &env, ret_value))
        return task_fail(b, rule->span, "T003", "this rule overflows or divides by zero");
    if (*ret_value < low || *ret_value > high)
        return spec_diag(b->spec, rule->span, b->diag, STATUS_MALFORMED, "T004",
                         "this rule gives %lld, outside %lld..%lld", *ret_value, low, high);
    return STATUS_OK;
}

// ---- the precondition ---------------------------------------------------------------------------

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

// `allowed` begins with the first column of digits.
static Status apply_assume(Builder *b, const Expr *assume, uint8_t *allowed)
{
    Task *task = b->task;
    for (int c = 0; c < task->columns - task->lead; c++)
        for (int symbol = 0; is_about(b, assume, c) && symbol < task->symbols; symbol++) {
            long long holds;
            b->column = c;
            task_set_digits(b, symbol);
            TRY(task_evaluate(b, assume, 0, 1, &holds));
            if (!holds)
                allowed[c * task->symbols + symbol] = 0;
        }
    b->column = 0; // the rules are alike in all columns
    return STATUS_OK;
}

Status task_apply_assumes(Builder *b)
{
    Task *task = b->task;
    size_t size = (size_t)task->columns * (size_t)task->symbols;
    uint8_t *allowed = ARENA_NEW(b->arena, uint8_t, size);
    memset(allowed, 1, size);
    task->allowed = allowed;
    for (int symbol = task->options; task->lead && symbol < task->symbols; symbol++)
        allowed[symbol] = 0;
    for (int i = 0; i < b->spec->n_assumes; i++)
        TRY(apply_assume(b, b->spec->assumes[i], allowed + task->lead * task->symbols));
    return STATUS_OK;
}

bool task_admitted(const Task *task, int symbol)
{
    for (int c = task->lead; c < task->columns; c++)
        if (task->allowed[c * task->symbols + symbol])
            return true;
    return false;
}

// ---- rules --------------------------------------------------------------------------------------

Status task_evaluate_next(Builder *b, int *ret_scan)
{
    const SpecScan *scan = &b->spec->scan;
    long long values[TASK_STATES_MAX];
    for (int i = 0; i < scan->n_states; i++)
        TRY(task_evaluate(b, scan->states[i].next, scan->states[i].low, scan->states[i].high,
                          &values[i]));
    *ret_scan = task_scan_number(b->task, values);
    return STATUS_OK;
}

static Status fill_edge(Builder *b, int state, int symbol)
{
    const SpecScan *scan = &b->spec->scan;
    const Task *task = b->task;
    long long digit;
    int to;
    size_t edge = (size_t)state * (size_t)task->symbols + (size_t)symbol;
    task_set_digits(b, symbol);
    TRY(task_evaluate_next(b, &to));
    for (int i = 0; i < scan->n_digits; i++) {
        TRY(task_evaluate(b, scan->digits[i].rule, 0, SPEC_BASE - 1, &digit));
        b->output[i][edge] = (uint8_t)digit;
    }
    b->next[edge] = (uint8_t)task_state(task, task_state_guess(task, state),
                                        task_state_option(task, state), to);
    return STATUS_OK;
}

static Status fill_final(Builder *b, int state)
{
    const SpecScan *scan = &b->spec->scan;
    long long value;
    for (int i = 0; i < scan->n_finals; i++) {
        int values = spec_digit_values(&b->spec->numbers[scan->finals[i].number]);
        TRY(task_evaluate(b, scan->finals[i].rule, 0, values - 1, &value));
        b->final[i][state] = (uint8_t)value;
    }
    return STATUS_OK;
}

static Status fill_state(Builder *b, int state)
{
    Task *task = b->task;
    task_scan_values(task, task_state_scan(task, state), b->states);
    task_scan_values(task, task_guess_member(task, task_state_guess(task, state)), b->last);
    task_set_option(b, task_state_option(task, state));
    TRY(fill_final(b, state));
    for (int symbol = 0; symbol < task->symbols; symbol++)
        if (task_admitted(task, symbol))
            TRY(fill_edge(b, state, symbol));
    return STATUS_OK;
}

// A symbol of column 0 settles the choices.
static void fill_lead(Builder *b, int state)
{
    const Task *task = b->task;
    for (int option = 0; option < task->options; option++)
        b->next[state * task->symbols + option] =
            (uint8_t)task_state(task, task_state_guess(task, state), option, task->initial);
}

static void allocate_tables(Builder *b)
{
    const SpecScan *scan = &b->spec->scan;
    size_t states = (size_t)b->task->states, edges = states * (size_t)b->task->symbols;
    b->next = ARENA_NEW(b->arena, uint8_t, edges);
    memset(b->next, TASK_NO_STATE, edges);
    b->reachable = ARENA_NEW(b->arena, uint8_t, states);
    b->output = ARENA_NEW(b->arena, uint8_t *, scan->n_digits);
    b->final = ARENA_NEW(b->arena, uint8_t *, scan->n_finals);
    for (int i = 0; i < scan->n_digits; i++)
        b->output[i] = ARENA_NEW(b->arena, uint8_t, edges);
    for (int i = 0; i < scan->n_finals; i++)
        b->final[i] = ARENA_NEW(b->arena, uint8_t, states);
    b->task->next = b->next;
    b->task->reachable = b->reachable;
}

// Follows the edges from the first states until no new one turns up.
Status task_fill_tables(Builder *b)
{
    Task *task = b->task;
    int queue[TASK_STATES_MAX], count = 0;
    allocate_tables(b);
    for (int q = 0; q < task->states; q++)
        if (task_has_state(task->starts, q)) {
            b->reachable[q] = 1;
            queue[count++] = q;
        }
    for (int i = 0; i < count; i++) {
        if (task_is_lead(task, queue[i]))
            fill_lead(b, queue[i]);
        else
            TRY(fill_state(b, queue[i]));
        for (int symbol = 0; symbol < task->symbols; symbol++) {
            int to = b->next[queue[i] * task->symbols + symbol];
            if (to != TASK_NO_STATE && !b->reachable[to]) {
                b->reachable[to] = 1;
                queue[count++] = to;
            }
        }
    }
    return STATUS_OK;
}

// ---- what symbols do ----------------------------------------------------------------------------

static uint8_t effect_on(Builder *b, int state, int symbol)
{
    const Task *task = b->task;
    int to;
    if (task_is_lead(task, state))
        return TASK_NO_STATE;
    task_scan_values(task, task_state_scan(task, state), b->states);
    task_set_option(b, task_state_option(task, state));
    task_set_digits(b, symbol);
    if (task_evaluate_next(b, &to) != STATUS_OK)
        return TASK_NO_STATE;
    return (uint8_t)task_state(task, task_state_guess(task, state), task_state_option(task, state),
                               to);
}

// What the digits of a symbol do to every declared state, be it reachable or not: a model may well treat
// columns differently that the precondition makes alike.
static void fill_effects(Builder *b, uint8_t *effect)
{
    Task *task = b->task;
    Diag ignored, *diag = b->diag;
    b->diag = &ignored;
    for (int symbol = 0; symbol < task->symbols; symbol++)
        for (int state = 0; state < task->states; state++)
            effect[symbol * task->states + state] = effect_on(b, state, symbol);
    b->diag = diag;
}

void task_classify_moves(Builder *b)
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
