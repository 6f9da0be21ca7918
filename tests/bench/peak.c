#include "peak.h"

#include "isa.h"
#include "work.h"

#if ISA_X86_64
#include <immintrin.h>
#endif

enum { ROUNDS = 20000, PIECES = 16 };

static volatile float start = 0.5f; // the compiler does not know what the chains hold
static volatile float sink;         // nor that nobody asks for it

// CHAINS chains x = x f + f, ROUNDS steps each: what fills the registers less a few.
#define RUN_CHAINS(Vector, CHAINS, set, multiply_add, first)                                       \
    Vector f = set(start), x[CHAINS];                                                              \
    for (int c = 0; c < CHAINS; c++)                                                               \
        x[c] = set(start);                                                                         \
    for (int round = 0; round < ROUNDS; round++)                                                   \
        _Pragma("GCC unroll 16") for (int c = 0; c < CHAINS; c++) x[c] = multiply_add(x[c], f, f); \
    for (int c = 0; c < CHAINS; c++)                                                               \
    sink = first(x[c])

#if ISA_X86_64
ISA_TARGET_AVX512 static double run_avx512(void)
{
    RUN_CHAINS(__m512, 12, _mm512_set1_ps, _mm512_fmadd_ps, _mm512_cvtss_f32);
    return 12.0 * 16 * ROUNDS;
}

ISA_TARGET_AVX2 static double run_avx2(void)
{
    RUN_CHAINS(__m256, 12, _mm256_set1_ps, _mm256_fmadd_ps, _mm256_cvtss_f32);
    return 12.0 * 8 * ROUNDS;
}
#endif

// Without a fused multiply-add there is a product and a sum.
typedef float Four __attribute__((vector_size(16)));
#define FOUR_SET(value)            ((Four){0} + (value))
#define FOUR_MULTIPLY_ADD(x, f, g) ((x) * (f) + (g))
#define FOUR_FIRST(x)              ((x)[0])

static double run_generic(void)
{
    RUN_CHAINS(Four, 12, FOUR_SET, FOUR_MULTIPLY_ADD, FOUR_FIRST);
    return 12.0 * 4 * ROUNDS;
}

static double run(void)
{
#if ISA_X86_64
    if (isa_current() == ISA_AVX512)
        return run_avx512();
    if (isa_current() == ISA_AVX2)
        return run_avx2();
#endif
    return run_generic();
}

static void run_piece(void *done, size_t piece, int worker)
{
    (void)worker;
    ((double *)done)[piece] = run();
}

double peak_multiply_adds(int threads, double seconds)
{
    WorkPool *pool = work_pool_new(threads);
    double best = 0.0, started = work_seconds();
    while (work_seconds() - started < seconds) {
        double done[PIECES], sum = 0.0, before = work_seconds();
        work_run(pool, PIECES, run_piece, done);
        for (int i = 0; i < PIECES; i++)
            sum += done[i];
        double rate = sum / (work_seconds() - before);
        best = rate > best ? rate : best;
    }
    work_pool_free(pool);
    return best;
}
