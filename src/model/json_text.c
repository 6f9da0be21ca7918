#include "json_text.h"

#include <stdlib.h>
#include <string.h>

// Position after the closing quote, or `size`.
static size_t skip_string(const char *text, size_t size, size_t at)
{
    for (at++; at < size && text[at] != '"'; at++)
        if (text[at] == '\\')
            at++;
    return at < size ? at + 1 : size;
}

typedef struct Extent {
    int depth, values;
} Extent;

// Deepest nesting, and at least the number of values, of any text at all; counts stop at the
// bounds.
static Extent measure(const char *text, size_t size)
{
    Extent most = {0, 0};
    int depth = 0;
    for (size_t i = 0; i < size && most.values <= JSON_TEXT_VALUES_MAX;) {
        char c = text[i];
        if (c == '{' || c == '[')
            most.depth = ++depth > most.depth ? depth : most.depth;
        if (c == '}' || c == ']')
            depth--;
        most.values += c == '{' || c == '[' || c == ',' || c == ':';
        i = c == '"' ? skip_string(text, size, i) : i + 1;
    }
    return most;
}

static Status check_extent(const char *what, const char *text, size_t size, Diag *diag)
{
    Extent extent = measure(text, size);
    if (extent.depth > JSON_TEXT_DEPTH_MAX)
        return diag_set(diag, STATUS_MALFORMED, "M004", "%s is nested more than %d deep", what,
                        JSON_TEXT_DEPTH_MAX);
    if (extent.values > JSON_TEXT_VALUES_MAX)
        return diag_set(diag, STATUS_MALFORMED, "M004", "%s holds more than %d values", what,
                        JSON_TEXT_VALUES_MAX);
    return STATUS_OK;
}

Status json_text_parse(const char *what, const char *text, size_t size, json_t **ret_value,
                       Diag *diag)
{
    json_error_t error;
    while (size > 0 && text[size - 1] == ' ')
        size--;
    TRY(check_extent(what, text, size, diag));
    if (size == 0 || (text[0] != '{' && text[0] != '[') ||
        (text[size - 1] != '}' && text[size - 1] != ']'))
        return diag_set(diag, STATUS_MALFORMED, "M003", "%s is not a JSON object or array", what);
    json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!value && json_error_code(&error) == json_error_duplicate_key)
        return diag_set(diag, STATUS_MALFORMED, "M003", "%s has the same key twice, near byte %d",
                        what, error.position);
    if (!value && json_error_code(&error) == json_error_invalid_utf8)
        return diag_set(diag, STATUS_MALFORMED, "M003", "%s is not UTF-8 text", what);
    if (!value)
        return diag_set(diag, STATUS_MALFORMED, "M003", "%s is not valid JSON, near byte %d", what,
                        error.position);
    *ret_value = value;
    return STATUS_OK;
}

void json_text_add_string(Text *text, const char *string)
{
    json_t *value = json_string(string);
    if (!value) {
        Text plain = {0};
        for (const char *c = string; *c; c++)
            text_add(&plain, "%c", (unsigned char)*c < 128 ? *c : '?');
        value = json_string(text_chars(&plain));
        text_free(&plain);
    }
    char *dump = json_dumps(value, JSON_ENCODE_ANY);
    CHECK(dump);
    text_add_bytes(text, dump, strlen(dump));
    free(dump);
    json_decref(value);
}
