// Which instruction set the inner loops are compiled for, chosen once at run time.
//
// The choice is one of speed alone: every kernel is defined by an exact sequence of binary32
// operations (fused multiply-adds among them), and gives the same bits under each of these. A
// processor without a fused multiply-add gets it from the C library, correctly rounded but slowly.
#pragma once

#include <stdbool.h>

typedef enum Isa {
    ISA_GENERIC, // what the compiler was asked for
    ISA_AVX2,    // x86-64 with AVX2 and FMA
    ISA_AVX512,  // x86-64 with AVX-512 F, VL, DQ, BW
    ISA_COUNT,
} Isa;

bool isa_available(Isa isa); // does this processor have it?
Isa isa_current(void);       // the best available one, unless isa_use said otherwise
void isa_use(Isa isa);       // for tests. Requires: available; no kernel is running.
const char *isa_name(Isa isa);

#if defined(__x86_64__)
#define ISA_X86_64        1
#define ISA_TARGET_AVX2   __attribute__((target("avx2,fma")))
#define ISA_TARGET_AVX512 __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")))
#else
#define ISA_X86_64 0
#endif

// For the body of a kernel, which is compiled again inside each of its clones.
#define ISA_BODY static inline __attribute__((always_inline))

// A function compiled once for each instruction set:
//
//     ISA_BODY void relu_body(float *x, int n) { ... }
//     CLONES(relu, (float *x, int n), (x, n))
//
// defines `void relu(float *x, int n)`, which runs the clone that isa_current() names; `static` may
// stand before CLONES.
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
