#include "edge_set.h"
#include "reject.h"

#include "addition.h"
#include "child.h"
#include "pool.h"

#define TESTS(X)                                                                                   \
    X(additions_are_accepted)                                                                      \
    X(tasks_that_K4_rejects)                                                                       \
    X(tasks_that_are_malformed)                                                                    \
    X(full_regions_have_all_inputs)                                                                \
    X(regions_are_trimmed_and_counted_as_by_hand)

static void read_task(const void *text)
{
    Trellis t;
    ProofFile file = addition_file((char *)text);
    trellis_read(&t, &file);
    trellis_clear(&t);
}

static void additions_are_accepted(void)
{
    char text[ADDITION_SIZE];
    for (int digits = 1; digits <= 12; digits++) {
        addition_write(text, digits);
        CU_ASSERT_EQUAL(exit_code_of(read_task, text), 0);
    }
}

// The exit code for the task of two digits in which the first `from` was replaced.
static int code_with(const char *from, const char *to)
{
    char text[ADDITION_SIZE], rest[ADDITION_SIZE];
    addition_write(text, 2);
    char *at = strstr(text, from);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    strcpy(rest, at + strlen(from));
    strcpy(at, to);
    strcat(at, rest);
    return exit_code_of(read_task, text);
}

static void tasks_that_K4_rejects(void)
{
    CU_ASSERT_EQUAL(code_with("number b 1", "number b 2"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("number s -1", "number s 1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("number a 1 0 1", "number a 1 1 0"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("number s -1 6 7 8", "number s -1 7 8"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("number s -1 6 7 8", "number s -1 6 7 8 5"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("token 10 +", "token 10 9"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("next 0 0", "next 0 -"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("next 0 0", "next 0 1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("initial 0", "initial 1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("table 3 1 1", "table 3 1 -"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("table 3 1 1", "table 3 1 0"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("table 0 1 0", "table 0 1 5"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("table 1 0 0 1", "table 1 0 1 1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("column 0 1 0", "column 0 1 1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("column 0 1 0", "fixed 0 0"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("number b 1", "number a 1"), EXIT_REJECTED);
}

static void tasks_that_are_malformed(void)
{
    CU_ASSERT_EQUAL(code_with("ripple-task 1", "ripple-task 2"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("columns 2", "columns 0"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("columns 2", "columns 1"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("columns 2", "columns 999999"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("states 2", "states 65"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("symbols 100", "symbols 101"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("allow 0 0-99", "allow 0 0-100"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("allow 1", "allow 0"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("token 3", "token 4"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("next 0 0", "next 0 2"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("fixed 2 10", "fixed 2 12"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("column 0 1 0", "column 0 2 0"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("claim sum is zero\n", "claim sum is zero\nmore\n"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("claim sum is zero\n", ""), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("number a 1 0 1", "number a 1 0 9"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("number b 1", "number 0 1"), EXIT_MALFORMED);
}

static void full_regions_have_all_inputs(void)
{
    char text[ADDITION_SIZE];
    mpz_t count;
    mpz_init(count);
    for (int digits = 1; digits <= 5; digits++) {
        Trellis t;
        addition_write(text, digits);
        ProofFile file = addition_file(text);
        trellis_read(&t, &file);
        EdgeSet set = edge_set_new(&t);
        edge_set_fill(&t, &set);
        CU_ASSERT(edge_set_trim(&t, &set));
        edge_set_count(&t, &set, count);
        CU_ASSERT(mpz_cmp(count, t.inputs) == 0);
        mpz_tdiv_q_ui(count, count, 100);
        CU_ASSERT_EQUAL(mpz_sizeinbase(count, 10), (size_t)(2 * digits - 1));
        trellis_clear(&t);
    }
    mpz_clear(count);
    pool_release(NULL);
}

// All pairs of symbols, one after the other: those whose edges are both in the set.
static unsigned long count_by_hand(const Trellis *t, const EdgeSet *set, EdgeSet *on_paths)
{
    unsigned long count = 0;
    for (int a = 0; a < 100; a++)
        for (int b = 0; b < 100; b++) {
            int q = trellis_next(t, 0, a);
            if (!set_has(edge_set_row(t, set, 0, 0), a) || !set_has(edge_set_row(t, set, 1, q), b))
                continue;
            edge_set_row(t, on_paths, 0, 0)[a / 64] |= UINT64_C(1) << a % 64;
            edge_set_row(t, on_paths, 1, q)[b / 64] |= UINT64_C(1) << b % 64;
            count++;
        }
    return count;
}

static void regions_are_trimmed_and_counted_as_by_hand(void)
{
    char text[ADDITION_SIZE];
    Trellis t;
    mpz_t count;
    mpz_init(count);
    addition_write(text, 2);
    ProofFile file = addition_file(text);
    trellis_read(&t, &file);
    srand(1);
    for (int round = 0; round < 300; round++) {
        PoolMark mark = pool_mark();
        EdgeSet set = edge_set_new(&t), on_paths = edge_set_new(&t);
        for (int c = 0; c < 2; c++)
            for (int q = 0; q < 2; q++)
                for (int s = 0; s < 100; s++)
                    if (rand() % (1 + round / 3) == 0)
                        edge_set_row(&t, &set, c, q)[s / 64] |= UINT64_C(1) << s % 64;
        unsigned long by_hand = count_by_hand(&t, &set, &on_paths);
        CU_ASSERT_EQUAL(edge_set_trim(&t, &set), by_hand > 0);
        size_t size = sizeof *set.bits * (size_t)(t.columns * t.states * t.words);
        CU_ASSERT_EQUAL(memcmp(set.bits, on_paths.bits, size), 0);
        edge_set_count(&t, &set, count);
        CU_ASSERT_EQUAL(mpz_get_ui(count), by_hand);
        pool_release(mark);
    }
    mpz_clear(count);
    trellis_clear(&t);
    pool_release(NULL);
}

RUN_TESTS("check/trellis", TESTS)
