// A file that a test writes for the checker to read, in memory.
#pragma once

#include <stdarg.h>
#include <stdio.h>

static char text[1 << 14];
static int length; // of the text

__attribute__((format(printf, 1, 2))) static void put(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    length += vsnprintf(text + length, sizeof text - (size_t)length, format, arguments);
    va_end(arguments);
}
