// Exact numbers as text.
#pragma once

#include <gmp.h>

#include "fix.h"
#include "text.h"

void number_add_count(Text *text, const mpz_t count);

// " (10^10)" for an exact power of ten of at least five digits, else nothing.
void number_add_power(Text *text, const mpz_t count);

// A margin in decimal, rounded down: "8.21", "-0.05". `digits` behind the point, at most 9.
void number_add_margin(Text *text, Fix margin, int digits);

// "1 edge case", "2 edge cases"
void number_add_plural(Text *text, unsigned long count, const char *thing);
