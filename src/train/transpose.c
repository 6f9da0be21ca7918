#include "transpose.h"

#include "clones.h"

static const LaneMask low_halves = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23};
static const LaneMask high_halves = {8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};

// A perfect shuffle of all 256 numbers rotates the bits of (row, column) by one: after four of them
// rows and columns have changed places.
ISA_BODY void perfect_shuffle(Lanes x[LANES])
{
    Lanes y[LANES];
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++) {
        y[2 * i] = __builtin_shuffle(x[i], x[i + 8], low_halves);
        y[2 * i + 1] = __builtin_shuffle(x[i], x[i + 8], high_halves);
    }
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++)
        x[i] = y[i];
}

ISA_BODY void block(const float *x, int rows, size_t x_row, float *y, size_t y_row)
{
    Lanes block[LANES] = {0};
    if (rows >= LANES) {
#pragma GCC unroll 16
        for (int i = 0; i < LANES; i++)
            block[i] = *(const Lanes *)(x + (size_t)i * x_row);
    } else {
        for (int i = 0; i < rows; i++)
            block[i] = *(const Lanes *)(x + (size_t)i * x_row);
    }
    perfect_shuffle(block);
    perfect_shuffle(block);
    perfect_shuffle(block);
    perfect_shuffle(block);
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++)
        *(Lanes *)(y + (size_t)i * y_row) = block[i];
}

ISA_BODY void transpose_body(const float *x, int rows, int columns, float *ret_y)
{
    size_t width = transpose_width(rows);
    for (int c = 0; c < columns; c += LANES)
        for (int r = 0; r < rows; r += LANES)
            block(x + (size_t)r * (size_t)columns + (size_t)c, rows - r, (size_t)columns,
                  ret_y + (size_t)c * width + (size_t)r, width);
}

CLONES(transpose, (const float *x, int rows, int columns, float *ret_y), (x, rows, columns, ret_y))
