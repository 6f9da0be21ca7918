// Texts compared with what is expected, for people: the first differing lines are shown.
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static inline size_t golden_line_length(const char *text)
{
    return strcspn(text, "\n");
}

// True if equal; else prints the lines that differ in the manner of diff.
static inline bool golden_equal(const char *name, const char *expected, const char *actual)
{
    if (strcmp(expected, actual) == 0)
        return true;
    printf("\n--- %s, as expected\n+++ %s, as it is\n", name, name);
    while (*expected || *actual) {
        size_t old = golden_line_length(expected), new = golden_line_length(actual);
        if (old != new || memcmp(expected, actual, old) != 0) {
            if (*expected)
                printf("-%.*s\n", (int)old, expected);
            if (*actual)
                printf("+%.*s\n", (int)new, actual);
        }
        expected += old + (expected[old] == '\n');
        actual += new + (actual[new] == '\n');
    }
    return false;
}
