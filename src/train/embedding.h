// Token and position embeddings of sixteen questions, and their gradients.
#pragma once

#include "reach.h"

// tokens[p * 16 + question] is the token at position p.
typedef struct EmbeddingInput {
    const int *position; // [count]
    int count, d_model;
    const int *tokens;
} EmbeddingInput;

// ret_x[d_model, count * 16] = W_E[token] + W_pos[position].
void embedding_forward(EmbeddingInput in, const float *W_E, const float *W_pos, float *ret_x);

// Adds to both gradients, given dx transposed: dx_t[count * 16, width].
void embedding_backward(EmbeddingInput in, const float *dx_t, size_t width, float *ret_dW_E,
                        float *ret_dW_pos);
