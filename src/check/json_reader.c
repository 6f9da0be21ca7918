#include "json_reader.h"

#include "pool.h"

#include <string.h>

static void pass_white(JsonReader *json)
{
    while (json->at < json->end && memchr(" \t\r\n", *json->at, 4))
        json->at++;
}

bool json_may(JsonReader *json, char c)
{
    pass_white(json);
    if (json->at == json->end || *json->at != c)
        return false;
    json->at++;
    pass_white(json);
    return true;
}

void json_must(JsonReader *json, char c)
{
    if (!json_may(json, c))
        malformed(json->place,
                  "the header is not the JSON that it should be: no '%c' where one is due (K5)", c);
}

static _Noreturn void bad_string(const JsonReader *json)
{
    malformed(json->place, "a string in the header is not JSON (K5)");
}

static unsigned hex4(JsonReader *json)
{
    static const char digits[] = "0123456789abcdef";
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        char c = json->at < json->end ? *json->at++ : 0;
        const char *digit = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
        if (!digit)
            bad_string(json);
        value = value << 4 | (unsigned)(digit - digits);
    }
    return value;
}

static char *put_utf8(char *to, unsigned c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    *to++ = (char)(0xff00 >> (more + 1) | c >> 6 * more);
    while (more-- > 0)
        *to++ = (char)(0x80 | (c >> 6 * more & 0x3f));
    return to;
}

// What follows a backslash: at most as many bytes as it takes there.
static char *unescape(JsonReader *json, char *to)
{
    static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    char c = json->at < json->end ? *json->at++ : 0;
    const char *name = c ? strchr(names, c) : NULL;
    if (name) {
        *to++ = meanings[name - names];
        return to;
    }
    if (c != 'u')
        bad_string(json);
    unsigned code = hex4(json);
    if (code >= 0xd800 && code < 0xdc00) {
        if (json->end - json->at < 6 || *json->at++ != '\\' || *json->at++ != 'u')
            bad_string(json);
        unsigned low = hex4(json);
        if (low < 0xdc00 || low > 0xdfff)
            bad_string(json);
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code == 0 || (code >= 0xdc00 && code < 0xe000))
        bad_string(json);
    return put_utf8(to, code);
}

const char *json_string(JsonReader *json)
{
    pass_white(json);
    if (json->at == json->end || *json->at++ != '"')
        bad_string(json);
    const char *stop = json->at;
    while (stop < json->end && *stop != '"')
        stop += *stop == '\\' && json->end - stop > 1 ? 2 : 1;
    if (stop >= json->end)
        bad_string(json);
    char *string = POOL_TAKE(char, stop - json->at + 1), *to = string;
    while (json->at < stop) {
        char c = *json->at++;
        if (c >= 0 && c < ' ')
            bad_string(json);
        if (c == '\\')
            to = unescape(json, to);
        else
            *to++ = c;
    }
    json->at = stop + 1;
    pass_white(json);
    return string;
}

int64_t json_number(JsonReader *json)
{
    int64_t value = 0;
    const char *start = json->at;
    while (json->at < json->end && *json->at >= '0' && *json->at <= '9' && value < INT64_C(1) << 49)
        value = 10 * value + (*json->at++ - '0');
    if (json->at == start || (*start == '0' && json->at - start > 1))
        malformed(json->place, "a number in the header is not one (K5)");
    pass_white(json);
    return value;
}

void json_end(JsonReader *json)
{
    pass_white(json);
    if (json->at != json->end)
        malformed(json->place, "something follows the header's JSON (K5)");
}
