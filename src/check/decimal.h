// Decimal numbers become binary32 numbers.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// The bits of the binary32 number nearest to a decimal such as 0.25 or 1.5e-05, ties to even. False if the
// text is no decimal of at most 40 characters, or the number is not positive, or rounds to zero or infinity.
bool decimal_to_binary32(const char *text, uint32_t *ret_bits);
