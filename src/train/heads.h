// A linear map for each head, from the residual to the head's vectors: queries, keys, values.
#pragma once

#include <stdbool.h>

typedef struct Heads {
    int heads, d_model, d_head;
    const float *W, *b; // [heads, d_model, d_head], [heads, d_head]; as for linear.h
} Heads;

// ret_y[heads * d_head, columns] from x[d_model, columns].
void heads_forward(Heads map, const float *x, int columns, float *ret_y);

// ret_dx[d_model, columns] from dy[heads * d_head, columns], or added to it. Scratch: joined has
// room for d_model * heads * d_head numbers.
void heads_backward_input(Heads map, const float *dy, int columns, bool add, float *joined,
                          float *ret_dx);

// ret_dW and ret_db, shaped like W and b (which are not read). Scratch: joined as above, transposed
// with room for transpose_width(heads * d_head) * columns numbers.
void heads_backward_weight(Heads map, const float *x, const float *dy, int columns,
                           float *transposed, float *joined, float *ret_dW, float *ret_db);
