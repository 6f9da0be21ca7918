// Text as K3 describes it: lines of words with one space between them, numbers, sets. Everything else
// is malformed, and so is a number outside the range that is asked for.
#pragma once

#include "reject.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Lines {
    Place place; // the line that is being read
    const char *at, *end;
    bool fresh; // nothing of this line has been read
} Lines;

// Requires: bytes outlive what is read from them.
void lines_open(Lines *lines, const char *file, const char *bytes, size_t size);

bool lines_at_end(const Lines *lines);

// Whether the next word is this one; then it is passed.
bool lines_may(Lines *lines, const char *word);

// Whether another word follows on the line.
bool lines_more(const Lines *lines);

// The next word, which is then in *ret_size bytes, not terminated.
const char *lines_word(Lines *lines, size_t *ret_size);

// The next word, which must be this one; and after it this number.
void lines_expect(Lines *lines, const char *word);
void lines_entry(Lines *lines, const char *word, int number);

// The next word, low <= it <= high; lines_choice gives -1 for the word "-" too.
int64_t lines_number(Lines *lines, int64_t low, int64_t high);
int64_t lines_choice(Lines *lines, int64_t high);

// A copy of the next word, a decimal number of K3 but of at most 100 digits.
const char *lines_integer(Lines *lines);

// The next word, a set of numbers below limit: sets their bits. Requires: bits for all of them, zero.
void lines_set(Lines *lines, int limit, uint64_t *bits);

// A copy of what is left of the line, one character at least.
const char *lines_rest(Lines *lines);

// The line must end here.
void lines_next(Lines *lines);

// A decimal number of K3 in size bytes; false if it is none.
bool lines_parse_number(const char *word, size_t size, int64_t *ret_number);
