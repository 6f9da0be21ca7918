// The task of adding two numbers of a few digits, as K4 writes it. Parts of the text can be replaced.
#pragma once

#include "trellis.h"

#include <stdio.h>
#include <string.h>

enum { ADDITION_SIZE = 1 << 16 };

static int addition_put(char *text, int at, const char *name, int q, int (*of)(int, int, int))
{
    at += sprintf(text + at, "%s %d", name, q);
    for (int s = 0; s < 100; s++)
        at += sprintf(text + at, " %d", of(q, s / 10, s % 10));
    return at + sprintf(text + at, "\n");
}

static int addition_carry(int q, int a, int b)
{
    return (q + a + b) / 10;
}

static int addition_a(int q, int a, int b)
{
    (void)q, (void)b;
    return a;
}

static int addition_b(int q, int a, int b)
{
    (void)q, (void)a;
    return b;
}

static int addition_sum(int q, int a, int b)
{
    return (q + a + b) % 10;
}

// text: room for ADDITION_SIZE characters.
static void addition_write(char *text, int digits)
{
    static int (*const tables[])(int, int, int) = {addition_a, addition_b, addition_carry,
                                                   addition_sum};
    int at = sprintf(text, "ripple-task 1\ncolumns %d\nstates 2\nsymbols 100\ninitial 0\n", digits);
    for (int q = 0; q < 2; q++)
        at = addition_put(text, at, "next", q, addition_carry);
    for (int c = 0; c < digits; c++)
        at += sprintf(text + at, "allow %d 0-99\n", c);
    for (int k = 0; k < 12; k++)
        at += sprintf(text + at, "token %d %c\n", k, "0123456789+="[k]);
    for (int t = 0; t < 4; t++)
        for (int q = 0; q < 2; q++) {
            char name[20];
            sprintf(name, "table %d", t);
            at = addition_put(text, at, name, q, tables[t]);
        }
    at += sprintf(text + at, "prompt %d\nanswer %d\n", 2 * digits + 2, digits + 1);
    int i = 0, number[3] = {0, digits + 1, 2 * digits + 2};
    for (int n = 0; n < 2; n++) {
        for (int c = digits - 1; c >= 0; c--)
            at += sprintf(text + at, "column %d %d %d\n", i++, c, n);
        at += sprintf(text + at, "fixed %d %d\n", i++, 10 + n);
    }
    at += sprintf(text + at, "column %d %d 2\n", i++, digits - 1);
    for (int c = digits - 1; c >= 0; c--)
        at += sprintf(text + at, "column %d %d 3\n", i++, c);
    for (int n = 0; n < 3; n++) {
        at += sprintf(text + at, "number %c %d", "abs"[n], n < 2 ? 1 : -1);
        for (int d = 0; d < digits + (n == 2); d++)
            at += sprintf(text + at, " %d", number[n] + d);
        at += sprintf(text + at, "\n");
    }
    sprintf(text + at, "claim sum is zero\n");
}

static inline ProofFile addition_file(char *text)
{
    return (ProofFile){"task.txt", text, strlen(text)};
}
