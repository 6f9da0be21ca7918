#include "pool.h"

#include "reject.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct Block {
    alignas(16) struct Block *below;
    size_t size;
} Block;

static const uint64_t most = UINT64_C(1) << 32;

static Block *top;
static uint64_t taken;

void *pool_take(size_t count, size_t size)
{
    uint64_t left = most - taken;
    if (left < sizeof(Block) || count > (left - sizeof(Block)) / size)
        reject((Place){"certificate.txt", 0},
               "to check this takes more memory than the checker may use");
    Block *block = calloc(1, sizeof *block + count * size);
    if (!block)
        fail(EXIT_INTERNAL, "out of memory");
    block->below = top;
    block->size = count * size;
    taken += sizeof *block + block->size;
    top = block;
    return block + 1;
}

PoolMark pool_mark(void)
{
    return top;
}

void pool_release(PoolMark mark)
{
    while (top && top != mark) {
        Block *block = top;
        taken -= sizeof *block + block->size;
        top = block->below;
        free(block);
    }
}
