#include "gemm32.h"

#include <string.h>

#include "isa.h"

enum { TAIL_ROWS = 64, TAIL_INNER = 256 };

#define KERNEL gemm_generic
#define KERNEL_TARGET
#define LANES       4
#define ROWS        4
#define NARROW_ROWS 4
#define PANEL       1
#include "gemm32_kernel.h"

#if ISA_X86_64
#define KERNEL        gemm_avx2
#define KERNEL_TARGET ISA_TARGET_AVX2
#define LANES         8
#define ROWS          6
#define NARROW_ROWS   6
#define PANEL         1
#include "gemm32_kernel.h"

#define KERNEL        gemm_avx512
#define KERNEL_TARGET ISA_TARGET_AVX512
#define LANES         16
#define ROWS          8
#define NARROW_ROWS   16
#define PANEL         3
#include "gemm32_kernel.h"
#endif

static void gemm_sixteens(const Gemm32 *g)
{
#if ISA_X86_64
    if (isa_current() == ISA_AVX512)
        gemm_avx512(g);
    else if (isa_current() == ISA_AVX2)
        gemm_avx2(g);
    else
#endif
        gemm_generic(g);
}

static float start_of(const Gemm32 *g, size_t i, size_t j)
{
    return g->start ? g->start[i * g->start_row + j * (size_t)g->start_column] : 0.0f;
}

// The last `width` < 16 columns, from column j: some rows, some of the inner index, by way of a
// product that is 16 columns wide.
static void tail_block(const Gemm32 *g, size_t j, int width, const float *B)
{
    float C[TAIL_ROWS][16] = {0};
    for (int i = 0; i < g->rows; i++)
        for (int l = 0; l < width; l++)
            C[i][l] = start_of(g, (size_t)i, j + (size_t)l);
    Gemm32 wide = {.rows = g->rows, .columns = 16, .inner = g->inner};
    wide.A = g->A, wide.A_row = g->A_row, wide.A_inner = g->A_inner;
    wide.B = B, wide.B_inner = 16;
    wide.C = C[0], wide.C_row = 16;
    wide.start = C[0], wide.start_row = 16, wide.start_column = 1;
    gemm_sixteens(&wide);
    for (int i = 0; i < g->rows; i++)
        memcpy(g->C + (size_t)i * g->C_row + j, C[i], (size_t)width * sizeof(float));
}

static void tail_inner(Gemm32 g, size_t j, int width)
{
    float B[TAIL_INNER][16] = {0};
    for (int k = 0; k < g.inner; k++)
        memcpy(B[k], g.B + (size_t)k * g.B_inner + j, (size_t)width * sizeof(float));
    for (int rows = g.rows; rows > 0; rows -= TAIL_ROWS) {
        g.rows = rows < TAIL_ROWS ? rows : TAIL_ROWS;
        tail_block(&g, j, width, B[0]);
        g.A += TAIL_ROWS * g.A_row;
        g.C += TAIL_ROWS * g.C_row;
        g.start = g.start ? g.start + TAIL_ROWS * g.start_row : NULL;
    }
}

// A chain that is cut in pieces goes on from what C holds.
static void tail(Gemm32 g, size_t j, int width)
{
    int inner = g.inner;
    do {
        g.inner = inner < TAIL_INNER ? inner : TAIL_INNER;
        tail_inner(g, j, width);
        g.A += TAIL_INNER * g.A_inner;
        g.B += TAIL_INNER * g.B_inner;
        g.start = g.C, g.start_row = g.C_row, g.start_column = 1;
        inner -= TAIL_INNER;
    } while (inner > 0);
}

void gemm32(const Gemm32 *gemm)
{
    Gemm32 whole = *gemm;
    int width = gemm->columns % 16;
    whole.columns -= width;
    if (whole.columns > 0)
        gemm_sixteens(&whole);
    if (width > 0)
        tail(*gemm, (size_t)whole.columns, width);
}
