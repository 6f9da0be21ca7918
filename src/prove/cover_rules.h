// The rules of a spec as SMT-LIB functions of the states and digits of one column, and the names
// that scripts of level C use.
//
//     next.c, digit.s    the rules of the scan        (c.i, ..., a.i, b.i, ...)
//     finally.s.5        a rule after the scan        (c.i, ...)
//     assume.2           what is assumed of column 2  (a.i, b.i, ...)
//
// All are taken from the expressions of the spec; the task's tables play no part.
#pragma once

#include "obligation.h"
#include "task.h"

void cover_define_rules(Draft *draft, const Task *task);

// A function applied to the values of a state and the digits of a symbol; -1 leaves them out.
void cover_add_call(Text *text, const Task *task, const char *function, int state, int symbol);

// What stands at a position, by the prompt and the answer of the spec.
typedef struct Place {
    int number, digit; // -1: a token
    const char *token;
} Place;

Place cover_place(const Spec *spec, int position);

// The name of the function that gives a digit of the answer, "digit.s" or "finally.s.5";
// *ret_final says which.
char *cover_rule_name(Arena *arena, const Spec *spec, int number, int digit, bool *ret_final);

// Index into spec->numbers of input number `which`.
int cover_input(const Spec *spec, int which);
