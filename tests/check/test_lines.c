#include "lines.h"

#include <string.h>

#include "child.h"
#include "pool.h"

#define TESTS(X)                                                                                   \
    X(words_and_numbers_of_a_line)                                                                 \
    X(numbers_as_the_format_has_them)                                                              \
    X(sets_as_the_format_has_them)                                                                 \
    X(other_sets_are_malformed)                                                                    \
    X(other_text_is_malformed)                                                                     \
    X(the_rest_of_a_line)                                                                          \
    X(lines_are_counted)

static void open_text(Lines *lines, const char *text)
{
    lines_open(lines, "text", text, strlen(text));
}

static void words_and_numbers_of_a_line(void)
{
    Lines l;
    open_text(&l, "key 7 -\nend\n");
    CU_ASSERT(!lines_may(&l, "ke"));
    CU_ASSERT(!lines_may(&l, "keys"));
    CU_ASSERT(lines_may(&l, "key"));
    CU_ASSERT(!lines_may(&l, "key"));
    CU_ASSERT(!lines_may(&l, "end"));
    CU_ASSERT_EQUAL(lines_number(&l, 0, 7), 7);
    CU_ASSERT(lines_more(&l));
    CU_ASSERT_EQUAL(lines_choice(&l, 7), -1);
    CU_ASSERT(!lines_more(&l));
    CU_ASSERT(!lines_may(&l, "end"));
    lines_next(&l);
    CU_ASSERT(lines_may(&l, "end"));
    lines_next(&l);
    CU_ASSERT(!lines_may(&l, "end"));
    CU_ASSERT(lines_at_end(&l));
}

static void numbers_as_the_format_has_them(void)
{
    static const char *const good[] = {"0", "7", "-7", "123456789012345678", "-999999999999999999"};
    static const int64_t values[] = {0, 7, -7, 123456789012345678, -999999999999999999};
    static const char *const bad[] = {"",   "-",  "-0", "00",  "01",  "+1", "1 ",
                                      " 1", "1.", "1a", "0x1", "--1", "1-", "1234567890123456789"};
    int64_t number;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        CU_ASSERT(lines_parse_number(good[i], strlen(good[i]), &number));
        CU_ASSERT_EQUAL(number, values[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT(!lines_parse_number(bad[i], strlen(bad[i]), &number));
}

static void sets_as_the_format_has_them(void)
{
    Lines l;
    uint64_t bits[2] = {0, 0};
    open_text(&l, "0-4,7,63-64,66,67,99\n");
    lines_set(&l, 100, bits);
    lines_next(&l);
    CU_ASSERT_EQUAL(bits[0], 0x9f | UINT64_C(1) << 63);
    CU_ASSERT_EQUAL(bits[1], UINT64_C(1) | 3 << 2 | UINT64_C(1) << 35);
}

static void read_set(const void *text)
{
    Lines l;
    uint64_t bits[2] = {0, 0};
    open_text(&l, text);
    lines_set(&l, 100, bits);
    lines_next(&l);
}

static void other_sets_are_malformed(void)
{
    static const char *const bad[] = {"\n",       "1,\n",   ",1\n", "1,,2\n", "2,1\n",   "1,1\n",
                                      "1-1\n",    "2-1\n",  "1-\n", "-1\n",   "0-4,4\n", "100\n",
                                      "90-100\n", "1, 2\n", "01\n", "1--2\n", "a\n",     "1-2-3\n"};
    CU_ASSERT_EQUAL(exit_code_of(read_set, "1-2,3\n"), 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT_EQUAL(exit_code_of(read_set, bad[i]), EXIT_MALFORMED);
}

static void read_two_words(const void *text)
{
    Lines l;
    open_text(&l, text);
    lines_expect(&l, "a");
    lines_expect(&l, "b");
    lines_next(&l);
}

static void other_text_is_malformed(void)
{
    static const char *const bad[] = {
        "",       "a b",     "a  b\n",        " a b\n",      "a b \n",      "a\tb\n", "a\n",   "\n",
        "a\nb\n", "a b\r\n", "a b\n\n\x80\n", "a b\n\x7f\n", "a b\n\x1f\n", "a c\n",  "a bb\n"};
    CU_ASSERT_EQUAL(exit_code_of(read_two_words, "a b\n"), 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT_EQUAL(exit_code_of(read_two_words, bad[i]), EXIT_MALFORMED);
}

static void read_rest(const void *text)
{
    Lines l;
    open_text(&l, text);
    lines_expect(&l, "a");
    lines_rest(&l);
}

static void the_rest_of_a_line(void)
{
    Lines l;
    open_text(&l, "token 1 a b\n");
    lines_expect(&l, "token");
    lines_number(&l, 1, 1);
    CU_ASSERT_STRING_EQUAL(lines_rest(&l), "a b");
    lines_next(&l);
    CU_ASSERT(lines_at_end(&l));
    CU_ASSERT_EQUAL(exit_code_of(read_rest, "a\n"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(exit_code_of(read_rest, "a \n"), EXIT_MALFORMED);
    pool_release(NULL);
}

static void lines_are_counted(void)
{
    Lines l;
    open_text(&l, "a\nb\nc\n");
    for (int line = 1; line <= 3; line++) {
        size_t size;
        CU_ASSERT_EQUAL(l.place.line, line);
        lines_word(&l, &size);
        lines_next(&l);
    }
}

RUN_TESTS("check/lines", TESTS)
