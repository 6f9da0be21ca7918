#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

static void reserve(Text *text, size_t more)
{
    size_t need = text->length + more + 1;
    if (need <= text->capacity)
        return;
    text->capacity = need > 2 * text->capacity ? need : 2 * text->capacity;
    text->chars = heap_resize(text->chars, text->capacity, 1);
}

void text_add(Text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    CHECK(length >= 0);
    reserve(text, (size_t)length);
    vsnprintf(text->chars + text->length, (size_t)length + 1, format, again);
    text->length += (size_t)length;
    va_end(again);
    va_end(args);
}

void text_add_bytes(Text *text, const void *bytes, size_t count)
{
    reserve(text, count);
    memcpy(text->chars + text->length, bytes, count);
    text->length += count;
    text->chars[text->length] = '\0';
}

const char *text_chars(const Text *text)
{
    return text->chars ? text->chars : "";
}

void text_free(Text *text)
{
    free(text->chars);
    *text = (Text){0};
}

const char *text_grouped(char *buffer, size_t size, const char *digits)
{
    size_t length = strlen(digits), out = 0;
    for (size_t i = 0; i < length && out + 2 < size; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            buffer[out++] = ' ';
        buffer[out++] = digits[i];
    }
    buffer[out] = '\0';
    return buffer;
}
