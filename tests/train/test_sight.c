// Which questions look alike to the position that has to tell them apart, for edges of many kinds.
#include <string.h>

#include "edges.h"
#include "harness.h"
#include "sight.h"

enum {
    SELF = 1 << EDGE_SELF,
    COLUMN = 1 << EDGE_COLUMN,
    BELOW = 1 << EDGE_COLUMNS_BELOW,
    COLUMNS = 1 << EDGE_COLUMNS,
    FIXED = 1 << EDGE_FIXED,
    CHOICES = 1 << EDGE_CHOICES
};

static Arena *arena; // of the test that runs
static Task *task;

static const char maximum[] =
    "param n = 3\n"
    "input a, b : number of n digits\n"
    "prompt a b\n"
    "answer m : number of n digits\n"
    "require m = if a > b then a else b\n"
    "algorithm\n"
    "  scan from least significant\n"
    "    state order in -1..1, initially 0\n"
    "    next order = if a[i] < b[i] then -1 else if a[i] > b[i] then 1 else order\n"
    "    digit m[i] = if last(order) < 0 then b[i] else a[i]\n";

static void begin_with(const char *text)
{
    Spec *spec;
    Diag diag;
    arena = arena_new();
    CU_ASSERT_EQUAL_FATAL(spec_parse(arena, "test.spec", text, strlen(text), NULL, 0, &spec, &diag),
                          STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(task_new(arena, spec, &task, &diag), STATUS_OK);
}

static void begin(const char *name)
{
    SpecSetting three_digits = {"n", 3};
    Spec *spec;
    Diag diag;
    arena = arena_new();
    CU_ASSERT_EQUAL_FATAL(spec_parse_file(arena, arena_printf(arena, "%s/%s", SPECS_DIR, name),
                                          &three_digits, 1, &spec, &diag),
                          STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(task_new(arena, spec, &task, &diag), STATUS_OK);
}

// A model of two layers with one head each.
static Model *model_with(unsigned first, unsigned second)
{
    ModelShape shape = {2, 1, 4, 4, 4, task->n_alphabet, task->prompt + task->answer, 1.0f};
    Model *model = model_new(arena, shape, task->alphabet);
    edges_set(task, first, model, 0, 0);
    edges_set(task, second, model, 1, 0);
    return model;
}

static bool has_gap(unsigned first, unsigned second, SightGap *ret_gap)
{
    return sight_find_gap(task, model_with(first, second), ret_gap);
}

static int token_at(const uint8_t *symbols, int position)
{
    int tokens[TASK_POSITIONS_MAX], ids[TASK_TOKENS_MAX];
    for (int k = 0; k < task->n_alphabet; k++)
        ids[k] = k;
    task_tokens(task, ids, symbols, tokens);
    return tokens[position];
}

static void shipped_edges_suffice(void)
{
    SightGap gap;
    begin("addition.spec");
    CU_ASSERT_FALSE(has_gap(COLUMN | FIXED | SELF, BELOW, &gap));
    arena_free(arena);
    begin("mixed.spec");
    CU_ASSERT_FALSE(has_gap(COLUMN | FIXED | CHOICES | SELF, BELOW, &gap));
    arena_free(arena);
    begin_with(maximum);
    CU_ASSERT_FALSE(has_gap(COLUMN | SELF, COLUMNS, &gap));
    arena_free(arena);
}

// What is found are two questions of which all seen tokens are the same.
static void without_other_columns_sums_are_hidden(void)
{
    SightGap gap;
    begin("addition.spec");
    CU_ASSERT_TRUE_FATAL(has_gap(COLUMN | FIXED | SELF, FIXED | SELF, &gap));
    int position = task->prompt + gap.answer;
    CU_ASSERT_NOT_EQUAL(token_at(gap.one, position), token_at(gap.other, position));
    CU_ASSERT_EQUAL(token_at(gap.one, position - 1), token_at(gap.other, position - 1));
    for (int p = 0; p < position; p++)
        if (edges_pattern_allows(EDGE_COLUMN, task, position - 1, p))
            CU_ASSERT_EQUAL(token_at(gap.one, p), token_at(gap.other, p));
    arena_free(arena);
}

static void columns_below_hide_which_number_is_greater(void)
{
    SightGap gap;
    begin_with(maximum);
    CU_ASSERT_TRUE(has_gap(COLUMN | SELF, BELOW, &gap));
    CU_ASSERT_TRUE(has_gap(SELF, COLUMNS, &gap)); // the second number alone
    arena_free(arena);
}

static void a_sign_that_is_not_read_is_missed(void)
{
    SightGap gap;
    begin("mixed.spec");
    CU_ASSERT_TRUE(has_gap(COLUMN | SELF, COLUMN | SELF, &gap));
    arena_free(arena);
}

// What layer 1 reads has been at its keys since layer 0, and what layer 0 reads late is not passed on.
static void the_order_of_layers_matters(void)
{
    SightGap gap;
    begin("addition.spec");
    CU_ASSERT_FALSE(has_gap(COLUMN, BELOW, &gap));
    CU_ASSERT_TRUE(has_gap(BELOW, COLUMN, &gap));
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(shipped_edges_suffice)                                                                       \
    X(without_other_columns_sums_are_hidden)                                                       \
    X(columns_below_hide_which_number_is_greater)                                                  \
    X(a_sign_that_is_not_read_is_missed)                                                           \
    X(the_order_of_layers_matters)

RUN_TESTS("sight", TESTS)
