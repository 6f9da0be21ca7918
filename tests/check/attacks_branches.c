// A task of two branches: the last carry is guessed before the first column, and only paths count that end as guessed.
#include "attack_edits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define T            FORGE_TASK
#define NOT_AS_MANY  "task.txt:0: there are not as many paths as sequences of allowed symbols (K4)"
#define SECOND_FAILS "task.txt:0: clause 1 of the claim does not hold on every path (K4, level A)"

// A line of numbers after two first words, each increased.
static void add_increased(Text *to, const char *start, const char *numbers, int by)
{
    text_add(to, "%s", start);
    for (const char *at = numbers; *at == ' ';) {
        char *end;
        text_add(to, " %ld", strtol(at + 1, &end, 10) + by);
        at = end;
    }
    text_add(to, "\n");
}

// States 2 and 3 as 0 and 1.
static void double_states(Forge *f)
{
    char *rows[2] = {NULL, NULL}, start[40];
    Text task = {0};
    for (const char *at = f->file[T].chars; *at; at = strchr(at, '\n') + 1) {
        int t = 0, q, size = 0;
        bool next = sscanf(at, "next %d%n", &q, &size) == 1;
        text_add_bytes(&task, at, strcspn(at, "\n") + 1);
        if (!next && sscanf(at, "table %d %d%n", &t, &q, &size) != 2)
            continue;
        rows[q] = (char *)at + size;
        for (int k = 0; k < 2 && q == 1; k++) {
            snprintf(start, sizeof start, next ? "next %d" : "table %d %d", next ? k + 2 : t,
                     k + 2);
            add_increased(&task, start, rows[k], next ? 2 : 0);
        }
    }
    text_free(&f->file[T]);
    f->file[T] = task;
}

// Parts of splits by state have both states with a carry.
static void double_parts(Forge *f)
{
    bool by_state[256];
    int depth = 0;
    Text certificate = {0};
    for (const char *at = f->file[FORGE_CERTIFICATE].chars; *at; at = strchr(at, '\n') + 1) {
        if (strncmp(at, "split ", 6) == 0)
            by_state[depth++] = strncmp(at, "split state", 11) == 0;
        depth -= strncmp(at, "end\n", 4) == 0 && depth > 0;
        bool state = depth > 0 && by_state[depth - 1];
        if (state && strncmp(at, "part 0\n", 7) == 0)
            text_add(&certificate, "part 0,2\n");
        else if (state && strncmp(at, "part 1\n", 7) == 0)
            text_add(&certificate, "part 1,3\n");
        else
            text_add_bytes(&certificate, at, strcspn(at, "\n") + 1);
    }
    text_free(&f->file[FORGE_CERTIFICATE]);
    f->file[FORGE_CERTIFICATE] = certificate;
}

// States 0 and 1 guess that the last carry is 0, states 2 and 3 that it is 1.
EDIT(two_branches)
{
    double_states(f);
    double_parts(f);
    edit_replace(f, T, "states 2\n", "states 4\n", 1);
    edit_replace(f, T, "start 0\naccept 0-1\n", "start 0,2\naccept 0,3\n", 1);
}
EDIT(two_branches_accept_too_wide)
{
    two_branches(f);
    edit_replace(f, T, "accept 0,3", "accept 0-3", 1);
}
EDIT(two_branches_accept_one)
{
    two_branches(f);
    edit_replace(f, T, "accept 0,3", "accept 0", 1);
}
EDIT(two_branches_start_one)
{
    two_branches(f);
    edit_replace(f, T, "start 0,2", "start 0", 1);
}
EDIT(two_branches_crossed)
{
    two_branches(f);
    edit_replace(f, T, "accept 0,3", "accept 0,2", 1);
}
static void change_entry(Forge *f, const char *row, const char *entry)
{
    two_branches(f);
    edit_put_word(f, T, edit_line_starting(f, T, row, 1), 3 + 57, entry);
}
EDIT(two_branches_claim_false_in_one)
{
    change_entry(f, "table 3 2 ", "1");
}
EDIT(two_branches_prompt_tells)
{
    change_entry(f, "table 1 2 ", "8");
}
EDIT(two_branches_token_missing_in_one)
{
    change_entry(f, "table 2 2 ", "-");
}
EDIT(two_branches_one_left_out)
{
    two_branches(f);
    edit_replace(f, FORGE_CERTIFICATE, "part 1,3", "part 1", 5);
}

static const Attack attacks[] = {
    E(two_branches, ACCEPTED, "claim    s = a + b\n"),
    E(two_branches_accept_too_wide, REJECTED, NOT_AS_MANY),
    E(two_branches_accept_one, REJECTED, NOT_AS_MANY),
    E(two_branches_start_one, REJECTED, NOT_AS_MANY),
    E(two_branches_crossed, REJECTED, NOT_AS_MANY),
    E(two_branches_claim_false_in_one, REJECTED, SECOND_FAILS),
    E(two_branches_prompt_tells, REJECTED,
      "task.txt:0: the token at position 3 of the prompt depends on the state (K4)"),
    E(two_branches_token_missing_in_one, REJECTED,
      "task.txt:0: no token at position 6 in state 2 for symbol 57 (K4)"),
    E(two_branches_one_left_out, REJECTED,
      "certificate.txt:1785: label 3 of the split is in none of its parts (K10)"),
};

const AttackTable attacks_branches = {attacks, sizeof attacks / sizeof *attacks};
