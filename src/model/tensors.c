#include "tensors.h"

#include <stdio.h>
#include <string.h>

// Dimensions by their letters, as in model.h.
typedef struct TensorRow {
    const char *name, *dims;
} TensorRow;

static const TensorRow first_rows[] = {{"embed.W_E", "VD"}, {"pos_embed.W_pos", "CD"}};
static const TensorRow layer_rows[] = {
    {"attn.W_Q", "HDK"}, {"attn.b_Q", "HK"}, {"attn.W_K", "HDK"}, {"attn.b_K", "HK"},
    {"attn.W_V", "HDK"}, {"attn.b_V", "HK"}, {"attn.W_O", "HKD"}, {"attn.b_O", "D"},
    {"mlp.W_in", "DF"},  {"mlp.b_in", "F"},  {"mlp.W_out", "FD"}, {"mlp.b_out", "D"},
};
static const TensorRow last_rows[] = {{"unembed.W_U", "DV"}, {"unembed.b_U", "V"}};

enum {
    FIRST_ROWS = sizeof first_rows / sizeof *first_rows,
    LAYER_ROWS = sizeof layer_rows / sizeof *layer_rows,
    LAST_ROWS = sizeof last_rows / sizeof *last_rows,
};

static int dimension(const ModelShape *shape, char letter)
{
    switch (letter) {
    case 'H':
        return shape->heads;
    case 'D':
        return shape->d_model;
    case 'K':
        return shape->d_head;
    case 'F':
        return shape->d_mlp;
    case 'V':
        return shape->d_vocab;
    default:
        return shape->n_ctx;
    }
}

static Tensor tensor_of(const ModelShape *shape, const TensorRow *row, int layer, size_t first)
{
    Tensor tensor = {.first = first, .count = 1};
    if (layer >= 0)
        snprintf(tensor.name, sizeof tensor.name, "blocks.%d.%s", layer, row->name);
    else
        snprintf(tensor.name, sizeof tensor.name, "%s", row->name);
    for (const char *letter = row->dims; *letter; letter++) {
        int size = dimension(shape, *letter);
        tensor.dims[tensor.rank++] = size;
        tensor.count *= (size_t)size;
    }
    tensor.bias = strstr(row->name, ".b_") != NULL;
    return tensor;
}

Tensor *tensors_list(Arena *arena, ModelShape shape, int *ret_count)
{
    int count = FIRST_ROWS + LAYER_ROWS * shape.layers + LAST_ROWS;
    Tensor *list = ARENA_NEW(arena, Tensor, (size_t)count), *next = list;
    size_t first = 0;
    for (int i = 0; i < FIRST_ROWS; i++, first += next++->count)
        *next = tensor_of(&shape, &first_rows[i], -1, first);
    for (int l = 0; l < shape.layers; l++)
        for (int i = 0; i < LAYER_ROWS; i++, first += next++->count)
            *next = tensor_of(&shape, &layer_rows[i], l, first);
    for (int i = 0; i < LAST_ROWS; i++, first += next++->count)
        *next = tensor_of(&shape, &last_rows[i], -1, first);
    *ret_count = count;
    return list;
}
