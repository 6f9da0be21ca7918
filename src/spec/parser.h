// What the two halves of the parser share: statements (parser.c) and expressions (parse_expr.c).
//
// Every function is called with `here` at the first word of what it parses and leaves it at the
// first word behind. On failure the parser is of no further use.
#pragma once

#include "fault.h"
#include "syntax.h"

typedef struct Parser {
    Arena *arena;
    const Spec *spec;
    Diag *diag;
    Lexer lexer;
    Lexeme here;     // the word looked at
    SpecSpan behind; // the word before it
    int depth;       // of nested expressions
    int nodes;       // made so far
    int statements;
    Statement **tail; // where the next statement goes
} Parser;

static inline bool parser_at(const Parser *parser, LexKind kind)
{
    return parser->here.kind == kind;
}

MUST_USE Status parser_advance(Parser *parser);
MUST_USE Status parser_accept(Parser *parser, LexKind kind, bool *ret_taken); // if it is there
MUST_USE Status parser_expect(Parser *parser, LexKind kind);
MUST_USE Status parser_expect_close(Parser *parser, LexKind kind, SpecSpan opened);
Status parser_unexpected(Parser *parser, const char *wanted); // a diagnostic at `here`

MUST_USE Status parse_expr(Parser *parser, Node **ret_node);
MUST_USE Status parse_sum(Parser *parser, Node **ret_node);
