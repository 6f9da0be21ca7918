#include "linear.h"

#include "clones.h"
#include "gemm32.h"

void linear_forward(Linear layer, const float *x, int columns, bool add, float *ret_y)
{
    Gemm32 product = {.rows = layer.out, .columns = columns, .inner = layer.in};
    product.A = layer.W, product.A_row = 1, product.A_inner = (size_t)layer.out;
    product.B = x, product.B_inner = (size_t)columns;
    product.C = ret_y, product.C_row = (size_t)columns;
    product.start = add ? ret_y : layer.b;
    product.start_row = add ? (size_t)columns : 1;
    product.start_column = add;
    gemm32(&product);
}

void linear_backward_input(Linear layer, const float *dy, int columns, bool add, float *ret_dx)
{
    Gemm32 product = {.rows = layer.in, .columns = columns, .inner = layer.out};
    product.A = layer.W, product.A_row = (size_t)layer.out, product.A_inner = 1;
    product.B = dy, product.B_inner = (size_t)columns;
    product.C = ret_dx, product.C_row = (size_t)columns;
    product.start = add ? ret_dx : NULL;
    product.start_row = (size_t)columns, product.start_column = 1;
    gemm32(&product);
}

void linear_backward_weight(Linear layer, const float *x, const float *dy_t, size_t dy_width,
                            int columns, float *ret_dW)
{
    Gemm32 product = {.rows = layer.in, .columns = layer.out, .inner = columns};
    product.A = x, product.A_row = (size_t)columns, product.A_inner = 1;
    product.B = dy_t, product.B_inner = dy_width;
    product.C = ret_dW, product.C_row = (size_t)layer.out;
    gemm32(&product);
}

ISA_BODY void linear_backward_bias_body(const float *dy_t, size_t dy_width, int columns, int out,
                                        float *ret_db)
{
    for (int j = 0; j < out; j++)
        ret_db[j] = 0.0f;
    for (int c = 0; c < columns; c++)
        for (int j = 0; j < out; j++)
            ret_db[j] += dy_t[(size_t)c * dy_width + (size_t)j];
}

CLONES(linear_backward_bias,
       (const float *dy_t, size_t dy_width, int columns, int out, float *ret_db),
       (dy_t, dy_width, columns, out, ret_db))
