// Loops over lanes side by side, which the compiler turns into vector instructions.
#pragma once

// Lanes of a block; arrays of lanes are rounded up to whole blocks.
#define LANES 16

static inline int lanes_round(int lanes)
{
    return (lanes + LANES - 1) / LANES * LANES;
}

// One version of a function for each instruction set, the best chosen when the program starts.
#if defined __x86_64__ && defined __GLIBC__ && !defined __clang__ &&                               \
    !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ && !defined CHECK_PLAIN
#define LANES_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LANES_CLONES
#endif
