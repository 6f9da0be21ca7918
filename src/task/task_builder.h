// What the files that compile a task share. They run in this order: sizes (task.c), precondition and
// rules (task_rules.c), what the scan can tell of its end (task_guess.c), layout (task_layout.c).
#pragma once

#include "task.h"

typedef struct Builder {
    Arena *arena;
    const Spec *spec;
    Diag *diag;
    Task *task;
    int input[SPEC_DIGITS_MAX];  // index into spec->numbers of the m-th input number
    int choice[SPEC_DIGITS_MAX]; // and of the m-th choice of the input
    uint8_t *next, *reachable;   // [states * symbols], [states]
    uint8_t **output, **final;   // per digit rule, per final rule
    // What rules are evaluated at: a column of digits, the digits there and the choices, by number, the
    // states before it and after the last column.
    int column;
    int digits[SPEC_DIGITS_MAX];
    long long states[TASK_STATES_MAX], last[TASK_STATES_MAX];
} Builder;

Status task_fail(Builder *b, SpecSpan span, const char *code, const char *text);

// The values of declared states that a combination of them stands for, and back. Mixed radix, the
// first declared state most significant.
void task_scan_values(const Task *task, int scan, long long *ret_values);
int task_scan_number(const Task *task, const long long *values);

void task_set_digits(Builder *b, int symbol);
void task_set_option(Builder *b, int option);

// The value of a rule in low..high. Errors: T003, T004.
MUST_USE Status task_evaluate(Builder *b, const Expr *rule, long long low, long long high,
                              long long *ret_value);

// The combination of states that the `next` rules give.
MUST_USE Status task_evaluate_next(Builder *b, int *ret_scan);

// Is the symbol one of digits that the precondition admits somewhere?
bool task_admitted(const Task *task, int symbol);

MUST_USE Status task_apply_assumes(Builder *b);
MUST_USE Status task_find_guesses(Builder *b); // needs the precondition
MUST_USE Status task_fill_tables(Builder *b);  // needs the guesses
void task_classify_moves(Builder *b);
MUST_USE Status task_lay_out(Builder *b);
