#include "quote.h"

#include <string.h>

#include "text.h"

static size_t length_of_blank(const char *at)
{
    return *at == '#' ? strcspn(at, "\n") : strspn(at, " \t\r\n");
}

static size_t length_of_piece(const char *at)
{
    return *at == '"' ? 2 + strcspn(at + 1, "\"") : strcspn(at, "\"# \t\r\n");
}

char *quote_span(Arena *arena, const Spec *spec, SpecSpan span)
{
    const char *at = spec_text(arena, spec, span), *space = "";
    Text text = {0};
    while (*at) {
        size_t blank = length_of_blank(at), piece = blank ? 0 : length_of_piece(at);
        if (piece > 0) {
            text_add(&text, "%s%.*s", space, (int)piece, at);
            space = "";
        } else {
            space = " ";
        }
        at += blank + piece;
    }
    char *quoted = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return quoted;
}
