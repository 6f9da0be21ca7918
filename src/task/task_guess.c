// What a rule can tell, in the middle of the scan, of its end.
//
// A digit may depend on the last value of a state. The trellis guesses that when it begins: a path
// carries a guess from its first state on and is accepted only if the guess comes true. Last values
// that all digit rules treat alike share a guess. For a signed difference two guesses are left, one for
// each sign.

#include <string.h>

#include "task_builder.h"

// The states whose last value some digit rule uses.
static void mark_used(const Expr *expr, bool *used)
{
    if (!expr)
        return;
    if (expr->kind == EXPR_LAST)
        used[expr->index] = true;
    mark_used(expr->a, used);
    mark_used(expr->b, used);
    mark_used(expr->c, used);
}

// The combination with the same values of the used states, and the first values of the others.
static int used_part(const Task *task, const bool *used, int scan)
{
    long long values[TASK_STATES_MAX];
    task_scan_values(task, scan, values);
    for (int i = 0; i < task->spec->scan.n_states; i++)
        values[i] = used[i] ? values[i] : task->spec->scan.states[i].low;
    return task_scan_number(task, values);
}

// Combinations of states that the scan reaches with an option: [options * scans].
static Status mark_reached(Builder *b, bool *reached)
{
    const Task *task = b->task;
    bool changed = true;
    for (int option = 0; option < task->options; option++)
        reached[option * task->scans + task->initial] = true;
    while (changed) {
        changed = false;
        for (int k = 0; k < task->options * task->scans; k++)
            for (int symbol = 0; reached[k] && symbol < task->symbols; symbol++) {
                int to;
                if (!task_admitted(task, symbol))
                    continue;
                task_scan_values(task, k % task->scans, b->states);
                task_set_option(b, k / task->scans);
                task_set_digits(b, symbol);
                TRY(task_evaluate_next(b, &to));
                to += k - k % task->scans;
                changed = changed || !reached[to];
                reached[to] = true;
            }
    }
    return STATUS_OK;
}

// All digits that the rules give, on every reached state and admitted symbol, if the scan ends in `last`.
static Status digits_given(Builder *b, int last, const bool *reached, uint8_t *ret_digits)
{
    const Task *task = b->task;
    const SpecScan *scan = &b->spec->scan;
    task_scan_values(task, last, b->last);
    for (int k = 0; k < task->options * task->scans; k++)
        for (int symbol = 0; reached[k] && symbol < task->symbols; symbol++) {
            if (!task_admitted(task, symbol))
                continue;
            task_scan_values(task, k % task->scans, b->states);
            task_set_option(b, k / task->scans);
            task_set_digits(b, symbol);
            for (int i = 0; i < scan->n_digits; i++) {
                long long digit;
                TRY(task_evaluate(b, scan->digits[i].rule, 0, SPEC_BASE - 1, &digit));
                *ret_digits++ = (uint8_t)digit;
            }
        }
    return STATUS_OK;
}

// Gives each combination the guess of the first one that makes the same digits.
static Status sort_ends(Builder *b, const bool *used, uint8_t *guess)
{
    Task *task = b->task;
    size_t size = (size_t)task->options * (size_t)task->scans * (size_t)task->symbols *
                  (size_t)b->spec->scan.n_digits;
    bool *reached = ARENA_NEW(b->arena, bool, (size_t)(task->options * task->scans));
    uint8_t *digits[TASK_STATES_MAX];
    TRY(mark_reached(b, reached));
    for (int scan = 0; scan < task->scans; scan++) {
        int like = used_part(task, used, scan), first = 0;
        if (like < scan) {
            guess[scan] = guess[like];
            continue;
        }
        digits[task->guesses] = ARENA_NEW(b->arena, uint8_t, size + 1);
        TRY(digits_given(b, scan, reached, digits[task->guesses]));
        while (memcmp(digits[first], digits[task->guesses], size) != 0)
            first++;
        guess[scan] = (uint8_t)first;
        task->guesses += first == task->guesses;
    }
    return STATUS_OK;
}

Status task_find_guesses(Builder *b)
{
    Task *task = b->task;
    bool used[TASK_STATES_MAX] = {false}, some = false;
    uint8_t *guess = ARENA_NEW(b->arena, uint8_t, (size_t)task->scans);
    for (int i = 0; i < b->spec->scan.n_digits; i++)
        mark_used(b->spec->scan.digits[i].rule, used);
    for (int i = 0; i < b->spec->scan.n_states; i++)
        some = some || used[i];
    task->guess = guess;
    if (some)
        return sort_ends(b, used, guess);
    task->guesses = 1;
    return STATUS_OK;
}

int task_guess_member(const Task *task, int guess)
{
    int scan = 0;
    while (task->guess[scan] != guess)
        scan++;
    return scan;
}
