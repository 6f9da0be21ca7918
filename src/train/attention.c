#include "attention.h"

#include <string.h>

#include "attend.h"
#include "clones.h"

int attention_edges(const ReachLayer *reach, int heads)
{
    return reach->first[heads * reach->n_out];
}

void attention_forward(const Attention *a)
{
    const ReachLayer *reach = a->reach;
    size_t out_row = (size_t)reach->n_out * LANES, in_row = (size_t)reach->n_in * LANES;
    for (int head = 0; head < a->heads; head++)
        for (int slot = 0; slot < reach->n_out; slot++) {
            const int *first = &reach->first[head * reach->n_out + slot];
            size_t row = (size_t)(head * a->d_head);
            attend(&(Attend){
                .d_head = a->d_head,
                .n_keys = first[1] - first[0],
                .keys = reach->keys + first[0],
                .score_scale = a->score_scale,
                .q = a->q + row * out_row + slot * LANES,
                .k = a->k + row * in_row,
                .v = a->v + row * in_row,
                .z = a->z + row * out_row + slot * LANES,
                .row = out_row,
                .key_row = in_row,
                .weights = a->weights + first[0] * LANES,
            });
        }
}

// One query of one head. Number d of a vector lies d rows further on.
typedef struct Query {
    int d_head, n_keys;
    const int *keys; // [n_keys] slots
    size_t out, in;  // where vectors of the query and of the key in slot 0 begin
    size_t out_row, in_row;
} Query;

#define LOAD(address)         (*(const Lanes *)(address))
#define ADD_TO(address, term) (*(Lanes *)(address) += (term))

ISA_BODY size_t out_at(const Query *at, int d)
{
    return at->out + (size_t)d * at->out_row;
}

ISA_BODY size_t in_at(const Query *at, int d, int e)
{
    return at->in + (size_t)d * at->in_row + (size_t)at->keys[e] * LANES;
}

// Nothing can be learned from a weight below 2^-64. It counts as 0 here: its share of the gradient would be
// subnormal, and a processor takes a hundred times as long for such numbers.
ISA_BODY Lanes counted_weights(Lanes w)
{
    for (int l = 0; l < LANES; l++)
        w[l] = w[l] < 0x1p-64f ? 0.0f : w[l];
    return w;
}

// dw, and what reaches the values.
ISA_BODY void backward_mix(const Query *at, const Lanes *w, const float *v, const float *dz,
                           Lanes *ret_dw, float *ret_dv)
{
    for (int e = 0; e < at->n_keys; e++) {
        Lanes sum = {0}, counted = counted_weights(w[e]);
        for (int d = 0; d < at->d_head; d++) {
            Lanes z = LOAD(dz + out_at(at, d));
            sum += z * LOAD(v + in_at(at, d, e));
            ADD_TO(ret_dv + in_at(at, d, e), counted * z);
        }
        ret_dw[e] = sum;
    }
}

// From dw to ds, in place.
ISA_BODY void backward_softmax(int n, float scale, const Lanes *w, Lanes *dw)
{
    Lanes mean = {0};
    for (int e = 0; e < n; e++)
        mean += w[e] * dw[e];
    for (int e = 0; e < n; e++)
        dw[e] = counted_weights(w[e]) * (dw[e] - mean) * scale;
}

ISA_BODY void backward_scores(const Query *at, const Lanes *ds, const float *q, const float *k,
                              float *ret_dq, float *ret_dk)
{
    for (int d = 0; d < at->d_head; d++) {
        Lanes sum = {0}, query = LOAD(q + out_at(at, d));
        for (int e = 0; e < at->n_keys; e++) {
            sum += ds[e] * LOAD(k + in_at(at, d, e));
            ADD_TO(ret_dk + in_at(at, d, e), ds[e] * query);
        }
        *(Lanes *)(ret_dq + out_at(at, d)) = sum;
    }
}

ISA_BODY void attention_backward_body(const Attention *a, const AttentionGradient *ret)
{
    const ReachLayer *reach = a->reach;
    Query at = {.d_head = a->d_head};
    at.out_row = (size_t)reach->n_out * LANES, at.in_row = (size_t)reach->n_in * LANES;
    size_t size = (size_t)(a->heads * a->d_head) * at.in_row * sizeof(float);
    memset(ret->dk, 0, size);
    memset(ret->dv, 0, size);
    for (int head = 0; head < a->heads; head++)
        for (int slot = 0; slot < reach->n_out; slot++) {
            const int *first = &reach->first[head * reach->n_out + slot];
            at.n_keys = first[1] - first[0], at.keys = reach->keys + first[0];
            at.in = (size_t)(head * a->d_head) * at.in_row;
            at.out = (size_t)(head * a->d_head) * at.out_row + (size_t)slot * LANES;
            const Lanes *w = (const Lanes *)(a->weights + first[0] * LANES);
            Lanes *ds = (Lanes *)(ret->ds + first[0] * LANES);
            backward_mix(&at, w, a->v, ret->dz, ds, ret->dv);
            backward_softmax(at.n_keys, a->score_scale, w, ds);
            backward_scores(&at, ds, a->q, a->k, ret->dq, ret->dk);
        }
}

CLONES(attention_backward, (const Attention *a, const AttentionGradient *ret), (a, ret))
