// The rectifier of the MLP; its two linear layers are linear.h's.
#pragma once

#include <stddef.h>

void relu_forward(float *x, size_t count); // x = max(0, x)

// dy = 0 where the rectifier put out 0.
void relu_backward(const float *y, float *dy, size_t count);
