// The rules of a spec as SMT-LIB functions of the states and digits of one column, and the names
// that scripts of level C use.
//
//     next.c             the next state               (c.i, ..., op.i, ..., a.i, b.i, ...)
//     digit.s            a digit of the answer        (c.i, ..., c.last, ..., op.i, ..., a.i, b.i, ...)
//     finally.s.5        a rule after the scan        (c.i, ..., op.i, ...)
//     assume.2           what is assumed of column 2  (a.i, b.i, ...)
//
// Columns are those of digits, counted from the units. c.last stands there only if some rule looks ahead.
// All are taken from the expressions of the spec; the task's tables play no part.
#pragma once

#include "obligation.h"
#include "task.h"

void cover_define_rules(Draft *draft, const Task *task);

typedef enum CoverRule { COVER_NEXT, COVER_DIGIT, COVER_FINALLY, COVER_ASSUME } CoverRule;

// Where a rule is applied: what its kind does not take is not looked at.
typedef struct CoverPoint {
    int state; // not before the lead
    int symbol;
    int last; // a combination of declared states
} CoverPoint;

// A function of a kind, applied.
void cover_add_call(Text *text, const Task *task, CoverRule kind, const char *function,
                    CoverPoint at);

// Whether a digit depends on the last value of some state.
bool cover_looks_ahead(const Spec *spec);

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

// The digit, or the place in the list of a choice, that a token is; -1 if it is none.
int cover_token_value(const Task *task, int number, int token);
