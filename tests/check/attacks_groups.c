// What is done to the groups of a good bundle that has some (grouped_d2: two digits subtracted), and what proofcheck
// must say to it. The line numbers are those of its certificate.
#include "attack_edits.h"

#include <stdlib.h>
#include <string.h>

#define C FORGE_CERTIFICATE

enum {
    CONFIGS_MOST = 256,
    GROUPS_MOST = 65,
    // Lines with groups: of a case with 6 configurations, each in a group of its own; of a case with 22 of them, and of
    // one with 198, in 8 groups each.
    FEW = 862,
    SOME = 606,
    MANY = 1060,
    NONE = 997, // the first neuron's line of a case without groups
    NONE_CONFIGS = 190,
    ONE = 18 // the same line of a case with one configuration
};

// ---- groups -------------------------------------------------------------------------------------

typedef struct Groups {
    int count, of[CONFIGS_MOST];
    int groups, from[GROUPS_MOST]; // of each group: the one whose slopes it has now
} Groups;

static Groups groups_at(const Forge *f, int line)
{
    Groups g = {0};
    char *at = edit_line_of(f, C, line);
    edit_must(strncmp(at, "group ", 6) == 0, "group");
    for (at += 5; *at == ' '; g.count++) {
        edit_must(g.count < CONFIGS_MOST, "configurations");
        g.of[g.count] = (int)strtol(at + 1, &at, 10);
        g.groups = g.of[g.count] >= g.groups ? g.of[g.count] + 1 : g.groups;
    }
    for (int i = 0; i < g.groups; i++)
        g.from[i] = i;
    return g;
}

static void write_group_line(Forge *f, int line, const Groups *g)
{
    Text text = {0};
    text_add(&text, "group");
    for (int c = 0; c < g->count; c++)
        text_add(&text, " %d", g->of[c]);
    edit_put_line(f, C, line, text_chars(&text));
    text_free(&text);
}

// An open neuron's line gets its slopes from the places that the groups tell.
static void write_slopes(Forge *f, int line, const Groups *g, int before)
{
    long slope[GROUPS_MOST], neuron;
    char *at = edit_line_of(f, C, line) + strlen("open");
    Text text = {0};
    neuron = strtol(at, &at, 10);
    for (int i = 0; i < before; i++)
        slope[i] = strtol(at, &at, 10);
    text_add(&text, "open %ld", neuron);
    for (int i = 0; i < g->groups; i++)
        text_add(&text, " %ld", slope[g->from[i]]);
    text_add_bytes(&text, at, strcspn(at, "\n"));
    edit_put_line(f, C, line, text_chars(&text));
    text_free(&text);
}

// `before`: the groups that there were.
static void write_groups(Forge *f, int line, const Groups *g, int before)
{
    write_group_line(f, line, g);
    for (line++; strncmp(edit_line_of(f, C, line), "done", 4) != 0; line++)
        if (strncmp(edit_line_of(f, C, line), "open ", 5) == 0)
            write_slopes(f, line, g, before);
}

// Two configurations go where the other was.
static void exchange(Forge *f, int line, int a, int b)
{
    Groups g = groups_at(f, line);
    int of = g.of[a];
    g.of[a] = g.of[b];
    g.of[b] = of;
    write_group_line(f, line, &g);
}

// ---- what is as good ----------------------------------------------------------------------------

static void insert_zeros(Forge *f, int count)
{
    Groups g = {.count = count};
    edit_insert(f, C, NONE, "\n");
    write_group_line(f, NONE, &g);
}
// A case without groups has all its configurations in group 0, and may say so.
EDIT(group_line_not_needed)
{
    insert_zeros(f, NONE_CONFIGS);
}
EDIT(group_line_of_one_configuration)
{
    edit_insert(f, C, ONE, "group 0\n");
}
EDIT(groups_renumbered)
{
    Groups g = groups_at(f, MANY);
    for (int c = 0; c < g.count; c++)
        g.of[c] = g.groups - 1 - g.of[c];
    for (int i = 0; i < g.groups; i++)
        g.from[i] = g.groups - 1 - i;
    write_groups(f, MANY, &g, g.groups);
}
// Two configurations of the same group change places: nothing does.
EDIT(configurations_of_one_group_exchanged)
{
    exchange(f, SOME, 0, 2);
}
// Each of the last configurations gets a group of its own, with the same slopes.
static void divide(Forge *f, int groups)
{
    Groups g = groups_at(f, MANY);
    int before = g.groups;
    for (int c = g.count; g.groups < groups;) {
        g.from[g.groups] = g.of[--c];
        g.of[c] = g.groups++;
    }
    write_groups(f, MANY, &g, before);
}
EDIT(group_divided)
{
    divide(f, 9);
}
EDIT(as_many_groups_as_there_may_be)
{
    divide(f, 64);
}
EDIT(one_group_more_than_there_may_be)
{
    divide(f, 65);
}

// ---- what is not --------------------------------------------------------------------------------

EDIT(group_number_missing)
{
    edit_put_line(f, C, FEW, "group 0 1 5 4 2");
}
EDIT(group_number_more)
{
    edit_put_line(f, C, FEW, "group 0 1 5 4 2 3 3");
}
EDIT(group_without_numbers)
{
    edit_put_line(f, C, FEW, "group");
}
EDIT(group_number_64)
{
    edit_put_line(f, C, FEW, "group 0 1 5 4 2 64");
}
EDIT(group_number_negative)
{
    edit_put_line(f, C, FEW, "group 0 1 5 4 -1 3");
}
EDIT(group_line_missing)
{
    edit_cut_lines(f, C, FEW, 1);
}
EDIT(group_line_twice)
{
    edit_insert(f, C, FEW, "group 0 1 5 4 2 3\n");
}
EDIT(group_line_before_inputs)
{
    edit_cut_lines(f, C, FEW, 1);
    edit_insert(f, C, FEW - 8, "group 0 1 5 4 2 3\n");
}
// The configuration of group 3 joins another; the slopes of group 3 stay.
EDIT(group_without_configuration)
{
    edit_put_line(f, C, FEW, "group 0 1 5 4 2 2");
}
EDIT(first_group_without_configuration)
{
    edit_put_line(f, C, FEW, "group 1 1 5 4 2 3");
}
EDIT(group_skipped)
{
    Groups g = groups_at(f, FEW);
    int before = g.groups;
    g.of[5] = g.groups;
    g.from[g.groups++] = 3;
    write_groups(f, FEW, &g, before);
}
EDIT(group_line_not_needed_too_short)
{
    insert_zeros(f, NONE_CONFIGS - 1);
}
EDIT(group_line_not_needed_too_long)
{
    insert_zeros(f, NONE_CONFIGS + 1);
}
// Its configurations go to another group.
EDIT(group_emptied)
{
    Groups g = groups_at(f, MANY);
    for (int c = 0; c < g.count; c++)
        g.of[c] = g.of[c] == 3 ? 2 : g.of[c];
    write_groups(f, MANY, &g, g.groups);
}
EDIT(slope_missing)
{
    edit_put_line(f, C, FEW + 1, "open 0 0 23 10 0 17 1461 4 1251 5");
}
EDIT(slope_missing_before_small_number)
{
    edit_put_line(f, C, MANY + 2, "open 1 45 40 64 48 38 47 46 6 8 6 8");
}
EDIT(slope_more)
{
    edit_put_line(f, C, FEW + 1, "open 0 0 23 10 0 17 0 0 1461 4 1251 5");
}
EDIT(slope_more_with_one_number_less)
{
    edit_put_line(f, C, FEW + 1, "open 0 0 23 10 0 17 0 0 1461 4 1251");
}
EDIT(slope_of_group_65)
{
    edit_put_line(f, C, FEW + 1, "open 0 0 23 10 0 17 65 1461 4 1251 5");
}
EDIT(slope_of_group_negative)
{
    edit_put_line(f, C, FEW + 1, "open 0 0 23 10 0 -1 0 1461 4 1251 5");
}
// Where the slopes of the groups differ much, a configuration's margin is not shown by those of another, and the
// numbers d are too small for the functionals that come of them.
EDIT(configurations_exchanged)
{
    exchange(f, SOME, 0, 1);
}
EDIT(configurations_exchanged_elsewhere)
{
    exchange(f, 798, 0, 4);
}
// Groups exchange their slopes at all neurons, and keep their configurations.
EDIT(slopes_exchanged)
{
    Groups g = groups_at(f, SOME);
    g.from[0] = 2;
    g.from[2] = 0;
    write_groups(f, SOME, &g, g.groups);
}
EDIT(slope_of_the_first_group_wrong)
{
    edit_put_word(f, C, SOME + 1, 2, "64");
}
EDIT(slope_of_the_last_group_wrong)
{
    edit_put_word(f, C, 682, 2 + 7, "0");
}

static const Attack attacks[] = {
    {.name = "nothing", .code = ACCEPTED, .expect = "25 edge cases leave no input out"},
    E(group_line_not_needed, ACCEPTED, "25 edge cases"),
    E(configurations_of_one_group_exchanged, ACCEPTED, "25 edge cases"),
    E(group_line_of_one_configuration, ACCEPTED, "25 edge cases"),
    E(groups_renumbered, ACCEPTED, "25 edge cases"),
    E(group_divided, ACCEPTED, "25 edge cases"),
    E(as_many_groups_as_there_may_be, ACCEPTED, "25 edge cases"),
    E(one_group_more_than_there_may_be, MALFORMED, "certificate.txt:1060: 64 is not in 0 to 63"),
    E(group_number_missing, MALFORMED, "certificate.txt:862: the line ends too early (K3)"),
    E(group_number_more, MALFORMED,
      "certificate.txt:862: the line goes on where it should end (K3)"),
    E(group_without_numbers, MALFORMED, "certificate.txt:862: the line ends too early (K3)"),
    E(group_number_64, MALFORMED, "certificate.txt:862: 64 is not in 0 to 63"),
    E(group_number_negative, MALFORMED, "certificate.txt:862: -1 is not in 0 to 63"),
    E(group_line_missing, MALFORMED,
      "certificate.txt:862: the line goes on where it should end (K3)"),
    E(group_line_twice, MALFORMED, "certificate.txt:863: \"group\" where \"open\" is expected"),
    E(group_line_before_inputs, MALFORMED,
      "certificate.txt:854: \"group\" where \"input\" is expected"),
    E(group_without_configuration, REJECTED,
      "certificate.txt:862: no configuration of the query is in group 3"),
    E(first_group_without_configuration, REJECTED,
      "certificate.txt:862: no configuration of the query is in group 0"),
    E(group_skipped, REJECTED, "certificate.txt:862: no configuration of the query is in group 3"),
    E(group_emptied, REJECTED, "certificate.txt:1060: no configuration of the query is in group 3"),
    E(slope_missing, MALFORMED, "certificate.txt:863: 1461 is not in 0 to 64"),
    E(slope_missing_before_small_number, MALFORMED,
      "certificate.txt:1062: the line ends too early (K3)"),
    E(slope_more, MALFORMED, "certificate.txt:863: the line goes on where it should end (K3)"),
    E(slope_more_with_one_number_less, REJECTED,
      "certificate.txt:853: the bound of head 0 on neuron 0 does not hold (K11)"),
    E(slope_of_group_65, MALFORMED, "certificate.txt:863: 65 is not in 0 to 64"),
    E(slope_of_group_negative, MALFORMED, "certificate.txt:863: -1 is not in 0 to 64"),
    E(group_line_not_needed_too_short, MALFORMED,
      "certificate.txt:997: the line ends too early (K3)"),
    E(group_line_not_needed_too_long, MALFORMED,
      "certificate.txt:997: the line goes on where it should end (K3)"),
    E(configurations_exchanged, REJECTED,
      "certificate.txt:597: the margin of token 9 is not shown to be positive (K11)"),
    E(configurations_exchanged_elsewhere, REJECTED,
      "certificate.txt:789: the bound of head 0 on wrong token 1 does not hold (K11)"),
    E(slopes_exchanged, REJECTED,
      "certificate.txt:597: the margin of token 0 is not shown to be positive (K11)"),
    E(slope_of_the_first_group_wrong, REJECTED,
      "certificate.txt:597: the margin of token 0 is not shown to be positive (K11)"),
    E(slope_of_the_last_group_wrong, REJECTED,
      "certificate.txt:661: the margin of token 6 is not shown to be positive (K11)"),
};

const AttackTable attacks_groups = {attacks, sizeof attacks / sizeof *attacks};
