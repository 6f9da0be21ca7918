// Expressions of a spec as SMT-LIB terms.
//
// Operations are the same everywhere; what a name stands for depends on where the expression is
// used: a symbol, a literal, or a term made of both. So a scope says how each leaf is written.
// `div` and `mod` by a positive divisor round down in both languages. A divisor is a number, or a power of ten that
// stays a symbol, which is positive (docs/lemmas/algorithm.md, Lemma A2).
#pragma once

#include <gmp.h>

#include "spec.h"
#include "text.h"

typedef enum TermKind {
    TERM_UNSUPPORTED = 0, // cannot be written in this scope
    TERM_LITERAL,         // made of numbers alone
    TERM_LINEAR,
    TERM_NONLINEAR, // has a product or a quotient of two symbols
} TermKind;

// Writes a leaf: EXPR_PARAM, _COLUMN, _STATE, _LAST, _DIGIT, _VALUE, _CHOICE, _PREFIX or _POW.
typedef TermKind TermLeaf(const void *context, const Expr *leaf, Text *out);

// Adds the term to `out`. TERM_UNSUPPORTED: *ret_obstacle is the part that cannot be written, and
// what was added is of no use.
TermKind term_add(Text *out, const Expr *expr, TermLeaf *leaf, const void *context,
                  const Expr **ret_obstacle);

// The part of a scope that all share: columns and parameters.
typedef struct TermFrame {
    const Spec *spec;
    int width;        // the parameter that stays a symbol, `n`: the number of columns; -1: none
    long long column; // which column `i` is; -1: it stays a symbol, `i`
} TermFrame;

// Writes EXPR_PARAM, EXPR_COLUMN and EXPR_POW; the powers of ten that stay symbols are |10^i| and
// |10^n|. Everything else is unsupported.
TermKind term_frame_leaf(const TermFrame *frame, const Expr *leaf, Text *out);

// i * column + n * width + constant, the parameter `width` (-1: none) counting as a symbol.
typedef struct TermLinear {
    long long column, width, constant;
} TermLinear;

// False when `expr` is not of that form, or does not fit.
bool term_linear(const Expr *expr, const Spec *spec, int width, TermLinear *ret_linear);

// Does `expr` mention the parameter?
bool term_mentions_param(const Expr *expr, int param);

// 10^exponent times the term `factor`.
void term_add_shifted(Text *out, const char *factor, long long exponent);
