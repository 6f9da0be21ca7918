// The checker's numbers in long double, to compare what it computes with formulas.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef long double Real;

// The unit of rounding (K8), and what is added to every error.
static const Real U = 0x1p-24L, GRAIN = 0x1p-40L;

static inline Real real(int64_t x)
{
    return (Real)x * 0x1p-50L;
}

static inline Real gamma_of(int k)
{
    return (Real)k * U / (1 - (Real)k * U);
}

// Not less than the formula, and greater by hardly more than roundings make it.
static inline bool close_to(int64_t mine, Real formula)
{
    bool good =
        real(mine) >= formula * (1 - 1e-15L) && real(mine) <= formula * (1 + 1e-9L) + 4 * GRAIN;
    if (!good)
        printf("(%.15Lg for %.15Lg) ", real(mine), formula);
    return good;
}
