// Random numbers of the checker's kind.
#pragma once

#include <stdint.h>
#include <stdlib.h>

// Of so many bits, with a sign.
static inline int64_t some(int bits)
{
    int64_t x = ((int64_t)rand() << 31 | rand()) & ((INT64_C(1) << bits) - 1);
    return rand() % 2 ? -x : x;
}

static inline void some_numbers(int64_t *x, int n, int bits)
{
    for (int i = 0; i < n; i++)
        x[i] = some(bits);
}

// An end of the interval around x.
static inline int64_t end_of(int64_t x, int64_t rad)
{
    return rand() % 2 ? x + rad : x - rad;
}
