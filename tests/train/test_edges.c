// The edges of addition with two digits, one by one. Positions:
//
//     0 1 2 3 4 5 6 7 8
//     a a + b b = s s s     at 5 the model predicts s2, at 6 s1, at 7 s0, at 8 nothing
#include <string.h>

#include "edges.h"
#include "harness.h"

static Arena *arena; // of the test that runs
static Task *task;

static void begin_with(const char *path)
{
    static const SpecSetting two_digits = {"n", 2};
    Spec *spec;
    Diag diag;
    arena = arena_new();
    CU_ASSERT_EQUAL_FATAL(spec_parse_file(arena, path, &two_digits, 1, &spec, &diag), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(task_new(arena, spec, &task, &diag), STATUS_OK);
}

static void begin(void)
{
    begin_with(SPECS_DIR "/addition.spec");
}

// A row for each query, a character for each key: 'x' where the pattern allows the edge.
static bool allows_exactly(EdgePattern pattern, const char *const rows[9])
{
    for (int query = 0; query < 9; query++)
        for (int key = 0; key < 9; key++)
            if (edges_pattern_allows(pattern, task, query, key) != (rows[query][key] == 'x')) {
                printf("\n%s: query %d, key %d", edges_pattern_name(pattern), query, key);
                return false;
            }
    return true;
}

static void columns_are_those_of_the_predicted_or_held_digit(void)
{
    static const int expected[9] = {1, 0, EDGES_NO_COLUMN, 1, 0, EDGES_NO_COLUMN,
                                    1, 0, EDGES_NO_COLUMN};
    begin();
    for (int p = 0; p < 9; p++) {
        CU_ASSERT_EQUAL(edges_column(task, p), expected[p]);
        CU_ASSERT_EQUAL(edges_predicts(task, p), p >= 5 && p <= 7);
    }
    arena_free(arena);
}

static void self_is_the_diagonal(void)
{
    static const char *const rows[9] = {"x........", ".x.......", "..x......",
                                        "...x.....", "....x....", ".....x...",
                                        "......x..", ".......x.", "........x"};
    begin();
    CU_ASSERT(allows_exactly(EDGE_SELF, rows));
    arena_free(arena);
}

static void fixed_is_the_operator_and_the_equals_sign(void)
{
    static const char *const rows[9] = {".........", ".........", "..x......",
                                        "..x......", "..x......", "..x..x...",
                                        "..x..x...", "..x..x...", "..x..x..."};
    begin();
    CU_ASSERT(allows_exactly(EDGE_FIXED, rows));
    arena_free(arena);
}

static void column_is_the_pair_of_digits(void)
{
    static const char *const rows[9] = {"x........", ".x.......", ".........",
                                        "x..x.....", ".x..x....", ".........",
                                        "x..x.....", ".x..x....", "........."};
    begin();
    CU_ASSERT(allows_exactly(EDGE_COLUMN, rows));
    arena_free(arena);
}

static void columns_below_is_the_second_number(void)
{
    static const char *const rows[9] = {".........", ".........", ".........",
                                        ".........", ".........", "...xx....",
                                        "...xx....", "....x....", "........."};
    begin();
    CU_ASSERT(allows_exactly(EDGE_COLUMNS_BELOW, rows));
    arena_free(arena);
}

static void columns_are_the_second_number_whole(void)
{
    static const char *const rows[9] = {".........", ".........", ".........",
                                        ".........", ".........", "...xx....",
                                        "...xx....", "...xx....", "........."};
    begin();
    CU_ASSERT(allows_exactly(EDGE_COLUMNS, rows));
    arena_free(arena);
}

// Mixed, two digits: a a op b b = sign s s s.
static void choices_are_the_operator_and_the_sign(void)
{
    begin_with(SPECS_DIR "/mixed.spec");
    for (int query = 0; query < 10; query++)
        for (int key = 0; key < 10; key++) {
            bool expected = key <= query && (key == 2 || key == 6);
            CU_ASSERT_EQUAL(edges_pattern_allows(EDGE_CHOICES, task, query, key), expected);
        }
    CU_ASSERT_EQUAL(edges_column(task, 7), 2); // predicts s1, whose column follows the operator's
    CU_ASSERT_FALSE(edges_pattern_allows(EDGE_COLUMNS, task, 7, 2));
    arena_free(arena);
}

static void dense_is_all_that_came_before(void)
{
    static const char *const rows[9] = {"x........", "xx.......", "xxx......",
                                        "xxxx.....", "xxxxx....", "xxxxxx...",
                                        "xxxxxxx..", "xxxxxxxx.", "xxxxxxxxx"};
    begin();
    CU_ASSERT(allows_exactly(EDGE_DENSE, rows));
    arena_free(arena);
}

static void a_head_gets_the_union_of_its_patterns(void)
{
    static const char *const vocab[] = {"0"};
    begin();
    ModelShape shape = {.layers = 2, .heads = 2, .d_model = 1, .d_head = 1, .d_mlp = 1};
    shape.d_vocab = 1, shape.n_ctx = 9, shape.score_scale = 1.0f;
    Model *model = model_new(arena, shape, vocab);
    edges_set(task, 1u << EDGE_SELF | 1u << EDGE_COLUMN, model, 1, 0);
    int wrong = 0;
    for (int query = 0; query < 9; query++)
        for (int key = 0; key < 9; key++) {
            bool expected = edges_pattern_allows(EDGE_SELF, task, query, key) ||
                            edges_pattern_allows(EDGE_COLUMN, task, query, key);
            wrong += model_edge(model, 1, 0, query, key) != expected;
            wrong += model_edge(model, 1, 1, query, key) != (key <= query); // untouched
            wrong += model_edge(model, 0, 0, query, key) != (key <= query);
        }
    CU_ASSERT_EQUAL(wrong, 0);
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(columns_are_those_of_the_predicted_or_held_digit)                                            \
    X(self_is_the_diagonal)                                                                        \
    X(fixed_is_the_operator_and_the_equals_sign)                                                   \
    X(column_is_the_pair_of_digits)                                                                \
    X(columns_below_is_the_second_number)                                                          \
    X(columns_are_the_second_number_whole)                                                         \
    X(choices_are_the_operator_and_the_sign)                                                       \
    X(dense_is_all_that_came_before)                                                               \
    X(a_head_gets_the_union_of_its_patterns)

RUN_TESTS("train/edges", TESTS)
