#include "fix.h"

#include <string.h>

bool fix_from_float(float x, Fix *ret_fix, bool *ret_exact)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 23 & 255);
    Fix mantissa = bits & 0x7fffff;
    if (exponent > 0)
        mantissa |= 0x800000;
    else
        exponent = 1;
    int shift = exponent - 150 + FIX_BITS; // value = mantissa * 2^(exponent - 150)
    if (exponent - 127 >= 9)
        return false;
    *ret_exact = true;
    if (shift >= 0) {
        mantissa <<= shift;
    } else if (shift < -25) {
        *ret_exact = mantissa == 0;
        mantissa = 0;
    } else {
        Fix lost = mantissa & (((Fix)1 << -shift) - 1);
        *ret_exact = lost == 0;
        mantissa = (mantissa + ((Fix)1 << (-shift - 1))) >> -shift;
    }
    *ret_fix = bits >> 31 ? -mantissa : mantissa;
    return true;
}

FixVector fix_vector_new(Arena *arena, int n)
{
    return (FixVector){.mid = ARENA_NEW(arena, Fix, (size_t)n), .n = n};
}

FixMatrix fix_matrix_new(Arena *arena, int rows, int cols)
{
    return (FixMatrix){
        .mid = ARENA_NEW(arena, Fix, (size_t)rows * (size_t)cols), .rows = rows, .cols = cols};
}

Wide fix_sum_abs(const Fix *x, int n)
{
    Wide sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] < 0 ? -(Wide)x[i] : x[i];
    return sum;
}

Fix fix_max_abs(const Fix *x, int n)
{
    Fix most = 0;
    for (int i = 0; i < n; i++)
        most = x[i] > most ? x[i] : -x[i] > most ? -x[i] : most;
    return most;
}

bool fix_matrix_seal(FixMatrix *matrix)
{
    matrix->norm = 0;
    for (int r = 0; r < matrix->rows; r++) {
        Wide sum = fix_sum_abs(matrix->mid + (size_t)r * (size_t)matrix->cols, matrix->cols);
        matrix->norm = sum > matrix->norm ? sum : matrix->norm;
    }
    return matrix->norm <= FIX_NORM_MAX && matrix->rad <= FIX_RAD_MAX;
}

Wide fix_ceil(Wide wide)
{
    return (wide + (FIX_ONE - 1)) >> FIX_BITS;
}

Wide fix_dot(const Fix *a, const Fix *b, int n)
{
    Wide sum = 0;
    for (int i = 0; i < n; i++)
        sum += (Wide)a[i] * b[i];
    return sum;
}

bool fix_round(Wide wide, Fix *ret_fix)
{
    Wide rounded = (wide + FIX_ONE / 2) >> FIX_BITS;
    if (rounded > FIX_MAX || rounded < -FIX_MAX)
        return false;
    *ret_fix = (Fix)rounded;
    return true;
}

Fix fix_dot_radius(Wide norm, Fix ra, Wide sum, Fix rx, int n)
{
    if (ra > FIX_RAD_MAX || rx > FIX_RAD_MAX || norm > FIX_NORM_MAX || sum > FIX_NORM_MAX << 6)
        return FIX_RAD_MAX + 1;
    Wide rad = fix_ceil(norm * rx + sum * ra + (Wide)n * ra * rx);
    return rad > FIX_RAD_MAX ? FIX_RAD_MAX + 1 : (Fix)rad;
}

// At most this is the sum of |x| over the elements of a row of A that are inexact.
static Wide inexact_sum(const FixMatrix *A, const FixVector *x)
{
    Wide all = fix_sum_abs(x->mid, x->n), most = (Wide)fix_max_abs(x->mid, x->n) * A->inexact;
    return most < all ? most : all;
}

bool fix_apply(const FixMatrix *A, const FixVector *x, const FixVector *bias, FixVector *ret_y)
{
    if (fix_max_abs(x->mid, x->n) > FIX_MAX)
        return false;
    for (int r = 0; r < A->rows; r++) {
        Wide y = fix_dot(A->mid + (size_t)r * (size_t)A->cols, x->mid, A->cols);
        if (bias->n)
            y += (Wide)bias->mid[r] * FIX_ONE;
        if (!fix_round(y, &ret_y->mid[r]))
            return false;
    }
    ret_y->n = A->rows;
    ret_y->rad =
        fix_dot_radius(A->norm, A->rad, inexact_sum(A, x), x->rad, A->cols) + bias->rad + 1;
    return ret_y->rad <= FIX_RAD_MAX;
}
