// Binary32 numbers as decimal text that stands for exactly one of them, whatever the locale.
#pragma once

#include <stdbool.h>

enum { DECIMAL32_SIZE = 32 };

// The shortest-form text of "%.9g" in the C locale; nine digits name every binary32 number
// uniquely.
void decimal32_print(float number, char ret_text[DECIMAL32_SIZE]);

// Reads only text that decimal32_print gives for a finite number. False: *ret_number is untouched.
bool decimal32_parse(const char *text, float *ret_number);
