#include "edge_set.h"
#include "reject.h"

#include "child.h"
#include "pool.h"
#include "tasks.h"

#define TESTS(X)                                                                                   \
    X(sums_and_differences_are_accepted)                                                           \
    X(tasks_that_K4_rejects)                                                                       \
    X(trellises_of_two_branches_that_K4_rejects)                                                   \
    X(tasks_that_are_malformed)                                                                    \
    X(prompts_and_answers_have_to_be_told_apart)                                                   \
    X(fixed_digits_count)                                                                          \
    X(names_are_names)                                                                             \
    X(long_numbers_are_added_up)                                                                   \
    X(full_regions_have_all_inputs)                                                                \
    X(regions_are_trimmed_and_counted_as_by_hand)

static void read_task(const void *text)
{
    Trellis t;
    ProofFile file = task_file((char *)text);
    trellis_read(&t, &file);
    trellis_clear(&t);
}

static void sums_and_differences_are_accepted(void)
{
    static char text[TASK_SIZE];
    for (int which = 0; which < 2; which++)
        for (int digits = 1; digits <= 12; digits++) {
            task_write(text, which, digits);
            CU_ASSERT_EQUAL(exit_code_of(read_task, text), 0);
        }
}

// The exit code for the task of so many digits in which the first `from` was replaced.
static int code_of_digits(int which, int digits, const char *from, const char *to)
{
    static char text[TASK_SIZE], rest[TASK_SIZE];
    task_write(text, which, digits);
    char *at = strstr(text, from);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    strcpy(rest, at + strlen(from));
    strcpy(at, to);
    strcat(at, rest);
    return exit_code_of(read_task, text);
}

static int code_of(int which, const char *from, const char *to)
{
    return code_of_digits(which, 2, from, to);
}

static int code_with(const char *from, const char *to)
{
    return code_of(0, from, to);
}

static void tasks_that_K4_rejects(void)
{
    CU_ASSERT_EQUAL(code_with("1 b", "-1 b"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("-1 s", "-2 s"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("literal 0", "literal -1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("number a 0 1", "number a 1 0"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("number s 6 7 8", "number s 7 8"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("number s 6 7 8", "number s 6 7 8 5"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("token 10 +", "token 10 9"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("next 0 0", "next 0 -"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("next 0 0", "next 0 1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("start 0", "start 1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("start 0", "start 0-1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("accept 0-1", "accept 0"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("start 0\naccept 0-1", "start 0-1\naccept 0"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("table 3 1 1", "table 3 1 -"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("table 3 1 1", "table 3 1 0"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("table 0 1 0", "table 0 1 5"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("table 1 0 0 1", "table 1 0 1 1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("column 0 1 0", "column 0 1 1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("column 0 1 0", "fixed 0 0"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("number b", "number a"), EXIT_REJECTED);
}

static void trellises_of_two_branches_that_K4_rejects(void)
{
    CU_ASSERT_EQUAL(code_of(1, "start 0,2", "start 0"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "start 0,2", "start 2"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "start 0,2", "start 0,2,4"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "start 0,2", "start 0,4"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "accept 0,4", "accept 0"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "accept 0,4", "accept 0,2"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "accept 0,4", "accept 0,2,4"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "accept 0,4", "accept 1,4"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "accept 0,4", "accept 0-4"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "next 2 2", "next 2 4"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "next 4 4", "next 4 -"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "table 3 4 0", "table 3 4 1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "table 2 4 11", "table 2 4 10"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "table 2 4 11", "table 2 4 12"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "table 2 4 11", "table 2 4 -"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "table 1 4 0", "table 1 4 1"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "sign 6 10 11", "sign 6 11 10"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "sign 6 10 11", "sign 6 10"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "literal -1 1 sign", "literal 0 1 sign\nliteral 0 1 sign"),
                    EXIT_ACCEPTED);
    CU_ASSERT_EQUAL(code_of(1, "literal 0 -1 sign", "literal 1 -2 sign"), EXIT_ACCEPTED);
    CU_ASSERT_EQUAL(code_of(1, "literal -1 1 d", "literal -2 1 d"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of(1, "literal 0 -1 sign\nliteral -1 1 d", "literal -1 1 d"),
                    EXIT_REJECTED);
    // What is not on a path does not matter: the wrong guess is never confirmed.
    CU_ASSERT_EQUAL(code_of(1, "table 2 3 11", "table 2 3 -"), EXIT_ACCEPTED);
    CU_ASSERT_EQUAL(code_of_digits(1, 1, "table 1 0 0 1 2 3 4 5", "table 1 0 0 1 2 3 4 4"),
                    EXIT_ACCEPTED);
    CU_ASSERT_EQUAL(code_of_digits(1, 1, "table 1 0 0 1 2 3 4 5", "table 1 0 0 1 2 3 4 -"),
                    EXIT_ACCEPTED);
    CU_ASSERT_EQUAL(code_of_digits(1, 1, "table 1 2 0 1 2 3 4 5", "table 1 2 0 1 2 3 4 4"),
                    EXIT_REJECTED);
}

// The claim that the answer is a number.
static const char any_answer[] = "clause\nliteral 0 1 s\n";

// The code with another claim, which is always true, and lines of quantities before it.
static int code_of_claim(const char *from, const char *to, const char *more, const char *claim)
{
    static char text[2 * TASK_SIZE];
    task_write(text, 0, 2);
    sprintf(strstr(text, "clause"), "%s%s", more, claim);
    char *at = strstr(text, from);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
    memcpy(at, to, strlen(to));
    return exit_code_of(read_task, text);
}

static void prompts_and_answers_have_to_be_told_apart(void)
{
    CU_ASSERT_EQUAL(code_of_claim("", "", "", any_answer), EXIT_ACCEPTED);
    CU_ASSERT_EQUAL(code_of_claim("column 0 1 0", "fixed 0 0", "", any_answer), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of_claim("column 4 0 1", "column 4 1 1", "", any_answer), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of_claim("column 4 0 1", "column 4 0 0", "", any_answer), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of_claim("", "", "", "clause\nliteral 0 1 a\n"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of_claim("s 6 7 8", "s 7 8", "", any_answer), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of_claim("s 6 7 8", "s 6 7", "", any_answer), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of_claim("s 6 7 8", "s 6 7", "number t 8\n", any_answer), EXIT_REJECTED);
    CU_ASSERT_EQUAL(
        code_of_claim("s 6 7 8", "s 6 7", "number t 8\n", "clause\nliteral 0 1 s\nliteral 0 1 t\n"),
        EXIT_ACCEPTED);
}

// Position 2 is a 3, and no digit of the operands.
static int code_of_three(const char *claim)
{
    char both[100];
    snprintf(both, sizeof both, "%s%s", any_answer, claim);
    return code_of_claim("fixed 2 10", "fixed 2 3", "number x 2\nnumber y 2 2\n", both);
}

static void fixed_digits_count(void)
{
    CU_ASSERT_EQUAL(code_of_three("clause\nliteral -3 1 x\n"), EXIT_ACCEPTED);
    CU_ASSERT_EQUAL(code_of_three("clause\nliteral -4 1 x\n"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of_three("clause\nliteral 3 -1 x\n"), EXIT_ACCEPTED);
    CU_ASSERT_EQUAL(code_of_three("clause\nliteral 2 -1 x\n"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of_three("clause\nliteral -33 1 y\n"), EXIT_ACCEPTED);
    CU_ASSERT_EQUAL(code_of_three("clause\nliteral -34 1 y\n"), EXIT_REJECTED);
}

static void names_are_names(void)
{
    static const char *const good[] = {"x", "X9", "_", "and_", "ore"}, *const bad[] = {"9x",  "x-y",
                                                                                       "and", "or",
                                                                                       "x.",  "-"};
    char line[40];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(line, sizeof line, "number %s 0\n", good[i]);
        CU_ASSERT_EQUAL(code_of_claim("", "", line, any_answer), EXIT_ACCEPTED);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(line, sizeof line, "number %s 0\n", bad[i]);
        CU_ASSERT_EQUAL(code_of_claim("", "", line, any_answer), EXIT_MALFORMED);
    }
}

// The code for constant + a times a and b times b - c times s >= 0, each of so many digits, the first and the last one
// being as given.
static int code_of_long(const char *constant, int size, const char *first, const char *last)
{
    char number[120], literal[500];
    CU_ASSERT_FATAL(size < 110);
    memset(number, '0', (size_t)size);
    number[0] = *first;
    number[size - 1] = *last;
    number[size] = 0;
    snprintf(literal, sizeof literal, "literal %s %s a %s b -%s s", constant, number, number,
             number);
    return code_with("literal 0 1 a 1 b -1 s", literal);
}

static void long_numbers_are_added_up(void)
{
    CU_ASSERT_EQUAL(code_of_long("0", 100, "1", "0"), EXIT_ACCEPTED);
    CU_ASSERT_EQUAL(code_of_long("0", 100, "9", "7"), EXIT_ACCEPTED);
    CU_ASSERT_EQUAL(code_of_long("-1", 100, "9", "7"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_of_long("0", 101, "9", "7"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_of_long("0", 100, "0", "7"), EXIT_MALFORMED);
}

static void tasks_that_are_malformed(void)
{
    CU_ASSERT_EQUAL(code_with("ripple-task 2", "ripple-task 1"), EXIT_MALFORMED);
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
    CU_ASSERT_EQUAL(code_with("1 s\n", "1 s\nmore\n"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("1 s\n", "1 s 1 a\n"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("clause\n", ""), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("number a 0 1", "number a 0 9"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("number b", "number 0"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_of(1, "accept 0,4", "accept 0,5"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_of(1, "sign 6 10 11", "sign 6 10 10"), EXIT_MALFORMED);
}

static void full_regions_have_all_inputs(void)
{
    static char text[TASK_SIZE];
    mpz_t count;
    mpz_init(count);
    for (int which = 0; which < 2; which++)
        for (int digits = 1; digits <= 5; digits++) {
            Trellis t;
            task_write(text, which, digits);
            ProofFile file = task_file(text);
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

// All pairs of symbols, one after the other: those with a path in the set.
static unsigned long count_by_hand(const Trellis *t, const EdgeSet *set, EdgeSet *on_paths)
{
    unsigned long count = 0;
    for (int p = 0; p < t->states; p++)
        for (int a = 0; a < 100 && t->start >> p & 1; a++)
            for (int b = 0; b < 100; b++) {
                int q = trellis_next(t, p, a);
                if (!set_has(edge_set_row(t, set, 0, p), a) ||
                    !set_has(edge_set_row(t, set, 1, q), b) ||
                    !(t->accept >> trellis_next(t, q, b) & 1))
                    continue;
                edge_set_row(t, on_paths, 0, p)[a / 64] |= UINT64_C(1) << a % 64;
                edge_set_row(t, on_paths, 1, q)[b / 64] |= UINT64_C(1) << b % 64;
                count++;
            }
    return count;
}

static void trim_and_count(const Trellis *t, int rarity)
{
    mpz_t count;
    mpz_init(count);
    PoolMark mark = pool_mark();
    EdgeSet set = edge_set_new(t), on_paths = edge_set_new(t);
    for (int c = 0; c < 2; c++)
        for (int q = 0; q < t->states; q++)
            for (int s = 0; s < 100; s++)
                if (rand() % rarity == 0)
                    edge_set_row(t, &set, c, q)[s / 64] |= UINT64_C(1) << s % 64;
    unsigned long by_hand = count_by_hand(t, &set, &on_paths);
    CU_ASSERT_EQUAL(edge_set_trim(t, &set), by_hand > 0);
    size_t size = sizeof *set.bits * (size_t)(t->columns * t->states * t->words);
    CU_ASSERT_EQUAL(memcmp(set.bits, on_paths.bits, size), 0);
    edge_set_count(t, &set, count);
    CU_ASSERT_EQUAL(mpz_get_ui(count), by_hand);
    pool_release(mark);
    mpz_clear(count);
}

static void regions_are_trimmed_and_counted_as_by_hand(void)
{
    static char text[TASK_SIZE];
    srand(1);
    for (int which = 0; which < 2; which++) {
        Trellis t;
        task_write(text, which, 2);
        ProofFile file = task_file(text);
        trellis_read(&t, &file);
        for (int round = 0; round < 300; round++)
            trim_and_count(&t, 1 + round / 3);
        trellis_clear(&t);
        pool_release(NULL);
    }
}

RUN_TESTS("check/trellis", TESTS)
