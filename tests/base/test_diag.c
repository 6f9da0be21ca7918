#include "diag.h"
#include "harness.h"

#include <string.h>

#define TESTS(X)                                                                                   \
    X(setting_returns_the_status_and_clears_the_rest)                                              \
    X(a_place_is_line_column_and_caret)                                                            \
    X(a_place_at_the_end_of_the_text)                                                              \
    X(a_place_past_the_end_is_the_end)                                                             \
    X(a_range_ends_with_its_line)                                                                  \
    X(a_range_of_no_bytes_has_one_caret)                                                           \
    X(a_tab_is_one_column)                                                                         \
    X(control_characters_are_not_printed)                                                          \
    X(nul_bytes_do_not_end_the_line)                                                               \
    X(a_long_line_is_cut_around_the_place)                                                         \
    X(a_long_range_ends_with_the_line_that_is_shown)                                               \
    X(long_texts_are_cut)                                                                          \
    X(without_a_place_only_the_message_is_printed)                                                 \
    X(colours_are_switched_off_and_on)

static char printed[4096];

static const char *print(const Diag *diag, int color)
{
    FILE *out = fmemopen(printed, sizeof printed, "w");
    diag_print(diag, out, color);
    fclose(out);
    return printed;
}

static Diag placed(const char *text, size_t size, size_t offset, size_t length)
{
    Diag diag;
    diag_set(&diag, STATUS_MALFORMED, "S001", "wrong");
    diag_path(&diag, "a.spec");
    diag_place(&diag, text, size, offset, length);
    return diag;
}

static void setting_returns_the_status_and_clears_the_rest(void)
{
    Diag diag;
    memset(&diag, 'x', sizeof diag);
    CU_ASSERT_EQUAL(diag_set(&diag, STATUS_MISSING, "F001", "no %s", "file"), STATUS_MISSING);
    CU_ASSERT_EQUAL(diag.status, STATUS_MISSING);
    CU_ASSERT_STRING_EQUAL(diag.code, "F001");
    CU_ASSERT_STRING_EQUAL(diag.text, "no file");
    CU_ASSERT_STRING_EQUAL(diag.path, "");
    CU_ASSERT_STRING_EQUAL(diag.hint, "");
    CU_ASSERT_EQUAL(diag.line, 0);
}

static void a_place_is_line_column_and_caret(void)
{
    const char *text = "first\nsecond line\nthird";
    Diag diag = placed(text, strlen(text), 13, 4);
    diag_hint(&diag, "try %d", 2);
    CU_ASSERT_STRING_EQUAL(print(&diag, 0), "a.spec:2:8: error[S001]: wrong\n"
                                            "    second line\n"
                                            "           ^~~~\n"
                                            "  hint: try 2\n");
}

static void a_place_at_the_end_of_the_text(void)
{
    Diag diag = placed("ab\n", 3, 3, 1);
    CU_ASSERT_EQUAL(diag.line, 2);
    CU_ASSERT_EQUAL(diag.column, 1);
    CU_ASSERT_STRING_EQUAL(print(&diag, 0), "a.spec:2:1: error[S001]: wrong\n");
}

static void a_place_past_the_end_is_the_end(void)
{
    Diag diag = placed("ab", 2, 99, 5);
    CU_ASSERT_EQUAL(diag.line, 1);
    CU_ASSERT_EQUAL(diag.column, 3);
    CU_ASSERT_EQUAL(diag.length, 1);
}

static void a_range_ends_with_its_line(void)
{
    Diag diag = placed("abc\ndef", 7, 1, 6);
    CU_ASSERT_STRING_EQUAL(print(&diag, 0), "a.spec:1:2: error[S001]: wrong\n"
                                            "    abc\n"
                                            "     ^~\n");
}

static void a_range_of_no_bytes_has_one_caret(void)
{
    Diag diag = placed("abc", 3, 1, 0);
    CU_ASSERT_EQUAL(diag.length, 1);
}

static void a_tab_is_one_column(void)
{
    Diag diag = placed("\tx = ?", 6, 5, 1);
    CU_ASSERT_STRING_EQUAL(print(&diag, 0), "a.spec:1:6: error[S001]: wrong\n"
                                            "     x = ?\n"
                                            "         ^\n");
}

static void control_characters_are_not_printed(void)
{
    Diag diag = placed("a\033[2Jb\r\x7f", 8, 5, 1);
    CU_ASSERT_STRING_EQUAL(diag.source, "a?[2Jb??");
    diag_set(&diag, STATUS_MALFORMED, "S001", "no `%s` here", "\033[2J\n");
    CU_ASSERT_STRING_EQUAL(print(&diag, 0), "error[S001]: no `?[2J?` here\n");
}

static void nul_bytes_do_not_end_the_line(void)
{
    Diag diag = placed("a\0b\0c", 5, 4, 1);
    CU_ASSERT_STRING_EQUAL(diag.source, "a?b?c");
    CU_ASSERT_EQUAL(diag.caret, 4);
}

static void a_long_line_is_cut_around_the_place(void)
{
    static char text[10000];
    memset(text, '.', sizeof text);
    text[7000] = '#';
    Diag diag = placed(text, sizeof text, 7000, 1);
    CU_ASSERT_EQUAL(diag.column, 7001);
    CU_ASSERT_TRUE(strlen(diag.source) < sizeof diag.source);
    CU_ASSERT_EQUAL(diag.source[diag.caret], '#');
    diag = placed(text, sizeof text, sizeof text - 1, 1);
    CU_ASSERT_TRUE(diag.caret < (int)strlen(diag.source));
    diag = placed(text, sizeof text, 0, 1);
    CU_ASSERT_EQUAL(diag.caret, 0);
}

static void a_long_range_ends_with_the_line_that_is_shown(void)
{
    static char text[10000];
    memset(text, '.', sizeof text);
    Diag diag = placed(text, sizeof text, 7000, 2500);
    CU_ASSERT_EQUAL(diag.caret + diag.length, (int)strlen(diag.source));
}

static void long_texts_are_cut(void)
{
    static char text[5000];
    memset(text, 'x', sizeof text - 1);
    Diag diag;
    diag_set(&diag, STATUS_USAGE, "O0010", "%s", text);
    diag_path(&diag, text);
    diag_hint(&diag, "%s", text);
    CU_ASSERT_EQUAL(strlen(diag.text), sizeof diag.text - 1);
    CU_ASSERT_EQUAL(strlen(diag.path), sizeof diag.path - 1);
    CU_ASSERT_EQUAL(strlen(diag.hint), sizeof diag.hint - 1);
}

static void without_a_place_only_the_message_is_printed(void)
{
    Diag diag;
    diag_set(&diag, STATUS_USAGE, "O001", "no");
    CU_ASSERT_STRING_EQUAL(print(&diag, 0), "error[O001]: no\n");
    diag_path(&diag, "file");
    CU_ASSERT_STRING_EQUAL(print(&diag, 0), "file: error[O001]: no\n");
}

static void colours_are_switched_off_and_on(void)
{
    Diag diag;
    diag_set(&diag, STATUS_USAGE, "O001", "no");
    CU_ASSERT_PTR_NULL(strchr(print(&diag, 0), '\033'));
    CU_ASSERT_PTR_NOT_NULL(strchr(print(&diag, 1), '\033'));
}

RUN_TESTS("base/diag", TESTS)
