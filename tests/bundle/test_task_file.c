#include "task_file.h"

#include <string.h>

#include "harness.h"
#include "set_text.h"
#include "task_samples.h"

static Arena *arena;
static Text text;

// sample_addition with another claim, and this in place of `answer` when it is not NULL.
static char *with(const char *require, const char *answer)
{
    const char *at = strstr(sample_addition, "require"), *end = strchr(at, '\n');
    char *spec = arena_printf(arena, "%.*srequire %s%s", (int)(at - sample_addition),
                              sample_addition, require, end);
    char *line = strstr(spec, "answer s : number of n+1 digits");
    if (!answer)
        return spec;
    return arena_printf(arena, "%.*s%s%s", (int)(line - spec), spec, answer, strchr(line, '\n'));
}

static bool written(const Task *task, Diag *diag)
{
    text_free(&text);
    Status status = task_file_write(&text, task, diag);
    CU_ASSERT(status == STATUS_OK || status == STATUS_MALFORMED);
    return status == STATUS_OK;
}

static bool has_line(const char *line)
{
    char *whole = arena_printf(arena, "\n%s\n", line);
    return strstr(text_chars(&text), whole) != NULL;
}

// ---- sets ---------------------------------------------------------------------------------------

static void sets_are_short(void)
{
    arena = arena_new();
    bool member[10] = {1, 1, 1, 0, 1, 0, 0, 1, 1, 0};
    set_text_add(&text, member, 10);
    CU_ASSERT_STRING_EQUAL(text_chars(&text), "0-2,4,7-8");
    text_free(&text);
    member[9] = true;
    set_text_add(&text, member + 9, 1);
    CU_ASSERT_STRING_EQUAL(text_chars(&text), "0");
    text_free(&text);
}

// ---- the file -----------------------------------------------------------------------------------

static void addition_is_written_out(void)
{
    Diag diag;
    CU_ASSERT_TRUE_FATAL(written(sample_task(arena, sample_addition, 2), &diag));
    CU_ASSERT_EQUAL(
        strncmp(text_chars(&text),
                "ripple-task 2\ncolumns 2\nstates 2\nsymbols 100\nstart 0\naccept 0-1\n", 64),
        0);
    static const char *const lines[] = {"allow 0 0-99",
                                        "allow 1 0-99",
                                        "token 9 9",
                                        "token 10 +",
                                        "token 11 =",
                                        "prompt 6",
                                        "answer 3",
                                        "column 0 1 0",
                                        "column 1 0 0",
                                        "fixed 2 10",
                                        "column 3 1 1",
                                        "column 4 0 1",
                                        "fixed 5 11",
                                        "column 6 1 2",
                                        "column 7 1 3",
                                        "column 8 0 3",
                                        "number a 0 1",
                                        "number b 3 4",
                                        "number s 6 7 8",
                                        "clause",
                                        "literal 0 1 a 1 b -1 s",
                                        "literal 0 -1 a -1 b 1 s"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        CU_ASSERT_TRUE(has_line(lines[i]));
}

// Word `s` of the line that starts with `start`.
static const char *word(const char *start, int s)
{
    char *at = strstr(text_chars(&text), arena_printf(arena, "\n%s ", start));
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    at += strlen(start) + 2;
    for (int i = 0; i < s; i++)
        at += strcspn(at, " \n") + 1;
    return arena_strndup(arena, at, strcspn(at, " \n"));
}

// Tables 0 and 1 are the digits of the inputs, 2 is the last carry, 3 the digit of the sum.
static void tables_say_what_the_rules_say(void)
{
    Diag diag;
    CU_ASSERT_TRUE_FATAL(written(sample_task(arena, sample_addition, 2), &diag));
    for (int c = 0; c < 2; c++)
        for (int s = 0; s < 100; s++) {
            int sum = s / 10 + s % 10 + c;
            CU_ASSERT_EQUAL(atoi(word(arena_printf(arena, "next %d", c), s)), sum / 10);
            CU_ASSERT_EQUAL(atoi(word(arena_printf(arena, "table 0 %d", c), s)), s / 10);
            CU_ASSERT_EQUAL(atoi(word(arena_printf(arena, "table 1 %d", c), s)), s % 10);
            CU_ASSERT_EQUAL(atoi(word(arena_printf(arena, "table 2 %d", c), s)), sum / 10);
            CU_ASSERT_EQUAL(atoi(word(arena_printf(arena, "table 3 %d", c), s)), sum % 10);
        }
}

// Digits below 5 never carry, so carry 1 is never reached.
static void what_is_not_reached_or_not_admitted_has_no_edge(void)
{
    Diag diag;
    const char *at = strstr(sample_addition, "require");
    char *spec = arena_printf(arena, "%.*sassume a[i] < 5\nassume b[i] < 5\nassume b[1] = 2\n%s",
                              (int)(at - sample_addition), sample_addition, at);
    CU_ASSERT_TRUE_FATAL(written(sample_task(arena, spec, 2), &diag));
    CU_ASSERT_TRUE(has_line("allow 0 0-4,10-14,20-24,30-34,40-44"));
    CU_ASSERT_TRUE(has_line("allow 1 2,12,22,32,42"));
    for (int s = 0; s < 100; s++) {
        bool admitted = s / 10 < 5 && s % 10 < 5;
        CU_ASSERT_STRING_EQUAL(word("next 0", s), admitted ? "0" : "-");
        CU_ASSERT_STRING_EQUAL(word("next 1", s), "-");
        CU_ASSERT_STRING_EQUAL(word("table 3 1", s), "-");
    }
}

static void single_digits_stand_where_they_are(void)
{
    Diag diag;
    CU_ASSERT_TRUE_FATAL(
        written(sample_task(arena, with("s = a + b and s[n] <= 1 or a[0] = 3", NULL), 2), &diag));
    CU_ASSERT_TRUE(has_line("number a_0 1"));
    CU_ASSERT_TRUE(has_line("number s_2 6"));
    CU_ASSERT_TRUE(has_line("literal 1 -1 s_2"));
    CU_ASSERT_TRUE_FATAL(written(
        sample_task(arena, with("s[0] + 10 * s[1] + 100 * s[2] >= 10 * a[1]", NULL), 2), &diag));
    CU_ASSERT_TRUE(has_line("literal 0 -10 a_1 1 s_0 10 s_1 100 s_2"));
    CU_ASSERT_PTR_NULL(strstr(text_chars(&text), "number s "));
}

static void a_token_of_the_answer_needs_no_claim(void)
{
    Diag diag;
    CU_ASSERT_TRUE_FATAL(written(sample_task(arena, sample_difference, 2), &diag));
    CU_ASSERT_TRUE(has_line("fixed 7 12"));
    CU_ASSERT_TRUE(has_line("literal 0 1 a -1 b 100 w -1 d"));
}

static void what_certificates_cannot_say_is_C002(void)
{
    Diag diag;
    // a number that the claim leaves out
    CU_ASSERT_FALSE(written(sample_task(arena, with("a + 0 * s = b", NULL), 2), &diag));
    CU_ASSERT_STRING_EQUAL(diag.code, "C002");
    // a digit that it leaves out
    CU_ASSERT_FALSE(written(sample_task(arena, with("s[0] + s[2] >= a[1]", NULL), 2), &diag));
    CU_ASSERT_STRING_EQUAL(diag.code, "C002");
    // a token that is not ASCII
    const char *plus = strstr(sample_addition, "+\" b");
    char *spec = arena_printf(arena, "%.*s\xc2\xb1%s", (int)(plus - sample_addition),
                              sample_addition, plus + 1);
    CU_ASSERT_FALSE(written(sample_task(arena, spec, 2), &diag));
    CU_ASSERT_STRING_EQUAL(diag.code, "C002");
}

static void what_no_column_settles_is_C013(void)
{
    Diag diag;
    CU_ASSERT_TRUE(written(sample_task(arena, with("s = a + b and a <= 99", NULL), 2), &diag));
    CU_ASSERT_FALSE(
        written(sample_task(arena, with("s = a + b and (a >= 40 or a <= 50)", NULL), 2), &diag));
    CU_ASSERT_STRING_EQUAL(diag.code, "C013");
    text_free(&text);
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(sets_are_short)                                                                              \
    X(addition_is_written_out)                                                                     \
    X(tables_say_what_the_rules_say)                                                               \
    X(what_is_not_reached_or_not_admitted_has_no_edge)                                             \
    X(single_digits_stand_where_they_are)                                                          \
    X(a_token_of_the_answer_needs_no_claim)                                                        \
    X(what_certificates_cannot_say_is_C002)                                                        \
    X(what_no_column_settles_is_C013)

RUN_TESTS("bundle/task_file", TESTS)
