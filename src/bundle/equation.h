// What `require` says as a linear equation: the sum of coefficient times number is zero.
#pragma once

#include "spec.h"

#define EQUATION_MAX 999999999999999999LL // largest coefficient (docs/certificate-format.md, K3)

// ret_coefficients [n_numbers]; s = a + b gives 1 for a and b, -1 for s.
// Errors: STATUS_MALFORMED (C001), placed, when `require` says something else.
MUST_USE Status equation_read(const Spec *spec, long long *ret_coefficients, Diag *diag);
