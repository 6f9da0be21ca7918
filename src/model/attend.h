// One attention head at one query position, for sixteen questions side by side.
#pragma once

#include <stddef.h>

enum { ATTEND_LANES = 16 }; // questions side by side

// Number d of a position's vector lies at [d * row + lane], for lane 0..15; that of the key in slot
// s at [d * key_row + s * 16 + lane].
typedef struct Attend {
    int d_head, n_keys;
    const int *keys; // slots, in ascending order of position
    float score_scale;
    const float *q; // with row
    const float *k, *v;
    float *z; // with row
    size_t row, key_row;
    float *weights; // [n_keys * 16] scratch; holds the softmax afterwards
} Attend;

// z = sum over keys p of weight[p] v[p], where, each step rounded to binary32,
//
//     score[p]  = score_scale * (chain of fma over d from 0 of q[d] k[p][d])
//     e[p]      = exp32(score[p] - max of the scores)
//     weight[p] = e[p] / (e[first] + e[second] + ..., from the left)
//     z[d]      = chain of fma over p from 0 of weight[p] v[p][d]
//
// With no keys z is 0. The result is the same for every instruction set (isa.h).
void attend(const Attend *attend);
