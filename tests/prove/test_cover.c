// Level C: a tree of splits is a cover, and whatever is wrong with a cover is found.
#include "cover.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

enum { CASES_MAX = 4000 };

static const char addition[] = "param n = 3\n"
                               "input a, b : number of n digits\n"
                               "prompt a \"+\" b \"=\"\n"
                               "answer s : number of n+1 digits\n"
                               "require s = a + b\n"
                               "algorithm\n"
                               "  scan from least significant\n"
                               "    state c in 0..1, initially 0\n"
                               "    digit s[i] = (a[i] + b[i] + c) mod 10\n"
                               "    next c = (a[i] + b[i] + c) div 10\n"
                               "  finally s[n] = c\n";

// Two states, one of them below zero, of which not all combinations occur; a token in the answer.
static const char difference[] =
    "param n = 2\n"
    "input let, exists : number of n digits\n"
    "prompt let \"-\" exists \"=\"\n"
    "answer w : number of 1 digits \"|\" d : number of n digits\n"
    "require d = let - exists + w * 10^n\n"
    "algorithm\n"
    "  scan from least significant\n"
    "    state c in 0..1, initially 0\n"
    "    state z in -2..0, initially 0\n"
    "    digit d[i] = (let[i] - exists[i] - c) mod 10\n"
    "    next c = -((let[i] - exists[i] - c) div 10)\n"
    "    next z = if (let[i] - exists[i] - c) mod 10 = 0 then z else -1\n"
    "  finally w[0] = c\n";

// One input, a state that says nothing, a constant answer behind the scan.
static const char half[] = "input a : number of 3 digits\n"
                           "prompt \"half\" a\n"
                           "answer h : number of 4 digits\n"
                           "assume a[i] mod 2 = 0\n"
                           "require 2 * h = a\n"
                           "algorithm\n"
                           "  scan from least significant\n"
                           "    state none in 0..0, initially 0\n"
                           "    digit h[i] = a[i] div 2\n"
                           "    next none = 0\n"
                           "  finally h[3] = 0\n";

// The sign is known at the end only, and a choice settles what is computed.
static const char either[] =
    "param n = 2\n"
    "input a, b : number of n digits\n"
    "input op : one of \"+\", \"-\", \"~\"\n"
    "prompt a op b \"=\"\n"
    "answer sign : one of \"-\", \"+\" d : number of n+1 digits\n"
    "require d >= 0\n"
    "algorithm\n"
    "  scan from least significant\n"
    "    state c in 0..1, initially 0\n"
    "    next c = if op = \"+\" then (a[i] + b[i] + c) div 10 else 0\n"
    "    state order in -1..1, initially 0\n"
    "    next order = if op = \"+\" then 0\n"
    "                 else if a[i] < b[i] then -1 else if a[i] > b[i] then 1 else order\n"
    "    digit d[i] = if op = \"+\" then (a[i] + b[i] + c) mod 10\n"
    "                 else if sign = \"+\" then (a[i] - b[i] + (if order < 0 then 9 else 10)) mod "
    "10\n"
    "                 else (b[i] - a[i] + (if order > 0 then 9 else 10)) mod 10\n"
    "  finally sign = if order < 0 then \"-\" else \"+\"\n"
    "  finally d[n] = c\n";

// --- a cover to begin with ---

static Arena *arena;
static WorkPool *pool;
static Task *task;
static NetworkProof network;
static CoverVerdict verdict;
static Diag diag;

static void compile(const char *text, long long n)
{
    Spec *spec;
    SpecSetting setting = {"n", n};
    CU_ASSERT_EQUAL_FATAL(
        spec_parse(arena, "test.spec", text, strlen(text), &setting, n > 0, &spec, &diag),
        STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(task_new(arena, spec, &task, &diag), STATUS_OK);
}

static bool varies(const Region *region, Split split)
{
    int labels[SPLIT_LABELS_MAX];
    return split_labels(region, &split, labels) > 1;
}

// Some split that tells inputs of the region apart: the token at `position` first.
static bool choose_split(Rng *rng, const Region *region, int position, Split *ret_split)
{
    int length = task->prompt + task->answer;
    if (task->source[position].kind != TOKEN_FIXED) {
        *ret_split = split_by_token(task, position);
        if (varies(region, *ret_split))
            return true;
    }
    for (int i = 0; i < 200; i++) {
        int p = (int)rng_below(rng, (uint32_t)length);
        ret_split->kind = (SplitKind)rng_below(rng, 4);
        ret_split->column =
            task->lead + (int)rng_below(rng, (uint32_t)(task->columns - task->lead));
        ret_split->which = (int)rng_below(rng, (uint32_t)task->inputs);
        if (ret_split->kind == SPLIT_TOKEN && task->source[p].kind == TOKEN_FIXED)
            continue;
        if (ret_split->kind == SPLIT_TOKEN)
            *ret_split = split_by_token(task, p);
        if (varies(region, *ret_split))
            return true;
    }
    return false;
}

static Node child(const Node *node, Region *region, Condition condition, int position)
{
    Node part = *node;
    size_t n = (size_t)node->n_conditions;
    part.region = region;
    part.condition = ARENA_NEW(arena, Condition, n + 1);
    if (n > 0)
        memcpy(part.condition, node->condition, n * sizeof condition);
    part.condition[part.n_conditions++] = condition;
    part.right = region_token(region, &task->source[position]);
    return part;
}

// Replaces case `which` by the parts of a split, the labels dealt to two or to all parts.
static void split_case(Rng *rng, PositionProof *p, int which, int position)
{
    Split split;
    Node node = p->cases[which].node;
    if (!choose_split(rng, node.region, position, &split))
        return;
    int labels[SPLIT_LABELS_MAX], count = split_labels(node.region, &split, labels);
    bool own = split.kind == SPLIT_TOKEN && split.which == position;
    int parts = own || rng_below(rng, 2) ? count : 2;
    for (int part = 0, made = 0; part < parts; part++) {
        Condition condition = {.split = split};
        for (int i = 0; i < count; i++)
            if (i * parts / count == part)
                label_set_add(&condition.labels, labels[i]);
        Region *region = split_part(arena, node.region, &condition);
        if (region)
            p->cases[made++ == 0 ? which : p->n_cases++].node =
                child(&node, region, condition, position);
    }
}

static void grow(int answer, int target, uint64_t seed)
{
    PositionProof *p = &network.position[answer];
    Rng rng = rng_new(seed, (uint64_t)answer);
    int position = task->prompt + answer;
    Region *full = region_full(arena, task);
    *p =
        (PositionProof){.name = arena_printf(arena, "t%d", answer), .selected = true, .n_cases = 1};
    p->cases = ARENA_NEW(arena, EdgeCase, CASES_MAX);
    p->cases[0].node = (Node){
        .region = full, .answer = answer, .right = region_token(full, &task->source[position])};
    for (int round = 0; round < 1000 && p->n_cases < target; round++)
        for (int i = 0, n = p->n_cases; i < n && p->n_cases < target; i++)
            split_case(&rng, p, i, position);
}

// A complete cover of about `target` cases at each position.
static void cover(const char *text, long long n, int target)
{
    compile(text, n);
    network = (NetworkProof){.answer = task->answer};
    network.position = ARENA_NEW(arena, PositionProof, (size_t)task->answer);
    for (int a = 0; a < task->answer; a++)
        grow(a, target, 1);
}

static Status prove_within(unsigned long rlimit)
{
    Claim claim = {.task = task};
    verdict = (CoverVerdict){0};
    return cover_prove(arena, pool, &claim, &network, rlimit, &verdict, &diag);
}

static void prove(void)
{
    CU_ASSERT_EQUAL_FATAL(prove_within(COVER_RLIMIT), STATUS_OK);
}

static void begin(void)
{
    arena = arena_new();
    pool = work_pool_new(2);
}

static void end(void)
{
    work_pool_free(pool);
    arena_free(arena);
    arena = NULL;
}

static void is_proved(const char *text, long long n, int target, const char *inputs)
{
    mpz_t expected;
    begin();
    cover(text, n, target);
    prove();
    mpz_init_set_str(expected, inputs, 10);
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_PROVED);
    CU_ASSERT_EQUAL(mpz_cmp(verdict.inputs, expected), 0);
    for (int a = 0; a < task->answer; a++) {
        CU_ASSERT_EQUAL(verdict.position[a].verdict, VERDICT_PROVED);
        CU_ASSERT_EQUAL(mpz_cmp(verdict.position[a].counted, expected), 0);
        CU_ASSERT_EQUAL(verdict.position[a].obligation.answer, SMT_UNSAT);
    }
    mpz_clear(expected);
    end();
}

// What it says of position `answer`, the only one that is looked at, and which is not proved.
static void is_open(int answer, const char *pattern)
{
    for (int a = 0; a < task->answer; a++)
        network.position[a].selected = a == answer;
    prove();
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_UNKNOWN);
    CU_ASSERT_EQUAL(verdict.position[answer].verdict, VERDICT_UNKNOWN);
    CU_ASSERT_EQUAL_FATAL(fnmatch(pattern, verdict.position[answer].text, 0), 0);
}

// --- covers ---

static void trees_of_splits_are_covers(void)
{
    is_proved(addition, 1, 10, "100");
    is_proved(addition, 3, 200, "1000000");
    is_proved(addition, 5, 60, "10000000000");
    is_proved(difference, 2, 150, "10000");
    is_proved(half, 0, 30, "125");
    is_proved(either, 2, 120, "30000");
}

static void one_case_is_enough_where_the_token_is_constant(void)
{
    begin();
    cover(half, 0, 1);
    for (int a = 0; a < task->answer; a++)
        CU_ASSERT_EQUAL(network.position[a].n_cases, 1);
    prove();
    CU_ASSERT_EQUAL(network.position[0].cases[0].node.right, 0);
    CU_ASSERT_EQUAL(network.position[1].cases[0].node.right, -1);
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_PROVED);
    end();
}

static void assumptions_are_part_of_the_precondition(void)
{
    char *text;
    begin();
    text = arena_printf(arena,
                        "%sassume i = n-1 and i > 0 implies a[i] != 0 and b[i] != 0\n"
                        "assume b[n-2] = 7\nassume a[i] + b[i] <= 9 + i\n",
                        addition);
    cover(text, 3, 100);
    prove();
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_PROVED);
    // 55 pairs of units; a1 up to 3 with b1 = 7; a2, b2 in 1..9 with a sum up to 11
    CU_ASSERT_EQUAL(mpz_cmp_ui(verdict.inputs, 55 * 4 * (81 - 28)), 0);
    end();
}

static void results_do_not_depend_on_threads(void)
{
    unsigned long used[2];
    const char *script[2];
    begin();
    cover(addition, 2, 50);
    for (int i = 0; i < 2; i++) {
        work_pool_free(pool);
        pool = work_pool_new(i == 0 ? 1 : 3);
        prove();
        used[i] = verdict.used;
        script[i] = verdict.position[1].obligation.script;
    }
    CU_ASSERT_EQUAL(used[0], used[1]);
    CU_ASSERT_STRING_EQUAL(script[0], script[1]);
    end();
}

static void positions_that_are_not_selected_are_left_out(void)
{
    begin();
    cover(addition, 2, 30);
    network.position[1].selected = false;
    network.position[1].n_cases = 0;
    prove();
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_PROVED);
    CU_ASSERT_EQUAL(verdict.position[1].verdict, VERDICT_UNKNOWN);
    network.position[0].selected = network.position[2].selected = false;
    prove();
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_UNKNOWN);
    end();
}

// --- what is no cover ---

static void a_missing_case_is_found(void)
{
    begin();
    cover(addition, 2, 60);
    PositionProof *p = &network.position[2];
    Node missing = p->cases[10].node;
    p->cases[10] = p->cases[--p->n_cases];
    is_open(2, "no edge case holds * + *=");
    uint8_t symbols[TASK_COLUMNS_MAX];
    const char *question = verdict.position[2].text + strlen("no edge case holds ");
    char *prompt = arena_strndup(arena, question, strlen(question) - 1);
    CU_ASSERT_EQUAL_FATAL(task_read_prompt(task, prompt, symbols, &diag), STATUS_OK);
    CU_ASSERT_TRUE(region_contains(missing.region, symbols));
    CU_ASSERT_EQUAL(fnmatch("t2: no edge case holds *", verdict.text, 0), 0);
    end();
}

static void no_case_at_all_is_no_cover(void)
{
    begin();
    cover(addition, 2, 30);
    network.position[0].n_cases = 0;
    is_open(0, "no edge case holds *");
    end();
}

static void a_case_that_stands_there_twice_is_found(void)
{
    begin();
    cover(addition, 2, 60);
    PositionProof *p = &network.position[1];
    p->cases[p->n_cases++] = p->cases[5];
    is_open(1, "the edge cases hold * inputs, more than the 10000 that there are");
    end();
}

// The numbers add up, and yet inputs are left out.
static void a_case_in_place_of_another_is_found(void)
{
    mpz_t one, other;
    int replaced = 1;
    begin();
    cover(addition, 2, 60);
    PositionProof *p = &network.position[1];
    mpz_inits(one, other, NULL);
    region_count(p->cases[0].node.region, one);
    for (; replaced < p->n_cases; replaced++) {
        region_count(p->cases[replaced].node.region, other);
        if (mpz_cmp(one, other) == 0)
            break;
    }
    CU_ASSERT_NOT_EQUAL_FATAL(replaced, p->n_cases);
    p->cases[replaced] = p->cases[0];
    is_open(1, "no edge case holds *");
    CU_ASSERT_EQUAL(mpz_cmp(verdict.position[1].counted, verdict.inputs), 0);
    mpz_clears(one, other, NULL);
    end();
}

static void a_wrong_token_is_found(void)
{
    begin();
    cover(addition, 2, 60);
    Node *node = &network.position[2].cases[7].node;
    CU_ASSERT_TRUE_FATAL(node->right >= 0);
    node->right = (node->right + 1) % 10;
    is_open(2, "edge case 7 (* is *) holds * + * =, where t2 is ?, not ?");
    end();
}

static void a_token_that_is_not_constant_is_found(void)
{
    begin();
    cover(addition, 3, 1);
    network.position[0].cases[0].node.right = 1;
    is_open(0, "edge case 0 holds * + * =, where t0 is 0, not 1");
    end();
}

static void a_case_without_a_token_is_an_input_more(void)
{
    begin();
    cover(addition, 2, 60);
    network.position[2].cases[7].node.right = -1;
    prove();
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_PROVED);
    end();
}

static void a_region_that_is_too_small_is_found(void)
{
    begin();
    cover(addition, 2, 60);
    Node *node = &network.position[2].cases[3].node;
    Region *region = region_copy(arena, node->region);
    for (int e = 0, dropped = 0; !dropped; e++)
        if (region_has(region, 0, e)) {
            region_drop(region, 0, e);
            dropped = 1;
        }
    node->region = region;
    is_open(2, "the region of edge case 3 (*) is not what its conditions say");
    end();
}

static void a_region_that_is_too_large_is_found(void)
{
    begin();
    cover(addition, 2, 60);
    network.position[2].cases[3].node.region = region_full(arena, task);
    is_open(2, "the region of edge case 3 (*) is not what its conditions say");
    end();
}

static void a_condition_that_says_too_much_is_found(void)
{
    begin();
    cover(addition, 2, 60);
    Node *node = &network.position[2].cases[3].node;
    node->condition[node->n_conditions - 1].labels = (LabelSet){{0, 0}};
    is_open(2, "the region of edge case 3 (*) is not what its conditions say");
    end();
}

// A label that never occurs is met by nothing, and no error.
static void labels_that_never_occur_are_met_by_nothing(void)
{
    begin();
    cover(difference, 2, 1);
    const Split splits[] = {
        split_by_token(task, task->prompt + 2), {SPLIT_STATE, 1, 0}, {SPLIT_DIGIT, 1, 0}};
    const int labels[] = {10, 0, 10}; // a sign; z = -2; no digit
    PositionProof *p = &network.position[3];
    CU_ASSERT_STRING_EQUAL(task->alphabet[10], "-");
    CU_ASSERT_FALSE(task->reachable[0]);
    for (int i = 0; i < 3; i++) {
        Condition never = {.split = splits[i]};
        label_set_add(&never.labels, labels[i]);
        p->cases[0].node.region = region_full(arena, task);
        p->cases[0].node.condition = &never;
        p->cases[0].node.n_conditions = 1;
        is_open(3, "the region of edge case 0 (*) is not what its conditions say");
        CU_ASSERT_EQUAL(verdict.position[3].obligation.failed, 2);
    }
    end();
}

static void a_budget_that_is_too_small_leaves_it_open(void)
{
    begin();
    cover(addition, 2, 60);
    CU_ASSERT_EQUAL_FATAL(prove_within(100), STATUS_OK);
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_UNKNOWN);
    CU_ASSERT_EQUAL(fnmatch("C.tables: the solver gave up: *", verdict.text, 0), 0);
    CU_ASSERT_EQUAL_FATAL(prove_within(30000), STATUS_OK);
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_UNKNOWN);
    CU_ASSERT_EQUAL(verdict.tables.answer, SMT_UNSAT);
    CU_ASSERT_EQUAL(fnmatch("t0: the solver gave up: *", verdict.text, 0), 0);
    end();
}

static void without_inputs_it_is_vacuous(void)
{
    begin();
    compile(arena_printf(arena, "%sassume a[i] < b[i]\nassume b[n-1] = 0\n", addition), 3);
    network = (NetworkProof){.answer = task->answer};
    network.position = ARENA_NEW(arena, PositionProof, (size_t)task->answer);
    network.position[0] = (PositionProof){.name = "s3", .selected = true};
    prove();
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_VACUOUS);
    CU_ASSERT_STRING_EQUAL(verdict.text, "no input meets the precondition");
    CU_ASSERT_EQUAL(verdict.position[0].verdict, VERDICT_UNKNOWN);
    end();
}

// --- tables that are not what the rules say ---

static void contradicts(void)
{
    CU_ASSERT_EQUAL(prove_within(COVER_RLIMIT), STATUS_INTERNAL);
    CU_ASSERT_STRING_EQUAL(diag.code, "P021");
    end();
}

static uint8_t *change(const uint8_t *table) // tables are made by task.c, and not truly constant
{
    return (uint8_t *)(uintptr_t)table;
}

static void wrong_tables_are_contradicted(void)
{
    begin();
    cover(addition, 2, 30);
    change(task->next)[1 * 100 + 45] = 0; // 4 + 5 + 1 carries
    contradicts();

    begin();
    cover(addition, 2, 30);
    change(task->source[task->prompt + 1].table)[0 * 100 + 12] = 4; // 1 + 2
    contradicts();

    begin();
    cover(addition, 2, 30);
    change(task->source[task->prompt].table)[1] = 0; // the last carry is the first digit
    contradicts();

    begin();
    cover(addition, 2, 30);
    change(task->allowed)[100 + 99] = 0; // 9 + 9 is admitted in column 1
    contradicts();

    begin();
    cover(addition, 2, 1);
    task->source[task->prompt + 1].column = 0; // s1 stands in column 1
    contradicts();

    begin();
    cover(addition, 2, 30);
    task->starts = 1 << 1;
    contradicts();
}

static int accepted_state(void)
{
    int state = 0;
    while (!task->reachable[state] || !task_has_state(task->accepts, state))
        state++;
    return state;
}

static void wrong_guesses_are_contradicted(void)
{
    begin();
    cover(either, 2, 30);
    task->accepts &= ~(UINT64_C(1) << accepted_state());
    contradicts();

    begin();
    cover(either, 2, 30);
    task->accepts = ~UINT64_C(0);
    contradicts();

    begin();
    cover(either, 2, 30);
    task->starts &= task->starts - 1;
    contradicts();

    begin();
    cover(either, 2, 30);
    change(task->guess)[0] ^= 1; // the digits of one end are not those of the other
    task->accepts ^= ~UINT64_C(0);
    contradicts();
}

static void wrong_options_are_contradicted(void)
{
    begin();
    cover(either, 2, 30);
    change(task->allowed)[2] = 0;
    contradicts();

    begin();
    cover(either, 2, 30);
    change(task->allowed)[3] = 1;
    contradicts();

    begin();
    cover(either, 2, 30);
    uint8_t *table = change(task->source[2].table); // of the sign between the numbers
    table[0] = table[1];
    contradicts();

    begin();
    cover(either, 2, 30);
    int start = __builtin_ctzll(task->starts);
    change(task->next)[start * 100 + 1] = task->next[start * 100 + 0];
    contradicts();

    begin();
    cover(either, 2, 30);
    change(task->source[task->prompt].table)[accepted_state()] ^= 1; // another sign
    contradicts();
}

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
    X(without_inputs_it_is_vacuous)                                                                \
    X(wrong_tables_are_contradicted)                                                               \
    X(wrong_guesses_are_contradicted)                                                              \
    X(wrong_options_are_contradicted)

RUN_TESTS("cover", TESTS)
