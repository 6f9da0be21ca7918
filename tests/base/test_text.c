#include "harness.h"
#include "text.h"

#include <string.h>

#define TESTS(X)                                                                                   \
    X(an_empty_text_reads_as_the_empty_string)                                                     \
    X(what_is_added_stands_at_the_end)                                                             \
    X(bytes_may_be_nul)                                                                            \
    X(long_texts_grow)                                                                             \
    X(a_freed_text_can_be_used_again)                                                              \
    X(numbers_are_grouped_by_three)                                                                \
    X(a_small_buffer_cuts_the_number)

static void an_empty_text_reads_as_the_empty_string(void)
{
    Text text = {0};
    CU_ASSERT_STRING_EQUAL(text_chars(&text), "");
    text_free(&text);
}

static void what_is_added_stands_at_the_end(void)
{
    Text text = {0};
    text_add(&text, "%d + %d", 1, 2);
    text_add(&text, "%s", " = 3");
    CU_ASSERT_STRING_EQUAL(text_chars(&text), "1 + 2 = 3");
    CU_ASSERT_EQUAL(text.length, 9);
    text_free(&text);
}

static void bytes_may_be_nul(void)
{
    Text text = {0};
    text_add_bytes(&text, "a\0b", 3);
    text_add_bytes(&text, "", 0);
    CU_ASSERT_EQUAL(text.length, 3);
    CU_ASSERT_EQUAL(memcmp(text_chars(&text), "a\0b", 4), 0);
    text_free(&text);
}

static void long_texts_grow(void)
{
    Text text = {0};
    for (int i = 0; i < 5000; i++)
        text_add(&text, "%04d", i);
    CU_ASSERT_EQUAL(text.length, 20000);
    CU_ASSERT_STRING_EQUAL(text_chars(&text) + 19996, "4999");
    CU_ASSERT_EQUAL(memcmp(text_chars(&text), "00000001", 8), 0);
    text_free(&text);
}

static void a_freed_text_can_be_used_again(void)
{
    Text text = {0};
    text_add(&text, "first");
    text_free(&text);
    text_add(&text, "second");
    CU_ASSERT_STRING_EQUAL(text_chars(&text), "second");
    text_free(&text);
}

static void numbers_are_grouped_by_three(void)
{
    char buffer[64];
    CU_ASSERT_STRING_EQUAL(text_grouped(buffer, sizeof buffer, "7"), "7");
    CU_ASSERT_STRING_EQUAL(text_grouped(buffer, sizeof buffer, "999"), "999");
    CU_ASSERT_STRING_EQUAL(text_grouped(buffer, sizeof buffer, "1000"), "1 000");
    CU_ASSERT_STRING_EQUAL(text_grouped(buffer, sizeof buffer, "10000000000"), "10 000 000 000");
    CU_ASSERT_STRING_EQUAL(text_grouped(buffer, sizeof buffer, ""), "");
}

static void a_small_buffer_cuts_the_number(void)
{
    char buffer[8] = "xxxxxxx";
    text_grouped(buffer, 5, "1234567");
    CU_ASSERT_TRUE(strlen(buffer) < 5);
    CU_ASSERT_EQUAL(buffer[5], 'x');
}

RUN_TESTS("base/text", TESTS)
