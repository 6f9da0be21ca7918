// dot_many for each instruction set: internal to dot.c. Both give the same integers.
#pragma once

#include "dot.h"
#include "functional.h"

void dot_generic(const int32_t *a, const int32_t *b, int K, int stride, int count, int64_t *ret);
void dot_avx512(const int32_t *a, const int32_t *b, int K, int stride, int count, int64_t *ret);
