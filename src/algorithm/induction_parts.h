// What the files of the induction share. Only induction.c offers something to others.
#pragma once

#include "induction.h"
#include "symbols.h"

typedef struct Induction {
    Arena *arena;
    Symbols symbols;
    unsigned long rlimit;
    Obligation *obligations; // [INDUCTION_COUNT]
    Draft draft;             // of the obligation at hand
    const Expr *obstacle;    // the first part of the spec that could not be written
    Diag *diag;
} Induction;

// Completes the draft, asks, and begins a new one.
MUST_USE Status induction_ask(Induction *in, int which);

// Completes the draft and begins a new one: the questions of an obligation that can fail, asked again in part or with more
// assumed.
MUST_USE Status induction_ask_again(Induction *in, int which, SmtReply *ret_reply);

// Asserts that n is the spec's own number of columns, and 10^n what it then is; that i is one of the columns first..last, and
// 10^i what it then is. What still fails does so for this spec, and not for a power of ten that is none.
void induction_pin_width(Induction *in);
void induction_pin_columns(Induction *in, int first, int last);

// The obligations. Each fills its place in in->obligations.
MUST_USE Status induction_prove_range(Induction *in);
MUST_USE Status induction_prove_base(Induction *in);
MUST_USE Status induction_prove_step(Induction *in);
MUST_USE Status induction_prove_final(Induction *in);
MUST_USE Status induction_prove_determines(Induction *in);

// Asks whether the invariant can hold in some state at all; NULL: any that occurs.
typedef bool InductionStates(const Automaton *automaton, int state);
void induction_ask_some_state(Induction *in, const char *i, const char *power,
                              InductionStates *asked);

// `get-value` of the terms in `first` and of all prefixes.
void induction_add_values(Induction *in, const char *first);

// "value(a[..i]) = 3, value(b[..i]) = 0": what was answered for the prefixes.
char *induction_show_prefixes(const Induction *in, const SmtValue *values, const char *bound);
