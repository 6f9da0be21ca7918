// The tensors of a model: their names, shapes and order.
//
// The order is that of the fields of Model and ModelLayer; it is how `parameters` is laid out and
// how the file lists them. The masks of edges are no parameters and are not listed.
#pragma once

#include "model.h"

enum { TENSOR_NAME_SIZE = 48, TENSOR_RANK_MAX = 3 };

typedef struct Tensor {
    char name[TENSOR_NAME_SIZE]; // "blocks.0.attn.W_Q"
    int rank;                    // 1..3
    int dims[TENSOR_RANK_MAX];
    size_t first, count; // parameters[first] .. parameters[first + count - 1], row-major
    bool bias;           // b_...: absent from a file means zero
} Tensor;

// All tensors, in order. Requires: a shape that model_check_shape accepts.
Tensor *tensors_list(Arena *arena, ModelShape shape, int *ret_count);
