#include "decimal.h"

#include <gmp.h>
#include <stddef.h>
#include <string.h>

// decimal = digits [ "." digits ] [ "e" [ "+" | "-" ] digits ]
typedef struct Decimal {
    char digits[48]; // all of them, without the point
    long exponent;   // of ten
} Decimal;

static size_t take_digits(const char **at, char *to)
{
    size_t size = strspn(*at, "0123456789");
    memcpy(to, *at, size);
    to[size] = 0;
    *at += size;
    return size;
}

static bool parse(const char *text, Decimal *decimal)
{
    if (strlen(text) > 40)
        return false;
    size_t size = take_digits(&text, decimal->digits);
    decimal->exponent = 0;
    if (size == 0)
        return false;
    if (*text == '.') {
        text++;
        size_t more = take_digits(&text, decimal->digits + size);
        if (more == 0)
            return false;
        decimal->exponent = -(long)more;
    }
    if (*text == 'e') {
        bool negative = text[1] == '-';
        text += 1 + (negative || text[1] == '+');
        char digits[48];
        if (take_digits(&text, digits) == 0 || strlen(digits) > 3)
            return false;
        long exponent = 0;
        for (const char *c = digits; *c; c++)
            exponent = 10 * exponent + (*c - '0');
        decimal->exponent += negative ? -exponent : exponent;
    }
    return *text == 0;
}

// floor(over / under * 2^-exponent), and how the rest compares with one half.
static unsigned long quotient(const mpz_t over, const mpz_t under, long exponent, int *ret_rest)
{
    mpz_t a, b, q;
    mpz_inits(a, b, q, NULL);
    mpz_mul_2exp(a, over, exponent < 0 ? (mp_bitcnt_t)-exponent : 0);
    mpz_mul_2exp(b, under, exponent > 0 ? (mp_bitcnt_t)exponent : 0);
    mpz_fdiv_qr(q, a, a, b);
    mpz_mul_2exp(a, a, 1);
    *ret_rest = mpz_cmp(a, b);
    unsigned long value = mpz_cmp_ui(q, 1UL << 32) < 0 ? mpz_get_ui(q) : 1UL << 32;
    mpz_clears(a, b, q, NULL);
    return value;
}

// The number is m 2^e with e >= -149 and m < 2^24 rounded to nearest.
static bool round_to_binary32(const mpz_t over, const mpz_t under, uint32_t *ret_bits)
{
    int rest;
    long e = -149;
    unsigned long m = quotient(over, under, e, &rest);
    while (m >= 1UL << 24)
        m = quotient(over, under, ++e, &rest);
    m += rest > 0 || (rest == 0 && m % 2 == 1);
    if (m == 1UL << 24) {
        m >>= 1;
        e++;
    }
    if (m == 0 || e > 104)
        return false;
    *ret_bits = m < 1UL << 23 ? (uint32_t)m : (uint32_t)(((unsigned long)(e + 149) << 23) + m);
    return true;
}

bool decimal_to_binary32(const char *text, uint32_t *ret_bits)
{
    Decimal decimal;
    if (!parse(text, &decimal))
        return false;
    mpz_t over, under;
    mpz_init_set_str(over, decimal.digits, 10);
    mpz_init(under);
    mpz_ui_pow_ui(under, 10, decimal.exponent < 0 ? (unsigned long)-decimal.exponent : 0);
    if (decimal.exponent > 0) {
        mpz_t factor;
        mpz_init(factor);
        mpz_ui_pow_ui(factor, 10, (unsigned long)decimal.exponent);
        mpz_mul(over, over, factor);
        mpz_clear(factor);
    }
    bool good = round_to_binary32(over, under, ret_bits);
    mpz_clears(over, under, NULL);
    return good;
}
