#include "enclosure.h"

#include "status.h"

mpfr_ptr enclosure_numbers(Arena *arena, size_t count, mpfr_prec_t precision)
{
    size_t bytes = mpfr_custom_get_size(precision);
    mpfr_ptr numbers = ARENA_NEW(arena, __mpfr_struct, count);
    char *memory = arena_alloc(arena, count, bytes);
    for (size_t i = 0; i < count; i++) {
        mpfr_custom_init(memory + i * bytes, precision);
        mpfr_custom_init_set(&numbers[i], MPFR_ZERO_KIND, 0, precision, memory + i * bytes);
    }
    return numbers;
}

Enclosure *enclosure_vector(Arena *arena, size_t count, mpfr_prec_t precision)
{
    _Static_assert(sizeof(Enclosure) == 2 * sizeof(__mpfr_struct), "two numbers and no more");
    return (Enclosure *)(void *)enclosure_numbers(arena, 2 * count, precision);
}

void enclosure_zero(Enclosure *y)
{
    mpfr_set_zero(y->lo, 1);
    mpfr_set_zero(y->hi, 1);
}

void enclosure_set(Enclosure *y, const Enclosure *x)
{
    mpfr_set(y->lo, x->lo, MPFR_RNDD);
    mpfr_set(y->hi, x->hi, MPFR_RNDU);
}

double enclosure_width(const Enclosure *x)
{
    MPFR_DECL_INIT(width, 53);
    mpfr_sub(width, x->hi, x->lo, MPFR_RNDU);
    return mpfr_get_d(width, MPFR_RNDU);
}

void enclosure_add(Enclosure *y, const Enclosure *x)
{
    mpfr_add(y->lo, y->lo, x->lo, MPFR_RNDD);
    mpfr_add(y->hi, y->hi, x->hi, MPFR_RNDU);
}

void enclosure_add_exact(Enclosure *y, mpfr_srcptr x)
{
    mpfr_add(y->lo, y->lo, x, MPFR_RNDD);
    mpfr_add(y->hi, y->hi, x, MPFR_RNDU);
}

void enclosure_add_scaled(Enclosure *y, mpfr_srcptr w, const Enclosure *x, mpfr_ptr t)
{
    int negative = mpfr_signbit(w);
    mpfr_mul(t, w, negative ? x->hi : x->lo, MPFR_RNDD);
    mpfr_add(y->lo, y->lo, t, MPFR_RNDD);
    mpfr_mul(t, w, negative ? x->lo : x->hi, MPFR_RNDU);
    mpfr_add(y->hi, y->hi, t, MPFR_RNDU);
}

// For 0 <= a the ends of b decide which end of a counts.
static void add_product_positive(Enclosure *y, const Enclosure *a, const Enclosure *b, mpfr_ptr t)
{
    mpfr_mul(t, mpfr_signbit(b->lo) ? a->hi : a->lo, b->lo, MPFR_RNDD);
    mpfr_add(y->lo, y->lo, t, MPFR_RNDD);
    mpfr_mul(t, mpfr_signbit(b->hi) ? a->lo : a->hi, b->hi, MPFR_RNDU);
    mpfr_add(y->hi, y->hi, t, MPFR_RNDU);
}

static void add_product_negative(Enclosure *y, const Enclosure *a, const Enclosure *b, mpfr_ptr t)
{
    mpfr_mul(t, mpfr_signbit(b->hi) ? a->hi : a->lo, b->hi, MPFR_RNDD);
    mpfr_add(y->lo, y->lo, t, MPFR_RNDD);
    mpfr_mul(t, mpfr_signbit(b->lo) ? a->lo : a->hi, b->lo, MPFR_RNDU);
    mpfr_add(y->hi, y->hi, t, MPFR_RNDU);
}

// Both contain numbers of both signs: the least product is of unlike ends, the greatest of like
// ones.
static void add_product_mixed(Enclosure *y, const Enclosure *a, const Enclosure *b, mpfr_ptr t)
{
    mpfr_mul(t, a->lo, b->hi, MPFR_RNDD);
    mpfr_mul(t + 1, a->hi, b->lo, MPFR_RNDD);
    mpfr_min(t, t, t + 1, MPFR_RNDD);
    mpfr_add(y->lo, y->lo, t, MPFR_RNDD);
    mpfr_mul(t, a->lo, b->lo, MPFR_RNDU);
    mpfr_mul(t + 1, a->hi, b->hi, MPFR_RNDU);
    mpfr_max(t, t, t + 1, MPFR_RNDU);
    mpfr_add(y->hi, y->hi, t, MPFR_RNDU);
}

void enclosure_add_product(Enclosure *y, const Enclosure *a, const Enclosure *b, mpfr_ptr t)
{
    if (mpfr_sgn(a->lo) >= 0)
        add_product_positive(y, a, b, t);
    else if (mpfr_sgn(a->hi) <= 0)
        add_product_negative(y, a, b, t);
    else if (mpfr_sgn(b->lo) >= 0)
        add_product_positive(y, b, a, t);
    else if (mpfr_sgn(b->hi) <= 0)
        add_product_negative(y, b, a, t);
    else
        add_product_mixed(y, a, b, t);
}

void enclosure_subtract(Enclosure *y, const Enclosure *x)
{
    mpfr_sub(y->lo, y->lo, x->hi, MPFR_RNDD);
    mpfr_sub(y->hi, y->hi, x->lo, MPFR_RNDU);
}

// 1/x falls on 0 < x, so y/x is least at an end of y over the end of x that pulls it down.
void enclosure_divide(Enclosure *y, const Enclosure *x)
{
    CHECK(mpfr_sgn(x->lo) > 0);
    mpfr_div(y->lo, y->lo, mpfr_sgn(y->lo) < 0 ? x->lo : x->hi, MPFR_RNDD);
    mpfr_div(y->hi, y->hi, mpfr_sgn(y->hi) < 0 ? x->hi : x->lo, MPFR_RNDU);
}

void enclosure_exp(Enclosure *y)
{
    mpfr_exp(y->lo, y->lo, MPFR_RNDD);
    mpfr_exp(y->hi, y->hi, MPFR_RNDU);
}

void enclosure_relu(Enclosure *y)
{
    if (mpfr_sgn(y->lo) < 0)
        mpfr_set_zero(y->lo, 1);
    if (mpfr_sgn(y->hi) < 0)
        mpfr_set_zero(y->hi, 1);
}
