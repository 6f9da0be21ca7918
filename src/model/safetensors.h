// Models in files: safetensors with TransformerLens names. docs/model-format.md describes the
// format.
//
// The reader is strict: it takes nothing that it does not understand, and the bytes of the file are
// covered by tensors without a hole or an overlap. What the writer writes, reader and writer
// together give back byte for byte.
#pragma once

#include "model.h"
#include "text.h"

enum { SAFETENSORS_FILE_MAX = 1 << 30, SAFETENSORS_HEADER_MAX = 100000000 };

// `path` is for messages. Memory: a small multiple of `size`, and the masks of attention edges.
// Errors: STATUS_MALFORMED (M001 to M024).
MUST_USE Status model_parse(Arena *arena, const char *path, const void *bytes, size_t size,
                            Model **ret_model, Diag *diag);

// Reads the file, then model_parse. Adds the errors of file_read.
MUST_USE Status model_read(Arena *arena, const char *path, Model **ret_model, Diag *diag);

// Appends the file's bytes. Requires: what the reader guarantees of a model.
void model_render(const Model *model, Text *text);

// Errors: those of file_write.
MUST_USE Status model_write(const Model *model, const char *path, Diag *diag);
