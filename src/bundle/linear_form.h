// Linear forms over the quantities that a claim speaks of: numbers of the spec, single digits of them, and choices,
// which count as their places in the list.
#pragma once

#include <gmp.h>
#include <stdbool.h>

#include "spec.h"

typedef struct Quantity {
    const char *name;
    int number, digit; // digit -1: the whole number, or a choice
    mpz_t most;        // it is at least 0 and at most this
} Quantity;

typedef struct Quantities {
    Arena *arena;
    int count;
    Quantity *item;
} Quantities;

// All that an expression mentions, in the order of the spec's numbers, a number before its digits (the least significant
// one first). Digits have names of their own: s_2 for s[2]. Requires: digits have constant indices, in range.
Quantities quantities_of(Arena *arena, const Spec *spec, const Expr *expr);

// Which quantity this is. Requires: it is among them.
int quantity_find(const Quantities *all, int number, int digit);

// The positions that its digits stand at, or the choice, most significant first; returns how many.
int quantity_positions(const Spec *spec, const Quantity *quantity,
                       int ret_position[SPEC_DIGITS_MAX]);

// The digit that an EXPR_DIGIT with a constant index means; -1 if the number has no such digit.
int quantity_digit(const Spec *spec, const Expr *digit);

typedef struct Linear { // constant + sum of coefficient * quantity
    int count;
    mpz_t constant, *coefficient;
} Linear;

Linear *linear_constant(const Quantities *all, const mpz_t constant);
Linear *linear_unit(const Quantities *all, int quantity);

// p a + q b.
Linear *linear_combine(const Quantities *all, const Linear *a, const mpz_t p, const Linear *b,
                       const mpz_t q);
Linear *linear_combine_long(const Quantities *all, const Linear *a, long p, const Linear *b,
                            long q);

// Its least and greatest value.
void linear_range(const Quantities *all, const Linear *form, mpz_t ret_least, mpz_t ret_greatest);

bool linear_same(const Linear *a, const Linear *b);

// Whether b is -a - 1, so that one of them is at least 0 and the other is not.
bool linear_complement(const Linear *a, const Linear *b);
