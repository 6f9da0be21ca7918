#include "embedding.h"

#include "clones.h"

void embedding_forward(EmbeddingInput in, const float *W_E, const float *W_pos, float *ret_x)
{
    for (int d = 0; d < in.d_model; d++)
        for (int slot = 0; slot < in.count; slot++) {
            const int *tokens = in.tokens + in.position[slot] * LANES;
            float position = W_pos[in.position[slot] * in.d_model + d];
            for (int i = 0; i < LANES; i++)
                *ret_x++ = W_E[tokens[i] * in.d_model + d] + position;
        }
}

ISA_BODY void embedding_backward_body(EmbeddingInput in, const float *dx_t, size_t width,
                                      float *ret_dW_E, float *ret_dW_pos)
{
    for (int slot = 0; slot < in.count; slot++)
        for (int i = 0; i < LANES; i++, dx_t += width) {
            float *dE = ret_dW_E + in.tokens[in.position[slot] * LANES + i] * in.d_model;
            float *dP = ret_dW_pos + in.position[slot] * in.d_model;
            for (int d = 0; d < in.d_model; d++)
                dE[d] += dx_t[d];
            for (int d = 0; d < in.d_model; d++)
                dP[d] += dx_t[d];
        }
}

CLONES(embedding_backward,
       (EmbeddingInput in, const float *dx_t, size_t width, float *ret_dW_E, float *ret_dW_pos),
       (in, dx_t, width, ret_dW_E, ret_dW_pos))
