// Settings as a model notes them: "n=5 m=2".
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct SettingWord {
    const char *name; // of `length` bytes, in the text
    size_t length;
    long long value;
} SettingWord;

// Reads one and moves *at behind it. False at the end, and where *at does not begin with one; it stays there then.
bool setting_read(const char **at, SettingWord *ret_word);
