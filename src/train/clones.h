// Inner loops compiled once for each instruction set, all giving the same bits.
//
//     ISA_BODY void relu_body(float *x, int n) { ... }
//     CLONES(relu, (float *x, int n), (x, n))
//
// defines `void relu(float *x, int n)`, which runs the clone that isa_current() names; `static` may
// stand before CLONES. Bodies hold elementwise operations and sums in a written order only;
// -ffp-contract=off keeps a product and a sum apart, so no clone rounds where another does not.
//
// A Lanes is sixteen numbers side by side, one a question: formulas are written once, as for
// scalars.
#pragma once

#include "isa.h"

enum { LANES = 16 };

typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));
typedef int LaneMask __attribute__((vector_size(64), aligned(4), may_alias));

#if ISA_X86_64
#define CLONES(name, PARAMETERS, ARGUMENTS)                                                        \
    void name PARAMETERS;                                                                          \
    ISA_TARGET_AVX512 static void name##_avx512 PARAMETERS                                         \
    {                                                                                              \
        name##_body ARGUMENTS;                                                                     \
    }                                                                                              \
    ISA_TARGET_AVX2 static void name##_avx2 PARAMETERS                                             \
    {                                                                                              \
        name##_body ARGUMENTS;                                                                     \
    }                                                                                              \
    static void name##_generic PARAMETERS                                                          \
    {                                                                                              \
        name##_body ARGUMENTS;                                                                     \
    }                                                                                              \
    void name PARAMETERS                                                                           \
    {                                                                                              \
        if (isa_current() == ISA_AVX512)                                                           \
            name##_avx512 ARGUMENTS;                                                               \
        else if (isa_current() == ISA_AVX2)                                                        \
            name##_avx2 ARGUMENTS;                                                                 \
        else                                                                                       \
            name##_generic ARGUMENTS;                                                              \
    }
#else
#define CLONES(name, PARAMETERS, ARGUMENTS)                                                        \
    void name PARAMETERS                                                                           \
    {                                                                                              \
        name##_body ARGUMENTS;                                                                     \
    }
#endif

// mask ? yes : no, lane by lane; a comparison of Lanes is a mask. Macros, since vectors that go in
// and out of functions change the calling convention.
#define LANES_SELECT(mask, yes, no)                                                                \
    ((Lanes)(((mask) & (LaneMask)(yes)) | (~(mask) & (LaneMask)(no))))

#define LANES_MAX(x, y) LANES_SELECT((x) > (y), x, y)
