// The symbols of the induction, and what is known of them.
//
//     n, |10^n|      the number of columns, at least 1
//     i, |10^i|      the column that comes next
//     a.below        the integer that the digits of a below column i make
//     inv.q          the invariant in state q of the automaton, a function of the above
//
// What is asserted of them is true of the numbers they stand for (Lemma A2), and nothing else is:
// so what is proved of the symbols holds for the numbers.
#pragma once

#include "automaton.h"
#include "obligation.h"

typedef struct Symbols {
    const Spec *spec;
    const Family *family;
    const Automaton *automaton;
} Symbols;

// Has the number a prefix below column i? (Inputs but choices, and answers that the scan makes.)
bool symbols_have_prefix(const Symbols *symbols, int number);

// How many digits an answer has beyond the columns.
int symbols_digits_above(const Symbols *symbols, int number);

// A scope in which only n and powers are known; column < 0: `i` is a symbol.
TermFrame symbols_frame(const Symbols *symbols, long long column);

// A state, last state or choice of the input, as a literal: what it is in a state of the automaton.
TermKind symbols_add_known(const Symbols *symbols, int state, const Expr *leaf, Text *out);

void symbols_declare_width(Draft *draft);
void symbols_declare_column(Draft *draft);
void symbols_declare_prefixes(Draft *draft, const Symbols *symbols, const char *power);

// Defines inv.q for each state q.
void symbols_define_invariants(Draft *draft, const Symbols *symbols);

// inv.q at column `i`, with 10^i = power; every prefix is `prefix`, or its own symbol when NULL.
void symbols_add_invariant(Draft *draft, const Symbols *symbols, int state, const char *i,
                           const char *power, const char *prefix);

// inv.q behind the column of a transition.
void symbols_add_next_invariant(Draft *draft, const Symbols *symbols, const Transition *t);
