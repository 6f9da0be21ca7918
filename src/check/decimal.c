#include "decimal.h"

#include <gmp.h>
#include <stdlib.h>
#include <string.h>

static const char figures[] = "0123456789";

// over / under = digits [ "." digits ] [ "e" [ "+" | "-" ] digits ]
static bool parse(const char *text, mpz_t over, mpz_t under)
{
    char digits[48] = "";
    size_t size = strspn(text, figures), more = 0;
    long exponent = 0;
    if (size == 0 || strlen(text) > 40)
        return false;
    memcpy(digits, text, size);
    text += size;
    if (*text == '.') {
        more = strspn(++text, figures);
        if (more == 0)
            return false;
        memcpy(digits + size, text, more);
        text += more;
    }
    if (*text == 'e') {
        bool negative = text[1] == '-';
        text += 1 + (negative || text[1] == '+');
        size = strspn(text, figures);
        if (size == 0 || size > 3)
            return false;
        exponent = negative ? -strtol(text, NULL, 10) : strtol(text, NULL, 10);
        text += size;
    }
    exponent -= (long)more;
    mpz_set_str(over, digits, 10);
    mpz_ui_pow_ui(under, 10, (unsigned long)labs(exponent));
    if (exponent > 0) {
        mpz_mul(over, over, under);
        mpz_set_ui(under, 1);
    }
    return *text == 0;
}

// A binary32 number is m 2^(e - 149), m < 2^24, where e = 0 or m >= 2^23; so its bits are m + e 2^23.
static unsigned long round_to_binary32(mpz_t over, mpz_t under)
{
    unsigned long e = 0;
    mpz_t m, rest;
    mpz_inits(m, rest, NULL);
    mpz_mul_2exp(over, over, 149);
    while (mpz_fdiv_qr(m, rest, over, under), mpz_sizeinbase(m, 2) > 24) {
        mpz_mul_2exp(under, under, 1);
        e++;
    }
    mpz_mul_2exp(rest, rest, 1);
    int half = mpz_cmp(rest, under);
    unsigned long bits = mpz_get_ui(m) + (e << 23);
    bits += half > 0 || (half == 0 && mpz_odd_p(m));
    mpz_clears(m, rest, NULL);
    return bits;
}

bool decimal_to_binary32(const char *text, uint32_t *ret_bits)
{
    mpz_t over, under;
    mpz_inits(over, under, NULL);
    bool good = parse(text, over, under);
    unsigned long bits = good ? round_to_binary32(over, under) : 0;
    mpz_clears(over, under, NULL);
    *ret_bits = (uint32_t)bits;
    return bits > 0 && bits < 0x7f800000;
}
