#include "fix.h"

#include <gmp.h>
#include <math.h>
#include <string.h>

#include "harness.h"
#include "rng.h"

#define TESTS(X)                                                                                   \
    X(stored_numbers_become_the_nearest_fix)                                                       \
    X(stored_numbers_of_every_exponent)                                                            \
    X(stored_numbers_at_random)                                                                    \
    X(what_is_not_below_2_to_the_9_is_refused)                                                     \
    X(dots_are_exact_up_to_their_limits)                                                           \
    X(rounding_goes_to_the_nearest)                                                                \
    X(rounding_refuses_what_exceeds_its_limit)                                                     \
    X(ceilings_are_ceilings)                                                                       \
    X(radii_of_dots_are_rounded_up)                                                                \
    X(radii_of_dots_saturate)                                                                      \
    X(sums_and_maxima_of_absolute_values)                                                          \
    X(seals_measure_the_longest_row)                                                               \
    X(seals_refuse_what_exceeds_their_limits)                                                      \
    X(products_hold_every_choice_within_the_radii)                                                 \
    X(products_of_large_matrices_hold_them_too)                                                    \
    X(products_know_how_few_entries_are_inexact)                                                   \
    X(products_refuse_what_exceeds_their_limits)

// ---- exact numbers ------------------------------------------------------------------------------

static void set_wide(mpz_t z, Wide x)
{
    UWide size = x < 0 ? -(UWide)x : (UWide)x;
    mpz_set_ui(z, (unsigned long)(size >> 64));
    mpz_mul_2exp(z, z, 64);
    mpz_add_ui(z, z, (unsigned long)(uint64_t)size);
    if (x < 0)
        mpz_neg(z, z);
}

static bool wide_is(Wide x, const mpz_t z)
{
    mpz_t y;
    mpz_init(y);
    set_wide(y, x);
    bool same = mpz_cmp(y, z) == 0;
    mpz_clear(y);
    return same;
}

static float from_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

// ---- Lemma N1 -----------------------------------------------------------------------------------

// The conversion of one bit pattern is what the contract says.
static bool converts(uint32_t bits)
{
    float x = from_bits(bits);
    Fix fix = 12345;
    bool exact = false;
    if (!isfinite(x) || fabsf(x) >= 512.0f)
        return !fix_from_float(x, &fix, &exact);
    if (!fix_from_float(x, &fix, &exact))
        return false;
    mpq_t off, half;
    mpq_inits(off, half, NULL);
    mpq_set_d(off, (double)x);
    mpq_mul_2exp(off, off, FIX_BITS);
    mpq_set_si(half, fix, 1);
    mpq_sub(off, off, half);
    mpq_abs(off, off);
    mpq_set_ui(half, 1, 2);
    bool right = mpq_cmp(off, half) <= 0 && exact == (mpq_sgn(off) == 0);
    mpq_clears(off, half, NULL);
    return right;
}

static void stored_numbers_become_the_nearest_fix(void)
{
    static const struct {
        float x;
        Fix fix;
        bool exact;
    } rows[] = {
        {0.0f, 0, true},
        {-0.0f, 0, true},
        {1.0f, FIX_ONE, true},
        {-1.0f, -FIX_ONE, true},
        {0.75f, FIX_ONE / 4 * 3, true},
        {0x1p-50f, 1, true},
        {0x1.8p-50f, 2, false},
        {-0x1.8p-50f, -2, false},
        {0x1p-51f, 1, false},
        {0x1.fffffep-52f, 0, false},
        {0x1p-126f, 0, false},
        {0x1p-149f, 0, false},
        {-0x1p-149f, 0, false},
        {0x1.fffffep8f, ((Fix)0xffffff << 35), true},
        {-0x1.fffffep8f, -((Fix)0xffffff << 35), true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Fix fix;
        bool exact;
        CU_ASSERT_TRUE_FATAL(fix_from_float(rows[i].x, &fix, &exact));
        CU_ASSERT_EQUAL(fix, rows[i].fix);
        CU_ASSERT_EQUAL(exact, rows[i].exact);
    }
}

static void stored_numbers_of_every_exponent(void)
{
    static const uint32_t mantissas[] = {0,        1,        2,        3,        0x3fffff,
                                         0x400000, 0x400001, 0x7ffffe, 0x7fffff, 0x555555};
    int wrong = 0;
    for (uint32_t high = 0; high < 512; high++)
        for (size_t i = 0; i < sizeof mantissas / sizeof *mantissas; i++)
            wrong += !converts(high << 23 | mantissas[i]);
    CU_ASSERT_EQUAL(wrong, 0);
}

static void stored_numbers_at_random(void)
{
    Rng rng = rng_new(1, 0);
    int wrong = 0;
    for (int i = 0; i < 200000; i++)
        wrong += !converts((uint32_t)rng_next(&rng));
    for (int i = 0; i < 200000; i++) // exponents at which bits are lost
        wrong += !converts((uint32_t)((72 + rng_below(&rng, 32)) << 23) |
                           (uint32_t)(rng_next(&rng) & 0x807fffff));
    CU_ASSERT_EQUAL(wrong, 0);
}

static void what_is_not_below_2_to_the_9_is_refused(void)
{
    static const float large[] = {512.0f, -512.0f,  1024.0f,   3e38f,
                                  -3e38f, INFINITY, -INFINITY, NAN};
    Fix fix = 7;
    bool exact;
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        CU_ASSERT_FALSE(fix_from_float(large[i], &fix, &exact));
    CU_ASSERT_EQUAL(fix, 7);
}

// ---- integers -----------------------------------------------------------------------------------

static void dots_are_exact_up_to_their_limits(void)
{
    enum { N = 64 };
    Fix a[N], b[N];
    Rng rng = rng_new(2, 0);
    mpz_t sum, x, y;
    mpz_inits(sum, x, y, NULL);
    for (int round = 0; round < 200; round++) {
        mpz_set_ui(sum, 0);
        for (int i = 0; i < N; i++) { // the sum of |a[i]| reaches 2^66, |b[i]| reaches 2^60
            int bits = round < 3 ? 0 : (int)rng_below(&rng, 60);
            a[i] = FIX_MAX >> bits;
            b[i] = round == 1 || (round > 2 && rng_below(&rng, 2)) ? -FIX_MAX : FIX_MAX;
            mpz_set_si(x, a[i]);
            mpz_set_si(y, b[i]);
            mpz_addmul(sum, x, y);
        }
        CU_ASSERT_TRUE(wide_is(fix_dot(a, b, N), sum));
        CU_ASSERT_TRUE(wide_is(fix_dot(b, a, N), sum));
    }
    mpz_clears(sum, x, y, NULL);
    CU_ASSERT_TRUE(fix_dot(a, b, 0) == 0);
}

static void rounding_goes_to_the_nearest(void)
{
    Rng rng = rng_new(3, 0);
    for (int i = 0; i < 20000; i++) {
        int shift = (int)rng_below(&rng, 60);
        Wide x = (Wide)(int64_t)rng_next(&rng) * ((Wide)1 << shift >> 14);
        Fix y;
        if (!fix_round(x, &y))
            continue;
        Wide off = x - (Wide)y * FIX_ONE;
        CU_ASSERT_TRUE(off <= FIX_ONE / 2 && off >= -FIX_ONE / 2);
    }
}

static void rounding_refuses_what_exceeds_its_limit(void)
{
    Wide most = (Wide)FIX_MAX * FIX_ONE;
    Fix y = 7;
    CU_ASSERT_TRUE(fix_round(most, &y) && y == FIX_MAX);
    CU_ASSERT_TRUE(fix_round(-most, &y) && y == -FIX_MAX);
    CU_ASSERT_TRUE(fix_round(most + FIX_ONE / 2 - 1, &y) && y == FIX_MAX);
    CU_ASSERT_FALSE(fix_round(most + FIX_ONE / 2, &y));
    CU_ASSERT_FALSE(fix_round(-most - FIX_ONE / 2 - 1, &y));
    CU_ASSERT_FALSE(fix_round((Wide)1 << 126, &y));
    CU_ASSERT_FALSE(fix_round(-((Wide)1 << 126), &y));
    CU_ASSERT_EQUAL(y, FIX_MAX);
}

static void ceilings_are_ceilings(void)
{
    CU_ASSERT_TRUE(fix_ceil(0) == 0);
    CU_ASSERT_TRUE(fix_ceil(1) == 1);
    CU_ASSERT_TRUE(fix_ceil(-1) == 0);
    CU_ASSERT_TRUE(fix_ceil(FIX_ONE) == 1);
    CU_ASSERT_TRUE(fix_ceil(FIX_ONE + 1) == 2);
    CU_ASSERT_TRUE(fix_ceil(-FIX_ONE) == -1);
    CU_ASSERT_TRUE(fix_ceil(-FIX_ONE - 1) == -1);
    CU_ASSERT_TRUE(fix_ceil(-FIX_ONE + 1) == 0);
    CU_ASSERT_TRUE(fix_ceil((Wide)1 << 120) == (Wide)1 << 70);
}

// ---- Lemma N2: radii ----------------------------------------------------------------------------

// The exact radius norm rx + sum ra + n ra rx in units of 2^-100.
static void exact_radius(mpz_t z, Wide norm, Fix ra, Wide sum, Fix rx, int n)
{
    mpz_t t;
    mpz_init(t);
    set_wide(z, norm);
    mpz_mul_si(z, z, rx);
    set_wide(t, sum);
    mpz_mul_si(t, t, ra);
    mpz_add(z, z, t);
    mpz_set_si(t, ra);
    mpz_mul_si(t, t, rx);
    mpz_mul_si(t, t, n);
    mpz_add(z, z, t);
    mpz_clear(t);
}

static void radii_of_dots_are_rounded_up(void)
{
    Rng rng = rng_new(4, 0);
    mpz_t exact, most;
    mpz_inits(exact, most, NULL);
    int small = 0;
    for (int i = 0; i < 50000; i++) {
        Fix ra = (Fix)(rng_next(&rng) >> (24 + rng_below(&rng, 40)));
        Fix rx = (Fix)(rng_next(&rng) >> (24 + rng_below(&rng, 40)));
        Wide norm = (Wide)(rng_next(&rng) >> rng_below(&rng, 64)) * 4;
        Wide sum = (Wide)(rng_next(&rng) >> rng_below(&rng, 64)) * 256;
        int n = (int)rng_below(&rng, 100000);
        Fix rad = fix_dot_radius(norm, ra, sum, rx, n);
        exact_radius(exact, norm, ra, sum, rx, n);
        mpz_cdiv_q_2exp(exact, exact, FIX_BITS);
        mpz_set_si(most, FIX_RAD_MAX);
        if (mpz_cmp(exact, most) <= 0) {
            CU_ASSERT_TRUE(mpz_cmp_si(exact, rad) == 0);
            small++;
        } else {
            CU_ASSERT_EQUAL(rad, FIX_RAD_MAX + 1);
        }
    }
    CU_ASSERT_TRUE(small > 1000 && small < 49000);
    mpz_clears(exact, most, NULL);
}

static void radii_of_dots_saturate(void)
{
    CU_ASSERT_EQUAL(fix_dot_radius(0, 0, 0, 0, 0), 0);
    CU_ASSERT_EQUAL(fix_dot_radius(1, 0, 0, 1, 1), 1);
    CU_ASSERT_EQUAL(fix_dot_radius(0, 1, 1, 0, 1), 1);
    CU_ASSERT_EQUAL(fix_dot_radius(0, 1, 0, 1, 1), 1);
    CU_ASSERT_EQUAL(fix_dot_radius(0, FIX_RAD_MAX + 1, 0, 0, 1), FIX_RAD_MAX + 1);
    CU_ASSERT_EQUAL(fix_dot_radius(0, 0, 0, FIX_RAD_MAX + 1, 1), FIX_RAD_MAX + 1);
    CU_ASSERT_EQUAL(fix_dot_radius(FIX_NORM_MAX + 1, 0, 0, 0, 1), FIX_RAD_MAX + 1);
    CU_ASSERT_EQUAL(fix_dot_radius(0, 0, ((Wide)1 << 72) + 1, 0, 1), FIX_RAD_MAX + 1);
    CU_ASSERT_EQUAL(fix_dot_radius(FIX_NORM_MAX, FIX_RAD_MAX, (Wide)1 << 72, FIX_RAD_MAX, 1 << 30),
                    FIX_RAD_MAX + 1);
}

static void sums_and_maxima_of_absolute_values(void)
{
    const Fix x[] = {3, -FIX_MAX, 5, FIX_MAX - 1, -7};
    CU_ASSERT_TRUE(fix_sum_abs(x, 5) == (Wide)2 * FIX_MAX + 14);
    CU_ASSERT_EQUAL(fix_max_abs(x, 5), FIX_MAX);
    CU_ASSERT_EQUAL(fix_max_abs(x, 1), 3);
    CU_ASSERT_EQUAL(fix_max_abs(x, 0), 0);
    CU_ASSERT_TRUE(fix_sum_abs(x, 0) == 0);
}

// ---- Lemma N2: matrices -------------------------------------------------------------------------

static void seals_measure_the_longest_row(void)
{
    Arena *arena = arena_new();
    FixMatrix m = fix_matrix_new(arena, 3, 2);
    const Fix mid[] = {1, -2, -30, 40, 5, 6};
    memcpy(m.mid, mid, sizeof mid);
    CU_ASSERT_TRUE(fix_matrix_seal(&m));
    CU_ASSERT_TRUE(m.norm == 70);
    arena_free(arena);
}

static void seals_refuse_what_exceeds_their_limits(void)
{
    Arena *arena = arena_new();
    FixMatrix m = fix_matrix_new(arena, 2, 65);
    for (int i = 0; i < 64; i++)
        m.mid[65 + i] = -FIX_MAX;
    CU_ASSERT_TRUE(fix_matrix_seal(&m));
    m.mid[65 + 64] = -1;
    CU_ASSERT_FALSE(fix_matrix_seal(&m));
    m.mid[65 + 64] = 0;
    m.rad = FIX_RAD_MAX;
    CU_ASSERT_TRUE(fix_matrix_seal(&m));
    m.rad = FIX_RAD_MAX + 1;
    CU_ASSERT_FALSE(fix_matrix_seal(&m));
    arena_free(arena);
}

typedef struct Problem { // y = A x + bias
    FixMatrix A;
    FixVector x, bias, y;
    bool *loose; // [rows][cols] entries that differ from their midpoint
} Problem;

static Fix random_fix(Rng *rng, int bits)
{
    Fix x = (Fix)(rng_next(rng) >> (64 - bits)) >> rng_below(rng, (uint32_t)bits);
    return rng_below(rng, 2) ? -x : x;
}

static Fix random_radius(Rng *rng, int bits)
{
    return rng_below(rng, 4) == 0 ? 0 : (Fix)(rng_next(rng) >> (64 - bits)) + 1;
}

// Entries of A below 2^a_bits, of x below 2^x_bits, radii below 2^rad_bits.
static Problem random_problem(Arena *arena, Rng *rng, int a_bits, int x_bits, int rad_bits)
{
    int rows = 1 + (int)rng_below(rng, 4), cols = 1 + (int)rng_below(rng, 7);
    Problem p = {.A = fix_matrix_new(arena, rows, cols),
                 .x = fix_vector_new(arena, cols),
                 .bias = fix_vector_new(arena, rng_below(rng, 3) ? rows : 0),
                 .y = fix_vector_new(arena, rows),
                 .loose = ARENA_NEW(arena, bool, (size_t)(rows * cols))};
    for (int i = 0; i < rows * cols; i++)
        p.A.mid[i] = random_fix(rng, a_bits);
    for (int i = 0; i < cols; i++)
        p.x.mid[i] = random_fix(rng, x_bits);
    for (int i = 0; i < p.bias.n; i++)
        p.bias.mid[i] = random_fix(rng, 50);
    p.A.rad = random_radius(rng, rad_bits);
    p.x.rad = random_radius(rng, rad_bits);
    p.bias.rad = p.bias.n ? random_radius(rng, rad_bits) : 0;
    p.A.inexact = (int)rng_below(rng, (uint32_t)cols + 1);
    for (int r = 0; r < rows; r++)
        for (int k = 0; k < p.A.inexact; k++)
            p.loose[r * cols + (int)rng_below(rng, (uint32_t)cols)] = true;
    return p;
}

static int sign_of(Fix x)
{
    return x < 0 ? -1 : 1;
}

// Row r for the reals that pull it furthest in a direction (aim = 1, -1), or for random extreme
// reals (aim = 0): is it within the enclosure? In units of 2^-100.
static bool row_holds(const Problem *p, int r, int aim, Rng *rng)
{
    mpz_t sum, a, x;
    mpz_inits(sum, a, x, NULL);
    for (int c = 0; c < p->A.cols; c++) {
        Fix mid = p->A.mid[r * p->A.cols + c], ra = p->loose[r * p->A.cols + c] ? p->A.rad : 0;
        int random = rng_below(rng, 2) ? 1 : -1, other = rng_below(rng, 2) ? 1 : -1;
        mpz_set_si(a, mid + (aim ? aim * sign_of(p->x.mid[c]) : random) * ra);
        mpz_set_si(x, p->x.mid[c] + (aim ? aim * sign_of(mid) : other) * p->x.rad);
        mpz_addmul(sum, a, x);
    }
    if (p->bias.n) {
        mpz_set_si(a, p->bias.mid[r] + (aim ? aim : rng_below(rng, 2) ? 1 : -1) * p->bias.rad);
        mpz_mul_2exp(a, a, FIX_BITS);
        mpz_add(sum, sum, a);
    }
    mpz_set_si(a, p->y.mid[r]);
    mpz_mul_2exp(a, a, FIX_BITS);
    mpz_sub(sum, sum, a);
    mpz_set_si(a, p->y.rad);
    mpz_mul_2exp(a, a, FIX_BITS);
    bool holds = mpz_cmpabs(sum, a) <= 0;
    mpz_clears(sum, a, x, NULL);
    return holds;
}

// Returns how many of the products fitted; every one of those must hold.
static int check_products(uint64_t seed, int count, int a_bits, int x_bits, int rad_bits)
{
    Rng rng = rng_new(seed, 0);
    int fitted = 0, wrong = 0;
    for (int i = 0; i < count; i++) {
        Arena *arena = arena_new();
        Problem p = random_problem(arena, &rng, a_bits, x_bits, rad_bits);
        if (fix_matrix_seal(&p.A) && fix_apply(&p.A, &p.x, &p.bias, &p.y)) {
            fitted++;
            for (int r = 0; r < p.A.rows; r++)
                for (int k = 0; k < 6; k++)
                    wrong += !row_holds(&p, r, k == 0 ? 1 : k == 1 ? -1 : 0, &rng);
        }
        arena_free(arena);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    return fitted;
}

static void products_hold_every_choice_within_the_radii(void)
{
    CU_ASSERT_EQUAL(check_products(5, 3000, 50, 50, 1), 3000);
    CU_ASSERT_EQUAL(check_products(6, 3000, 52, 50, 20), 3000);
    CU_ASSERT_EQUAL(check_products(7, 3000, 6, 6, 3), 3000); // where rounding is all there is
    CU_ASSERT_TRUE(check_products(8, 3000, 48, 48, 38) > 1000);
}

static void products_of_large_matrices_hold_them_too(void)
{
    CU_ASSERT_TRUE(check_products(9, 3000, 60, 49, 20) > 1000);
    CU_ASSERT_TRUE(check_products(10, 3000, 49, 60, 20) > 1000);
    CU_ASSERT_TRUE(check_products(11, 3000, 60, 60, 30) > 50);
}

static void products_know_how_few_entries_are_inexact(void)
{
    Arena *arena = arena_new();
    FixMatrix A = fix_matrix_new(arena, 1, 4);
    FixVector x = fix_vector_new(arena, 4), y = fix_vector_new(arena, 1), none = {0};
    for (int i = 0; i < 4; i++)
        x.mid[i] = 8 * FIX_ONE;
    A.rad = 4;
    A.inexact = 2;
    CU_ASSERT_TRUE(fix_matrix_seal(&A));
    CU_ASSERT_TRUE(fix_apply(&A, &x, &none, &y));
    CU_ASSERT_EQUAL(y.rad, 2 * 8 * 4 + 1);
    A.inexact = 0;
    CU_ASSERT_TRUE(fix_apply(&A, &x, &none, &y));
    CU_ASSERT_EQUAL(y.rad, 1);
    arena_free(arena);
}

static void products_refuse_what_exceeds_their_limits(void)
{
    Arena *arena = arena_new();
    FixMatrix A = fix_matrix_new(arena, 1, 2);
    FixVector x = fix_vector_new(arena, 2), y = fix_vector_new(arena, 1), none = {0};
    A.mid[0] = FIX_ONE;
    CU_ASSERT_TRUE(fix_matrix_seal(&A));
    x.mid[0] = FIX_MAX;
    CU_ASSERT_TRUE(fix_apply(&A, &x, &none, &y));
    x.mid[0] = FIX_MAX + 1;
    CU_ASSERT_FALSE(fix_apply(&A, &x, &none, &y));
    x.mid[0] = 0;
    x.mid[1] = -FIX_MAX - 1; // not read by A, refused all the same
    CU_ASSERT_FALSE(fix_apply(&A, &x, &none, &y));
    x.mid[1] = 0;
    x.mid[0] = FIX_MAX;
    A.mid[0] = FIX_ONE + 2;
    CU_ASSERT_FALSE(fix_apply(&A, &x, &none, &y));
    A.mid[0] = FIX_ONE;
    x.rad = FIX_RAD_MAX - 1; // and one for rounding
    CU_ASSERT_TRUE(fix_apply(&A, &x, &none, &y));
    x.rad = FIX_RAD_MAX;
    CU_ASSERT_FALSE(fix_apply(&A, &x, &none, &y));
    x.rad = FIX_RAD_MAX + 1;
    A.mid[0] = 0;
    CU_ASSERT_TRUE(fix_matrix_seal(&A));
    CU_ASSERT_FALSE(fix_apply(&A, &x, &none, &y));
    arena_free(arena);
}

RUN_TESTS("fix", TESTS)
