#include "reject.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

// Names and texts out of a file may hold anything, even what moves a terminal's cursor.
static void print_plain(char *text)
{
    for (; *text; text++)
        putchar(*text >= 0x20 && *text < 0x7f ? *text : '?');
    putchar('\n');
}

static _Noreturn void end(int code, Place place, const char *format, va_list arguments)
{
    char text[1000];
    vsnprintf(text, sizeof text, format, arguments);
    printf("REJECTED: %s:%d: ", place.file, place.line);
    print_plain(text);
    if (fflush(stdout) != 0)
        code = EXIT_IO;
    exit(code);
}

void reject(Place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    end(EXIT_REJECTED, place, format, arguments);
}

void malformed(Place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    end(EXIT_MALFORMED, place, format, arguments);
}

static _Noreturn void end_with(int code, Place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    end(code, place, format, arguments);
}

void missing(Place place)
{
    end_with(EXIT_MISSING, place, "is missing (K1)");
}

void fail(int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "proofcheck: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    exit(code);
}
