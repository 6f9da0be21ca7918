// A string that grows.
#pragma once

#include <stddef.h>

#include "status.h"

typedef struct Text {
    char *chars;   // NUL-terminated; NULL while empty
    size_t length; // without the NUL
    size_t capacity;
} Text;

void text_add(Text *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_add_bytes(Text *text, const void *bytes, size_t count);
const char *text_chars(const Text *text); // "" while empty
void text_free(Text *text);               // leaves an empty text

// Numbers as a person reads them: "1,500,000" never; "1 500 000". Writes at most size bytes.
const char *text_grouped(char *buffer, size_t size, const char *digits);
