#include "reject.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void end(int code, Place place, const char *format, va_list arguments)
{
    printf("REJECTED: %s:%d: ", place.file, place.line);
    vprintf(format, arguments);
    printf("\n");
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
