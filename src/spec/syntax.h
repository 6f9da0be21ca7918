// A spec as it is written: a list of statements with expressions whose names mean nothing yet. The
// parser makes it (docs/spec-language.md has the grammar in one piece), resolve.c reads it.
#pragma once

#include "lexer.h"

typedef enum NodeKind {
    NODE_INTEGER,   // value
    NODE_NAME,      // name
    NODE_DIGIT,     // name[a]
    NODE_VALUE,     // value(name)
    NODE_PREFIX,    // value(name[..a])
    NODE_LAST,      // last(name)
    NODE_TEXT,      // name (with quotes)
    NODE_OPERATION, // operation, with operands a, b, c as an Expr has them
} NodeKind;

typedef struct Node {
    NodeKind kind;
    ExprKind operation;
    SpecSpan span, name;
    long long value;
    int height;
    struct Node *a, *b, *c;
} Node;

// A token of a list.
typedef struct SyntaxToken {
    SpecSpan span; // with its quotes
    struct SyntaxToken *next;
} SyntaxToken;

// What a new name stands for: a number of so many digits, or one token of a list.
typedef struct SyntaxKind {
    Node *length;        // NULL: a choice
    SyntaxToken *tokens; // NULL: a number
} SyntaxKind;

// A piece of a prompt or of an answer: a text, a name, or a new name with its kind.
typedef struct SyntaxItem {
    SpecSpan span; // with its quotes, if it is a text
    bool is_text, is_new;
    SyntaxKind kind; // of a new name
    struct SyntaxItem *next;
} SyntaxItem;

// One statement; `input a, b : number of n digits` gives two. Which fields hold something:
//
//     LEX_PARAM                  name, low (its value)
//     LEX_MODEL                  name (the text, with quotes)
//     LEX_INPUT                  name, what
//     LEX_PROMPT, LEX_ANSWER     items
//     LEX_ASSUME, LEX_REQUIRE, LEX_INVARIANT   expr
//     LEX_ALGORITHM              nothing
//     LEX_STATE                  name, low, high, initial; range, start: their places
//     LEX_DIGIT, LEX_FINALLY     name, index (NULL: none), expr
//     LEX_NEXT                   name, expr
typedef struct Statement {
    LexKind kind;
    SpecSpan span; // from its first word to its last
    SpecSpan word, name, range, start;
    long long low, high, initial;
    Node *index, *expr;
    SyntaxKind what;
    SyntaxItem *items;
    struct Statement *next;
} Statement;

// Requires: path, text and size of the spec are there; nothing else of it is read or written.
// Errors: S00x and S01x.
MUST_USE Status syntax_parse(Arena *arena, const Spec *spec, Statement **ret_first, Diag *diag);
