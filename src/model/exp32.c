#include "exp32.h"

#include "isa.h"

ISA_BODY void body(const float *x, float *y, size_t count)
{
    for (size_t i = 0; i < count; i++)
        y[i] = exp32(x[i]);
}

#if ISA_X86_64
ISA_TARGET_AVX512 static void array_avx512(const float *x, float *y, size_t count)
{
    body(x, y, count);
}

ISA_TARGET_AVX2 static void array_avx2(const float *x, float *y, size_t count)
{
    body(x, y, count);
}
#endif

static void array_generic(const float *x, float *y, size_t count)
{
    body(x, y, count);
}

void exp32_array(const float *x, float *ret_y, size_t count)
{
#if ISA_X86_64
    if (isa_current() == ISA_AVX512)
        array_avx512(x, ret_y, count);
    else if (isa_current() == ISA_AVX2)
        array_avx2(x, ret_y, count);
    else
#endif
        array_generic(x, ret_y, count);
}
