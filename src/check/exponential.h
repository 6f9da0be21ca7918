// The exponential of a number that is not positive, enclosed by integers.
#pragma once

#include <stdint.h>

// Units of the result, and how far it may be off in them.
#define EXPONENTIAL_BITS  62
#define EXPONENTIAL_ERROR 256

// Fills the table that exponential() uses. Once, before it.
void exponential_begin(void);

// Requires: 0 <= y, in units of 2^-50. Ensures: the result is within EXPONENTIAL_ERROR of 2^(62 + k) e^-y, and
// in 2^60..2^62, where k = *ret_shift.
uint64_t exponential(int64_t y, int *ret_shift);
