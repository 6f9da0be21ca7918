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

void stop(int code, Place place, const char *format, ...)
{
    char text[1000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    printf("REJECTED: %s:%d: ", place.file, place.line);
    print_plain(text);
    exit(fflush(stdout) == 0 ? code : EXIT_IO);
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
