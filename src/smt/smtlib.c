#include "smtlib.h"

#include <stdlib.h>

#include "arena.h"

enum { DECIMALS_MAX = 64 };

static void add_digits(Text *text, const mpz_t value)
{
    size_t size = mpz_sizeinbase(value, 10) + 2;
    char *digits = heap_alloc(size, 1);
    mpz_get_str(digits, 10, value);
    text_add(text, "%s", digits);
    free(digits);
}

void smtlib_add_int(Text *text, const mpz_t value)
{
    mpz_t size;
    mpz_init(size);
    mpz_abs(size, value);
    if (mpz_sgn(value) < 0)
        text_add(text, "(- ");
    add_digits(text, size);
    if (mpz_sgn(value) < 0)
        text_add(text, ")");
    mpz_clear(size);
}

void smtlib_add_long(Text *text, long long value)
{
    if (value < 0)
        text_add(text, "(- %llu)", 0 - (unsigned long long)value);
    else
        text_add(text, "%lld", value);
}

// The least k with `denominator` dividing 10^k, or -1 when there is none up to DECIMALS_MAX.
static int decimals(const mpz_t denominator)
{
    mpz_t power;
    int k = 0;
    mpz_init_set_ui(power, 1);
    while (k <= DECIMALS_MAX && !mpz_divisible_p(power, denominator)) {
        mpz_mul_ui(power, power, 10);
        k++;
    }
    mpz_clear(power);
    return k <= DECIMALS_MAX ? k : -1;
}

// Requires: numerator >= 0, denominator dividing 10^places.
static void add_decimal(Text *text, const mpz_t numerator, const mpz_t denominator, int places)
{
    mpz_t whole, rest;
    mpz_inits(whole, rest, NULL);
    mpz_fdiv_qr(whole, rest, numerator, denominator);
    add_digits(text, whole);
    text_add(text, ".");
    for (int i = 0; i < places || i == 0; i++) {
        mpz_mul_ui(rest, rest, 10);
        mpz_fdiv_qr(whole, rest, rest, denominator);
        add_digits(text, whole);
    }
    mpz_clears(whole, rest, NULL);
}

void smtlib_add_real(Text *text, const mpq_t value)
{
    mpz_t size;
    int places = decimals(mpq_denref(value));
    mpz_init(size);
    mpz_abs(size, mpq_numref(value));
    if (mpq_sgn(value) < 0)
        text_add(text, "(- ");
    if (places >= 0) {
        add_decimal(text, size, mpq_denref(value), places);
    } else {
        text_add(text, "(/ ");
        add_digits(text, size);
        text_add(text, ".0 ");
        add_digits(text, mpq_denref(value));
        text_add(text, ".0)");
    }
    if (mpq_sgn(value) < 0)
        text_add(text, ")");
    mpz_clear(size);
}
