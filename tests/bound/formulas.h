// What formulas of K8 to K11 (docs/certificate-format.md) have in common when they are written down
// once more, in long double, to compare computed errors of runs with.
#pragma once

#include <math.h>

#include "perturbed.h"

static const Real u0 = 0x1p-24L;

static inline Real gamma_of(int k)
{
    return k * u0 / (1 - k * u0);
}

// At least the formula's value, but for rounding of the formula itself; and not more than `most`
// times it, about.
static inline int wrong_by(Fix error, Real formula, Real most)
{
    return !(real(error) >= formula * (1 - 1e-12L) - 1e-17L &&
             real(error) <= formula * most + 0x1p-38L);
}
