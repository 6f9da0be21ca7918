#include "case_tree.h"

#include "harness.h"

enum { CASES = 5, DEPTH = 3 };

static Condition conditions[CASES][DEPTH];
static EdgeCase cases[CASES];
static PositionProof position;

static Condition condition(SplitKind kind, int column, int low, int high)
{
    Condition c = {.split = {kind, column, 0}};
    for (int label = low; label <= high; label++)
        label_set_add(&c.labels, label);
    return c;
}

// By the token 0, 1-2; the second by states 0, 1; the last of these by digits 5-9, 0-4. In an order
// in which they might be found.
static void plant(void)
{
    const Condition zero = condition(SPLIT_TOKEN, 1, 0, 0), more = condition(SPLIT_TOKEN, 1, 1, 2);
    const Condition low = condition(SPLIT_STATE, 1, 0, 0), high = condition(SPLIT_STATE, 1, 1, 1);
    const Condition five = condition(SPLIT_DIGIT, 0, 5, 9),
                    nought = condition(SPLIT_DIGIT, 0, 0, 4);
    const Condition all[CASES][DEPTH] = {
        {more, high, five}, {zero}, {more, high, nought}, {more, low, nought}, {more, low, five}};
    static const int depth[CASES] = {3, 1, 3, 3, 3};
    for (int i = 0; i < CASES; i++) {
        for (int k = 0; k < DEPTH; k++)
            conditions[i][k] = all[i][k];
        cases[i] = (EdgeCase){.node = {.condition = conditions[i], .n_conditions = depth[i]}};
    }
    position = (PositionProof){.cases = cases, .n_cases = CASES};
}

static void cases_come_in_the_order_of_the_tree(void)
{
    static const int order[CASES] = {1, 3, 4, 2, 0};
    Arena *arena = arena_new();
    plant();
    const EdgeCase **listed = case_tree_order(arena, &position);
    for (int i = 0; i < CASES; i++)
        CU_ASSERT_EQUAL(listed[i] - cases, order[i]);
    arena_free(arena);
}

static void splits_are_those_of_the_conditions(void)
{
    Arena *arena = arena_new();
    plant();
    const CaseTree *root = case_tree_new(arena, &position);
    CU_ASSERT_EQUAL(root->split.kind, SPLIT_TOKEN);
    CU_ASSERT_EQUAL_FATAL(root->n_parts, 2);
    CU_ASSERT_PTR_EQUAL(root->part[0]->edge_case, &cases[1]);
    CU_ASSERT_TRUE(label_set_has(&root->labels[1], 1) && label_set_has(&root->labels[1], 2));
    const CaseTree *states = root->part[1];
    CU_ASSERT_EQUAL(states->split.kind, SPLIT_STATE);
    CU_ASSERT_EQUAL_FATAL(states->n_parts, 2);
    CU_ASSERT_EQUAL(states->part[0]->split.kind, SPLIT_DIGIT);
    arena_free(arena);
}

static void a_region_that_was_never_split_is_one_case(void)
{
    Arena *arena = arena_new();
    EdgeCase whole = {.proved = true};
    PositionProof one = {.cases = &whole, .n_cases = 1};
    CU_ASSERT_PTR_EQUAL(case_tree_new(arena, &one)->edge_case, &whole);
    arena_free(arena);
}

static void moves_and_digits_become_symbols(void)
{
    static const uint8_t move[100] = {[3] = 1, [7] = 1, [99] = 1};
    Task task = {.symbols = 100, .states = 2, .inputs = 2, .move = move, .n_alphabet = 12};
    TokenSource none = {0};
    task.source = &none;
    LabelSet labels = {{2}};
    CaseTree tree = {.n_parts = 1, .labels = &labels};
    bool member[CASE_LABELS_MAX];
    tree.split = (Split){SPLIT_MOVE, 0, 0};
    CU_ASSERT_EQUAL(case_tree_members(&task, &tree, 0, member), 100);
    for (int s = 0; s < 100; s++)
        CU_ASSERT_EQUAL(member[s], s == 3 || s == 7 || s == 99);
    for (int which = 0; which < 2; which++) {
        tree.split = (Split){SPLIT_DIGIT, 0, which};
        CU_ASSERT_EQUAL(case_tree_members(&task, &tree, 0, member), 100);
        for (int s = 0; s < 100; s++)
            CU_ASSERT_EQUAL(member[s], (which == 0 ? s / 10 : s % 10) == 1);
    }
    tree.split = (Split){SPLIT_STATE, 0, 0};
    CU_ASSERT_EQUAL(case_tree_members(&task, &tree, 0, member), 2);
    CU_ASSERT_TRUE(!member[0] && member[1]);
    tree.split = (Split){SPLIT_TOKEN, 0, 0};
    CU_ASSERT_EQUAL(case_tree_members(&task, &tree, 0, member), 12);
    CU_ASSERT_TRUE(!member[0] && member[1] && !member[2]);
}

#define TESTS(X)                                                                                   \
    X(cases_come_in_the_order_of_the_tree)                                                         \
    X(splits_are_those_of_the_conditions)                                                          \
    X(a_region_that_was_never_split_is_one_case)                                                   \
    X(moves_and_digits_become_symbols)

RUN_TESTS("bundle/case_tree", TESTS)
