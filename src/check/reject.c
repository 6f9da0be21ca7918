#include "reject.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

// Names and texts out of a bundle may hold anything, even what moves a terminal's cursor or looks like a verdict.
static void print_plain(FILE *out, const char *text)
{
    for (; *text; text++)
        putc(*text >= 0x20 && *text < 0x7f ? *text : '?', out);
}

void stop(int code, Place place, const char *format, ...)
{
    char text[1000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    printf("REJECTED: ");
    print_plain(stdout, place.file);
    printf(":%d: ", place.line);
    print_plain(stdout, text);
    printf("\n");
    exit(fflush(stdout) == 0 ? code : EXIT_IO);
}

void fail(int code, const char *format, ...)
{
    char text[1000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "proofcheck: ");
    print_plain(stderr, text);
    fprintf(stderr, "\n");
    exit(code);
}
