// A specification after parsing and resolution: what is claimed of a model, and by which
// digit-serial algorithm the answer is computed. docs/spec-language.md is the user's side of it.
//
// Everything lives in the arena that spec_parse was given. Spans point into `text`.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diag.h"

typedef struct SpecSpan {
    size_t offset, length; // bytes of Spec.text
} SpecSpan;

typedef enum ExprKind {
    EXPR_INT,    // value
    EXPR_PARAM,  // index: into Spec.params
    EXPR_COLUMN, // `i`, the column that is scanned, counted from the least significant
    EXPR_STATE,  // index: into SpecScan.states
    EXPR_LAST,   // index: into SpecScan.states; the state after the last column
    EXPR_DIGIT,  // index: into Spec.numbers; a: which digit, 0 = least significant
    EXPR_VALUE,  // index: into Spec.numbers; the number as an integer
    EXPR_CHOICE, // index: into Spec.numbers; which token of its list stands there, from 0
    EXPR_PREFIX, // index: into Spec.numbers; a: bound; the integer that the digits below `a` make
    EXPR_NEG,    // -a
    EXPR_NOT,    // not a
    EXPR_ADD,    // a, b, integers, as in all down to EXPR_GE
    EXPR_SUB,
    EXPR_MUL,
    EXPR_DIV, // by a positive constant, rounding down
    EXPR_MOD,
    EXPR_POW, // constant to an exponent over parameters and the column
    EXPR_EQ,
    EXPR_NE,
    EXPR_LT,
    EXPR_LE,
    EXPR_GT,
    EXPR_GE,
    EXPR_AND, // a, b, booleans
    EXPR_OR,
    EXPR_IMPLIES,
    EXPR_IF, // a boolean; b, c of one type
} ExprKind;

// A token of a list is an integer too, its place in the list, but is compared with its like only.
typedef enum ExprType { TYPE_INT, TYPE_BOOL, TYPE_CHOICE } ExprType;

typedef struct Expr {
    ExprKind kind;
    ExprType type;
    SpecSpan span;
    long long value;
    int index;
    int list;   // TYPE_CHOICE: the choice whose list it is from, or -1 while not known
    int height; // of the tree below, 1 for a leaf; at most SPEC_HEIGHT_MAX, so recursion is safe
    struct Expr *a, *b, *c;
} Expr;

typedef struct SpecParam {
    char *name;
    long long value; // after --set
    SpecSpan span;
} SpecParam;

// A number, or a choice: one token of a list. A choice has one digit, which is a place in the list.
typedef struct SpecNumber {
    char *name;
    bool answer;          // else an input
    Expr *length;         // over parameters only
    int digits;           // the length's value; 1..SPEC_DIGITS_MAX
    int n_choices;        // tokens in the list of a choice; 0 for a number
    const char **choices; // their texts, all different
    SpecSpan span;
} SpecNumber;

// A piece of the prompt or of the answer: a number, most significant digit first, or one token.
typedef struct SpecItem {
    int number;        // into Spec.numbers, or -1
    const char *token; // when number is -1
    SpecSpan span;
} SpecItem;

// In every expression divisors and bases of powers are over parameters (divisors at least 1, bases
// within 64 bits), exponents over parameters and the column (0..SPEC_EXPONENT_MAX).

typedef struct SpecState {
    char *name;
    long long low, high, initial;
    Expr *next; // over states, parameters, choices and digits EXPR_DIGIT at EXPR_COLUMN of inputs
    SpecSpan span;
} SpecState;

typedef struct SpecDigit { // s[i] = rule, in a scan; s[index] = rule, after it
    int number;
    int index;      // only after the scan; 0 for a choice
    Expr *position; // what stands between the brackets: EXPR_COLUMN, or a constant after the scan
    Expr *rule;     // in a scan: over what a `next` is, and EXPR_LAST; after it: over states,
                    // choices of the input, and parameters
    SpecSpan span;
} SpecDigit;

typedef struct SpecScan {
    SpecState *states;
    int n_states;
    SpecDigit *digits;
    int n_digits;
    Expr *invariant; // over states, EXPR_LAST, parameters, choices of the input, EXPR_COLUMN, and
                     // EXPR_PREFIX below EXPR_COLUMN; holds before each column and after the last;
                     // NULL when none is given
    SpecDigit *finals;
    int n_finals;
    SpecSpan span;
} SpecScan;

enum {
    SPEC_DIGITS_MAX = 64,
    SPEC_BASE = 10,
    SPEC_EXPONENT_MAX = 256,
    SPEC_HEIGHT_MAX = 128,      // of an expression
    SPEC_NODES_MAX = 10000,     // in all expressions together
    SPEC_STATE_VALUES_MAX = 64, // in the range of one state
    SPEC_CHOICES_MAX = 32,      // tokens in a list
    SPEC_TOKEN_MAX = 31,        // bytes of a token's text
    SPEC_NAME_MAX = 31,         // bytes of a name
    SPEC_FILE_MAX = 1 << 20,    // bytes
};

typedef struct Spec {
    const char *path, *text;
    size_t size;
    SpecParam *params;
    int n_params;
    char *model; // path with parameters filled in, seen from the working directory; NULL if none
    SpecNumber *numbers;
    int n_numbers;
    SpecItem *prompt, *answer;
    int n_prompt, n_answer;
    Expr **assumes; // booleans over digits: of column `i` (then meant for every column) or of fixed
    int n_assumes;  // columns
    Expr *require;  // boolean over EXPR_VALUE, EXPR_DIGIT with fixed index, EXPR_CHOICE, parameters
    SpecScan scan;  // least significant column first; as many columns as the inputs have digits
} Spec;

static inline bool spec_is_choice(const SpecNumber *number)
{
    return number->n_choices > 0;
}

// How many values a digit of a number has, from 0 on.
static inline int spec_digit_values(const SpecNumber *number)
{
    return spec_is_choice(number) ? number->n_choices : SPEC_BASE;
}

typedef struct SpecSetting { // --set name=value
    const char *name;
    long long value;
} SpecSetting;

// Parses and resolves `text` (size bytes, any content). `path` is shown in diagnostics, and the
// model's path is taken from its folder. On success the Spec is complete and well typed, all inputs
// have the same number of digits, every answer digit has exactly one rule, every index is in range.
// Errors: STATUS_MALFORMED with a placed diagnostic; STATUS_USAGE for a setting that names no
// parameter.
MUST_USE Status spec_parse(Arena *arena, const char *path, const char *text, size_t size,
                           const SpecSetting *settings, int n_settings, Spec **ret_spec,
                           Diag *diag);

// Reads the file, then spec_parse. Adds STATUS_MISSING.
MUST_USE Status spec_parse_file(Arena *arena, const char *path, const SpecSetting *settings,
                                int n_settings, Spec **ret_spec, Diag *diag);

// A diagnostic at a place of the spec, for those who find fault with it later (task/, prove/).
Status spec_diag(const Spec *spec, SpecSpan span, Diag *diag, Status status, const char *code,
                 const char *format, ...) PRINTF_LIKE(6, 7);

// As many as the inputs that are numbers have digits.
int spec_columns(const Spec *spec);

// The source text of a span, copied.
char *spec_text(Arena *arena, const Spec *spec, SpecSpan span);
