// `--set name=value` as the examples of the documentation and the golden specs write it.
#pragma once

#include <stdlib.h>
#include <string.h>

#include "spec.h"

// Reads the first `--set name=value` of a line; false if there is none.
static inline bool setting_read(Arena *arena, const char *line, size_t length,
                                SpecSetting *ret_setting)
{
    static const char option[] = "--set ";
    const char *text = arena_strndup(arena, line, length);
    const char *name = strstr(text, option);
    const char *equals = name ? strchr(name, '=') : NULL;
    if (!equals)
        return false;
    name += strlen(option);
    ret_setting->name = arena_strndup(arena, name, (size_t)(equals - name));
    ret_setting->value = strtoll(equals + 1, NULL, 10);
    return true;
}
