#include "relu.h"

#include "clones.h"

ISA_BODY void relu_forward_body(float *restrict x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] = x[i] > 0.0f ? x[i] : 0.0f;
}

CLONES(relu_forward, (float *x, size_t count), (x, count))

ISA_BODY void relu_backward_body(const float *restrict y, float *restrict dy, size_t count)
{
    for (size_t i = 0; i < count; i++)
        dy[i] = y[i] > 0.0f ? dy[i] : 0.0f;
}

CLONES(relu_backward, (const float *y, float *dy, size_t count), (y, dy, count))
