// Radii and roundings of the checker's arithmetic: with every operand at an end of its interval, the exact result lies
// within what is said of it, and bounds are not below the exact ones by a single unit.
#include "fixed.h"
#include "matrix.h"

#include <stdlib.h>

#include "child.h"
#include "draws.h"
#include "reject.h"

#define TESTS(X)                                                                                   \
    X(limits_hold_on_both_sides)                                                                   \
    X(roundings_go_their_way)                                                                      \
    X(sums_of_sizes_have_limits)                                                                   \
    X(dot_products_stay_within)                                                                    \
    X(rows_of_a_matrix_have_a_limit)                                                               \
    X(norms_are_of_the_longest_row)                                                                \
    X(parts_are_known_as_well_as_the_whole)                                                        \
    X(products_stay_within)                                                                        \
    X(applications_stay_within)                                                                    \
    X(bounds_are_not_too_small)

enum { IN = 5, OUT = 4, ROUNDS = 200 };

static void want_within(const void *x)
{
    fixed_within(*(const Wide *)x);
}

static void want_radius(const void *x)
{
    fixed_radius(*(const Wide *)x);
}

static void limits_hold_on_both_sides(void)
{
    const Wide limit = FIXED_LIMIT, radius = FIXED_RADIUS_LIMIT;
    for (int i = 0; i < 2; i++) {
        Wide x = limit + i, minus = -x, rad = radius + i;
        int code = i ? EXIT_REJECTED : 0;
        CU_ASSERT_EQUAL(exit_code_of(want_within, &x), code);
        CU_ASSERT_EQUAL(exit_code_of(want_within, &minus), code);
        CU_ASSERT_EQUAL(exit_code_of(want_radius, &rad), code);
    }
}

// So many of the greatest numbers, times others.
typedef struct Sizes {
    int n;
    int64_t x, y;
} Sizes;

enum { LONGEST = 2049 };

static void want_sizes(const void *context, bool bound)
{
    static int64_t x[LONGEST], y[LONGEST];
    const Sizes *sizes = context;
    for (int i = 0; i < sizes->n; i++) {
        x[i] = sizes->x;
        y[i] = sizes->y;
    }
    if (bound)
        fixed_dot_up(x, y, sizes->n);
    else
        fixed_dot(x, 0, y, 0, sizes->n);
}

static void want_dot(const void *sizes)
{
    want_sizes(sizes, false);
}

static void want_dot_up(const void *sizes)
{
    want_sizes(sizes, true);
}

static void sums_of_sizes_have_limits(void)
{
    const int64_t most = FIXED_LIMIT, half = INT64_C(1) << 62;
    CU_ASSERT_EQUAL(exit_code_of(want_dot, &(Sizes){LONGEST - 1, most, 0}), 0);
    CU_ASSERT_EQUAL(exit_code_of(want_dot, &(Sizes){LONGEST, most, 0}), EXIT_REJECTED);
    CU_ASSERT_EQUAL(exit_code_of(want_dot, &(Sizes){LONGEST, -most, 0}), EXIT_REJECTED);
    CU_ASSERT_EQUAL(exit_code_of(want_dot, &(Sizes){2, 0, half}), 0);
    CU_ASSERT_EQUAL(exit_code_of(want_dot, &(Sizes){3, 0, most}), EXIT_REJECTED);
    CU_ASSERT_EQUAL(exit_code_of(want_dot, &(Sizes){3, 0, -most}), EXIT_REJECTED);
    CU_ASSERT_EQUAL(exit_code_of(want_dot_up, &(Sizes){LONGEST, most, 1}), 0);
    CU_ASSERT_EQUAL(exit_code_of(want_dot_up, &(Sizes){LONGEST, most, most}), EXIT_REJECTED);
}

static void roundings_go_their_way(void)
{
    const Wide half = FIXED_ONE >> 1;
    CU_ASSERT(wide_up(1) == 1 && wide_up(FIXED_ONE) == 1 && wide_up(FIXED_ONE + 1) == 2);
    CU_ASSERT(wide_up(-1) == 0 && wide_up(-FIXED_ONE - 1) == -1);
    CU_ASSERT(wide_down(1) == 0 && wide_down(-1) == -1 && wide_down(FIXED_ONE) == 1);
    CU_ASSERT(wide_near(half) == 1 && wide_near(half - 1) == 0 && wide_near(-half - 1) == -1);
    CU_ASSERT(fixed_mul_up(1, 1) == 1 && fixed_mul_up(FIXED_ONE, 3) == 3);
    int64_t one = 1, three[] = {FIXED_ONE, FIXED_ONE, 1}, ones[] = {1, 1, 1};
    CU_ASSERT_EQUAL(fixed_dot_up(&one, &one, 1), 1);
    CU_ASSERT_EQUAL(fixed_dot_up(three, ones, 3), 3);
    CU_ASSERT_EQUAL(fixed_ulp_up(1), 1);
    CU_ASSERT_EQUAL(fixed_ulp_up(1 << 24), 1);
    CU_ASSERT_EQUAL(fixed_gamma_up((1 << 24) - 3, 3), 3);
    CU_ASSERT_EQUAL(fixed_gamma_up((1 << 24) - 2, 3), 4);
}

static Wide wide_abs(Wide x)
{
    return x < 0 ? -x : x;
}

static bool within(Wide exact, int64_t mid, int64_t rad)
{
    return wide_abs(exact - (Wide)mid * FIXED_ONE) <= (Wide)rad * FIXED_ONE;
}

static void dot_products_stay_within(void)
{
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t x[IN], y[IN], rx = llabs(some(30)), ry = llabs(some(30));
        Wide exact = 0;
        int bits = 20 + rand() % 40; // the product of the radii may be most of it
        for (int i = 0; i < IN; i++)
            x[i] = llabs(some(bits > 45 ? 45 : bits)), y[i] = llabs(some(bits > 45 ? 45 : bits));
        for (int i = 0; i < IN; i++)
            exact += (Wide)(x[i] + rx) * (y[i] + ry);
        Ball ball = fixed_dot(x, rx, y, ry, IN);
        CU_ASSERT(within(exact, ball.mid, ball.rad));
    }
    // Nothing but what radii give each other, and nothing but rounding.
    int64_t zero[IN] = {0}, x[1] = {1}, y[1] = {FIXED_ONE >> 1};
    int64_t rad = INT64_C(1) << 36;
    CU_ASSERT(fixed_dot(zero, rad, zero, rad, IN).rad >= (int64_t)wide_up((Wide)IN * rad * rad));
    Ball half = fixed_dot(x, 0, y, 0, 1);
    CU_ASSERT(within((Wide)x[0] * y[0], half.mid, half.rad));
}

// A row of two numbers, each within one unit or not.
static void want_row(const void *context)
{
    const Ball *number = context;
    int64_t a[2] = {number->mid, number->mid};
    matrix_of(a, number->rad, 2, 1);
}

static void rows_of_a_matrix_have_a_limit(void)
{
    const int64_t most = INT64_C(1) << 61;
    CU_ASSERT_EQUAL(exit_code_of(want_row, &(Ball){most, 0}), 0);
    CU_ASSERT_EQUAL(exit_code_of(want_row, &(Ball){-most, 0}), 0);
    CU_ASSERT_EQUAL(exit_code_of(want_row, &(Ball){most + 1, 0}), EXIT_REJECTED);
    CU_ASSERT_EQUAL(exit_code_of(want_row, &(Ball){-most - 1, 0}), EXIT_REJECTED);
    CU_ASSERT_EQUAL(exit_code_of(want_row, &(Ball){most, 1}), EXIT_REJECTED);
}

static void norms_are_of_the_longest_row(void)
{
    int64_t a[] = {5, -7, 1, 1, -20, 3, 2, 2};
    Matrix m = matrix_of(a, 2, 2, 4);
    CU_ASSERT_EQUAL(m.norm, 27);
}

static void parts_are_known_as_well_as_the_whole(void)
{
    int64_t a[] = {1, 2, 3, 4, 5, 6};
    Matrix m = matrix_of(a, 7, 3, 2), below = matrix_outputs(&m, 1, 1),
           right = matrix_inputs(&m, 1, 2);
    CU_ASSERT(below.in == 3 && below.out == 1 && below.a[0] == 4);
    CU_ASSERT(right.in == 2 && right.out == 2 && right.a[right.stride] == 5);
    CU_ASSERT(below.rad == 7 && below.norm >= 4 + 5 + 6 + 3 * 7);
    CU_ASSERT(right.rad == 7 && right.norm >= 5 + 6 + 2 * 7);
}

static void fill(int64_t *a, int n, int bits)
{
    for (int i = 0; i < n; i++)
        a[i] = llabs(some(bits));
}

static void products_stay_within(void)
{
    srand(2);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t a[IN * OUT], b[OUT * IN], ra = rand() % 3 ? llabs(some(32)) : 0,
                                          rb = rand() % 3 ? llabs(some(32)) : 0;
        fill(a, IN * OUT, 40);
        fill(b, OUT * IN, 40);
        Matrix m = matrix_of(a, ra, IN, OUT), n = matrix_of(b, rb, OUT, IN);
        Matrix p = matrix_product(&m, &n);
        int bad = 0;
        for (int o = 0; o < IN; o++)
            for (int i = 0; i < IN; i++) {
                Wide exact = 0; // all sizes as large as they may be
                for (int k = 0; k < OUT; k++)
                    exact += (Wide)(a[k * IN + i] + ra) * (b[o * OUT + k] + rb);
                bad += !within(exact, p.a[o * IN + i], p.rad);
            }
        CU_ASSERT_EQUAL(bad, 0);
    }
}

static void applications_stay_within(void)
{
    srand(3);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t a[IN * OUT], x[IN], bias[OUT], y[OUT];
        int64_t ra = rand() % 3 ? llabs(some(30)) : 0, rx = rand() % 3 ? llabs(some(30)) : 0;
        int64_t rb = rand() % 3 ? llabs(some(30)) : 0;
        fill(a, IN * OUT, 45);
        fill(x, IN, 45);
        fill(bias, OUT, 45);
        Matrix m = matrix_of(a, ra, IN, OUT);
        int64_t rad = matrix_apply(&m, x, rx, bias, rb, y);
        for (int o = 0; o < OUT; o++) {
            Wide exact = (Wide)end_of(bias[o], rb) * FIXED_ONE;
            bool up = exact > (Wide)bias[o] * FIXED_ONE;
            for (int i = 0; i < IN; i++)
                exact += (Wide)(up ? x[i] + rx : x[i] - rx) *
                         (up ? a[o * IN + i] + ra : a[o * IN + i] - ra);
            CU_ASSERT(within(exact, y[o], rad));
        }
    }
    // Only a bias, which is known least.
    int64_t zero[1] = {0}, bias[1] = {0}, y[1];
    Matrix m = matrix_of(zero, 0, 1, 1);
    CU_ASSERT(matrix_apply(&m, zero, 0, bias, 1 << 20, y) >= 1 << 20);
    // Weights that are known least, and a number with a sign.
    int64_t one[1] = {FIXED_ONE}, minus[1] = {-FIXED_ONE};
    m = matrix_of(one, 1 << 20, 1, 1);
    CU_ASSERT(matrix_apply(&m, minus, 0, zero, 0, y) >= 1 << 20);
}

static void bounds_are_not_too_small(void)
{
    srand(4);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t a[IN * OUT], e[IN], bias[OUT], y[OUT], rounding[OUT];
        int64_t ra = rand() % 2 ? llabs(some(rand() % 40)) : 0,
                rb = rand() % 2 ? llabs(some(40)) : 0;
        int k = 1 + rand() % 100;
        for (int i = 0; i < IN * OUT; i++)
            a[i] = some(rand() % 50);
        for (int i = 0; i < OUT; i++)
            bias[i] = some(45);
        fill(e, IN, rand() % 50);
        Matrix m = matrix_of(a, ra, IN, OUT);
        matrix_apply_up(&m, e, y);
        matrix_rounding_up(&m, bias, rb, e, k, rounding);
        for (int o = 0; o < OUT; o++) {
            Wide exact = 0;
            for (int i = 0; i < IN; i++)
                exact += (Wide)e[i] * (fixed_abs(a[o * IN + i]) + ra);
            CU_ASSERT((Wide)y[o] * FIXED_ONE >= exact);
            CU_ASSERT((Wide)y[o] * FIXED_ONE < exact + FIXED_ONE);
            Wide sum = wide_up(exact) + fixed_abs(bias[o]) + rb;
            CU_ASSERT((Wide)(rounding[o] - FIXED_GRAIN) * ((1 << 24) - k) >= sum * k);
        }
    }
}

RUN_TESTS("check/radii", TESTS)
