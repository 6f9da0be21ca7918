// Lanes (path_kernel.h) as one 512-bit register.
#include <immintrin.h>

typedef __m512i Lanes;
typedef __mmask8 Mask;

static inline Lanes lanes_splat(int64_t x)
{
    return _mm512_set1_epi64(x);
}

static inline Lanes lanes_load(const int32_t *x)
{
    return _mm512_cvtepi32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)x));
}

static inline void lanes_store(int64_t *ret, Lanes x)
{
    _mm512_storeu_si512(ret, x);
}

static inline Lanes lanes_load_wide(const int64_t *x)
{
    return _mm512_loadu_si512(x);
}

static inline Lanes lanes_add(Lanes a, Lanes b)
{
    return _mm512_add_epi64(a, b);
}

static inline Lanes lanes_subtract(Lanes a, Lanes b)
{
    return _mm512_sub_epi64(a, b);
}

static inline Lanes lanes_multiply(Lanes a, Lanes b)
{
    return _mm512_mul_epi32(a, b);
}

static inline Mask lanes_larger(Lanes a, Lanes b)
{
    return _mm512_cmpgt_epi64_mask(a, b);
}

static inline Lanes lanes_select(Mask mask, Lanes yes, Lanes no)
{
    return _mm512_mask_mov_epi64(no, mask, yes);
}
