// From the characters of a spec to its words and signs.
//
// A comment runs from `#` to the end of the line. The end of a line ends a statement, except after
// a sign or word that needs more to its right, before one that needs something to its left, and
// between brackets; the lexer sorts that out, so that the parser meets LEX_LINE only where a
// statement ends.
#pragma once

#include "spec.h"

#define LEX_WORDS(X)                                                                               \
    X(ALGORITHM, "algorithm")                                                                      \
    X(AND, "and")                                                                                  \
    X(ANSWER, "answer")                                                                            \
    X(ASSUME, "assume")                                                                            \
    X(DIGIT, "digit")                                                                              \
    X(DIGITS, "digits")                                                                            \
    X(DIV, "div")                                                                                  \
    X(ELSE, "else")                                                                                \
    X(FINALLY, "finally")                                                                          \
    X(FROM, "from")                                                                                \
    X(IF, "if")                                                                                    \
    X(IMPLIES, "implies")                                                                          \
    X(IN, "in")                                                                                    \
    X(INITIALLY, "initially")                                                                      \
    X(INPUT, "input")                                                                              \
    X(INVARIANT, "invariant")                                                                      \
    X(LAST, "last")                                                                                \
    X(LEAST, "least")                                                                              \
    X(MOD, "mod")                                                                                  \
    X(MODEL, "model")                                                                              \
    X(NEXT, "next")                                                                                \
    X(NOT, "not")                                                                                  \
    X(NUMBER, "number")                                                                            \
    X(OF, "of")                                                                                    \
    X(ONE, "one")                                                                                  \
    X(OR, "or")                                                                                    \
    X(PARAM, "param")                                                                              \
    X(PROMPT, "prompt")                                                                            \
    X(REQUIRE, "require")                                                                          \
    X(SCAN, "scan")                                                                                \
    X(SIGNIFICANT, "significant")                                                                  \
    X(STATE, "state")                                                                              \
    X(THEN, "then")                                                                                \
    X(VALUE, "value")

// Where one sign is the beginning of another, the longer one comes first.
#define LEX_SIGNS(X)                                                                               \
    X(NE, "!=")                                                                                    \
    X(LE, "<=")                                                                                    \
    X(GE, ">=")                                                                                    \
    X(DOTS, "..")                                                                                  \
    X(LT, "<")                                                                                     \
    X(GT, ">")                                                                                     \
    X(EQ, "=")                                                                                     \
    X(PLUS, "+")                                                                                   \
    X(MINUS, "-")                                                                                  \
    X(TIMES, "*")                                                                                  \
    X(POWER, "^")                                                                                  \
    X(COMMA, ",")                                                                                  \
    X(COLON, ":")                                                                                  \
    X(OPEN, "(")                                                                                   \
    X(CLOSE, ")")                                                                                  \
    X(OPEN_INDEX, "[")                                                                             \
    X(CLOSE_INDEX, "]")

#define LEX_KIND(name, spelling) LEX_##name,
typedef enum LexKind {
    LEX_LINE, // the end of a statement; stands directly behind the last word
    LEX_END,  // the end of the text; the same
    LEX_NAME,
    LEX_INTEGER, // value
    LEX_TEXT,    // the span includes the quotes
    LEX_WORDS(LEX_KIND) LEX_SIGNS(LEX_KIND)
} LexKind;
#undef LEX_KIND

typedef struct Lexeme {
    LexKind kind;
    SpecSpan span;
    long long value;
} Lexeme;

typedef struct Lexer {
    const Spec *spec;
    size_t position; // of the next character to look at
    int brackets;    // that are open
    Lexeme last;     // handed out
    Lexeme waiting;  // read ahead, behind the end of a line
    bool has_waiting;
} Lexer;

Lexer lexer_new(const Spec *spec); // path, text and size of the spec have to be there

// Errors: FAULT_BYTE, FAULT_STRING, FAULT_INTEGER, FAULT_NAME.
MUST_USE Status lexer_next(Lexer *lexer, Lexeme *ret_lexeme, Diag *diag);

// How a diagnostic speaks of a kind: "`div`", "a name", "the end of the line".
const char *lex_describe(LexKind kind);

bool lex_is_word(LexKind kind);
