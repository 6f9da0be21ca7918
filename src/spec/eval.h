// The value of an expression of a spec, for given digits, states and column.
//
// Two evaluators with one meaning. The small one works in `long long`, is cheap, and refuses what
// does not fit; it fills tables. The big one works in GMP integers and allows whole numbers (64
// digits). Booleans are 0 and 1. `and`, `or`, `implies` and `if` look at their operands from left
// to right and only as far as they need. Division rounds down.
#pragma once

#include <gmp.h>
#include <stdbool.h>

#include "spec.h"

// What the names in an expression stand for. Only what the expression mentions has to be there; an
// expression that mentions something missing is a broken invariant of the caller.
typedef struct SpecEnv {
    const Spec *spec;
    const long long *params;  // [n_params]; NULL: the values of the spec
    const int *lengths;       // [n_numbers] digits of each number; NULL: those of the spec
    long long column;         // `i`
    const long long *states;  // [n_states]
    const long long *last;    // [n_states] after the last column
    const int *column_digits; // [n_numbers] the digits of column `column`, or NULL
    const int *const *digits; // [n_numbers] -> all digits of a number, least significant first
} SpecEnv;

// Digits are looked up in column_digits if it is there (any other column than `column` is then out
// of range), else in digits; so are choices, whose place in their list stands there as digit 0.
//
// Requires: neither EXPR_VALUE nor EXPR_PREFIX occurs.
//
// False, with *ret_value untouched: overflow, a divisor below 1, an exponent outside
// 0..SPEC_EXPONENT_MAX, an index out of range.
MUST_USE bool spec_eval_small(const Expr *expr, const SpecEnv *env, long long *ret_value);

// The same in unbounded integers; numbers and prefixes are made from env->digits.
//
// Requires: ret_value initialised.
//
// False, with ret_value untouched: as above, except that only the base of a power can be too large
// (64 bits).
MUST_USE bool spec_eval_big(const Expr *expr, const SpecEnv *env, mpz_t ret_value);
