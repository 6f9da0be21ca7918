#include "heads.h"

#include <string.h>

#include "linear.h"
#include "transpose.h"

static Linear one_head(Heads map, int head)
{
    size_t weights = (size_t)map.d_model * (size_t)map.d_head;
    return (Linear){map.d_model, map.d_head, map.W + (size_t)head * weights,
                    map.b ? map.b + head * map.d_head : NULL};
}

void heads_forward(Heads map, const float *x, int columns, float *ret_y)
{
    size_t rows = (size_t)map.d_head * (size_t)columns;
    for (int head = 0; head < map.heads; head++)
        linear_forward(one_head(map, head), x, columns, false, ret_y + (size_t)head * rows);
}

// Weights with all heads side by side, [d_model, heads * d_head]: one long product instead of a
// short one for each head.
static void join_heads(Heads map, float *ret_joined)
{
    const float *W = map.W;
    int D = map.d_model, K = map.d_head, HK = map.heads * K;
    for (int head = 0; head < map.heads; head++)
        for (int d = 0; d < D; d++, W += K)
            memcpy(ret_joined + d * HK + head * K, W, (size_t)K * sizeof(float));
}

void heads_backward_input(Heads map, const float *dy, int columns, bool add, float *joined,
                          float *ret_dx)
{
    join_heads(map, joined);
    linear_backward_input((Linear){map.d_model, map.heads * map.d_head, joined, NULL}, dy, columns,
                          add, ret_dx);
}

void heads_backward_weight(Heads map, const float *x, const float *dy, int columns,
                           float *transposed, float *joined, float *ret_dW, float *ret_db)
{
    int D = map.d_model, K = map.d_head, HK = map.heads * K;
    size_t width = transpose_width(HK);
    transpose(dy, HK, columns, transposed);
    linear_backward_bias(transposed, width, columns, HK, ret_db);
    linear_backward_weight((Linear){D, HK, NULL, NULL}, x, transposed, width, columns, joined);
    for (int head = 0; head < map.heads; head++)
        for (int d = 0; d < D; d++, ret_dW += K)
            memcpy(ret_dW, joined + d * HK + head * K, (size_t)K * sizeof(float));
}
