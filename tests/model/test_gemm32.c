// The matrix product against its definition, bit for bit, for every instruction set of this
// machine.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "gemm32.h"
#include "harness.h"
#include "isa.h"
#include "rng.h"

typedef struct Case {
    Arena *arena;
    Gemm32 gemm;
    const float *wanted;
} Case;

static float *random_floats(Arena *arena, Rng *rng, size_t count)
{
    float *x = ARENA_NEW(arena, float, count + 1);
    for (size_t i = 0; i < count; i++)
        x[i] = rng_below(rng, 9) == 0 ? -0.0f : rng_normal(rng) * 3.0f;
    return x;
}

static const float *by_definition(Arena *arena, const Gemm32 *g)
{
    float *C = ARENA_NEW(arena, float, (size_t)g->rows * g->C_row + 1);
    memcpy(C, g->C, (size_t)g->rows * g->C_row * sizeof(float));
    for (size_t i = 0; i < (size_t)g->rows; i++)
        for (size_t j = 0; j < (size_t)g->columns; j++) {
            float c = g->start ? g->start[i * g->start_row + j * (size_t)g->start_column] : 0.0f;
            for (size_t k = 0; k < (size_t)g->inner; k++)
                c = fmaf(g->A[i * g->A_row + k * g->A_inner], g->B[k * g->B_inner + j], c);
            C[i * g->C_row + j] = c;
        }
    return C;
}

typedef enum Start { START_ZERO, START_COLUMN, START_ROW, START_C, START_COUNT } Start;

static Case new_case(Rng *rng, int rows, int columns, int inner, bool transposed, Start start)
{
    Case c = {.arena = arena_new()};
    Gemm32 *g = &c.gemm;
    size_t M = (size_t)rows, N = (size_t)columns, K = (size_t)inner, gap = rng_below(rng, 3);
    *g = (Gemm32){.rows = rows, .columns = columns, .inner = inner};
    g->A = random_floats(c.arena, rng, (M + gap) * (K + gap));
    g->A_row = transposed ? 1 : K + gap;
    g->A_inner = transposed ? M + gap : 1;
    g->B = random_floats(c.arena, rng, K * (N + gap));
    g->B_inner = N + gap;
    g->C = random_floats(c.arena, rng, M * (N + gap));
    g->C_row = N + gap;
    if (start == START_COLUMN || start == START_ROW)
        g->start = random_floats(c.arena, rng, M + N);
    if (start == START_C)
        g->start = g->C;
    g->start_row = start == START_C ? g->C_row : start == START_ROW;
    g->start_column = start == START_C || start == START_COLUMN;
    c.wanted = by_definition(c.arena, g);
    return c;
}

static void check(int rows, int columns, int inner, Isa isa)
{
    if (!isa_available(isa))
        return;
    isa_use(isa);
    Rng rng = rng_new(1, (uint64_t)(rows * 1000 + columns));
    for (int form = 0; form < 2 * START_COUNT; form++) {
        Case c = new_case(&rng, rows, columns, inner, form % 2, (Start)(form / 2));
        gemm32(&c.gemm);
        size_t bytes = (size_t)rows * c.gemm.C_row * sizeof(float);
        CU_ASSERT(memcmp(c.gemm.C, c.wanted, bytes) == 0);
        arena_free(c.arena);
    }
}

static void every_bit_is_that_of_the_definition(void)
{
    static const int sizes[][3] = {{1, 1, 1},    {8, 48, 48},  {9, 64, 5},   {7, 16, 33},
                                   {17, 96, 16}, {23, 13, 48}, {16, 32, 10}, {70, 47, 9},
                                   {5, 80, 300}, {66, 17, 600}};
    for (int isa = 0; isa < ISA_COUNT; isa++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            check(sizes[s][0], sizes[s][1], sizes[s][2], (Isa)isa);
}

static void small_sizes_are_right_in_every_combination(void)
{
    for (int isa = 0; isa < ISA_COUNT; isa++)
        for (int rows = 0; rows <= 18; rows += 3)
            for (int columns = 0; columns <= 50; columns += 7)
                check(rows, columns, 3, (Isa)isa);
}

static void an_empty_inner_index_stores_the_start(void)
{
    for (int isa = 0; isa < ISA_COUNT; isa++)
        check(10, 53, 0, (Isa)isa);
}

#define TESTS(X)                                                                                   \
    X(every_bit_is_that_of_the_definition)                                                         \
    X(small_sizes_are_right_in_every_combination)                                                  \
    X(an_empty_inner_index_stores_the_start)
RUN_TESTS("gemm32", TESTS)
