// As much JSON as the header of a safetensors file needs: objects, arrays, strings, and integers that
// are not negative. Strict; what is not of the form that the caller asks for is malformed.
#pragma once

#include "reject.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct JsonReader {
    Place place;
    const char *at, *end;
} JsonReader;

// Passes this character and white space around it; json_may: if it is there.
void json_must(JsonReader *json, char c);
bool json_may(JsonReader *json, char c);

// A string, decoded, in memory of the pool. A zero byte within it is malformed.
const char *json_string(JsonReader *json);

// An integer below 2^53.
int64_t json_number(JsonReader *json);

// Nothing may be left.
void json_end(JsonReader *json);
