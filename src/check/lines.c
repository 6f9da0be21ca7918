#include "lines.h"

#include "pool.h"

#include <string.h>

void lines_open(Lines *lines, const char *file, const char *bytes, size_t size)
{
    *lines = (Lines){{file, 1}, bytes, bytes + size, true};
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n' && lines->place.line < INT32_MAX)
            lines->place.line++;
        else if (bytes[i] < ' ' || bytes[i] > '~')
            malformed(lines->place, "a byte that is not printable ASCII (K3)");
    }
    if (size == 0 || bytes[size - 1] != '\n')
        malformed(lines->place, "the last line does not end in a newline (K3)");
    lines->place.line = 1;
}

bool lines_at_end(const Lines *lines)
{
    return lines->at == lines->end;
}

static size_t word_size(const char *at)
{
    size_t size = 0;
    while (at[size] != ' ' && at[size] != '\n')
        size++;
    return size;
}

static bool same(const char *bytes, size_t size, const char *word)
{
    return size == strlen(word) && memcmp(bytes, word, size) == 0;
}

bool lines_may(Lines *lines, const char *word)
{
    if (lines_at_end(lines) || (!lines->fresh && *lines->at != ' '))
        return false;
    const char *at = lines->at + !lines->fresh;
    size_t size = word_size(at);
    if (!same(at, size, word))
        return false;
    lines->at = at + size;
    lines->fresh = false;
    return true;
}

bool lines_more(const Lines *lines)
{
    return !lines_at_end(lines) && *lines->at == ' ';
}

static void pass_space(Lines *lines)
{
    if (lines_at_end(lines))
        malformed(lines->place, "the file ends too early (K3)");
    if (lines->fresh)
        return;
    if (*lines->at != ' ')
        malformed(lines->place, "the line ends too early (K3)");
    lines->at++;
}

const char *lines_word(Lines *lines, size_t *ret_size)
{
    pass_space(lines);
    lines->fresh = false;
    const char *word = lines->at;
    *ret_size = word_size(word);
    if (*ret_size == 0)
        malformed(lines->place, "an empty word (K3)");
    lines->at += *ret_size;
    return word;
}

void lines_expect(Lines *lines, const char *word)
{
    size_t size;
    const char *bytes = lines_word(lines, &size);
    if (!same(bytes, size, word))
        malformed(lines->place, "\"%.*s\" where \"%s\" is expected", size < 40 ? (int)size : 40,
                  bytes, word);
}

static size_t digits(const char *at, const char *end)
{
    size_t size = 0;
    while (at + size < end && at[size] >= '0' && at[size] <= '9')
        size++;
    return size;
}

// Whether a word is a decimal number of at most so many digits.
static bool is_number(const char *word, size_t size, size_t most)
{
    bool negative = size > 0 && word[0] == '-';
    const char *first = word + negative;
    size -= negative;
    return size > 0 && size <= most && digits(first, first + size) == size &&
           (first[0] != '0' || (size == 1 && !negative));
}

bool lines_parse_number(const char *word, size_t size, int64_t *ret_number)
{
    int64_t number = 0;
    if (!is_number(word, size, 18))
        return false;
    for (size_t i = word[0] == '-'; i < size; i++)
        number = 10 * number + (word[i] - '0');
    *ret_number = word[0] == '-' ? -number : number;
    return true;
}

void lines_entry(Lines *lines, const char *word, int number)
{
    lines_expect(lines, word);
    lines_number(lines, number, number);
}

static int64_t number_in(Lines *lines, const char *word, size_t size, int64_t low, int64_t high)
{
    int64_t number;
    if (!lines_parse_number(word, size, &number))
        malformed(lines->place, "\"%.*s\" is not a number (K3)", size < 40 ? (int)size : 40, word);
    if (number < low || number > high)
        malformed(lines->place, "%lld is not in %lld to %lld", (long long)number, (long long)low,
                  (long long)high);
    return number;
}

int64_t lines_number(Lines *lines, int64_t low, int64_t high)
{
    size_t size;
    const char *word = lines_word(lines, &size);
    return number_in(lines, word, size, low, high);
}

int64_t lines_choice(Lines *lines, int64_t high)
{
    size_t size;
    const char *word = lines_word(lines, &size);
    return same(word, size, "-") ? -1 : number_in(lines, word, size, 0, high);
}

static const char *copy(const char *bytes, size_t size)
{
    return memcpy(POOL_TAKE(char, size + 1), bytes, size);
}

const char *lines_integer(Lines *lines)
{
    size_t size;
    const char *word = lines_word(lines, &size);
    if (!is_number(word, size, 100))
        malformed(lines->place, "\"%.*s\" is not a number (K4)", size < 40 ? (int)size : 40, word);
    return copy(word, size);
}

// set = item { "," item }        item = number [ "-" number ]
void lines_set(Lines *lines, int limit, uint64_t *bits)
{
    size_t size;
    const char *at = lines_word(lines, &size);
    const char *end = at + size;
    int64_t above = 0; // the least number that the next item may begin with
    for (;;) {
        size_t width = digits(at, end);
        int64_t low = number_in(lines, at, width, above, limit - 1), high = low;
        at += width;
        if (at < end && *at == '-') {
            width = digits(++at, end);
            high = number_in(lines, at, width, low + 1, limit - 1);
            at += width;
        }
        for (int64_t i = low; i <= high; i++)
            bits[i / 64] |= UINT64_C(1) << i % 64;
        if (at == end)
            return;
        if (*at++ != ',')
            malformed(lines->place, "a set is numbers and ranges, with commas between them (K3)");
        above = high + 1;
    }
}

const char *lines_rest(Lines *lines)
{
    pass_space(lines);
    lines->fresh = false;
    const char *end = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
    if (end == lines->at)
        malformed(lines->place, "the line ends too early (K3)");
    const char *rest = copy(lines->at, (size_t)(end - lines->at));
    lines->at = end;
    return rest;
}

void lines_next(Lines *lines)
{
    if (lines_at_end(lines) || *lines->at != '\n')
        malformed(lines->place, "the line goes on where it should end (K3)");
    lines->at++;
    lines->place.line++;
    lines->fresh = true;
}
