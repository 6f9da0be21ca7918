// Level C: tables that are not what the rules of the spec say are contradicted (cover_tables.h).

#include "covering.h"
#include "harness.h"

#define TESTS(X)                                                                                   \
    X(wrong_tables_are_contradicted)                                                               \
    X(wrong_guesses_are_contradicted)                                                              \
    X(wrong_options_are_contradicted)

static void contradicts(Covering *c)
{
    CU_ASSERT_EQUAL(covering_prove_within(c, COVER_RLIMIT), STATUS_INTERNAL);
    CU_ASSERT_STRING_EQUAL(c->diag.code, "P021");
    covering_free(c);
}

static uint8_t *change(const uint8_t *table) // tables are made by task.c, and not truly constant
{
    return (uint8_t *)(uintptr_t)table;
}

static void wrong_tables_are_contradicted(void)
{
    Covering c = covering_new(covering_addition, 2, 30);
    change(c.task->next)[1 * 100 + 45] = 0; // 4 + 5 + 1 carries
    contradicts(&c);

    c = covering_new(covering_addition, 2, 30);
    change(c.task->source[c.task->prompt + 1].table)[0 * 100 + 12] = 4; // 1 + 2
    contradicts(&c);

    c = covering_new(covering_addition, 2, 30);
    change(c.task->source[c.task->prompt].table)[1] = 0; // the last carry is the first digit
    contradicts(&c);

    c = covering_new(covering_addition, 2, 30);
    change(c.task->allowed)[100 + 99] = 0; // 9 + 9 is admitted in column 1
    contradicts(&c);

    c = covering_new(covering_addition, 2, 1);
    c.task->source[c.task->prompt + 1].column = 0; // s1 stands in column 1
    contradicts(&c);

    c = covering_new(covering_addition, 2, 30);
    c.task->starts = 1 << 1;
    contradicts(&c);
}

static int accepted_state(const Task *task)
{
    int state = 0;
    while (!task->reachable[state] || !task_has_state(task->accepts, state))
        state++;
    return state;
}

static void wrong_guesses_are_contradicted(void)
{
    Covering c = covering_new(covering_either, 2, 30);
    c.task->accepts &= ~(UINT64_C(1) << accepted_state(c.task));
    contradicts(&c);

    c = covering_new(covering_either, 2, 30);
    c.task->accepts = ~UINT64_C(0);
    contradicts(&c);

    c = covering_new(covering_either, 2, 30);
    c.task->starts &= c.task->starts - 1;
    contradicts(&c);

    c = covering_new(covering_either, 2, 30);
    change(c.task->guess)[0] ^= 1; // the digits of one end are not those of the other
    c.task->accepts ^= ~UINT64_C(0);
    contradicts(&c);
}

static void wrong_options_are_contradicted(void)
{
    Covering c = covering_new(covering_either, 2, 30);
    change(c.task->allowed)[2] = 0;
    contradicts(&c);

    c = covering_new(covering_either, 2, 30);
    change(c.task->allowed)[3] = 1;
    contradicts(&c);

    c = covering_new(covering_either, 2, 30);
    uint8_t *table = change(c.task->source[2].table); // of the sign between the numbers
    table[0] = table[1];
    contradicts(&c);

    c = covering_new(covering_either, 2, 30);
    int start = __builtin_ctzll(c.task->starts);
    change(c.task->next)[start * 100 + 1] = c.task->next[start * 100 + 0];
    contradicts(&c);

    c = covering_new(covering_either, 2, 30);
    change(c.task->source[c.task->prompt].table)[accepted_state(c.task)] ^= 1; // another sign
    contradicts(&c);
}

RUN_TESTS("cover_tables", TESTS)
