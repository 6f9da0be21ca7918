// The faults of a spec and their codes. docs/spec-language.md explains each with an example, and a
// test holds the two lists together.
//
// S00x: characters and words. S01x: grammar and sizes. S02x: names. S03x: types, and what may stand
// where. S04x: declarations. S05x: digits and their rules. S06x: what is missing.
#pragma once

#include "spec.h"

#define SPEC_FAULTS(X)                                                                             \
    X(BYTE, "S001")         /* a character that has no meaning */                                  \
    X(STRING, "S002")       /* a text without closing quote */                                     \
    X(INTEGER, "S003")      /* an integer of 2^63 or more */                                       \
    X(NAME, "S004")         /* a name that is too long */                                          \
    X(SYNTAX, "S010")       /* something else was expected here */                                 \
    X(CHAIN, "S011")        /* a < b < c */                                                        \
    X(NESTING, "S012")      /* expressions too deep */                                             \
    X(SIZE, "S013")         /* too much of something */                                            \
    X(REPEATED, "S014")     /* a statement that stands once at most */                             \
    X(UNKNOWN, "S020")      /* a name that nothing has */                                          \
    X(DUPLICATE, "S021")    /* a name that something else has */                                   \
    X(RESERVED, "S022")     /* a word of the language as a name */                                 \
    X(MODEL, "S023")        /* braces in the path of the model */                                  \
    X(SETTING, "S024")      /* --set of an unknown parameter */                                    \
    X(TYPE, "S030")         /* an integer for a truth value, or the other way round */             \
    X(WHOLE, "S031")        /* a whole number where a digit is meant */                            \
    X(PLACE, "S032")        /* something that may not be used here */                              \
    X(NOT_NUMBER, "S033")   /* digits of something that has none */                                \
    X(CONSTANT, "S034")     /* not a constant */                                                   \
    X(OVERFLOW, "S035")     /* constant arithmetic beyond 64 bits */                               \
    X(DIVISOR, "S036")      /* division by zero or less */                                         \
    X(EXPONENT, "S037")     /* an exponent out of range */                                         \
    X(CHOICE, "S038")       /* a token that its list does not have */                              \
    X(LENGTH, "S040")       /* a number with too few or too many digits */                         \
    X(LENGTHS, "S041")      /* inputs of different lengths */                                      \
    X(TOKEN, "S042")        /* a token that is empty or too long */                                \
    X(RANGE, "S043")        /* a state range that is empty or too large */                         \
    X(INITIAL, "S044")      /* an initial state outside its range */                               \
    X(PROMPT, "S045")       /* prompt and inputs do not agree */                                   \
    X(INDEX, "S050")        /* an index out of range */                                            \
    X(COLUMN, "S051")       /* a digit of another column */                                        \
    X(NO_RULE, "S052")      /* an answer digit without a rule */                                   \
    X(TWO_RULES, "S053")    /* an answer digit, or a state, with two rules */                      \
    X(INPUT_RULE, "S054")   /* a rule for a digit of an input */                                   \
    X(MISSING, "S060")      /* a statement that is not there */                                    \
    X(MISSING_NEXT, "S061") /* a state without `next` */

#define SPEC_FAULT_NAME(name, code) FAULT_##name,
typedef enum SpecFault { SPEC_FAULTS(SPEC_FAULT_NAME) FAULTS } SpecFault;
#undef SPEC_FAULT_NAME

const char *spec_fault_code(SpecFault fault);

// Describes a fault at a place of the spec; returns STATUS_MALFORMED.
Status spec_fault(const Spec *spec, SpecSpan span, Diag *diag, SpecFault fault, const char *format,
                  ...) PRINTF_LIKE(5, 6);

// The same about no place in particular.
Status spec_fault_nowhere(const Spec *spec, Diag *diag, SpecFault fault, const char *format, ...)
    PRINTF_LIKE(4, 5);

int spec_line(const Spec *spec, SpecSpan span); // the line in which it begins, from 1

// From the beginning of `first` to the end of `last`.
SpecSpan spec_span_join(SpecSpan first, SpecSpan last);

// For printf's "%.*s": the bytes of a span as the spec has them. Names and signs only: they are
// short.
#define SPEC_SHOW(spec, span) (int)(span).length, (spec)->text + (span).offset
