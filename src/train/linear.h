// A linear layer and its gradient, on activations that lie as [features, columns]: one column a
// token, all tokens of a feature side by side. W has shape [in, out] with rows `W_row` apart, as
// the model stores it (the columns of one head are a layer of their own).
//
//     y = W' x + b        dx = W dy        dW = x dy'        db = dy 1
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct Linear {
    int in, out;
    const float *W, *b; // [in, out], [out]; b may be NULL
} Linear;

// ret_y[out, columns] = W' x + b, or y + W' x when add is true (then b is not used).
void linear_forward(Linear layer, const float *x, int columns, bool add, float *ret_y);

// ret_dx[in, columns] = W dy, or added to what ret_dx holds.
void linear_backward_input(Linear layer, const float *dy, int columns, bool add, float *ret_dx);

// ret_dW[in, out] = x dy', given dy transposed: dy_t[columns, dy_width], of which `out` columns
// from dy_t on are this layer's.
void linear_backward_weight(Linear layer, const float *x, const float *dy_t, size_t dy_width,
                            int columns, float *ret_dW);

// ret_db[out] = sum over columns of dy.
void linear_backward_bias(const float *dy_t, size_t dy_width, int columns, int out, float *ret_db);
