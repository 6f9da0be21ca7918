#include "machine.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "exp32.h"
#include "gemm32.h"
#include "isa.h"

#if defined(__FAST_MATH__) || defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "Ripple's arithmetic is lost under -ffast-math and its parts"
#endif
_Static_assert(FLT_RADIX == 2 && FLT_MANT_DIG == 24 && FLT_MIN_EXP == -125 && FLT_MAX_EXP == 128,
               "float is not IEEE 754 binary32");
_Static_assert(sizeof(float) == 4 && FLT_HAS_SUBNORM == 1, "float is not IEEE 754 binary32");
_Static_assert(FLT_EVAL_METHOD == 0, "float is computed with more than its own precision");

// Each function computes one operation on operands out of memory.
typedef float Operation(const volatile float *x);

static float add(const volatile float *x)
{
    return x[0] + x[1];
}

static float subtract(const volatile float *x)
{
    return x[0] - x[1];
}

static float multiply(const volatile float *x)
{
    return x[0] * x[1];
}

static float divide(const volatile float *x)
{
    return x[0] / x[1];
}

static float fuse(const volatile float *x)
{
    return __builtin_fmaf(x[0], x[1], x[2]);
}

// In one expression, which a compiler may contract unless it is told not to, where there is an
// instruction for it.
ISA_BODY float expression(const volatile float *x)
{
    float a = x[0], b = x[1], c = x[2];
    return a * b + c;
}

#if ISA_X86_64
ISA_TARGET_AVX2 static float expression_avx2(const volatile float *x)
{
    return expression(x);
}
#endif

static float multiply_and_add(const volatile float *x)
{
#if ISA_X86_64
    if (isa_available(ISA_AVX2))
        return expression_avx2(x);
#endif
    return expression(x);
}

static float is_less(const volatile float *x)
{
    return x[0] < x[1] ? 1.0f : 0.0f;
}

static float exponential(const volatile float *x)
{
    return exp32(x[0]);
}

static float square_root(const volatile float *x)
{
    return __builtin_sqrtf(x[0]);
}

// One number of a product of matrices, by the instruction set in use: fma(x0, x1, x2) again.
static float kernel(const volatile float *x)
{
    float a = x[0], b[16], c[16];
    for (int i = 0; i < 16; i++) {
        b[i] = x[1];
        c[i] = x[2];
    }
    gemm32(&(Gemm32){1, 16, 1, &a, 1, 1, b, 16, c, 16, c, 16, 1});
    return c[11];
}

typedef struct Probe {
    const char *what; // that does not hold if the result is another
    Operation *operation;
    float x[3];
    uint32_t bits; // of the result
} Probe;

#define NEAREST "rounding to nearest, ties to even"
#define KEPT    "subnormal numbers kept"
#define FUSED   "a fused multiply-add that rounds once"
#define APART   "a * b + c that rounds twice"
#define DIVIDED "correctly rounded division"
#define ORDERED "comparison as IEEE 754 says"
#define ROOT    "correctly rounded square roots"
#define EXP     "the exponential's bits"

// 1 + 2^-24 and 1 + 3 * 2^-24 are ties: the first tells rounding upwards and ties away from zero from
// nearest, the second downwards and towards zero.
static const Probe probes[] = {
    {NEAREST, add, {1.0f, 0x1p-24f}, 0x3f800000},
    {NEAREST, add, {1.0f, 0x1.8p-23f}, 0x3f800002},
    {NEAREST, add, {1.0f, 0x1.000002p-24f}, 0x3f800001},
    {NEAREST, add, {-1.0f, -0x1p-24f}, 0xbf800000},
    {NEAREST, subtract, {-1.0f, 0x1.8p-23f}, 0xbf800002},
    {NEAREST, subtract, {1.0f, 1.0f}, 0},
    {NEAREST, multiply, {0x1.000002p0f, 0x1.000002p0f}, 0x3f800002},
    {NEAREST, multiply, {0x1.fffffep127f, 0x1.000002p0f}, 0x7f800000},
    {KEPT, multiply, {0x1p-126f, 0.5f}, 0x00400000},
    {KEPT, multiply, {0x1p-100f, 0x1p-49f}, 0x00000001},
    {KEPT, multiply, {0x1p-100f, 0x1p-50f}, 0},
    {KEPT, multiply, {0x1p-100f, -0x1.8p-50f}, 0x80000001},
    {KEPT, add, {0x1p-149f, 0x1p-149f}, 0x00000002},
    {KEPT, subtract, {0x1.8p-126f, 0x1p-126f}, 0x00400000},
    {KEPT, multiply, {0x1p-149f, 0x1p126f}, 0x34000000},
    {KEPT, divide, {0x1p-126f, 3.0f}, 0x002aaaab},
    {KEPT, is_less, {0.0f, 0x1p-149f}, 0x3f800000},
    {KEPT, fuse, {0x1p-75f, 0x1p-74f, 0x1p-149f}, 0x00000002},
    {KEPT, kernel, {0x1p-75f, 0x1p-74f, 0x1p-149f}, 0x00000002},
    {KEPT, kernel, {0x1p-149f, 0x1p100f, 0.0f}, 0x27000000},
    {FUSED, fuse, {0x1.000002p0f, 0x1.000002p0f, -0x1.000004p0f}, 0x28800000},
    {FUSED, fuse, {0x1p0f, 0x1p-24f, 0x1p-60f}, 0x33800000},
    {FUSED, fuse, {0x1.000002p0f, 0x1.fffffcp-1f, -1.0f}, 0xa8800000},
    {FUSED, kernel, {0x1.000002p0f, 0x1.000002p0f, -0x1.000004p0f}, 0x28800000},
    {APART, multiply_and_add, {0x1.000002p0f, 0x1.000002p0f, -0x1.000004p0f}, 0},
    {APART, multiply_and_add, {0x1.000002p0f, 0x1.fffffcp-1f, -1.0f}, 0},
    {DIVIDED, divide, {1.0f, 3.0f}, 0x3eaaaaab},
    {DIVIDED, divide, {-2.0f, 3.0f}, 0xbf2aaaab},
    {DIVIDED, divide, {1.0f, 0x1.fffffep0f}, 0x3f000001},
    {DIVIDED, divide, {1.0f, 0x1.000002p0f}, 0x3f7ffffe},
    {ORDERED, is_less, {-0.0f, 0.0f}, 0},
    {ORDERED, is_less, {-1.0f, -0x1.fffffep-1f}, 0x3f800000},
    {ORDERED, is_less, {NAN, 1.0f}, 0},
    {ORDERED, is_less, {1.0f, NAN}, 0},
    {ORDERED, is_less, {-INFINITY, -0x1.fffffep127f}, 0x3f800000},
    {ROOT, square_root, {2.0f}, 0x3fb504f3},
    {ROOT, square_root, {0x1p-149f}, 0x1a3504f3},
    {EXP, exponential, {0.0f}, 0x3f800000},
    {EXP, exponential, {-1.0f}, 0x3ebc5ab2},
    {EXP, exponential, {-87.5f}, 0x006cb2bc},
    {EXP, exponential, {-103.5f}, 0x00000001},
};

static bool holds(const Probe *probe)
{
    volatile float x[3] = {probe->x[0], probe->x[1], probe->x[2]};
    volatile float result = probe->operation(x);
    float y = result;
    uint32_t bits;
    memcpy(&bits, &y, sizeof bits);
    return bits == probe->bits;
}

static Status refuse(const char *what, Diag *diag)
{
    return diag_set(diag, STATUS_INTERNAL, "H001", "this machine or build does not have %s", what);
}

Status machine_check(Diag *diag)
{
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
        if (!holds(&probes[i]))
            return refuse(probes[i].what, diag);
    return STATUS_OK;
}
