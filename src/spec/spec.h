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
    EXPR_DIGIT,  // index: into Spec.numbers; a: which digit, 0 = least significant
    EXPR_VALUE,  // index: into Spec.numbers; the number as an integer
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

typedef enum ExprType { TYPE_INT, TYPE_BOOL } ExprType;

typedef struct Expr {
    ExprKind kind;
    ExprType type;
    SpecSpan span;
    long long value;
    int index;
    int height; // of the tree below, 1 for a leaf; at most SPEC_HEIGHT_MAX, so recursion is safe
    struct Expr *a, *b, *c;
} Expr;

typedef struct SpecParam {
    char *name;
    long long value; // after --set
    SpecSpan span;
} SpecParam;

typedef struct SpecNumber {
    char *name;
    bool answer;  // else an input
    Expr *length; // over parameters only
    int digits;   // the length's value; 1..SPEC_DIGITS_MAX
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
    Expr *next; // over states, parameters, and digits EXPR_DIGIT of inputs at EXPR_COLUMN
    SpecSpan span;
} SpecState;

typedef struct SpecDigit { // s[i] = rule, in a scan; s[index] = rule, after it
    int number;
    int index;      // only after the scan
    Expr *position; // what stands between the brackets: EXPR_COLUMN, or a constant after the scan
    Expr *rule;     // in a scan: over what a `next` is; after it: over states and parameters
    SpecSpan span;
} SpecDigit;

typedef struct SpecScan {
    SpecState *states;
    int n_states;
    SpecDigit *digits;
    int n_digits;
    Expr *invariant; // over states, parameters, EXPR_COLUMN, and EXPR_PREFIX below EXPR_COLUMN;
                     // holds before each column and after the last; NULL when none is given
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
    Expr *require;  // boolean over EXPR_VALUE, EXPR_DIGIT with fixed index, and parameters
    SpecScan scan;  // least significant column first; as many columns as the inputs have digits
} Spec;

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

// The source text of a span, copied.
char *spec_text(Arena *arena, const Spec *spec, SpecSpan span);
