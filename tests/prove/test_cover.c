// Level C: a tree of splits is a cover, and whatever is wrong with a cover is found.

#include <fnmatch.h>
#include <string.h>

#include "covering.h"
#include "harness.h"

#define TESTS(X)                                                                                   \
    X(trees_of_splits_are_covers)                                                                  \
    X(one_case_is_enough_where_the_token_is_constant)                                              \
    X(assumptions_are_part_of_the_precondition)                                                    \
    X(results_do_not_depend_on_threads)                                                            \
    X(positions_that_are_not_selected_are_left_out)                                                \
    X(a_missing_case_is_found)                                                                     \
    X(no_case_at_all_is_no_cover)                                                                  \
    X(a_case_that_stands_there_twice_is_found)                                                     \
    X(a_case_in_place_of_another_is_found)                                                         \
    X(a_wrong_token_is_found)                                                                      \
    X(a_token_that_is_not_constant_is_found)                                                       \
    X(a_case_without_a_token_is_an_input_more)                                                     \
    X(a_region_that_is_too_small_is_found)                                                         \
    X(a_region_that_is_too_large_is_found)                                                         \
    X(a_condition_that_says_too_much_is_found)                                                     \
    X(labels_that_never_occur_are_met_by_nothing)                                                  \
    X(a_budget_that_is_too_small_leaves_it_open)                                                   \
    X(without_inputs_it_is_vacuous)

static void is_proved(const char *text, long long n, int target, const char *inputs)
{
    mpz_t expected;
    Covering c = covering_new(text, n, target);
    covering_prove(&c);
    mpz_init_set_str(expected, inputs, 10);
    CU_ASSERT_EQUAL(c.verdict.verdict, VERDICT_PROVED);
    CU_ASSERT_EQUAL(mpz_cmp(c.verdict.inputs, expected), 0);
    for (int a = 0; a < c.task->answer; a++) {
        CU_ASSERT_EQUAL(c.verdict.position[a].verdict, VERDICT_PROVED);
        CU_ASSERT_EQUAL(mpz_cmp(c.verdict.position[a].counted, expected), 0);
        CU_ASSERT_EQUAL(c.verdict.position[a].obligation.answer, SMT_UNSAT);
    }
    mpz_clear(expected);
    covering_free(&c);
}

// What it says of position `answer`, the only one that is looked at, and which is not proved.
static void is_open(Covering *c, int answer, const char *pattern)
{
    for (int a = 0; a < c->task->answer; a++)
        c->network.position[a].selected = a == answer;
    covering_prove(c);
    CU_ASSERT_EQUAL(c->verdict.verdict, VERDICT_UNKNOWN);
    CU_ASSERT_EQUAL(c->verdict.position[answer].verdict, VERDICT_UNKNOWN);
    CU_ASSERT_EQUAL_FATAL(fnmatch(pattern, c->verdict.position[answer].text, 0), 0);
}

// ---- covers -------------------------------------------------------------------------------------

static void trees_of_splits_are_covers(void)
{
    is_proved(covering_addition, 1, 10, "100");
    is_proved(covering_addition, 3, 200, "1000000");
    is_proved(covering_addition, 5, 60, "10000000000");
    is_proved(covering_difference, 2, 150, "10000");
    is_proved(covering_half, 0, 30, "125");
    is_proved(covering_either, 2, 120, "30000");
}

static void one_case_is_enough_where_the_token_is_constant(void)
{
    Covering c = covering_new(covering_half, 0, 1);
    for (int a = 0; a < c.task->answer; a++)
        CU_ASSERT_EQUAL(c.network.position[a].n_cases, 1);
    covering_prove(&c);
    CU_ASSERT_EQUAL(c.network.position[0].cases[0].node.right, 0);
    CU_ASSERT_EQUAL(c.network.position[1].cases[0].node.right, -1);
    CU_ASSERT_EQUAL(c.verdict.verdict, VERDICT_PROVED);
    covering_free(&c);
}

static void assumptions_are_part_of_the_precondition(void)
{
    Arena *arena = arena_new();
    const char *text = arena_printf(arena,
                                    "%sassume i = n-1 and i > 0 implies a[i] != 0 and b[i] != 0\n"
                                    "assume b[n-2] = 7\nassume a[i] + b[i] <= 9 + i\n",
                                    covering_addition);
    Covering c = covering_new(text, 3, 100);
    covering_prove(&c);
    CU_ASSERT_EQUAL(c.verdict.verdict, VERDICT_PROVED);
    // 55 pairs of units; a1 up to 3 with b1 = 7; a2, b2 in 1..9 with a sum up to 11
    CU_ASSERT_EQUAL(mpz_cmp_ui(c.verdict.inputs, 55 * 4 * (81 - 28)), 0);
    covering_free(&c);
    arena_free(arena);
}

static void results_do_not_depend_on_threads(void)
{
    unsigned long used[2];
    const char *script[2];
    Covering c = covering_new(covering_addition, 2, 50);
    for (int i = 0; i < 2; i++) {
        work_pool_free(c.pool);
        c.pool = work_pool_new(i == 0 ? 1 : 3);
        covering_prove(&c);
        used[i] = c.verdict.used;
        script[i] = c.verdict.position[1].obligation.script;
    }
    CU_ASSERT_EQUAL(used[0], used[1]);
    CU_ASSERT_STRING_EQUAL(script[0], script[1]);
    covering_free(&c);
}

static void positions_that_are_not_selected_are_left_out(void)
{
    Covering c = covering_new(covering_addition, 2, 30);
    c.network.position[1].selected = false;
    c.network.position[1].n_cases = 0;
    covering_prove(&c);
    CU_ASSERT_EQUAL(c.verdict.verdict, VERDICT_PROVED);
    CU_ASSERT_EQUAL(c.verdict.position[1].verdict, VERDICT_UNKNOWN);
    c.network.position[0].selected = c.network.position[2].selected = false;
    covering_prove(&c);
    CU_ASSERT_EQUAL(c.verdict.verdict, VERDICT_UNKNOWN);
    covering_free(&c);
}

// ---- what is no cover ---------------------------------------------------------------------------

static void a_missing_case_is_found(void)
{
    Covering c = covering_new(covering_addition, 2, 60);
    PositionProof *p = &c.network.position[2];
    Node missing = p->cases[10].node;
    p->cases[10] = p->cases[--p->n_cases];
    is_open(&c, 2, "no edge case holds * + *=");
    uint8_t symbols[TASK_COLUMNS_MAX];
    const char *question = c.verdict.position[2].text + strlen("no edge case holds ");
    char *prompt = arena_strndup(c.arena, question, strlen(question) - 1);
    CU_ASSERT_EQUAL_FATAL(task_read_prompt(c.task, prompt, symbols, &c.diag), STATUS_OK);
    CU_ASSERT_TRUE(region_contains(missing.region, symbols));
    CU_ASSERT_EQUAL(fnmatch("t2: no edge case holds *", c.verdict.text, 0), 0);
    covering_free(&c);
}

static void no_case_at_all_is_no_cover(void)
{
    Covering c = covering_new(covering_addition, 2, 30);
    c.network.position[0].n_cases = 0;
    is_open(&c, 0, "no edge case holds *");
    covering_free(&c);
}

static void a_case_that_stands_there_twice_is_found(void)
{
    Covering c = covering_new(covering_addition, 2, 60);
    PositionProof *p = &c.network.position[1];
    p->cases[p->n_cases++] = p->cases[5];
    is_open(&c, 1, "the edge cases hold * inputs, more than the 10000 that there are");
    covering_free(&c);
}

// The numbers add up, and yet inputs are left out.
static void a_case_in_place_of_another_is_found(void)
{
    mpz_t one, other;
    int replaced = 1;
    Covering c = covering_new(covering_addition, 2, 60);
    PositionProof *p = &c.network.position[1];
    mpz_inits(one, other, NULL);
    region_count(p->cases[0].node.region, one);
    for (; replaced < p->n_cases; replaced++) {
        region_count(p->cases[replaced].node.region, other);
        if (mpz_cmp(one, other) == 0)
            break;
    }
    CU_ASSERT_NOT_EQUAL_FATAL(replaced, p->n_cases);
    p->cases[replaced] = p->cases[0];
    is_open(&c, 1, "no edge case holds *");
    CU_ASSERT_EQUAL(mpz_cmp(c.verdict.position[1].counted, c.verdict.inputs), 0);
    mpz_clears(one, other, NULL);
    covering_free(&c);
}

static void a_wrong_token_is_found(void)
{
    Covering c = covering_new(covering_addition, 2, 60);
    Node *node = &c.network.position[2].cases[7].node;
    CU_ASSERT_TRUE_FATAL(node->right >= 0);
    node->right = (node->right + 1) % 10;
    is_open(&c, 2, "edge case 7 (* is *) holds * + * =, where t2 is ?, not ?");
    covering_free(&c);
}

static void a_token_that_is_not_constant_is_found(void)
{
    Covering c = covering_new(covering_addition, 3, 1);
    c.network.position[0].cases[0].node.right = 1;
    is_open(&c, 0, "edge case 0 holds * + * =, where t0 is 0, not 1");
    covering_free(&c);
}

static void a_case_without_a_token_is_an_input_more(void)
{
    Covering c = covering_new(covering_addition, 2, 60);
    c.network.position[2].cases[7].node.right = -1;
    covering_prove(&c);
    CU_ASSERT_EQUAL(c.verdict.verdict, VERDICT_PROVED);
    covering_free(&c);
}

static void a_region_that_is_too_small_is_found(void)
{
    Covering c = covering_new(covering_addition, 2, 60);
    Node *node = &c.network.position[2].cases[3].node;
    Region *region = region_copy(c.arena, node->region);
    for (int e = 0, dropped = 0; !dropped; e++)
        if (region_has(region, 0, e)) {
            region_drop(region, 0, e);
            dropped = 1;
        }
    node->region = region;
    is_open(&c, 2, "the region of edge case 3 (*) is not what its conditions say");
    covering_free(&c);
}

static void a_region_that_is_too_large_is_found(void)
{
    Covering c = covering_new(covering_addition, 2, 60);
    c.network.position[2].cases[3].node.region = region_full(c.arena, c.task);
    is_open(&c, 2, "the region of edge case 3 (*) is not what its conditions say");
    covering_free(&c);
}

static void a_condition_that_says_too_much_is_found(void)
{
    Covering c = covering_new(covering_addition, 2, 60);
    Node *node = &c.network.position[2].cases[3].node;
    node->condition[node->n_conditions - 1].labels = (LabelSet){{0, 0}};
    is_open(&c, 2, "the region of edge case 3 (*) is not what its conditions say");
    covering_free(&c);
}

// A label that never occurs is met by nothing, and no error.
static void labels_that_never_occur_are_met_by_nothing(void)
{
    Covering c = covering_new(covering_difference, 2, 1);
    const Split splits[] = {
        split_by_token(c.task, c.task->prompt + 2), {SPLIT_STATE, 1, 0}, {SPLIT_DIGIT, 1, 0}};
    const int labels[] = {10, 0, 10}; // a sign; z = -2; no digit
    PositionProof *p = &c.network.position[3];
    CU_ASSERT_STRING_EQUAL(c.task->alphabet[10], "-");
    CU_ASSERT_FALSE(c.task->reachable[0]);
    for (int i = 0; i < 3; i++) {
        Condition never = {.split = splits[i]};
        label_set_add(&never.labels, labels[i]);
        p->cases[0].node.region = region_full(c.arena, c.task);
        p->cases[0].node.condition = &never;
        p->cases[0].node.n_conditions = 1;
        is_open(&c, 3, "the region of edge case 0 (*) is not what its conditions say");
        CU_ASSERT_EQUAL(c.verdict.position[3].obligation.failed, 2);
    }
    covering_free(&c);
}

static void a_budget_that_is_too_small_leaves_it_open(void)
{
    Covering c = covering_new(covering_addition, 2, 60);
    CU_ASSERT_EQUAL_FATAL(covering_prove_within(&c, 100), STATUS_OK);
    CU_ASSERT_EQUAL(c.verdict.verdict, VERDICT_UNKNOWN);
    CU_ASSERT_EQUAL(fnmatch("C.tables: the solver gave up: *", c.verdict.text, 0), 0);
    CU_ASSERT_EQUAL_FATAL(covering_prove_within(&c, 30000), STATUS_OK);
    CU_ASSERT_EQUAL(c.verdict.verdict, VERDICT_UNKNOWN);
    CU_ASSERT_EQUAL(c.verdict.tables.answer, SMT_UNSAT);
    CU_ASSERT_EQUAL(fnmatch("t0: the solver gave up: *", c.verdict.text, 0), 0);
    covering_free(&c);
}

static void without_inputs_it_is_vacuous(void)
{
    Arena *arena = arena_new();
    Covering c = covering_begin(
        arena_printf(arena, "%sassume a[i] < b[i]\nassume b[n-1] = 0\n", covering_addition), 3);
    c.network.position[0] = (PositionProof){.name = "s3", .selected = true};
    covering_prove(&c);
    CU_ASSERT_EQUAL(c.verdict.verdict, VERDICT_VACUOUS);
    CU_ASSERT_STRING_EQUAL(c.verdict.text, "no input meets the precondition");
    CU_ASSERT_EQUAL(c.verdict.position[0].verdict, VERDICT_UNKNOWN);
    covering_free(&c);
    arena_free(arena);
}

RUN_TESTS("cover", TESTS)
