// e^-x = e^-i e^-(j/64) e^-(k/4096) e^-r with i, j, k from the bits of x and 0 <= r < 2^-12. The
// first three come from tables that MPFR fills, rounded down; the last is a cubic.

#include "fixexp.h"

#include <mpfr.h>
#include <pthread.h>

enum { STEPS = 64 };

static uint64_t table[3][STEPS]; // floor(2^62 e^-(i * 64^-level))
static pthread_once_t filled = PTHREAD_ONCE_INIT;

static void fill_tables(void)
{
    mpfr_t x;
    mpfr_init2(x, 128);
    for (int level = 0; level < 3; level++)
        for (int i = 0; i < STEPS; i++) {
            mpfr_set_si(x, -i, MPFR_RNDD);
            mpfr_div_2ui(x, x, 6 * (unsigned)level, MPFR_RNDD);
            mpfr_exp(x, x, MPFR_RNDD);
            mpfr_mul_2ui(x, x, FIX_EXP_BITS, MPFR_RNDD);
            table[level][i] = mpfr_get_ui(x, MPFR_RNDD);
        }
    mpfr_clear(x);
    mpfr_free_cache(); // of this thread, which need not be the main one
}

static uint64_t mul62_down(uint64_t a, uint64_t b)
{
    return (uint64_t)((UWide)a * b >> FIX_EXP_BITS);
}

// 1 - r + r^2/2 - r^3/6, rounded down; r in units of 2^-50, below 2^38.
static uint64_t cubic_down(uint64_t r)
{
    UWide square = (UWide)r * r, cube = square * r;         // units of 2^-100, 2^-150
    uint64_t half_square = (uint64_t)(square >> 39);        // r^2/2 in 2^-62, down
    uint64_t sixth_cube = (uint64_t)((cube / 6) >> 88) + 1; // r^3/6 in 2^-62, up
    return ((uint64_t)1 << FIX_EXP_BITS) - (r << 12) + half_square - sixth_cube;
}

uint64_t fix_exp_neg_down(uint64_t x)
{
    uint64_t i = x >> FIX_BITS;
    pthread_once(&filled, fill_tables);
    if (i >= STEPS)
        return 0;
    uint64_t j = x >> (FIX_BITS - 6) & 63, k = x >> (FIX_BITS - 12) & 63;
    uint64_t r = x & (((uint64_t)1 << (FIX_BITS - 12)) - 1);
    uint64_t tables = mul62_down(mul62_down(table[0][i], table[1][j]), table[2][k]);
    return mul62_down(tables, cubic_down(r));
}
