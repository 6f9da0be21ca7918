// "Did you mean ...?"
#pragma once

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`; strings
// longer than 63 bytes count as far apart.
int nearest_distance(const char *a, const char *b);

// Whether `candidate` at this distance from what was typed is worth suggesting.
int nearest_is_close(const char *typed, int distance);

// The one of some words that is closest to what was typed, the first of several; NULL if none is close.
const char *nearest_word(const char *typed, const char *const *words, int count);
