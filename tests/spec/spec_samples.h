// A spec for tests to put lines into.
#pragma once

#include <string.h>

#include "harness.h"
#include "spec.h"

#define SAMPLE_HEAD                                                                                \
    "param n = 3\n"                                                                                \
    "input a, b : number of n digits\n"                                                            \
    "prompt a b\n"                                                                                 \
    "answer s : number of n+1 digits\n"

#define SAMPLE_REQUIRE "require s = a + b\n"

#define SAMPLE_ALGORITHM                                                                           \
    "algorithm\n"                                                                                  \
    "scan from least significant\n"                                                                \
    "state c in 0..1, initially 0\n"                                                               \
    "state d in -3..60, initially 5\n"                                                             \
    "digit s[i] = (a[i] + b[i] + c) mod 10\n"                                                      \
    "next d = d\n"                                                                                 \
    "next c = (a[i] + b[i] + c) div 10\n"

#define SAMPLE_FINAL "finally s[n] = c\n"

// The spec, or NULL after a message.
static inline Spec *sample_parse(Arena *arena, const char *text)
{
    Spec *spec = NULL;
    Diag diag;
    if (spec_parse(arena, "sample.spec", text, strlen(text), NULL, 0, &spec, &diag) != STATUS_OK)
        diag_print(&diag, stdout, 0);
    return spec;
}

// A spec with this claim, and one with this rule for the state d.
static inline Spec *sample_with_require(Arena *arena, const char *require)
{
    return sample_parse(
        arena,
        arena_printf(arena, SAMPLE_HEAD "require %s\n" SAMPLE_ALGORITHM SAMPLE_FINAL, require));
}

static inline Spec *sample_with_next(Arena *arena, const char *rule)
{
    return sample_parse(arena, arena_printf(arena,
                                            SAMPLE_HEAD SAMPLE_REQUIRE
                                            "algorithm\n"
                                            "scan from least significant\n"
                                            "state c in 0..1, initially 0\n"
                                            "state d in -3..60, initially 5\n"
                                            "digit s[i] = (a[i] + b[i] + c) mod 10\n"
                                            "next c = (a[i] + b[i] + c) div 10\n"
                                            "next d = %s\n" SAMPLE_FINAL,
                                            rule));
}
