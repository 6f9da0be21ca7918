// Numbers and tables as text.
#include "harness.h"
#include "number_text.h"
#include "table.h"

#include <string.h>

static Text text;

static void is(const char *expected)
{
    CU_ASSERT_STRING_EQUAL(text_chars(&text), expected);
    text_free(&text);
}

static void margin(Fix fix, int digits)
{
    number_add_margin(&text, fix, digits);
}

static void margins_are_rounded_down(void)
{
    margin(0, 2);
    is("0.00");
    margin(FIX_ONE, 0);
    is("1");
    margin(FIX_ONE - 1, 2);
    is("0.99");
    margin(FIX_ONE / 8, 2);
    is("0.12");
    margin(FIX_ONE / 8, 3);
    is("0.125");
    margin(12 * FIX_ONE + FIX_ONE / 2, 1);
    is("12.5");
    margin(-1, 2);
    is("-0.01");
    margin(-FIX_ONE / 8, 2);
    is("-0.13");
    margin(FIX_MAX, 9);
    is("1024.000000000");
    margin(-FIX_MAX, 9);
    is("-1024.000000000");
}

static void powers_of_ten_are_named(void)
{
    mpz_t count;
    mpz_init(count);
    mpz_ui_pow_ui(count, 10, 20);
    number_add_count(&text, count);
    number_add_power(&text, count);
    is("100000000000000000000 (10^20)");
    mpz_set_ui(count, 1000);
    number_add_power(&text, count);
    is("");
    mpz_set_ui(count, 100100);
    number_add_power(&text, count);
    is("");
    mpz_set_ui(count, 0);
    number_add_count(&text, count);
    number_add_power(&text, count);
    is("0");
    mpz_clear(count);
}

static void one_is_no_plural(void)
{
    number_add_plural(&text, 1, "edge case");
    number_add_plural(&text, 0, " edge case");
    is("1 edge case0  edge cases");
}

static void columns_are_as_wide_as_their_widest_cell(void)
{
    Arena *arena = arena_new();
    Table table = table_new(arena, 3, 1u << 1);
    for (int row = 0; row < 40; row++) {
        table_row(&table);
        if (row > 1)
            continue;
        table_cell(&table, 0, row == 0 ? "a" : "long");
        table_cell(&table, 1, "%d", row == 0 ? 100 : 2);
        table_cell(&table, 2, row == 0 ? "" : "end");
    }
    table_render(&table, &text);
    const char *expected = "  a     100\n  long    2  end\n";
    CU_ASSERT(strncmp(text_chars(&text), expected, strlen(expected)) == 0);
    text_free(&text);
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(margins_are_rounded_down)                                                                    \
    X(powers_of_ten_are_named)                                                                     \
    X(one_is_no_plural)                                                                            \
    X(columns_are_as_wide_as_their_widest_cell)

RUN_TESTS("report/text", TESTS)
