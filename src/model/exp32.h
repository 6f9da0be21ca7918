// The exponential function of the shipped inference, by an exact sequence of binary32 operations.
//
// There is no table and nothing from the C library: the result is the same on every processor, and
// the definition is short enough that its error can be bounded by looking at every argument. With
// round to nearest everywhere, and fma(a, b, c) = a b + c rounded once:
//
//   x' = min(max(x, -104), 89)                beyond which the result is 0 or infinity
//   t  = fma(x', LOG2E, 3*2^22)               its last bits are n, the integer next to x / log 2
//   r  = fma(-n, LN2_LOW, x' - n LN2_HIGH)    (n LN2_HIGH and the difference are exact)
//   p  = 1 + r (1 + r (c2 + r (c3 + ... r c7)))   Horner's rule by fma, ck = 1/k! rounded
//   result = (p * 2^floor(n/2)) * 2^(n - floor(n/2))
//
// The first scaling is exact; the second rounds only where the result is subnormal. NaN gives NaN.
// Error, measured against MPFR over every binary32 argument (docs/exp32.log, docs/machine.md): below
// 1.33 * 2^-24 relative (0.94 ulp) where the result is normal, below 0.85 * 2^-149 absolute where it
// is subnormal. exp32(0) = 1, and no result is negative.
#pragma once

#include <stddef.h>
#include <stdint.h>

static inline float exp32_power_of_two(int32_t n) // Requires: -126 <= n <= 127
{
    union {
        uint32_t bits;
        float value;
    } power = {.bits = (uint32_t)(n + 127) << 23};
    return power.value;
}

static inline float exp32(float x)
{
    x = x < -104.0f ? -104.0f : x;
    x = x > 89.0f ? 89.0f : x;
    union {
        float value;
        int32_t bits;
    } t = {.value = __builtin_fmaf(x, 0x1.715476p+0f, 0x1.8p23f)};
    int32_t n = t.bits - 0x4b400000;
    float whole = t.value - 0x1.8p23f;
    float r = __builtin_fmaf(-whole, 0x1.62e4p-1f, x);
    r = __builtin_fmaf(-whole, 0x1.7f7d1cp-20f, r);
    float p = 0x1.a01a02p-13f; // 1/7!
    p = __builtin_fmaf(p, r, 0x1.6c16c2p-10f);
    p = __builtin_fmaf(p, r, 0x1.111112p-7f);
    p = __builtin_fmaf(p, r, 0x1.555556p-5f);
    p = __builtin_fmaf(p, r, 0x1.555556p-3f);
    p = __builtin_fmaf(p, r, 0.5f);
    p = __builtin_fmaf(p, r, 1.0f);
    p = __builtin_fmaf(p, r, 1.0f);
    int32_t half = n >> 1;
    return p * exp32_power_of_two(half) * exp32_power_of_two(n - half);
}

// ret_y[i] = exp32(x[i]). Aliasing: x and ret_y may be the same array, but not overlap otherwise.
void exp32_array(const float *x, float *ret_y, size_t count);
