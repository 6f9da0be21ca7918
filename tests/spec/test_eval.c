#include "eval.h"

#include <limits.h>

#include "harness.h"
#include "rng.h"
#include "spec_samples.h"

#define TESTS(X)                                                                                   \
    X(division_rounds_down)                                                                        \
    X(modulus_is_never_negative)                                                                   \
    X(powers_are_exact_or_refused)                                                                 \
    X(small_overflow_is_refused)                                                                   \
    X(failure_leaves_the_result_alone)                                                             \
    X(connectives_stop_where_they_are_decided)                                                     \
    X(if_looks_at_one_branch_only)                                                                 \
    X(digits_of_a_column_are_found)                                                                \
    X(a_digit_of_another_column_is_refused)                                                        \
    X(whole_numbers_of_64_digits)                                                                  \
    X(prefixes_are_made_of_the_digits_below)                                                       \
    X(parameters_and_lengths_can_be_replaced)                                                      \
    X(exponents_and_bases_are_bounded)                                                             \
    X(small_and_big_agree)                                                                         \
    X(the_sum_rules_of_addition)

static int digits_a[SPEC_DIGITS_MAX], digits_b[SPEC_DIGITS_MAX], digits_s[SPEC_DIGITS_MAX];
static const int *const digits[] = {digits_a, digits_b, digits_s};

// The rule `text` of the state d, for c and d, with a[i] = 7 and b[i] = 5.
static bool small(const char *text, long long c, long long d, long long *ret_value)
{
    static const int column_digits[] = {7, 5, 0};
    const long long states[] = {c, d};
    Arena *arena = arena_new();
    Spec *spec = sample_with_next(arena, text);
    bool done = false;
    CU_ASSERT_PTR_NOT_NULL(spec);
    if (spec) {
        SpecEnv env = {.spec = spec, .column = 1, .states = states, .column_digits = column_digits};
        done = spec_eval_small(spec->scan.states[1].next, &env, ret_value);
    }
    arena_free(arena);
    return done;
}

static long long small_value(const char *text, long long c, long long d)
{
    long long value = LLONG_MIN;
    CU_ASSERT(small(text, c, d, &value));
    return value;
}

static void division_rounds_down(void)
{
    CU_ASSERT_EQUAL(small_value("d div 3", 0, 7), 2);
    CU_ASSERT_EQUAL(small_value("d div 3", 0, -7), -3);
    CU_ASSERT_EQUAL(small_value("d div 3", 0, -6), -2);
    CU_ASSERT_EQUAL(small_value("d div 1", 0, LLONG_MIN), LLONG_MIN);
}

static void modulus_is_never_negative(void)
{
    CU_ASSERT_EQUAL(small_value("d mod 3", 0, 7), 1);
    CU_ASSERT_EQUAL(small_value("d mod 3", 0, -7), 2);
    CU_ASSERT_EQUAL(small_value("d mod 3", 0, -6), 0);
    CU_ASSERT_EQUAL(small_value("d mod 9223372036854775807", 0, LLONG_MIN), LLONG_MAX - 1);
}

static void powers_are_exact_or_refused(void)
{
    long long value = 0;
    CU_ASSERT_EQUAL(small_value("2^0 + 0^0 + (-1)^3", 0, 0), 1);
    CU_ASSERT_EQUAL(small_value("-2^2", 0, 0), -4);
    CU_ASSERT_EQUAL(small_value("2^3^2", 0, 0), 512);
    CU_ASSERT_EQUAL(small_value("10^18", 0, 0), 1000000000000000000);
    CU_ASSERT_EQUAL(small_value("(-2)^63", 0, 0), LLONG_MIN);
    CU_ASSERT_FALSE(small("2^63", 0, 0, &value));
    CU_ASSERT_FALSE(small("10^256", 0, 0, &value));
}

static void small_overflow_is_refused(void)
{
    long long value = 0;
    CU_ASSERT_FALSE(small("d + 1", 0, LLONG_MAX, &value));
    CU_ASSERT_FALSE(small("d - 1", 0, LLONG_MIN, &value));
    CU_ASSERT_FALSE(small("-d", 0, LLONG_MIN, &value));
    CU_ASSERT_FALSE(small("d * d", 0, LLONG_MAX, &value));
    CU_ASSERT_EQUAL(small_value("-d", 0, LLONG_MAX), -LLONG_MAX);
}

static void failure_leaves_the_result_alone(void)
{
    long long value = 42;
    CU_ASSERT_FALSE(small("1 + (if c = 1 then d + 1 else 7)", 1, LLONG_MAX, &value));
    CU_ASSERT_EQUAL(value, 42);
}

static void connectives_stop_where_they_are_decided(void)
{
    CU_ASSERT_EQUAL(small_value("if c = 1 and d + 1 > 0 then 1 else 2", 0, LLONG_MAX), 2);
    CU_ASSERT_EQUAL(small_value("if c = 0 or d + 1 > 0 then 1 else 2", 0, LLONG_MAX), 1);
    CU_ASSERT_EQUAL(small_value("if c = 1 implies d + 1 > 0 then 1 else 2", 0, LLONG_MAX), 1);
    CU_ASSERT_EQUAL(small_value("if c = 1 implies d < 0 then 1 else 2", 1, 7), 2);
    CU_ASSERT_EQUAL(small_value("if not (c = 1 or d < 0) then 1 else 2", 0, 7), 1);
}

static void if_looks_at_one_branch_only(void)
{
    CU_ASSERT_EQUAL(small_value("if c = 1 then 3 else d + 1", 1, LLONG_MAX), 3);
    CU_ASSERT_EQUAL(small_value("if c != 1 then d + 1 else 4", 1, LLONG_MAX), 4);
}

static void digits_of_a_column_are_found(void)
{
    CU_ASSERT_EQUAL(small_value("10 * a[i] + b[i] + n", 0, 0), 78);
}

static void a_digit_of_another_column_is_refused(void)
{
    static const int column_digits[] = {7, 5, 0};
    Arena *arena = arena_new();
    Spec *spec = sample_with_require(arena, "a[1] = 7");
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    SpecEnv env = {.spec = spec, .column = 1, .column_digits = column_digits};
    long long value = 0;
    CU_ASSERT_TRUE(spec_eval_small(spec->require, &env, &value));
    CU_ASSERT_EQUAL(value, 1);
    env.column = 0;
    CU_ASSERT_FALSE(spec_eval_small(spec->require, &env, &value));
    arena_free(arena);
}

// --- unbounded integers ---

static bool big(const Expr *expr, SpecEnv env, char *ret_decimal, size_t size)
{
    mpz_t value;
    mpz_init_set_si(value, -77);
    bool done = spec_eval_big(expr, &env, value);
    if (!done)
        CU_ASSERT_EQUAL(mpz_cmp_si(value, -77), 0);
    gmp_snprintf(ret_decimal, size, "%Zd", value);
    mpz_clear(value);
    return done;
}

static void whole_numbers_of_64_digits(void)
{
    static const char text[] = "input a, b : number of 63 digits\n"
                               "prompt a b\n"
                               "answer s : number of 64 digits\n"
                               "require s = a + b\n"
                               "algorithm\n"
                               "scan from least significant\n"
                               "state c in 0..1, initially 0\n"
                               "digit s[i] = (a[i] + b[i] + c) mod 10\n"
                               "next c = (a[i] + b[i] + c) div 10\n"
                               "finally s[63] = c\n";
    Arena *arena = arena_new();
    Spec *spec = sample_parse(arena, text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    char decimal[100];
    for (int k = 0; k < 63; k++)
        digits_a[k] = digits_b[k] = 9, digits_s[k] = 9;
    digits_s[0] = 8;
    digits_s[63] = 1;
    SpecEnv env = {.spec = spec, .digits = digits};
    CU_ASSERT_TRUE(big(spec->require, env, decimal, sizeof decimal));
    CU_ASSERT_STRING_EQUAL(decimal, "1");
    CU_ASSERT_TRUE(big(spec->require->a, env, decimal, sizeof decimal));
    CU_ASSERT_STRING_EQUAL(decimal,
                           "1999999999999999999999999999999999999999999999999999999999999998");
    digits_s[40] = 3;
    CU_ASSERT_TRUE(big(spec->require, env, decimal, sizeof decimal));
    CU_ASSERT_STRING_EQUAL(decimal, "0");
    arena_free(arena);
}

static void prefixes_are_made_of_the_digits_below(void)
{
    static const char *const expected[] = {"0", "3", "23", "123"};
    Arena *arena = arena_new();
    Spec *spec = sample_parse(arena, SAMPLE_HEAD SAMPLE_REQUIRE SAMPLE_ALGORITHM
                              "invariant value(a[..i]) + 0 * 10^i >= 0\n" SAMPLE_FINAL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    digits_a[0] = 3, digits_a[1] = 2, digits_a[2] = 1;
    SpecEnv env = {.spec = spec, .digits = digits};
    char decimal[20];
    for (env.column = 0; env.column <= 3; env.column++) {
        CU_ASSERT_TRUE(big(spec->scan.invariant->a, env, decimal, sizeof decimal));
        CU_ASSERT_STRING_EQUAL(decimal, expected[env.column]);
    }
    CU_ASSERT_FALSE(big(spec->scan.invariant->a, env, decimal, sizeof decimal));
    env.column = -1;
    CU_ASSERT_FALSE(big(spec->scan.invariant->a, env, decimal, sizeof decimal));
    arena_free(arena);
}

static void parameters_and_lengths_can_be_replaced(void)
{
    static const long long params[] = {2};
    static const int lengths[] = {2, 2, 3};
    Arena *arena = arena_new();
    Spec *spec = sample_with_require(arena, "a - a + s[n] + 10^n = 0");
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    digits_a[2] = 9, digits_s[2] = 4, digits_s[3] = 5;
    SpecEnv env = {.spec = spec, .digits = digits};
    char decimal[20];
    CU_ASSERT_TRUE(big(spec->require->a, env, decimal, sizeof decimal));
    CU_ASSERT_STRING_EQUAL(decimal, "1005");
    env.params = params;
    env.lengths = lengths;
    CU_ASSERT_TRUE(big(spec->require->a, env, decimal, sizeof decimal));
    CU_ASSERT_STRING_EQUAL(decimal, "104");
    arena_free(arena);
}

static void exponents_and_bases_are_bounded(void)
{
    static const long long params[] = {257}, negative[] = {-1}, two[] = {2};
    Arena *arena = arena_new();
    Spec *spec = sample_with_require(arena, "1^n = (((n-2)^200)^200)^200");
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    SpecEnv env = {.spec = spec, .params = params};
    char decimal[20];
    CU_ASSERT_FALSE(big(spec->require->a, env, decimal, sizeof decimal));
    env.params = negative;
    CU_ASSERT_FALSE(big(spec->require->a, env, decimal, sizeof decimal));
    CU_ASSERT_FALSE(big(spec->require->b, env, decimal, sizeof decimal));
    env.params = two;
    CU_ASSERT_TRUE(big(spec->require->b, env, decimal, sizeof decimal));
    CU_ASSERT_STRING_EQUAL(decimal, "0");
    arena_free(arena);
}

// --- both ---

// A random expression of the rule of a state; the depth bounds it.
static char *random_expr(Arena *arena, Rng *rng, int depth)
{
    static const char *const leaves[] = {"a[i]", "b[i]", "c", "d", "n", "0", "3", "-12"};
    static const char *const operators[] = {"+", "-", "*"};
    static const char *const relations[] = {"=", "!=", "<", "<=", ">", ">="};
    if (depth == 0)
        return arena_strdup(arena, leaves[rng_below(rng, 8)]);
    char *x = random_expr(arena, rng, depth - 1), *y = random_expr(arena, rng, depth - 1);
    switch (rng_below(rng, 4)) {
    case 0:
        return arena_printf(arena, "(%s div %u)", x, 1 + rng_below(rng, 12));
    case 1:
        return arena_printf(arena, "(%s mod %u)", x, 1 + rng_below(rng, 12));
    case 2:
        return arena_printf(arena, "(if %s %s %s then %s else -%s)", x,
                            relations[rng_below(rng, 6)], y, x, y);
    default:
        return arena_printf(arena, "(%s %s %s)", x, operators[rng_below(rng, 3)], y);
    }
}

static void compare_evaluators(Rng *rng)
{
    const int column_digits[] = {(int)rng_below(rng, 10), (int)rng_below(rng, 10), 0};
    const int *const all[] = {&column_digits[0], &column_digits[1], &column_digits[2]};
    const long long states[] = {rng_below(rng, 2), (long long)rng_below(rng, 64) - 3};
    Arena *arena = arena_new();
    Spec *spec = sample_with_next(arena, random_expr(arena, rng, 1 + (int)rng_below(rng, 4)));
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    const Expr *expr = spec->scan.states[1].next;
    SpecEnv env = {.spec = spec, .states = states, .column_digits = column_digits};
    SpecEnv env_big = {.spec = spec, .states = states, .digits = all};
    long long value = 0;
    char decimal[64] = "", expected[64];
    CU_ASSERT_TRUE(big(expr, env_big, decimal, sizeof decimal));
    if (spec_eval_small(expr, &env, &value)) {
        snprintf(expected, sizeof expected, "%lld", value);
        CU_ASSERT_STRING_EQUAL(decimal, expected);
    }
    arena_free(arena);
}

static void small_and_big_agree(void)
{
    Rng rng = rng_new(3, 0);
    for (int round = 0; round < 3000; round++)
        compare_evaluators(&rng);
}

// The definition of the digits and the carry, said in another way.
static void the_sum_rules_of_addition(void)
{
    Arena *arena = arena_new();
    Spec *spec = sample_parse(arena, SAMPLE_HEAD SAMPLE_REQUIRE SAMPLE_ALGORITHM SAMPLE_FINAL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    for (int k = 0; k < 200; k++) {
        const int column_digits[] = {k / 2 % 10, k / 20, 0};
        const long long states[] = {k % 2, 0};
        const int sum = column_digits[0] + column_digits[1] + k % 2;
        SpecEnv env = {.spec = spec, .states = states, .column_digits = column_digits};
        long long digit = -1, carry = -1;
        CU_ASSERT_TRUE(spec_eval_small(spec->scan.digits[0].rule, &env, &digit));
        CU_ASSERT_TRUE(spec_eval_small(spec->scan.states[0].next, &env, &carry));
        CU_ASSERT_EQUAL(digit, sum >= 10 ? sum - 10 : sum);
        CU_ASSERT_EQUAL(carry, sum >= 10);
    }
    arena_free(arena);
}

RUN_TESTS("spec/eval", TESTS)
