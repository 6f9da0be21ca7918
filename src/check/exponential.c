// e^-y = 2^-k e^-(j/64) e^-s with integers k and j and 0 <= s < 1/64: the second is in a table, the third a polynomial.
//
// Errors, in units of 2^-62. ln 2 is short by less than 2^-16, and k < 2^14, so s is off by less than 1 + 1/4, with
// its rounding. The polynomial is off by less than 4: the terms left out are below s^8/8! < 1, and each of the
// seven steps rounds by less than 2, of which the next one takes a 64th. An entry of the table is off by less
// than 4 + 1 more than the entry before, by 5 * 47 = 235 at the end. The last product adds 4 + 2 + 1.
#include "exponential.h"

#include "fixed.h"

static const Wide ln2 = (Wide)0x2c5c << 64 | 0x85fdf473de6af278; // 2^78 ln 2, rounded down
static const int64_t one = INT64_C(1) << EXPONENTIAL_BITS;

enum { PIECES = 48 };

static int64_t table[PIECES];

static int64_t times(int64_t x, int64_t y)
{
    return (int64_t)((Wide)x * y >> EXPONENTIAL_BITS);
}

// e^-s = 1 - s (1 - s/2 (1 - s/3 (... (1 - s/7)))), 0 <= s <= 1/64.
static int64_t polynomial(int64_t s)
{
    int64_t value = one;
    for (int m = 7; m >= 1; m--)
        value = one - times(s, value) / m;
    return value;
}

void exponential_begin(void)
{
    table[0] = one;
    for (int j = 1; j < PIECES; j++)
        table[j] = times(table[j - 1], polynomial(one / 64));
}

uint64_t exponential(int64_t y, int *ret_shift)
{
    Wide exact = (Wide)y << (EXPONENTIAL_BITS + 16 - FIXED_BITS);
    Wide k = exact / ln2;
    int64_t rest = (int64_t)((exact - k * ln2) >> 16);
    *ret_shift = (int)k;
    return (uint64_t)times(table[rest / (one / 64)], polynomial(rest % (one / 64)));
}
