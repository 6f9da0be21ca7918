// The header of a safetensors file: what the file says it holds, checked against what a model of
// its shape must hold, before any weight is read.
#pragma once

#include "metadata.h"
#include "tensors.h"

// Where the bytes of a tensor lie in the data part of the file; end = 0 when the file has none.
typedef struct HeaderSpan {
    uint64_t begin, end;
} HeaderSpan;

typedef struct Header {
    Metadata metadata;
    int n_tensors;
    Tensor *tensors;        // by tensors_list
    HeaderSpan *spans;      // [n_tensors]; only biases may be absent
    HeaderSpan *edge_spans; // [L], or NULL when the file has no masks
} Header;

// Ensures: every byte 0 .. data_size-1 belongs to exactly one span; each span has the size of its
// tensor. Errors: STATUS_MALFORMED.
MUST_USE Status header_parse(Arena *arena, const char *text, size_t size, uint64_t data_size,
                             Header *ret_header, Diag *diag);

// Appends the header of a model, with padding to a multiple of 8 bytes. All tensors are present,
// in order; masks follow if the model has them.
void header_render(const Model *model, Text *text);
