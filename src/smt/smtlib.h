// Numbers as SMT-LIB 2 text.
//
// Scripts are text from the start, so that what Ripple's own solver reads is what any other solver
// can be given. All numbers are exact; a negative one is written (- x), as the standard asks.
#pragma once

#include <gmp.h>

#include "text.h"

// An integer: 7, (- 7).
void smtlib_add_long(Text *text, long long value);
void smtlib_add_int(Text *text, const mpz_t value);

// A real: 7.0, 0.625 where the decimal expansion ends and is short, else (/ 1.0 3.0); (- 0.625).
void smtlib_add_real(Text *text, const mpq_t value);
