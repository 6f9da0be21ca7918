// What the parts of resolution share. They run in this order, each on what the former left in the
// spec: parameters, numbers and their lengths, states (names.c, declare.c); prompt, answer and
// model (items.c); claims and rules (algorithm.c), whose expressions get names and types in
// resolve_expr.c.
#pragma once

#include "fault.h"
#include "syntax.h"

typedef struct Resolver {
    Arena *arena;
    Spec *spec;
    const Statement *first;
    const SpecSetting *settings;
    int n_settings;
    int columns; // digits of an input; 0 while not known
    int *copied; // operations and leaves that choice_in_last_states has copied
    Diag *diag;
} Resolver;

// --- statements ---

// The first statement of this kind from `from` on, or NULL.
const Statement *statement_find(const Statement *from, LexKind kind);
int statement_count(const Resolver *r, LexKind kind);

// The only statement of a kind; NULL when there is none. Errors: FAULT_REPEATED.
MUST_USE Status statement_only(const Resolver *r, LexKind kind, const Statement **ret_statement);

// --- names ---

typedef enum NameKind {
    NAME_UNKNOWN,
    NAME_COLUMN,
    NAME_PARAM,
    NAME_NUMBER,
    NAME_CHOICE, // index into Spec.numbers, too
    NAME_STATE
} NameKind;

typedef struct Name {
    NameKind kind;
    int index; // into the table of the spec that its kind says
} Name;

Name name_find(const Resolver *r, SpecSpan span);

// The new name at a span, copied. Errors: FAULT_RESERVED, FAULT_DUPLICATE.
MUST_USE Status name_declare(const Resolver *r, SpecSpan span, char **ret_name);

// The index of the name at a span, which has to be of a kind. Errors: FAULT_UNKNOWN,
// FAULT_NOT_NUMBER, FAULT_PLACE.
MUST_USE Status name_expect(const Resolver *r, SpecSpan span, NameKind kind, int *ret_index);

// --- expressions ---

// What an expression may speak of, besides integers and parameters.
enum {
    ALLOW_COLUMN = 1,        // `i`
    ALLOW_STATE = 2,         // c
    ALLOW_OWN_DIGIT = 4,     // a[i]
    ALLOW_FIXED_DIGIT = 8,   // a[2]
    ALLOW_ANSWER_DIGIT = 16, // s[2], where digits are allowed
    ALLOW_WHOLE = 32,        // a, value(a)
    ALLOW_PREFIX = 64,       // value(a[..i])
    ALLOW_CHOICE = 128,      // op, a choice of the input
    ALLOW_ANSWER = 256,      // sign, a choice of the answer
    ALLOW_LAST = 512,        // last(c); and sign, which is made of last states
};

typedef struct Scope {
    const char *name; // "an assumption"
    const char *hint; // what may stand in it
    unsigned allows;
} Scope;

extern const Scope scope_length, scope_assume, scope_require, scope_digit, scope_next,
    scope_invariant, scope_final;

// Resolves an expression that has to be of a type. Errors: S02x, S03x, S05x.
MUST_USE Status resolve_expr(const Resolver *r, const Scope *scope, const Node *node, ExprType type,
                             Expr **ret_expr);

// The same for one token of the list of a choice. Errors: as above; FAULT_CHOICE.
MUST_USE Status resolve_choice(const Resolver *r, const Scope *scope, const Node *node, int choice,
                               Expr **ret_expr);

// What stands between the brackets of a digit: `i` where own digits are allowed, else a constant.
// Neither its range nor, with `i`, its form is checked.
MUST_USE Status resolve_index(const Resolver *r, const Scope *scope, const Node *node,
                              Expr **ret_expr);

// The value of an expression over parameters. Errors: FAULT_CONSTANT (`what` has to be constant),
// FAULT_OVERFLOW.
MUST_USE Status resolve_constant(const Resolver *r, const Expr *expr, const char *what,
                                 long long *ret_value);

// Errors: FAULT_INDEX unless 0 <= index < digits of the number.
MUST_USE Status resolve_check_index(const Resolver *r, int number, long long index, SpecSpan span);

// --- tokens ---

// The text between the quotes at a span. Errors: FAULT_TOKEN.
MUST_USE Status resolve_token_text(const Resolver *r, SpecSpan quoted, const char **ret_text);

// --- parts ---

MUST_USE Status resolve_params(const Resolver *r);
MUST_USE Status resolve_numbers(Resolver *r);
MUST_USE Status resolve_states(const Resolver *r);
MUST_USE Status resolve_model(const Resolver *r);
MUST_USE Status resolve_items(const Resolver *r);
MUST_USE Status resolve_claims(const Resolver *r);
MUST_USE Status resolve_algorithm(const Resolver *r);
