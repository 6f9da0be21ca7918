// Enclosure of e^-x on fixed-point numbers. (Lemma N3, docs/lemmas/numbers.md)
#pragma once

#include <stdint.h>

#include "fix.h"

enum { FIX_EXP_BITS = 62, FIX_EXP_ERROR = 700 };

// A lower bound of e^-x in units of 2^-62 for x in units of 2^-50, x >= 0; adding FIX_EXP_ERROR
// gives an upper bound. Any x is allowed, however large. Cost: about 10 ns. Thread-safe.
uint64_t fix_exp_neg_down(uint64_t x);
