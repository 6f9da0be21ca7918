// Regions against enumeration: every input of two or three columns is looked at.
#include "region.h"

#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "task_samples.h"

// --- inputs one by one, by arithmetic ---

static int inputs_of(int columns)
{
    int count = 1;
    for (int c = 0; c < columns; c++)
        count *= 100;
    return count;
}

static void input_symbols(int columns, int input, uint8_t *ret_symbols)
{
    for (int c = 0; c < columns; c++, input /= 100)
        ret_symbols[c] = (uint8_t)(input % 100);
}

// The tests are of addition, whose states are the carries; and once more, of subtraction with a sign.
static bool branches;

static Task *make(Arena *arena, int n)
{
    return branches ? sample_signed(arena, n) : sample_task(arena, sample_addition, n);
}

// Whether the first number is less.
static bool negative(int columns, const uint8_t *symbols)
{
    for (int c = columns - 1; c >= 0; c--)
        if (symbols[c] / 10 != symbols[c] % 10)
            return symbols[c] / 10 < symbols[c] % 10;
    return false;
}

// The edges of an input.
static void edges_of(int columns, const uint8_t *symbols, int *ret_edges)
{
    int state = branches && negative(columns, symbols) ? 2 : 0, digit;
    for (int c = 0; c < columns; c++) {
        int a = symbols[c] / 10, b = symbols[c] % 10;
        ret_edges[c] = 100 * state + symbols[c];
        state = branches ? sample_signed_step(state, a, b, &digit) : a + b + state >= 10;
    }
}

// Whether all of them are there.
static bool lies_in(const Region *region, const uint8_t *symbols)
{
    int edges[TASK_COLUMNS_MAX];
    edges_of(region->task->columns, symbols, edges);
    for (int c = 0; c < region->task->columns; c++)
        if (!(region->edges[(size_t)c * region->words + (size_t)edges[c] / 64] >> (edges[c] % 64) &
              1))
            return false;
    return true;
}

static bool lies_in_some(const Region *const *regions, int count, const uint8_t *symbols)
{
    for (int r = 0; r < count; r++)
        if (lies_in(regions[r], symbols))
            return true;
    return false;
}

static unsigned long enumerate(const Region *const *regions, int count, int columns)
{
    uint8_t symbols[TASK_COLUMNS_MAX];
    unsigned long found = 0;
    for (int input = 0; input < inputs_of(columns); input++) {
        input_symbols(columns, input, symbols);
        found += lies_in_some(regions, count, symbols);
    }
    return found;
}

// Keeps each edge with a chance of `percent`.
static Region *random_region(Arena *arena, const Task *task, Rng *rng, uint32_t percent)
{
    Region *region = region_full(arena, task);
    for (int c = 0; c < task->columns; c++)
        for (int e = 0; e < region_edges(region); e++)
            if (rng_below(rng, 100) >= percent)
                region_drop(region, c, e);
    return region;
}

static bool counts(const Region *region, unsigned long expected)
{
    mpz_t count;
    mpz_init(count);
    region_count(region, count);
    bool same = mpz_cmp_ui(count, expected) == 0;
    mpz_clear(count);
    return same;
}

static const uint32_t percents[] = {2, 5, 10, 30, 60, 95};
enum { PERCENTS = sizeof percents / sizeof *percents };

// --- tests ---

static void the_full_region_has_every_input(void)
{
    for (int n = 1; n < SPEC_DIGITS_MAX; n += 7) {
        Arena *arena = arena_new();
        mpz_t count, expected;
        mpz_inits(count, expected, NULL);
        mpz_ui_pow_ui(expected, 100, (unsigned long)n);
        region_count(region_full(arena, make(arena, (int)n)), count);
        CU_ASSERT_EQUAL(mpz_cmp(count, expected), 0);
        mpz_clears(count, expected, NULL);
        arena_free(arena);
    }
}

static void counts_are_those_of_enumeration(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(1, 0);
    for (int n = 1; n <= 3; n++) {
        const Task *task = make(arena, n);
        for (int i = 0; i < (n == 3 ? PERCENTS : 20 * PERCENTS); i++) {
            const Region *region = random_region(arena, task, &rng, percents[i % PERCENTS]);
            CU_ASSERT_TRUE(counts(region, enumerate(&region, 1, n)));
        }
    }
    arena_free(arena);
}

static void containment_is_that_of_enumeration(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(2, 0);
    const Task *task = make(arena, 2);
    uint8_t symbols[2];
    int different = 0;
    for (int i = 0; i < PERCENTS; i++) {
        const Region *region = random_region(arena, task, &rng, percents[i]);
        for (int input = 0; input < inputs_of(2); input++) {
            input_symbols(2, input, symbols);
            different += region_contains(region, symbols) != lies_in(region, symbols);
        }
    }
    CU_ASSERT_EQUAL(different, 0);
    arena_free(arena);
}

// Marks the edges of all inputs of a region.
static Region *used_edges(Arena *arena, const Region *region)
{
    Region *used = region_copy(arena, region);
    uint8_t symbols[TASK_COLUMNS_MAX];
    int columns = region->task->columns;
    memset(used->edges, 0, used->words * (size_t)columns * sizeof *used->edges);
    for (int input = 0; input < inputs_of(columns); input++) {
        int edges[TASK_COLUMNS_MAX];
        input_symbols(columns, input, symbols);
        edges_of(columns, symbols, edges);
        for (int c = 0; lies_in(region, symbols) && c < columns; c++)
            used->edges[(size_t)c * used->words + (size_t)edges[c] / 64] |= (uint64_t)1
                                                                            << (edges[c] % 64);
    }
    return used;
}

static void trimming_keeps_just_the_edges_of_inputs(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(3, 0);
    const Task *task = make(arena, 2);
    int empty = 0;
    for (int i = 0; i < 10 * PERCENTS; i++) {
        Region *region = random_region(arena, task, &rng, percents[i % PERCENTS]);
        const Region *used = used_edges(arena, region), *before = region_copy(arena, region);
        bool some = region_trim(region);
        CU_ASSERT_EQUAL(some, enumerate(&before, 1, 2) > 0);
        CU_ASSERT_EQUAL(memcmp(region->edges, used->edges, 2 * region->words * sizeof(uint64_t)),
                        0);
        empty += !some;
    }
    CU_ASSERT_TRUE(empty > 0);
    arena_free(arena);
}

static void a_copy_is_apart(void)
{
    Arena *arena = arena_new();
    Region *region = region_full(arena, sample_task(arena, sample_addition, 2));
    Region *copy = region_copy(arena, region);
    region_drop(copy, 0, 42);
    CU_ASSERT_TRUE(region_has(region, 0, 42));
    CU_ASSERT_FALSE(region_has(copy, 0, 42));
    CU_ASSERT_TRUE(counts(copy, 9900));
    arena_free(arena);
}

static void samples_lie_in_the_region_and_reach_all_of_it(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(4, 0);
    const Task *task = make(arena, 2);
    Region *region = random_region(arena, task, &rng, 10);
    bool seen[10000] = {false};
    unsigned long distinct = 0, outside = 0;
    CU_ASSERT_TRUE_FATAL(region_trim(region));
    for (int i = 0; i < 10000; i++) {
        uint8_t symbols[2];
        region_sample(region, &rng, symbols);
        outside += !lies_in(region, symbols);
        distinct += !seen[100 * symbols[1] + symbols[0]];
        seen[100 * symbols[1] + symbols[0]] = true;
    }
    CU_ASSERT_EQUAL(outside, 0);
    CU_ASSERT_TRUE(counts(region, distinct));
    arena_free(arena);
}

static void the_first_input_is_the_least(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(5, 0);
    const Task *task = make(arena, 2);
    for (int i = 0; i < 10 * PERCENTS; i++) {
        Region *region = random_region(arena, task, &rng, percents[i % PERCENTS]);
        uint8_t symbols[2], first[2];
        int input = 0;
        if (!region_trim(region))
            continue;
        do
            input_symbols(2, input++, symbols);
        while (!lies_in(region, symbols));
        region_first(region, first);
        CU_ASSERT_EQUAL(memcmp(first, symbols, sizeof first), 0);
    }
    arena_free(arena);
}

// The token of every input, where they agree; else -1.
static int common_token(const Region *region, int position)
{
    const Task *task = region->task;
    int common = -2, tokens[TASK_POSITIONS_MAX];
    uint8_t symbols[TASK_COLUMNS_MAX] = {0};
    for (int input = 0; input < inputs_of(task->columns); input++) {
        input_symbols(task->columns, input, symbols);
        if (!lies_in(region, symbols))
            continue;
        task_tokens(task, NULL, symbols, tokens);
        common = common == -2 || common == tokens[position] ? tokens[position] : -1;
        if (common == -1)
            break;
    }
    return common;
}

static void a_token_is_given_where_all_inputs_agree(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(6, 0);
    const Task *task = make(arena, 2);
    int constant = 0;
    for (int i = 0; i < 20 * PERCENTS; i++) {
        Region *region = random_region(arena, task, &rng, percents[i % PERCENTS]);
        if (!region_trim(region))
            continue;
        for (int p = 0; p < task->prompt + task->answer; p++) {
            int token = region_token(region, &task->source[p]);
            CU_ASSERT_EQUAL(token, common_token(region, p));
            constant += token >= 0 && task->source[p].kind != TOKEN_FIXED;
        }
    }
    CU_ASSERT_TRUE(constant > 0);
    arena_free(arena);
}

// --- unions ---

static void a_union_is_counted_as_enumeration_does(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(7, 0);
    const Task *task = make(arena, 2);
    mpz_t count;
    mpz_init(count);
    for (int m = 0; m <= 70; m += m < 8 ? 1 : 31) {
        const Region *regions[70];
        bool exact = false;
        for (int r = 0; r < m; r++)
            regions[r] = random_region(arena, task, &rng, percents[r % 4]);
        if (m > 2)
            regions[2] = regions[0];
        region_union_count(regions, m, count, &exact);
        CU_ASSERT_TRUE(exact);
        CU_ASSERT_EQUAL(mpz_cmp_ui(count, enumerate(regions, m, 2)), 0);
    }
    mpz_clear(count);
    arena_free(arena);
}

static void of_three_columns_too(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(8, 0);
    const Task *task = make(arena, 3);
    const Region *regions[3];
    mpz_t count;
    bool exact = false;
    mpz_init(count);
    for (int r = 0; r < 3; r++)
        regions[r] = random_region(arena, task, &rng, 70);
    region_union_count(regions, 3, count, &exact);
    CU_ASSERT_TRUE(exact);
    CU_ASSERT_EQUAL(mpz_cmp_ui(count, enumerate(regions, 3, 3)), 0);
    mpz_clear(count);
    arena_free(arena);
}

// So many regions that each beginning has a set of its own.
static void beyond_the_limit_a_bound_is_given(void)
{
    enum { MANY = 40 };
    Arena *arena = arena_new();
    Rng rng = rng_new(9, 0);
    const Task *task = make(arena, 3);
    const Region *regions[MANY];
    mpz_t count, one, sum;
    bool exact = true;
    mpz_inits(count, one, sum, NULL);
    for (int r = 0; r < MANY; r++) {
        regions[r] = random_region(arena, task, &rng, 60);
        region_count(regions[r], one);
        mpz_add(sum, sum, one);
    }
    region_union_count(regions, MANY, count, &exact);
    CU_ASSERT_FALSE(exact);
    CU_ASSERT_EQUAL(mpz_cmp(count, sum), 0);
    CU_ASSERT_TRUE(mpz_cmp_ui(count, enumerate(regions, MANY, 3)) >= 0);
    mpz_clears(count, one, sum, NULL);
    arena_free(arena);
}

// --- the task of two branches ---

static void every_input_has_one_path(void)
{
    Arena *arena = arena_new();
    for (int n = 1; n <= 20; n++) {
        CU_ASSERT_TRUE(sample_has_unique_paths(sample_task(arena, sample_addition, n)));
        CU_ASSERT_TRUE(sample_has_unique_paths(sample_signed(arena, n)));
    }
    Task *task = sample_signed(arena, 3);
    task->accepts |= 1 << 2; // equal numbers have two paths
    CU_ASSERT_FALSE(sample_has_unique_paths(task));
    task->accepts = 1 << 2 | 1 << 4; // all others above or below none
    CU_ASSERT_FALSE(sample_has_unique_paths(task));
    arena_free(arena);
}

static void answers_are_those_of_the_branch(void)
{
    Arena *arena = arena_new();
    const Task *task = sample_signed(arena, 2);
    int wrong = 0, tokens[9];
    for (int input = 0; input < inputs_of(2); input++) {
        uint8_t symbols[2], states[TASK_COLUMNS_MAX + 1];
        input_symbols(2, input, symbols);
        int a = symbols[1] / 10 * 10 + symbols[0] / 10, b = symbols[1] % 10 * 10 + symbols[0] % 10;
        int size = abs(a - b);
        CU_ASSERT_TRUE_FATAL(task_path(task, symbols, states));
        CU_ASSERT_EQUAL(states[0], a < b ? 2 : 0);
        CU_ASSERT_EQUAL(states[2], a < b ? 4 : 0);
        task_tokens(task, NULL, symbols, tokens);
        wrong += tokens[0] != a / 10 || tokens[1] != a % 10 || tokens[2] != 11 ||
                 tokens[3] != b / 10 || tokens[4] != b % 10 || tokens[5] != 12 ||
                 tokens[6] != (a < b ? 11 : 10) || tokens[7] != size / 10 || tokens[8] != size % 10;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    arena_free(arena);
}

#define ALIKE(X)                                                                                   \
    X(the_full_region_has_every_input)                                                             \
    X(counts_are_those_of_enumeration)                                                             \
    X(containment_is_that_of_enumeration)                                                          \
    X(trimming_keeps_just_the_edges_of_inputs)                                                     \
    X(samples_lie_in_the_region_and_reach_all_of_it)                                               \
    X(the_first_input_is_the_least)                                                                \
    X(a_token_is_given_where_all_inputs_agree)                                                     \
    X(a_union_is_counted_as_enumeration_does)                                                      \
    X(of_three_columns_too)                                                                        \
    X(beyond_the_limit_a_bound_is_given)

static void all_the_same_with_two_branches(void)
{
#define RUN(name) name();
    branches = true;
    ALIKE(RUN)
    branches = false;
}

#define TESTS(X)                                                                                   \
    ALIKE(X)                                                                                       \
    X(a_copy_is_apart)                                                                             \
    X(every_input_has_one_path)                                                                    \
    X(answers_are_those_of_the_branch)                                                             \
    X(all_the_same_with_two_branches)

RUN_TESTS("region", TESTS)
