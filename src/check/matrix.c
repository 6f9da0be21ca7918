#include "matrix.h"

#include "pool.h"
#include "reject.h"

#include <stddef.h>

static const int64_t norm_limit = INT64_C(1) << 62; // 2^12

Matrix matrix_of(const int64_t *a, int64_t rad, int in, int out)
{
    Wide norm = 0;
    for (int o = 0; o < out; o++) {
        Wide sum = (Wide)in * rad;
        for (int i = 0; i < in; i++)
            sum += fixed_abs(a[(size_t)o * (size_t)in + (size_t)i]);
        norm = sum > norm ? sum : norm;
    }
    if (norm > norm_limit)
        reject(place_model,
               "the sizes of a row of weights add up to more than this checker reckons with");
    return (Matrix){in, out, in, a, rad, (int64_t)norm};
}

Matrix matrix_outputs(const Matrix *m, int first, int count)
{
    return (Matrix){m->in,  count,  m->stride, m->a + (size_t)first * (size_t)m->stride,
                    m->rad, m->norm};
}

Matrix matrix_inputs(const Matrix *m, int first, int count)
{
    return (Matrix){count, m->out, m->stride, m->a + first, m->rad, m->norm};
}

static const int64_t *row(const Matrix *m, int o)
{
    return m->a + (size_t)o * (size_t)m->stride;
}

Matrix matrix_transpose(const Matrix *m)
{
    int64_t *a = pool_numbers((size_t)m->in * (size_t)m->out);
    for (int o = 0; o < m->out; o++)
        for (int i = 0; i < m->in; i++)
            a[(size_t)i * (size_t)m->out + (size_t)o] = row(m, o)[i];
    return matrix_of(a, m->rad, m->out, m->in);
}

static int64_t largest_entry(const Matrix *m)
{
    int64_t largest = 0;
    for (int o = 0; o < m->out; o++)
        for (int i = 0; i < m->in; i++)
            largest = fixed_greater(largest, fixed_abs(row(m, o)[i]));
    return largest;
}

Matrix matrix_product(const Matrix *m, const Matrix *n)
{
    Matrix t = matrix_transpose(m);
    int64_t *a = pool_numbers((size_t)m->in * (size_t)n->out);
    for (int o = 0; o < n->out; o++)
        for (int i = 0; i < m->in; i++) {
            Wide sum = 0;
            for (int k = 0; k < m->out; k++)
                sum += (Wide)row(&t, i)[k] * row(n, o)[k];
            a[(size_t)o * (size_t)m->in + (size_t)i] = fixed_within(wide_near(sum));
        }
    Wide rad = (Wide)m->rad * n->norm + (Wide)n->rad * m->out * (largest_entry(m) + m->rad);
    return matrix_of(a, fixed_radius(wide_up(rad) + 1), m->in, n->out);
}

int64_t matrix_apply(const Matrix *m, const int64_t *x, int64_t rx, const int64_t *bias,
                     int64_t bias_rad, int64_t *ret)
{
    Wide size = 0;
    for (int i = 0; i < m->in; i++)
        size += fixed_abs(x[i]);
    for (int o = 0; o < m->out; o++) {
        const int64_t *a = row(m, o);
        Wide sum = bias ? (Wide)bias[o] * FIXED_ONE : 0;
        for (int i = 0; i < m->in; i++)
            sum += (Wide)x[i] * a[i];
        ret[o] = fixed_within(wide_near(sum));
    }
    return fixed_radius(wide_up((Wide)m->norm * rx + size * m->rad) + 1 + bias_rad);
}

// e |m| for one output, in units of 2^-100, with the radii of the matrix.
static Wide reach(const Matrix *m, int o, const int64_t *e, Wide total)
{
    const int64_t *a = row(m, o);
    Wide sum = total * m->rad;
    for (int i = 0; i < m->in; i++)
        sum += (Wide)e[i] * fixed_abs(a[i]);
    return sum;
}

static Wide total(const int64_t *e, int n)
{
    Wide sum = 0;
    for (int i = 0; i < n; i++)
        sum += e[i];
    return sum;
}

void matrix_apply_up(const Matrix *m, const int64_t *e, int64_t *ret)
{
    Wide all = total(e, m->in);
    for (int o = 0; o < m->out; o++)
        ret[o] = fixed_within(wide_up(reach(m, o, e, all)));
}

void matrix_rounding_up(const Matrix *m, const int64_t *bias, int64_t bias_rad, const int64_t *size,
                        int k, int64_t *ret)
{
    Wide all = total(size, m->in);
    for (int o = 0; o < m->out; o++) {
        Wide sum = wide_up(reach(m, o, size, all)) + fixed_abs(bias[o]) + bias_rad;
        ret[o] = fixed_within(wide_gamma_up(sum, k) + FIXED_GRAIN);
    }
}
