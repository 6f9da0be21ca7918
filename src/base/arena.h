// Memory for one phase of work: allocated piece by piece, given back all at once.
//
// Running out of memory ends the program in one place (arena.c), with exit code 70. Objects that
// own memory elsewhere (GMP, MPFR) register how they are cleared with arena_on_free.
#pragma once

#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *arena); // clears registered objects, newest first; NULL is allowed

// Zeroed memory for `count` objects of `size` bytes, aligned to 64 bytes; never NULL.
// A product that overflows ends the program like memory that runs out.
void *arena_alloc(Arena *arena, size_t count, size_t size);
#define ARENA_NEW(arena, type, count) ((type *)arena_alloc((arena), (count), sizeof(type)))

char *arena_strdup(Arena *arena, const char *text);
char *arena_strndup(Arena *arena, const char *text, size_t length);
char *arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

void arena_on_free(Arena *arena, void (*clear)(void *object), void *object);

size_t arena_bytes(const Arena *arena); // handed out so far

// For the few objects that outlive any phase; the same end when memory runs out.
void *heap_alloc(size_t count, size_t size);
void *heap_resize(void *memory, size_t count, size_t size);

// From now on memory that is freed stays with the process, for whoever asks next: pages that go back to
// the system come back empty, one fault each. A matter of speed alone.
void heap_keep(void);
