#include "decimal32.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "status.h"

void decimal32_print(float number, char ret_text[DECIMAL32_SIZE])
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    CHECK(plain);
    locale_t before = uselocale(plain);
    snprintf(ret_text, DECIMAL32_SIZE, "%.9g", (double)number);
    uselocale(before);
    freelocale(plain);
}

static float nearest(const char *text)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    CHECK(plain);
    locale_t before = uselocale(plain);
    float number = strtof(text, NULL);
    uselocale(before);
    freelocale(plain);
    return number;
}

bool decimal32_parse(const char *text, float *ret_number)
{
    char again[DECIMAL32_SIZE];
    float number = nearest(text);
    decimal32_print(number, again);
    if (!isfinite(number) || strcmp(text, again) != 0)
        return false;
    *ret_number = number;
    return true;
}
