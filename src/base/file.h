// Whole files in and out. Output appears under its name only when it is complete.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "diag.h"

// Reads a regular file of at most `limit` bytes. The content is followed by a NUL byte that
// *ret_size does not count. Errors: STATUS_MISSING (F001), STATUS_MALFORMED when too large (F002),
// STATUS_IO.
MUST_USE Status file_read(Arena *arena, const char *path, size_t limit, char **ret_content,
                          size_t *ret_size, Diag *diag);

// Writes to a temporary name in the same folder, syncs, and renames it to `path`; on failure what
// stood at `path` is untouched. Errors: STATUS_CANNOT_WRITE (F003), STATUS_IO (F004).
MUST_USE Status file_write(const char *path, const void *content, size_t size, Diag *diag);

// Makes the folder and those above it, as far as they are missing. Errors: STATUS_CANNOT_WRITE
// (F003).
MUST_USE Status file_make_folder(const char *path, Diag *diag);

// `relative` as seen from the folder of `from`; absolute paths are returned as they are.
char *file_beside(Arena *arena, const char *from, const char *relative);

// The name without folders and without its last extension: "a/b/add_d5.recipe" gives "add_d5".
char *file_stem(Arena *arena, const char *path);
