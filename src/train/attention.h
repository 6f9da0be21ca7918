// Softmax attention along a list of edges, and its gradient, for sixteen questions at once.
//
// Shapes: q and z [heads * d_head, n_out * 16]; k and v [heads * d_head, n_in * 16]; weights
// [n_edges, 16]. For each head and query, over its edges e:
//
//     s_e = scale q . k_e     w_e = exp(s_e - max s) / sum     z = sum_e w_e v_e
//
// and with dw_e = dz . v_e,  mean = sum_e w_e dw_e,  ds_e = scale w_e (dw_e - mean):
//
//     dv_e += w_e dz     dq = sum_e ds_e k_e     dk_e += ds_e q
#pragma once

#include "plan.h"

typedef struct AttentionGradients {
    float *dq, *dk, *dv;
    float *dw; // [n_edges, 16] scratch
} AttentionGradients;

void attention_forward(const PlanLayer *plan, int d_head, float scale, const float *q,
                       const float *k, const float *v, float *ret_weights, float *ret_z);

void attention_backward(const PlanLayer *plan, int d_head, float scale, const float *q,
                        const float *k, const float *v, const float *weights, const float *dz,
                        AttentionGradients ret);
