// The exponential against MPFR, and the same bits from every instruction set.
#include "exp32.h"

#include <math.h>
#include <mpfr.h>
#include <string.h>

#include "harness.h"
#include "isa.h"
#include "rng.h"

static float from_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

// |exp32(x) - exp(x)| in units of 2^-24 exp(x), or of 2^-149 where exp(x) is subnormal.
static double error_of(float x, mpfr_t exact, mpfr_t error)
{
    mpfr_set_flt(exact, x, MPFR_RNDN);
    mpfr_exp(exact, exact, MPFR_RNDN);
    mpfr_sub_d(error, exact, (double)exp32(x), MPFR_RNDN);
    if (mpfr_cmp_d(exact, 0x1p-126) < 0)
        return fabs(mpfr_get_d(error, MPFR_RNDN)) * 0x1p149;
    mpfr_div(error, error, exact, MPFR_RNDN);
    return fabs(mpfr_get_d(error, MPFR_RNDN)) * 0x1p24;
}

static double worst_error(uint32_t first, uint32_t last, uint32_t stride)
{
    mpfr_t exact, error;
    mpfr_inits2(120, exact, error, (mpfr_ptr)NULL);
    double worst = 0.0;
    for (uint64_t bits = first; bits <= last; bits += stride) {
        double here = error_of(from_bits((uint32_t)bits), exact, error);
        worst = here > worst ? here : worst;
    }
    mpfr_clears(exact, error, (mpfr_ptr)NULL);
    return worst;
}

static void error_stays_below_the_stated_bound(void)
{
    uint32_t tiny = bits_of(0x1p-30f);
    CU_ASSERT(worst_error(bits_of(-0x1p-30f), bits_of(-87.3f), 2801) < 1.33);
    CU_ASSERT(worst_error(bits_of(-87.4f), bits_of(-200.0f), 101) < 1.0);
    CU_ASSERT(worst_error(tiny, bits_of(88.7f), 5003) < 1.33);
    CU_ASSERT(worst_error(0, tiny, 1000003) < 1.33);
}

static void special_values(void)
{
    CU_ASSERT(bits_of(exp32(0.0f)) == bits_of(1.0f));
    CU_ASSERT(bits_of(exp32(-0.0f)) == bits_of(1.0f));
    CU_ASSERT(bits_of(exp32(-INFINITY)) == 0);
    CU_ASSERT(bits_of(exp32(-104.0f)) == 0);
    CU_ASSERT(bits_of(exp32(-103.9f)) == 1);
    CU_ASSERT(exp32(88.7f) < INFINITY);
    CU_ASSERT(isinf(exp32(88.8f)));
    CU_ASSERT(isinf(exp32(INFINITY)));
    CU_ASSERT(isnan(exp32(NAN)));
    CU_ASSERT(isnan(exp32(-NAN)));
}

static void arrays_have_the_same_bits_on_every_instruction_set(void)
{
    enum { COUNT = 1003 };
    float x[COUNT], y[COUNT];
    Rng rng = rng_new(7, 0);
    for (int i = 0; i < COUNT; i++)
        x[i] = i % 3 == 0 ? from_bits((uint32_t)rng_next(&rng)) : -100.0f * rng_unit(&rng);
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (!isa_available((Isa)isa))
            continue;
        isa_use((Isa)isa);
        exp32_array(x, y, COUNT);
        for (int i = 0; i < COUNT; i++)
            CU_ASSERT(bits_of(y[i]) == bits_of(exp32(x[i])) || isnan(x[i]));
    }
}

#define TESTS(X)                                                                                   \
    X(error_stays_below_the_stated_bound)                                                          \
    X(special_values)                                                                              \
    X(arrays_have_the_same_bits_on_every_instruction_set)
RUN_TESTS("exp32", TESTS)
