// Two tasks of numbers of a few digits, as K4 writes them: a sum, and a difference with its sign in front. Parts of the
// text can be replaced.
#pragma once

#include "trellis.h"

#include <stdio.h>
#include <string.h>

enum { TASK_SIZE = 1 << 17 };

typedef int TaskRule(int state, int a, int b);

// next, and tables 0 to 3: the digits of the prompt, and what leads the answer and its digits.
typedef struct TaskRules {
    const char *tokens, *states, *claim;
    int count; // of states
    TaskRule *next, *table[4];
    int signs[2]; // of the prompt
} TaskRules;

static int task_a(int q, int a, int b)
{
    (void)q, (void)b;
    return a;
}

static int task_b(int q, int a, int b)
{
    (void)q, (void)a;
    return b;
}

static int addition_carry(int q, int a, int b)
{
    return (q + a + b) / 10;
}

static int addition_digit(int q, int a, int b)
{
    return (q + a + b) % 10;
}

// States 0 and 1 are the borrows of a - b; 2 to 4 are those of b - a: all digits were equal, a borrow is due, neither.
static int signed_difference(int q, int a, int b)
{
    return (q < 2 ? a - b : b - a) - (q == 1 || q == 3);
}

static int signed_next(int q, int a, int b)
{
    int difference = signed_difference(q, a, b);
    if (q < 2)
        return difference < 0;
    return difference < 0 ? 3 : q == 2 && difference == 0 ? 2 : 4;
}

static int signed_sign(int q, int a, int b)
{
    (void)a, (void)b;
    return q < 2 ? 10 : 11;
}

static int signed_digit(int q, int a, int b)
{
    return (signed_difference(q, a, b) + 10) % 10;
}

static const TaskRules task_rules[2] = {
    {"0123456789+=",
     "start 0\naccept 0-1\n",
     "clause\nliteral 0 1 a 1 b -1 s\nclause\nliteral 0 -1 a -1 b 1 s\n",
     2,
     addition_carry,
     {task_a, task_b, addition_carry, addition_digit},
     {10, 11}},
    {"0123456789+-=",
     "start 0,2\naccept 0,4\n",
     "clause\nliteral -1 1 sign\nliteral 0 1 a -1 b -1 d\n"
     "clause\nliteral -1 1 sign\nliteral 0 -1 a 1 b 1 d\n"
     "clause\nliteral 0 -1 sign\nliteral 0 -1 a 1 b -1 d\n"
     "clause\nliteral 0 -1 sign\nliteral 0 1 a -1 b 1 d\n"
     "clause\nliteral 0 -1 sign\nliteral -1 1 d\n",
     5,
     signed_next,
     {task_a, task_b, signed_sign, signed_digit},
     {11, 12}}};

static int task_put_rule(char *text, const char *name, int q, TaskRule *rule)
{
    int at = sprintf(text, "%s %d", name, q);
    for (int s = 0; s < 100; s++)
        at += sprintf(text + at, " %d", rule(q, s / 10, s % 10));
    return at + sprintf(text + at, "\n");
}

static int task_put_tables(char *text, const TaskRules *rules)
{
    int at = 0;
    for (int t = 0; t < 4; t++)
        for (int q = 0; q < rules->count; q++) {
            char name[20];
            sprintf(name, "table %d", t);
            at += task_put_rule(text + at, name, q, rules->table[t]);
        }
    return at;
}

static int task_put_positions(char *text, const TaskRules *rules, int digits)
{
    int i = 0, at = sprintf(text, "prompt %d\nanswer %d\n", 2 * digits + 2, digits + 1);
    for (int n = 0; n < 2; n++) {
        for (int c = digits - 1; c >= 0; c--)
            at += sprintf(text + at, "column %d %d %d\n", i++, c, n);
        at += sprintf(text + at, "fixed %d %d\n", i++, rules->signs[n]);
    }
    at += sprintf(text + at, "column %d %d 2\n", i++, digits - 1);
    for (int c = digits - 1; c >= 0; c--)
        at += sprintf(text + at, "column %d %d 3\n", i++, c);
    return at;
}

static int task_put_number(char *text, const char *name, int first, int digits)
{
    int at = sprintf(text, "number %s", name);
    for (int d = 0; d < digits; d++)
        at += sprintf(text + at, " %d", first + d);
    return at + sprintf(text + at, "\n");
}

// text: room for TASK_SIZE characters. which: 0 for the sum, 1 for the difference.
static inline void task_write(char *text, int which, int digits)
{
    const TaskRules *rules = &task_rules[which];
    int lead = 2 * digits + 2;
    int at = sprintf(text, "ripple-task 2\ncolumns %d\nstates %d\nsymbols 100\n%s", digits,
                     rules->count, rules->states);
    for (int q = 0; q < rules->count; q++)
        at += task_put_rule(text + at, "next", q, rules->next);
    for (int c = 0; c < digits; c++)
        at += sprintf(text + at, "allow %d 0-99\n", c);
    for (int k = 0; rules->tokens[k]; k++)
        at += sprintf(text + at, "token %d %c\n", k, rules->tokens[k]);
    at += task_put_tables(text + at, rules);
    at += task_put_positions(text + at, rules, digits);
    at += task_put_number(text + at, "a", 0, digits);
    at += task_put_number(text + at, "b", digits + 1, digits);
    if (which)
        at += sprintf(text + at, "choice sign %d 10 11\n", lead);
    at += task_put_number(text + at, which ? "d" : "s", lead + which, digits + 1 - which);
    sprintf(text + at, "%s", rules->claim);
}

static inline ProofFile task_file(char *text)
{
    return (ProofFile){"task.txt", text, strlen(text)};
}
