// The checker's numbers against MPFR, GMP and the C library.
#include "decimal.h"
#include "exponential.h"
#include "json_reader.h"
#include "matrix.h"
#include "weights.h"

#include <math.h>
#include <mpfr.h>
#include <string.h>

#include "child.h"
#include "pool.h"

#define TESTS(X)                                                                                   \
    X(exponentials_are_within_their_error)                                                         \
    X(decimals_round_as_the_c_library_does)                                                        \
    X(what_is_no_decimal_is_refused)                                                               \
    X(stored_numbers_become_the_nearest_fixed_ones)                                                \
    X(dots_enclose_every_choice_within_the_radii)                                                  \
    X(sums_may_be_larger_than_what_the_factor_leaves)                                              \
    X(products_of_matrices_enclose_the_exact_ones)                                                 \
    X(gammas_are_rounded_up)                                                                       \
    X(strings_of_json)                                                                             \
    X(numbers_of_json)

static uint64_t seed = 1;

static uint64_t next_random(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return seed ^ seed >> 31;
}

static int64_t random_below(int64_t size)
{
    return (int64_t)(next_random() % (uint64_t)(2 * size)) - size;
}

// ---- exponential --------------------------------------------------------------------------------

static void check_exponential(int64_t y)
{
    int shift;
    uint64_t e = exponential(y, &shift);
    mpfr_t exact, mine;
    mpfr_init2(exact, 200);
    mpfr_init2(mine, 200);
    mpfr_set_sj(exact, -y, MPFR_RNDN);
    mpfr_div_2ui(exact, exact, FIXED_BITS, MPFR_RNDN);
    mpfr_exp(exact, exact, MPFR_RNDN);
    mpfr_mul_2si(exact, exact, EXPONENTIAL_BITS + shift, MPFR_RNDN);
    mpfr_set_uj(mine, e, MPFR_RNDN);
    mpfr_sub(exact, exact, mine, MPFR_RNDN);
    CU_ASSERT(mpfr_cmpabs_ui(exact, EXPONENTIAL_ERROR) <= 0);
    CU_ASSERT(e >= UINT64_C(1) << 60 && e <= UINT64_C(1) << EXPONENTIAL_BITS);
    mpfr_clears(exact, mine, (mpfr_ptr)0);
}

static void exponentials_are_within_their_error(void)
{
    exponential_begin();
    check_exponential(INT64_MAX);
    for (int64_t i = 0; i < 3000; i++) {
        check_exponential(i);
        check_exponential(i * (FIXED_ONE / 64));
        check_exponential(i * (FIXED_ONE / 64) + 1);
        check_exponential(i * 780421178129143); // multiples of ln 2
        check_exponential(i * 780421178129143 + (int64_t)(next_random() % 3));
        check_exponential((int64_t)(next_random() >> 1 >> next_random() % 40));
    }
    mpfr_free_cache();
}

// ---- binary32 -----------------------------------------------------------------------------------

static void check_decimal(const char *text)
{
    uint32_t mine = 0, theirs;
    float x = strtof(text, NULL);
    memcpy(&theirs, &x, sizeof x);
    bool good = x > 0 && x <= 3.4028235e38f;
    CU_ASSERT_EQUAL(decimal_to_binary32(text, &mine), good);
    if (good)
        CU_ASSERT_EQUAL(mine, theirs);
}

static void decimals_round_as_the_c_library_does(void)
{
    static const char *const texts[] = {"0",
                                        "1",
                                        "0.25",
                                        "0.353553385",
                                        "0.1",
                                        "16777217",
                                        "16777219",
                                        "16777216.999999999",
                                        "1e-45",
                                        "7e-46",
                                        "7.1e-46",
                                        "1.1754944e-38",
                                        "1.17549429e-38",
                                        "3.4028235e38",
                                        "3.40282357e+38",
                                        "1e39",
                                        "1e999",
                                        "1e-999",
                                        "0.000000000000000000000000001",
                                        "123456789012345678901234567890",
                                        "8388608.5",
                                        "8388609.5",
                                        "1.00000005960464477539062",
                                        "1.000000059604644775390625",
                                        "00.5"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_decimal(texts[i]);
    for (int i = 0; i < 20000; i++) {
        char text[40];
        uint32_t bits = (uint32_t)next_random() & 0x7fffffff;
        float x;
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x))
            continue;
        snprintf(text, sizeof text, i % 2 ? "%.9g" : "%.7g", (double)x);
        check_decimal(text);
    }
}

static void what_is_no_decimal_is_refused(void)
{
    static const char *const texts[] = {
        "",    "-1",  "+1",    ".5",  "1.",     "1e",
        "1e+", "e5",  "0x1",   "inf", "nan",    " 1",
        "1 ",  "1,5", "1e1.5", "--",  "1e1000", "11111111111111111111111111111111111111111"};
    uint32_t bits;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CU_ASSERT(!decimal_to_binary32(texts[i], &bits));
}

static void check_binary32(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    int64_t fixed = 0;
    bool inexact = false;
    if (!isfinite(x) || fabsf(x) >= 512) {
        CU_ASSERT(!binary32_to_fixed(bits, &fixed, &inexact));
        return;
    }
    CU_ASSERT(binary32_to_fixed(bits, &fixed, &inexact));
    double scaled = ldexp((double)x, FIXED_BITS); // exact
    CU_ASSERT(fabs(scaled - (double)fixed) <= 0.5);
    CU_ASSERT_EQUAL(inexact, scaled != (double)fixed);
}

static void stored_numbers_become_the_nearest_fixed_ones(void)
{
    for (uint32_t exponent = 0; exponent < 256; exponent++)
        for (uint32_t sign = 0; sign < 2; sign++)
            for (int i = 0; i < 40; i++) {
                static const uint32_t mantissas[] = {0,        1,        2,        3,
                                                     0x400000, 0x400001, 0x7fffff, 0x7ffffe};
                uint32_t m = i < 8 ? mantissas[i] : (uint32_t)next_random() & 0x7fffff;
                check_binary32(sign << 31 | exponent << 23 | m);
            }
}

// ---- sums of products ---------------------------------------------------------------------------

enum { LENGTH = 20 };

static bool dot_contains(Ball ball, const mpz_t exact)
{
    mpz_t off, rad;
    mpz_inits(off, rad, NULL);
    mpz_set_si(off, ball.mid);
    mpz_mul_2exp(off, off, FIXED_BITS);
    mpz_sub(off, off, exact);
    mpz_set_si(rad, ball.rad);
    mpz_mul_2exp(rad, rad, FIXED_BITS);
    bool inside = mpz_cmpabs(off, rad) <= 0;
    mpz_clears(off, rad, NULL);
    return inside;
}

static void dots_enclose_every_choice_within_the_radii(void)
{
    mpz_t exact, a, b;
    mpz_inits(exact, a, b, NULL);
    for (int round = 0; round < 2000; round++) {
        int64_t x[LENGTH], y[LENGTH], rx = round % 3 ? 0 : 1000, ry = round % 5 ? 17 : 0;
        for (int i = 0; i < LENGTH; i++) {
            x[i] = random_below(FIXED_ONE << round % 8);
            y[i] = random_below(FIXED_ONE >> round % 7);
        }
        Ball ball = fixed_dot(x, rx, y, ry, LENGTH);
        mpz_set_ui(exact, 0);
        for (int i = 0; i < LENGTH; i++) { // the corner that is farthest up
            mpz_set_si(a, x[i] + (y[i] < 0 ? -rx : rx));
            mpz_set_si(b, y[i] + (x[i] < 0 ? -ry : ry));
            mpz_addmul(exact, a, b);
        }
        CU_ASSERT(dot_contains(ball, exact));
        int64_t factor = FIXED_ONE / (1 + round % 9) + round;
        ball = fixed_dot_times(factor, x, rx, y, ry, LENGTH);
        mpz_mul_si(exact, exact, factor);
        mpz_fdiv_q_2exp(a, exact, FIXED_BITS);
        mpz_cdiv_q_2exp(b, exact, FIXED_BITS);
        CU_ASSERT(dot_contains(ball, a) && dot_contains(ball, b));
    }
    mpz_clears(exact, a, b, NULL);
}

static void ask_times(const void *size)
{
    int64_t x = *(const int64_t *)size, y = 128 * FIXED_ONE;
    Ball ball = fixed_dot_times(FIXED_ONE / 8, &x, 0, &y, 0, 1);
    CU_ASSERT_EQUAL(ball.mid, 16 * x);
    CU_ASSERT(ball.rad <= 2);
}

// Up to 2^14, of which the factor leaves 2^11.
static void sums_may_be_larger_than_what_the_factor_leaves(void)
{
    const int64_t sizes[] = {128 * FIXED_ONE - 1, 128 * FIXED_ONE + (1 << 10), 1};
    for (int sign = -1; sign <= 1; sign += 2)
        for (int i = 0; i < 3; i++) {
            int64_t x = sign * sizes[i];
            CU_ASSERT_EQUAL(exit_code_of(ask_times, &x), i == 1 ? EXIT_REJECTED : 0);
            if (i != 1)
                ask_times(&x);
        }
}

static void products_of_matrices_enclose_the_exact_ones(void)
{
    int64_t a[6 * 4], b[5 * 6], x[4], y[5];
    mpz_t exact, inner, term;
    mpz_inits(exact, inner, term, NULL);
    for (int round = 0; round < 300; round++) {
        for (int i = 0; i < 24; i++)
            a[i] = random_below(FIXED_ONE);
        for (int i = 0; i < 30; i++)
            b[i] = random_below(FIXED_ONE);
        for (int i = 0; i < 4; i++)
            x[i] = random_below(8 * FIXED_ONE);
        Matrix m = matrix_of(a, 0, 4, 6), n = matrix_of(b, 0, 6, 5),
               product = matrix_product(&m, &n);
        int64_t rad = matrix_apply(&product, x, 0, NULL, 0, y);
        for (int o = 0; o < 5; o++) {
            mpz_set_ui(exact, 0);
            for (int k = 0; k < 6; k++) {
                mpz_set_ui(inner, 0);
                for (int i = 0; i < 4; i++) {
                    mpz_set_si(term, x[i]);
                    mpz_mul_si(term, term, a[k * 4 + i]);
                    mpz_add(inner, inner, term);
                }
                mpz_mul_si(inner, inner, b[o * 6 + k]);
                mpz_add(exact, exact, inner);
            }
            mpz_set_si(term, y[o]);
            mpz_mul_2exp(term, term, 2 * FIXED_BITS);
            mpz_sub(exact, exact, term);
            mpz_set_si(term, rad);
            mpz_mul_2exp(term, term, 2 * FIXED_BITS);
            CU_ASSERT(mpz_cmpabs(exact, term) <= 0);
        }
        Matrix back = matrix_transpose(&m), again = matrix_transpose(&back);
        CU_ASSERT_EQUAL(memcmp(again.a, a, sizeof a), 0);
        pool_release(NULL);
    }
    mpz_clears(exact, inner, term, NULL);
}

static void gammas_are_rounded_up(void)
{
    for (int i = 0; i < 1000; i++) {
        int64_t x = (int64_t)(next_random() >> 4);
        int k = 1 + (int)(next_random() % 5000);
        Wide gamma = fixed_gamma_up(x, k), rest = (1 << 24) - k;
        CU_ASSERT(gamma * rest >= (Wide)x * k);
        CU_ASSERT((gamma - 1) * rest < (Wide)x * k);
    }
    CU_ASSERT_EQUAL(fixed_ulp_up(1), 1);
    CU_ASSERT_EQUAL(fixed_ulp_up(1 << 24), 1);
    CU_ASSERT_EQUAL(fixed_ulp_up((1 << 24) + 1), 2);
}

// ---- json ---------------------------------------------------------------------------------------

static void read_string(const void *text)
{
    JsonReader json = {{"json", 0}, text, (const char *)text + strlen(text)};
    json_string(&json);
    json_end(&json);
}

static void strings_of_json(void)
{
    static const char *const bad[] = {"",
                                      "\"",
                                      "\"a",
                                      "a\"",
                                      "\"\\x\"",
                                      "\"\\u12\"",
                                      "\"\\u12g4\"",
                                      "\"\\\"",
                                      "\"\\ud800\"",
                                      "\"\\udc00\"",
                                      "\"\\ud800\\u0041\"",
                                      "\"\\ud800\\ue000\"",
                                      "\"\\ud800\\udbff\"",
                                      "\"\\udc00\\udc00\"",
                                      "\"\\x0041\"",
                                      "\"\\u0000\"",
                                      "\"a\nb\"",
                                      "\"a\" b"};
    const char *text = " \"\\u0041\\n\\u00e9\\u20ac\\ud83d\\ude00\\\"\\\\x\" ";
    JsonReader json = {{"json", 0}, text, text + strlen(text)};
    CU_ASSERT_STRING_EQUAL(json_string(&json), "A\n\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"\\x");
    json_end(&json);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT_EQUAL(exit_code_of(read_string, bad[i]), EXIT_MALFORMED);
    pool_release(NULL);
}

static void read_number(const void *text)
{
    JsonReader json = {{"json", 0}, text, (const char *)text + strlen(text)};
    json_number(&json);
    json_end(&json);
}

static void numbers_of_json(void)
{
    static const char *const good[] = {"0", "7", "10 ", "123456789012345"},
                             *const bad[] = {"",   "-1",  "+1",  "00",   "01", "007",
                                             "1x", "1.5", "1 2", "0x10", "a"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        JsonReader json = {{"json", 0}, good[i], good[i] + strlen(good[i])};
        CU_ASSERT_EQUAL(json_number(&json), strtoll(good[i], NULL, 10));
        CU_ASSERT_EQUAL(exit_code_of(read_number, good[i]), 0);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT_EQUAL(exit_code_of(read_number, bad[i]), EXIT_MALFORMED);
}

RUN_TESTS("check/numbers", TESTS)
