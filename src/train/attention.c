#include "attention.h"

#include <string.h>

#include "clones.h"
#include "exp32.h"

// One query of one head: where its rows begin and which edges are its own.
typedef struct Query {
    int d_head, n_edges;
    const int *key;             // [n_edges] slots
    size_t row, column;         // of q and z: first row, first column
    size_t out_width, in_width; // columns of q and z, of k and v
    size_t edge;                // number of the first edge
} Query;

ISA_BODY Query query_at(const PlanLayer *plan, int d_head, int head, int slot)
{
    int index = head * plan->n_out + slot, first = plan->first[index];
    return (Query){
        .d_head = d_head,
        .n_edges = plan->first[index + 1] - first,
        .key = plan->key + first,
        .row = (size_t)(head * d_head),
        .column = (size_t)slot * LANES,
        .out_width = (size_t)plan->n_out * LANES,
        .in_width = (size_t)plan->n_in * LANES,
        .edge = (size_t)first,
    };
}

ISA_BODY size_t out_at(Query at, int d)
{
    return (at.row + (size_t)d) * at.out_width + at.column;
}

ISA_BODY size_t in_at(Query at, int d, int e)
{
    return (at.row + (size_t)d) * at.in_width + (size_t)at.key[e] * LANES;
}

#define LOAD(address)         (*(const Lanes *)(address))
#define ADD_TO(address, term) (*(Lanes *)(address) += (term))

ISA_BODY void scores(Query at, float scale, const float *q, const float *k, Lanes *ret_s)
{
    for (int e = 0; e < at.n_edges; e++) {
        Lanes sum = {0};
        for (int d = 0; d < at.d_head; d++)
            sum += LOAD(q + out_at(at, d)) * LOAD(k + in_at(at, d, e));
        ret_s[e] = sum * scale;
    }
}

ISA_BODY void softmax(int n, Lanes *s)
{
    Lanes max = s[0], sum = {0};
    for (int e = 1; e < n; e++)
        max = lanes_max(s[e], max);
    for (int e = 0; e < n; e++) {
        float x[LANES];
        *(Lanes *)x = s[e] - max;
        for (int i = 0; i < LANES; i++)
            x[i] = exp32(x[i]);
        s[e] = LOAD(x);
        sum += s[e];
    }
    for (int e = 0; e < n; e++)
        s[e] /= sum;
}

ISA_BODY void mix(Query at, const Lanes *w, const float *v, float *ret_z)
{
    for (int d = 0; d < at.d_head; d++) {
        Lanes sum = {0};
        for (int e = 0; e < at.n_edges; e++)
            sum += w[e] * LOAD(v + in_at(at, d, e));
        *(Lanes *)(ret_z + out_at(at, d)) = sum;
    }
}

ISA_BODY void attention_forward_body(const PlanLayer *plan, int d_head, float scale, const float *q,
                                     const float *k, const float *v, float *ret_weights,
                                     float *ret_z)
{
    for (int head = 0; head < plan->heads; head++)
        for (int slot = 0; slot < plan->n_out; slot++) {
            Query at = query_at(plan, d_head, head, slot);
            Lanes *w = (Lanes *)(ret_weights + at.edge * LANES);
            scores(at, scale, q, k, w);
            if (at.n_edges > 0)
                softmax(at.n_edges, w);
            mix(at, w, v, ret_z);
        }
}

CLONES(attention_forward,
       (const PlanLayer *plan, int d_head, float scale, const float *q, const float *k,
        const float *v, float *ret_weights, float *ret_z),
       (plan, d_head, scale, q, k, v, ret_weights, ret_z))

// dw, and what reaches the values.
ISA_BODY void backward_mix(Query at, const Lanes *w, const float *v, const float *dz, Lanes *ret_dw,
                           float *ret_dv)
{
    for (int e = 0; e < at.n_edges; e++) {
        Lanes sum = {0};
        for (int d = 0; d < at.d_head; d++) {
            Lanes z = LOAD(dz + out_at(at, d));
            sum += z * LOAD(v + in_at(at, d, e));
            ADD_TO(ret_dv + in_at(at, d, e), w[e] * z);
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
        dw[e] = w[e] * (dw[e] - mean) * scale;
}

ISA_BODY void backward_scores(Query at, const Lanes *ds, const float *q, const float *k,
                              float *ret_dq, float *ret_dk)
{
    for (int d = 0; d < at.d_head; d++) {
        Lanes sum = {0}, query = LOAD(q + out_at(at, d));
        for (int e = 0; e < at.n_edges; e++) {
            sum += ds[e] * LOAD(k + in_at(at, d, e));
            ADD_TO(ret_dk + in_at(at, d, e), ds[e] * query);
        }
        *(Lanes *)(ret_dq + out_at(at, d)) = sum;
    }
}

ISA_BODY void attention_backward_body(const PlanLayer *plan, int d_head, float scale,
                                      const float *q, const float *k, const float *v,
                                      const float *weights, const float *dz, AttentionGradients ret)
{
    size_t size = (size_t)(plan->heads * d_head * plan->n_in) * LANES * sizeof(float);
    memset(ret.dk, 0, size);
    memset(ret.dv, 0, size);
    for (int head = 0; head < plan->heads; head++)
        for (int slot = 0; slot < plan->n_out; slot++) {
            Query at = query_at(plan, d_head, head, slot);
            const Lanes *w = (const Lanes *)(weights + at.edge * LANES);
            Lanes *dw = (Lanes *)(ret.dw + at.edge * LANES);
            backward_mix(at, w, v, dz, dw, ret.dv);
            backward_softmax(at.n_edges, scale, w, dw);
            backward_scores(at, dw, q, k, ret.dq, ret.dk);
        }
}

CLONES(attention_backward,
       (const PlanLayer *plan, int d_head, float scale, const float *q, const float *k,
        const float *v, const float *weights, const float *dz, AttentionGradients ret),
       (plan, d_head, scale, q, k, v, weights, dz, ret))
