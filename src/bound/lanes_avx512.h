// Lanes (path_kernel.h, dot_kernel.h) as two 512-bit registers.
#include <immintrin.h>

typedef struct Lanes {
    __m512i a, b;
} Lanes;
typedef struct Mask {
    __mmask8 a, b;
} Mask;

static inline Lanes lanes_splat(int64_t x)
{
    return (Lanes){_mm512_set1_epi64(x), _mm512_set1_epi64(x)};
}

static inline __m512i widen(const int32_t *x)
{
    return _mm512_cvtepi32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)x));
}

static inline Lanes lanes_load(const int32_t *x)
{
    return (Lanes){widen(x), widen(x + 8)};
}

static inline void lanes_store(int64_t *ret, Lanes x)
{
    _mm512_storeu_si512(ret, x.a);
    _mm512_storeu_si512(ret + 8, x.b);
}

static inline Lanes lanes_load_wide(const int64_t *x)
{
    return (Lanes){_mm512_loadu_si512(x), _mm512_loadu_si512(x + 8)};
}

static inline Lanes lanes_add(Lanes x, Lanes y)
{
    return (Lanes){_mm512_add_epi64(x.a, y.a), _mm512_add_epi64(x.b, y.b)};
}

static inline Lanes lanes_subtract(Lanes x, Lanes y)
{
    return (Lanes){_mm512_sub_epi64(x.a, y.a), _mm512_sub_epi64(x.b, y.b)};
}

static inline Lanes lanes_multiply(Lanes x, Lanes y)
{
    return (Lanes){_mm512_mul_epi32(x.a, y.a), _mm512_mul_epi32(x.b, y.b)};
}

static inline Lanes lanes_least(Lanes x, Lanes y)
{
    return (Lanes){_mm512_min_epi64(x.a, y.a), _mm512_min_epi64(x.b, y.b)};
}

// x / 2^places, rounded down; places >= 0, however large.
static inline Lanes lanes_shift_down(Lanes x, Lanes places)
{
    return (Lanes){_mm512_srav_epi64(x.a, places.a), _mm512_srav_epi64(x.b, places.b)};
}

static inline Mask lanes_larger(Lanes x, Lanes y)
{
    return (Mask){_mm512_cmpgt_epi64_mask(x.a, y.a), _mm512_cmpgt_epi64_mask(x.b, y.b)};
}

static inline Lanes lanes_select(Mask mask, Lanes yes, Lanes no)
{
    return (Lanes){_mm512_mask_mov_epi64(no.a, mask.a, yes.a),
                   _mm512_mask_mov_epi64(no.b, mask.b, yes.b)};
}
