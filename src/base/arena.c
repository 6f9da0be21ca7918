#include "arena.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "status.h"

enum { ALIGNMENT = 64, BLOCK_BYTES = 1 << 16 };

typedef struct Block {
    struct Block *next;
    size_t used, size;
    _Alignas(ALIGNMENT) unsigned char bytes[];
} Block;

typedef struct Cleanup {
    struct Cleanup *next;
    void (*clear)(void *object);
    void *object;
} Cleanup;

struct Arena {
    Block *blocks;
    Cleanup *cleanups;
    size_t bytes;
};

static _Noreturn void out_of_memory(void)
{
    fputs("out of memory\n", stderr);
    exit(STATUS_INTERNAL);
}

static size_t product(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 4)
        out_of_memory();
    return bytes;
}

void *heap_alloc(size_t count, size_t size)
{
    size_t bytes = product(count, size);
    void *memory = calloc(1, bytes ? bytes : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

void *heap_resize(void *memory, size_t count, size_t size)
{
    size_t bytes = product(count, size);
    memory = realloc(memory, bytes ? bytes : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

void heap_keep(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
    mallopt(M_TOP_PAD, 16 << 20);
}

Arena *arena_new(void)
{
    return heap_alloc(1, sizeof(Arena));
}

void arena_free(Arena *arena)
{
    if (!arena)
        return;
    for (Cleanup *c = arena->cleanups; c; c = c->next)
        c->clear(c->object);
    for (Block *b = arena->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(arena);
}

static Block *block_new(size_t least)
{
    size_t size = least > BLOCK_BYTES ? least : BLOCK_BYTES;
    size_t bytes = (sizeof(Block) + size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    Block *block = aligned_alloc(ALIGNMENT, bytes);
    if (!block)
        out_of_memory();
    block->used = 0;
    block->size = size;
    return block;
}

void *arena_alloc(Arena *arena, size_t count, size_t size)
{
    size_t bytes = (product(count, size) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    Block *block = arena->blocks;
    if (!block || block->size - block->used < bytes) {
        block = block_new(bytes);
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *memory = block->bytes + block->used;
    block->used += bytes;
    arena->bytes += bytes;
    return memset(memory, 0, bytes);
}

char *arena_strndup(Arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1, 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(Arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    CHECK(length >= 0);
    char *text = arena_alloc(arena, (size_t)length + 1, 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

void arena_on_free(Arena *arena, void (*clear)(void *object), void *object)
{
    Cleanup *cleanup = ARENA_NEW(arena, Cleanup, 1);
    *cleanup = (Cleanup){arena->cleanups, clear, object};
    arena->cleanups = cleanup;
}

size_t arena_bytes(const Arena *arena)
{
    return arena->bytes;
}
