#include "rounding.h"

#include "isa.h"

enum { U_BITS = 24, COEFFICIENT_MAX = (1 << 14) - 1 };

static Fix size(Fix x)
{
    return x < 0 ? -x : x;
}

Wide rounding_gamma(int k, Wide sum)
{
    Wide below = ((Wide)1 << U_BITS) - k;
    return (k * sum + below - 1) / below;
}

Wide rounding_spread(const Fix *e, const Fix *w, Fix rad, int n)
{
    Wide sum = 0;
    for (int i = 0; i < n; i++)
        sum += (Wide)e[i] * (size(w[i]) + rad);
    return fix_ceil(sum);
}

bool rounding_apply(const FixMatrix *A, const FixVector *b, const FixVector *x, const Fix *e,
                    const Fix *spread, Fix *ret)
{
    for (int r = 0; r < A->rows; r++) {
        const Fix *row = A->mid + (size_t)r * (size_t)A->cols;
        Wide errors = 0, sum = 0;
        for (int c = 0; c < A->cols; c++) {
            Wide w = size(row[c]) + A->rad;
            errors += w * e[c];
            sum += w * (size(x->mid[c]) + x->rad);
        }
        Wide all = fix_ceil(sum + errors) + size(b->mid[r]) + b->rad;
        Wide error = (spread ? spread[r] : fix_ceil(errors)) + rounding_gamma(A->cols + 1, all) + 1;
        if (error > ROUNDING_MAX)
            return false;
        ret[r] = (Fix)error;
    }
    return true;
}

Wide rounding_score(const Fix *q, Fix q_rad, const Fix *dq, const Fix *k, Fix k_rad, const Fix *dk,
                    int K)
{
    Wide errors = 0, sum = 0;
    for (int i = 0; i < K; i++) {
        Wide a = size(q[i]) + q_rad, b = size(k[i]) + k_rad;
        errors += a * dk[i] + dq[i] * (b + dk[i]);
        sum += (a + dq[i]) * (b + dk[i]);
    }
    return fix_ceil(errors) + rounding_gamma(K + 1, fix_ceil(sum)) + 1;
}

Fix rounding_weights(Fix tau, int n)
{
    if (n <= 1)
        return 0;
    Wide t = tau + (FIX_ONE >> 16), rho = t + fix_ceil(t * t);
    return (Fix)((rho * FIX_ONE + (FIX_ONE - rho) - 1) / (FIX_ONE - rho));
}

// ---- functionals of the residual above a layer ----------------------------------------------------
//
// A functional f becomes C = f + sum of theta_i a_i W_in[i] of the residual inside the layer and
// W_O C of its heads. Coefficients a and rows (W_in[i], W_O W_in[i]) are rounded to 15 bits, products
// summed in 32; what rounding them can do is added to the sizes of the sums.

struct RoundingLayer {
    int D, HK, F, n, width; // width = D + HK
    FixMatrix f;            // [n][D] the functionals
    int32_t *start;         // [n][width] f and W_O f
    int16_t *a;             // [n][F]
    int *bits;              // [n] start, and products of a and row, count 2^-bits, theta2 included
    int *a_bits;            // [n]
    int32_t *slack;         // [n][width]
    int16_t *row;           // [F][width]
    FixMatrix heads_in;     // [F][HK] W_O W_in
};

typedef struct Exact { // the products before they are rounded to few bits
    FixMatrix a, through, row_heads;
} Exact;

// C = A B^T, entry by entry: A [n][m], B [p][m].
static bool product(Arena *arena, const FixMatrix *A, const FixMatrix *B, FixMatrix *ret)
{
    *ret = fix_matrix_new(arena, A->rows, B->rows);
    for (int j = 0; j < B->rows; j++) {
        const Fix *b = B->mid + (size_t)j * (size_t)B->cols;
        Fix rad = fix_dot_radius(A->norm, A->rad, fix_sum_abs(b, B->cols), B->rad, B->cols) + 1;
        ret->rad = rad > ret->rad ? rad : ret->rad;
        for (int i = 0; i < A->rows; i++)
            if (!fix_round(fix_dot(A->mid + (size_t)i * (size_t)A->cols, b, A->cols),
                           &ret->mid[(size_t)i * (size_t)B->rows + (size_t)j]))
                return false;
    }
    ret->inexact = B->rows;
    return fix_matrix_seal(ret);
}

static bool transpose(Arena *arena, const FixMatrix *A, FixMatrix *ret)
{
    *ret = fix_matrix_new(arena, A->cols, A->rows);
    for (int i = 0; i < A->rows; i++)
        for (int j = 0; j < A->cols; j++)
            ret->mid[(size_t)j * (size_t)A->rows + (size_t)i] =
                A->mid[(size_t)i * (size_t)A->cols + (size_t)j];
    ret->rad = A->rad;
    ret->inexact = A->rows;
    return fix_matrix_seal(ret);
}

static bool functionals(Arena *arena, const FixLayer *above, int D, FixMatrix *ret)
{
    int HK = above->W_Q.rows;
    *ret = fix_matrix_new(arena, D + 2 * HK, D);
    for (int d = 0; d < D; d++)
        ret->mid[(size_t)d * (size_t)D + (size_t)d] = FIX_ONE;
    for (int i = 0; i < HK * D; i++) {
        ret->mid[D * D + i] = above->W_Q.mid[i];
        ret->mid[(D + HK) * D + i] = above->W_K.mid[i];
    }
    ret->rad = above->W_Q.rad > above->W_K.rad ? above->W_Q.rad : above->W_K.rad;
    ret->inexact = D;
    return fix_matrix_seal(ret);
}

// x in units of 2^-bits, nearest; |x| 2^bits < 2^31.
static int32_t shorten(Fix x, int bits)
{
    int shift = FIX_BITS - bits;
    return (int32_t)((x + ((Fix)1 << (shift - 1))) >> shift);
}

static int bits_for(Fix most, Fix limit, int at_most)
{
    int bits = at_most;
    while (bits > 0 && most >> (FIX_BITS - bits) >= limit)
        bits--;
    return bits;
}

static Fix entry_at(const RoundingLayer *l, const Exact *x, const FixLayer *layer, int i, int c)
{
    return c < l->D ? layer->W_in.mid[i * l->D + c] : x->row_heads.mid[i * l->HK + c - l->D];
}

static Fix start_at(const RoundingLayer *l, const Exact *x, int j, int c)
{
    return c < l->D ? l->f.mid[j * l->D + c] : x->through.mid[j * l->HK + c - l->D];
}

static int shorten_rows(RoundingLayer *l, const Exact *x, const FixLayer *layer)
{
    Fix most = fix_max_abs(layer->W_in.mid, l->F * l->D);
    Fix heads = fix_max_abs(x->row_heads.mid, l->F * l->HK);
    int bits = bits_for(most > heads ? most : heads, COEFFICIENT_MAX, 20);
    for (int i = 0; i < l->F; i++)
        for (int c = 0; c < l->width; c++)
            l->row[i * l->width + c] = (int16_t)shorten(entry_at(l, x, layer, i, c), bits);
    return bits;
}

// The largest |start| + sum over all neurons of |a row| of functional j.
static Wide reach(const RoundingLayer *l, const Exact *x, const FixLayer *layer, int j)
{
    Wide most = 0;
    for (int c = 0; c < l->width; c++) {
        Wide sum = (Wide)size(start_at(l, x, j, c)) * FIX_ONE;
        for (int i = 0; i < l->F; i++)
            sum += (Wide)size(x->a.mid[j * l->F + i]) * size(entry_at(l, x, layer, i, c));
        most = sum > most ? sum : most;
    }
    return fix_ceil(most);
}

// Rounding a and row loses at most 9/16 of a unit each (half, and the radius of what was rounded).
// rad: of start. False if sums could leave 32 bits.
static bool add_slack(RoundingLayer *l, int j, const Wide *row_sum, Fix rad)
{
    Wide a_sum = 0;
    for (int i = 0; i < l->F; i++)
        a_sum += size(l->a[j * l->F + i]);
    for (int c = 0; c < l->width; c++) {
        Wide slack = (a_sum + row_sum[c]) * 9 / 8 + l->F + (rad >> (FIX_BITS - l->bits[j])) + 4;
        if (slack >= (Wide)1 << 30)
            return false;
        l->slack[j * l->width + c] = (int32_t)slack;
    }
    return true;
}

static bool shorten_functional(RoundingLayer *l, const Exact *x, const FixLayer *layer, int j,
                               int row_bits, const Wide *row_sum)
{
    Wide most = reach(l, x, layer, j);
    if (most > FIX_MAX)
        return false;
    int bits = bits_for((Fix)most, (Fix)1 << 29, 34);
    int a_bits = bits_for(fix_max_abs(x->a.mid + j * l->F, l->F), COEFFICIENT_MAX, 20);
    if (a_bits + row_bits + 1 > bits)
        a_bits = bits - 1 - row_bits;
    l->a_bits[j] = a_bits;
    l->bits[j] = a_bits + row_bits + 1;
    if (a_bits < 6 || row_bits < 6)
        return false;
    for (int i = 0; i < l->F; i++)
        l->a[j * l->F + i] = (int16_t)shorten(x->a.mid[j * l->F + i], a_bits);
    for (int c = 0; c < l->width; c++)
        l->start[j * l->width + c] = shorten(start_at(l, x, j, c), l->bits[j]);
    return add_slack(l, j, row_sum, l->f.rad > x->through.rad ? l->f.rad : x->through.rad);
}

static bool products(Arena *arena, RoundingLayer *l, const FixLayer *layer, Exact *ret)
{
    FixMatrix out, heads;
    return transpose(arena, &layer->W_out, &out) && transpose(arena, &layer->W_O, &heads) &&
           product(arena, &l->f, &out, &ret->a) && product(arena, &l->f, &heads, &ret->through) &&
           product(arena, &layer->W_in, &heads, &ret->row_heads) && ret->a.rad < (1 << 20) &&
           layer->W_in.rad < (1 << 20) && ret->row_heads.rad < (1 << 20);
}

RoundingLayer *rounding_layer_new(Arena *arena, const FixLayer *layer, const FixLayer *above)
{
    Exact x;
    RoundingLayer *l = ARENA_NEW(arena, RoundingLayer, 1);
    *l = (RoundingLayer){.D = layer->W_in.cols, .HK = layer->W_O.cols, .F = layer->W_in.rows};
    l->width = l->D + l->HK;
    if (!functionals(arena, above, l->D, &l->f) || !products(arena, l, layer, &x))
        return NULL;
    l->n = l->f.rows;
    size_t wide = (size_t)l->n * (size_t)l->width;
    l->start = ARENA_NEW(arena, int32_t, wide);
    l->slack = ARENA_NEW(arena, int32_t, wide);
    l->a = ARENA_NEW(arena, int16_t, (size_t)l->n * (size_t)l->F);
    l->bits = ARENA_NEW(arena, int, (size_t)l->n);
    l->a_bits = ARENA_NEW(arena, int, (size_t)l->n);
    l->row = ARENA_NEW(arena, int16_t, (size_t)l->F * (size_t)l->width);
    Wide *row_sum = ARENA_NEW(arena, Wide, (size_t)l->width);
    l->heads_in = x.row_heads;
    int row_bits = shorten_rows(l, &x, layer);
    for (int i = 0; i < l->F; i++)
        for (int c = 0; c < l->width; c++)
            row_sum[c] += size(l->row[i * l->width + c]);
    for (int j = 0; j < l->n; j++)
        if (!shorten_functional(l, &x, layer, j, row_bits, row_sum))
            return NULL;
    return l;
}

const FixMatrix *rounding_heads_in(const RoundingLayer *layer)
{
    return &layer->heads_in;
}

// sum[c] += the rows of the neurons that are not off, times 2 theta a.
ISA_BODY void add_rows_body(int32_t *sum, const int16_t *a, const uint8_t *theta2,
                            const int16_t *row, int F, int width)
{
    for (int i = 0; i < F; i++) {
        int32_t factor = a[i] * theta2[i];
        if (factor == 0)
            continue;
        for (int c = 0; c < width; c++)
            sum[c] += factor * row[i * width + c];
    }
}
static CLONES(add_rows,
              (int32_t * sum, const int16_t *a, const uint8_t *theta2, const int16_t *row, int F,
               int width),
              (sum, a, theta2, row, F, width))

    // err(f) of functional j; `inner` is e + ly and dz side by side, `settled` is theta lu + sigma eta.
    static Wide functional_error(const RoundingLayer *l, const RoundingStep *s, int j,
                                 const Fix *inner, const Fix *settled, int32_t *sum)
{
    const int16_t *a = l->a + j * l->F;
    Wide spread = 0, neurons = 0;
    for (int c = 0; c < l->width; c++)
        sum[c] = l->start[j * l->width + c];
    add_rows(sum, a, s->theta2, l->row, l->F, l->width);
    for (int c = 0; c < l->width; c++)
        spread += (Wide)inner[c] * (size(sum[c]) + l->slack[j * l->width + c]);
    for (int i = 0; i < l->F; i++)
        neurons += (Wide)settled[i] * (size(a[i]) + 1);
    return rounding_spread(s->lx, l->f.mid + j * l->D, l->f.rad, l->D) + (spread >> l->bits[j]) +
           (neurons >> l->a_bits[j]) + 3;
}

bool rounding_step(Arena *scratch, const RoundingLayer *l, const RoundingStep *s, Fix *ret_e,
                   Fix *ret_q, Fix *ret_k)
{
    Fix *inner = ARENA_NEW(scratch, Fix, (size_t)l->width);
    Fix *settled = ARENA_NEW(scratch, Fix, (size_t)l->F);
    int32_t *sum = ARENA_NEW(scratch, int32_t, (size_t)l->width);
    for (int c = 0; c < l->width; c++)
        inner[c] = c < l->D ? s->residual[c] : s->heads[c - l->D];
    for (int i = 0; i < l->F; i++)
        settled[i] = (s->theta2[i] * s->lu[i] + (s->theta2[i] == 1 ? s->eta[i] : 0) + 1) / 2;
    for (int j = 0; j < l->n; j++) {
        Wide error = functional_error(l, s, j, inner, settled, sum);
        if (error > ROUNDING_MAX)
            return false;
        Fix *ret = j < l->D           ? ret_e + j
                   : j < l->D + l->HK ? ret_q + j - l->D
                                      : ret_k + j - l->D - l->HK;
        *ret = (Fix)error;
    }
    return true;
}
