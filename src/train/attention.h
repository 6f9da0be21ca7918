// Softmax attention of a layer for sixteen questions at once, and its gradient.
//
// For each head and query position, over the keys e that its edges allow:
//
//     s_e = scale q . k_e     w_e = exp(s_e - max s) / sum     z = sum_e w_e v_e
//
// and, given dz, with dw_e = dz . v_e and mean = sum_e w_e dw_e:
//
//     ds_e = scale w_e (dw_e - mean)     dv_e += w_e dz     dq = sum_e ds_e k_e     dk_e += ds_e q
#pragma once

#include "reach.h"

typedef struct Attention {
    const ReachLayer *reach;
    int heads, d_head;
    float score_scale;
    float *q, *z;   // [heads * d_head, n_out * 16]
    float *k, *v;   // [heads * d_head, n_in * 16]
    float *weights; // [edges, 16]
} Attention;

int attention_edges(const ReachLayer *reach, int heads); // of all heads together

// From q, k, v: weights and z.
void attention_forward(const Attention *a);

typedef struct AttentionGradient {
    const float *dz;     // [heads * d_head, n_out * 16]
    float *dq, *dk, *dv; // like q, k, v
    float *ds;           // [edges, 16]
} AttentionGradient;

// Overwrites dq, dk, dv and ds.
void attention_backward(const Attention *a, const AttentionGradient *ret);
