// All memory of the checker: a stack of blocks. What was taken since a mark is given back at once.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Zeroed memory for count things of a size; ends the program when there is none, or when all of it
// together would exceed 2^32 bytes.
void *pool_take(size_t count, size_t size);

#define POOL_TAKE(type, count) ((type *)pool_take((size_t)(count), sizeof(type)))

static inline int64_t *pool_numbers(int64_t count)
{
    return POOL_TAKE(int64_t, count);
}

typedef const void *PoolMark;

PoolMark pool_mark(void);
void pool_release(PoolMark mark);
