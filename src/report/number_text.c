#include "number_text.h"

#include <stdlib.h>
#include <string.h>

void number_add_count(Text *text, const mpz_t count)
{
    char *digits = mpz_get_str(NULL, 10, count);
    text_add(text, "%s", digits);
    free(digits);
}

void number_add_power(Text *text, const mpz_t count)
{
    char *digits = mpz_get_str(NULL, 10, count);
    size_t length = strlen(digits);
    if (length >= 5 && digits[0] == '1' && strspn(digits + 1, "0") == length - 1)
        text_add(text, " (10^%zu)", length - 1);
    free(digits);
}

void number_add_margin(Text *text, Fix margin, int digits)
{
    Wide unit = 1;
    for (int i = 0; i < digits; i++)
        unit *= 10;
    Wide scaled = (Wide)margin * unit >> FIX_BITS; // rounds down, also below zero
    bool negative = scaled < 0;
    if (negative)
        scaled = -scaled;
    text_add(text, "%s%lld", negative ? "-" : "", (long long)(scaled / unit));
    if (digits > 0)
        text_add(text, ".%0*lld", digits, (long long)(scaled % unit));
}

void number_add_plural(Text *text, unsigned long count, const char *thing)
{
    text_add(text, "%lu %s%s", count, thing, count == 1 ? "" : "s");
}
