#include "dot.h"

#include "dot_pass.h"
#include "isa.h"

_Static_assert((int)DOT_LANES == (int)FUNCTIONAL_LANES, "both are kernels of the same lanes");

static int shift_for(Fix most, int bits)
{
    int shift = 0;
    while (most >> shift >= (Fix)1 << bits)
        shift++;
    return shift;
}

void dot_shorten(const Fix *x, int n, int bits, int32_t *ret_short, int *ret_shift, Fix *ret_error)
{
    int shift = shift_for(fix_max_abs(x, n), bits);
    Fix half = (Fix)1 << shift >> 1, error = 0;
    for (int i = 0; i < n; i++) {
        Fix y = (x[i] + half) >> shift, off = x[i] - y * ((Fix)1 << shift);
        ret_short[i] = (int32_t)y;
        error = off > error ? off : -off > error ? -off : error;
    }
    *ret_shift = shift;
    *ret_error = error;
}

int dot_bits(int K)
{
    int bits = 62 - DOT_BITS;
    for (int sum = 1; sum < K; sum *= 2)
        bits--;
    return bits < DOT_BITS ? bits : DOT_BITS;
}

void dot_many(const int32_t *a, const int32_t *b, int K, int stride, int count, int64_t *ret)
{
#if ISA_X86_64
    if (isa_current() == ISA_AVX512) {
        dot_avx512(a, b, K, stride, count, ret);
        return;
    }
#endif
    dot_generic(a, b, K, stride, count, ret);
}
