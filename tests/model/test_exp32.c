// The exponential against MPFR, and the same bits from every instruction set.
#include "exp32.h"

#include <math.h>
#include <mpfr.h>
#include <string.h>

#include "exp32_errors.h"
#include "exp32_log.h"
#include "file.h"
#include "harness.h"
#include "hash.h"
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

// Of each piece a few arguments; the exhaustive program looks at them all.
static void errors_are_within_the_bounds_on_every_instruction_set(void)
{
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        Exp32Errors errors = exp32_errors_none;
        if (!isa_available((Isa)isa))
            continue;
        isa_use((Isa)isa);
        for (int piece = 0; piece < EXP32_PIECES; piece++) {
            Exp32Errors here = exp32_errors(piece, 2003);
            exp32_errors_add(&errors, &here);
        }
        CU_ASSERT(errors.wrong == 0);
        CU_ASSERT(errors.relative.error < 1.33);
        CU_ASSERT(errors.absolute.error < 0.85);
        CU_ASSERT(errors.axiom.error < 0.67);
    }
    mpfr_free_cache();
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

static void the_log_whose_hash_is_built_in_says_that_the_axiom_holds(void)
{
    static const char end[] = "\nPASS: |exp32(x) - e^x| <= 2^-23 e^x + 2^-149 for every x <= 0\n";
    Arena *arena = arena_new();
    char *text = NULL, hash[HASH_HEX_SIZE];
    size_t size = 0;
    Diag diag;
    CU_ASSERT_FATAL(file_read(arena, EXP32_LOG, 1 << 20, &text, &size, &diag) == STATUS_OK);
    CU_ASSERT(size > sizeof end && strcmp(text + size - (sizeof end - 1), end) == 0);
    hash_sha256(text, size, hash);
    CU_ASSERT_STRING_EQUAL(hash, EXP32_LOG_SHA256);
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(errors_are_within_the_bounds_on_every_instruction_set)                                       \
    X(special_values)                                                                              \
    X(arrays_have_the_same_bits_on_every_instruction_set)                                          \
    X(the_log_whose_hash_is_built_in_says_that_the_axiom_holds)
RUN_TESTS("exp32", TESTS)
