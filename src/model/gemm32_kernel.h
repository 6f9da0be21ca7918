// The matrix product for one instruction set, columns a multiple of 16. No include guard: gemm32.c
// includes this file once a set, after defining
//   KERNEL         the name of the function
//   KERNEL_TARGET  its target attribute, or nothing
//   LANES          floats in a vector: 4, 8 or 16
//   ROWS, PANEL    a tile is ROWS rows by at most PANEL * 16 columns of C
//   NARROW_ROWS    rows of a tile that is 16 columns wide, at least ROWS
//
// A tile stays in registers while k runs: each step loads one row of B across the tile, and
// multiplies it by ROWS numbers of A.

#define JOIN_AGAIN(kernel, part) kernel##_##part
#define JOIN(kernel, part)       JOIN_AGAIN(kernel, part)
#define Lanes                    JOIN(KERNEL, Lanes)
#define VECTORS                  (PANEL * 16 / LANES)

typedef float Lanes __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

ISA_BODY KERNEL_TARGET void JOIN(KERNEL, fma)(float a, const Lanes *b, Lanes *c)
{
    Lanes x = *b, y = *c, sum;
#pragma GCC unroll 16
    for (int l = 0; l < LANES; l++)
        sum[l] = __builtin_fmaf(a, x[l], y[l]);
    *c = sum;
}

ISA_BODY KERNEL_TARGET void JOIN(KERNEL, broadcast)(float a, Lanes *ret_c)
{
    Lanes c;
#pragma GCC unroll 16
    for (int l = 0; l < LANES; l++)
        c[l] = a;
    *ret_c = c;
}

ISA_BODY KERNEL_TARGET void JOIN(KERNEL, start)(const Gemm32 *g, size_t i, size_t j, Lanes *ret_c)
{
    if (!g->start)
        JOIN(KERNEL, broadcast)(0.0f, ret_c);
    else if (g->start_column)
        *ret_c = *(const Lanes *)(g->start + i * g->start_row + j);
    else
        JOIN(KERNEL, broadcast)(g->start[i * g->start_row], ret_c);
}

// One step of k for all of a tile: c(r, v) = fma(A(r), B(v), c(r, v)).
ISA_BODY KERNEL_TARGET void JOIN(KERNEL, step)(const float *A, size_t A_row, const float *B,
                                               int rows, int vectors, Lanes (*c)[VECTORS])
{
    Lanes b[VECTORS];
#pragma GCC unroll 16
    for (int v = 0; v < vectors; v++)
        b[v] = *(const Lanes *)(B + v * LANES);
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 16
        for (int v = 0; v < vectors; v++)
            JOIN(KERNEL, fma)(A[(size_t)r * A_row], &b[v], &c[r][v]);
}

// Rows i .. i+rows-1, vectors of columns from j; rows and vectors are constants where it is called.
ISA_BODY KERNEL_TARGET void JOIN(KERNEL, tile)(const Gemm32 *g, size_t i, size_t j, int rows,
                                               int vectors)
{
    Lanes c[NARROW_ROWS][VECTORS];
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 16
        for (int v = 0; v < vectors; v++)
            JOIN(KERNEL, start)(g, i + (size_t)r, j + (size_t)(v * LANES), &c[r][v]);
    const float *A = g->A + i * g->A_row, *B = g->B + j;
    const size_t A_row = g->A_row, A_inner = g->A_inner, B_inner = g->B_inner;
    for (int k = g->inner; k > 0; k--, A += A_inner, B += B_inner)
        JOIN(KERNEL, step)(A, A_row, B, rows, vectors, c);
    float *C = g->C + i * g->C_row + j;
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 16
        for (int v = 0; v < vectors; v++)
            *(Lanes *)(C + (size_t)r * g->C_row + v * LANES) = c[r][v];
}

// All rows of the columns j .. j + vectors*LANES - 1.
ISA_BODY KERNEL_TARGET void JOIN(KERNEL, panel)(const Gemm32 *g, size_t j, int most_rows,
                                                int vectors)
{
    size_t i = 0, rows = (size_t)g->rows, step = (size_t)most_rows;
    for (; i + step <= rows; i += step)
        JOIN(KERNEL, tile)(g, i, j, most_rows, vectors);
    for (; i + 4 <= rows; i += 4)
        JOIN(KERNEL, tile)(g, i, j, 4, vectors);
    for (; i < rows; i++)
        JOIN(KERNEL, tile)(g, i, j, 1, vectors);
}

KERNEL_TARGET static void KERNEL(const Gemm32 *g)
{
    size_t j = 0, columns = (size_t)g->columns;
#if PANEL == 3
    for (; columns - j >= 48 && columns - j != 64; j += 48)
        JOIN(KERNEL, panel)(g, j, ROWS, 48 / LANES);
    for (; columns - j >= 32; j += 32)
        JOIN(KERNEL, panel)(g, j, ROWS, 32 / LANES);
#endif
    for (; j < columns; j += 16)
        JOIN(KERNEL, panel)(g, j, NARROW_ROWS, 16 / LANES);
}

#undef JOIN_AGAIN
#undef JOIN
#undef Lanes
#undef VECTORS
#undef KERNEL
#undef KERNEL_TARGET
#undef LANES
#undef ROWS
#undef NARROW_ROWS
#undef PANEL
