// C = f + sum of theta_i a_i W_in[:, i] and W_O C are found by 32-bit numbers in units of 2^-20. A rounded
// product is off by at most |a| + |gain| + 1 of these units for each neuron, as each factor is off by at most
// one; that is `slack`. Numbers are below 2^29 and the gains of a lane add up to at most 2^31, so a sum is
// below 2 * 2^29 * 2^31 + 2^50 < 2^62.
#include "pull.h"

#include "lanes.h"
#include "pool.h"
#include "reject.h"

enum { PULL_BITS = 20, DOWN = FIXED_BITS - PULL_BITS };

static int32_t coarse(int64_t x)
{
    int64_t y = (x + (INT64_C(1) << (DOWN - 1))) >> DOWN;
    if (y >= 1 << 29 || y <= -(1 << 29))
        reject(place_model, "a product of weights is beyond 2^9");
    return (int32_t)y;
}

static const int64_t *row(const Matrix *m, int o)
{
    return m->a + (size_t)o * (size_t)m->stride;
}

static void init_gains(Pull *p, const Layer *layer, const Matrix *mix)
{
    int64_t *sum = pool_numbers(p->lanes);
    p->gain = POOL_TAKE(int32_t, (size_t)p->hidden * (size_t)p->lanes);
    for (int i = 0; i < p->hidden; i++) {
        int32_t *gain = p->gain + (size_t)i * (size_t)p->lanes;
        for (int m = 0; m < p->d; m++)
            gain[m] = coarse(row(&layer->in, i)[m]);
        for (int r = 0; r < p->hk; r++)
            gain[p->d + r] = coarse(row(mix, i)[r]);
        for (int l = 0; l < p->lanes; l++)
            sum[l] += fixed_abs(gain[l]) + 1;
    }
    for (int l = 0; l < p->lanes; l++) {
        if (sum[l] > INT64_C(1) << 31)
            reject(place_model, "the gains of an MLP add up to more than 2^11");
        for (int f = 0; f < p->count; f++)
            p->slack[f] = fixed_greater(p->slack[f], sum[l]);
    }
}

// One functional: a column vector of D numbers within rad.
static void init_functional(Pull *p, int f, const int64_t *column, int64_t rad,
                            const Matrix *out_back, const Matrix *o_back)
{
    int64_t *a = pool_numbers(p->hidden), *c = pool_numbers(p->hk), total = 0;
    int64_t ra = matrix_apply(out_back, column, rad, NULL, 0, a);
    int64_t rc = matrix_apply(o_back, column, rad, NULL, 0, c);
    if (ra >= INT64_C(1) << (DOWN - 1) || rc >= INT64_C(1) << (DOWN - 1))
        reject(place_model, "a product of weights is not known to within 2^-21");
    for (int i = 0; i < p->hidden; i++) {
        int32_t *slope = &p->slope[(size_t)f * (size_t)p->hidden + (size_t)i];
        *slope = coarse(a[i]);
        total += fixed_abs(*slope);
        p->size[(size_t)f * (size_t)p->hidden + (size_t)i] = fixed_abs(a[i]) + ra;
    }
    int32_t *base = p->base + (size_t)f * (size_t)p->lanes;
    for (int m = 0; m < p->d; m++) {
        base[m] = coarse(column[m]);
        p->self_size[(size_t)f * (size_t)p->d + (size_t)m] = fixed_abs(column[m]) + rad;
    }
    for (int r = 0; r < p->hk; r++)
        base[p->d + r] = coarse(c[r]);
    p->slack[f] = total;
}

void pull_init(Pull *p, const Layer *layer, const Matrix *mix, const Layer *next)
{
    int d = layer->in.in, hk = layer->o.in, hidden = layer->in.out;
    *p = (Pull){d + 2 * hk, lanes_round(d + hk), d, hk, hidden, NULL, NULL, NULL, NULL, NULL, NULL};
    if (mix->rad >= INT64_C(1) << (DOWN - 1))
        reject(place_model, "a product of weights is not known to within 2^-21");
    p->slope = POOL_TAKE(int32_t, (size_t)p->count * (size_t)hidden);
    p->base = POOL_TAKE(int32_t, (size_t)p->count * (size_t)p->lanes);
    p->slack = pool_numbers(p->count);
    p->size = pool_numbers((size_t)p->count * (size_t)hidden);
    p->self_size = pool_numbers((size_t)p->count * (size_t)d);
    Matrix out_back = matrix_transpose(&layer->out), o_back = matrix_transpose(&layer->o);
    int64_t *unit = pool_numbers(d);
    for (int m = 0; m < d; m++) {
        unit[m] = FIXED_ONE;
        init_functional(p, m, unit, 0, &out_back, &o_back);
        unit[m] = 0;
    }
    for (int r = 0; r < hk; r++) {
        init_functional(p, d + r, row(&next->q, r), next->q.rad, &out_back, &o_back);
        init_functional(p, d + hk + r, row(&next->k, r), next->k.rad, &out_back, &o_back);
    }
    int64_t *slope_size = p->slack;
    p->slack = pool_numbers(p->count);
    init_gains(p, layer, mix);
    for (int f = 0; f < p->count; f++)
        p->slack[f] += slope_size[f];
}

// The neurons with theta > 0, and twice their theta.
typedef struct Active {
    int count;
    int *neuron, *theta2;
} Active;

// ret = C and W_O C, side by side, in units of 2^-41.
LANES_CLONES
static void combine(const Pull *p, const Active *active, const int32_t *slope, const int32_t *base,
                    int64_t *ret)
{
    for (int at = 0; at < p->lanes; at += LANES) {
        int64_t sum[LANES];
        for (int l = 0; l < LANES; l++)
            sum[l] = (int64_t)base[at + l] * (1 << (PULL_BITS + 1));
        for (int n = 0; n < active->count; n++) {
            const int32_t *gain = p->gain + (size_t)active->neuron[n] * (size_t)p->lanes + at;
            int32_t factor = slope[active->neuron[n]] * active->theta2[n];
            for (int l = 0; l < LANES; l++)
                sum[l] += (int64_t)factor * gain[l];
        }
        for (int l = 0; l < LANES; l++)
            ret[at + l] = sum[l];
    }
}

static int64_t error_of(const Pull *p, const Disturbance *by, int f, const int64_t *combined)
{
    Wide coarse_sum = 0;
    int64_t slack = (p->slack[f] >> PULL_BITS) + 3; // two roundings down, and that of `base`
    for (int m = 0; m < p->d; m++)
        coarse_sum += (Wide)by->residual[m] * ((fixed_abs(combined[m]) >> (PULL_BITS + 1)) + slack);
    for (int r = 0; r < p->hk; r++)
        coarse_sum +=
            (Wide)by->heads[r] * ((fixed_abs(combined[p->d + r]) >> (PULL_BITS + 1)) + slack);
    Wide head = (coarse_sum >> PULL_BITS) + 1;
    Wide local =
        (Wide)fixed_dot_up(p->size + (size_t)f * (size_t)p->hidden, by->hidden, p->hidden) +
        fixed_dot_up(p->self_size + (size_t)f * (size_t)p->d, by->output, p->d);
    return fixed_within(head + local + FIXED_GRAIN);
}

void pull_errors(const Pull *p, const Disturbance *by, int64_t *ret)
{
    PoolMark mark = pool_mark();
    Active active = {0, POOL_TAKE(int, p->hidden), POOL_TAKE(int, p->hidden)};
    int64_t *combined = pool_numbers(p->lanes);
    for (int i = 0; i < p->hidden; i++)
        if (by->theta2[i] > 0) {
            active.neuron[active.count] = i;
            active.theta2[active.count++] = by->theta2[i];
        }
    for (int f = 0; f < p->count; f++) {
        combine(p, &active, p->slope + (size_t)f * (size_t)p->hidden,
                p->base + (size_t)f * (size_t)p->lanes, combined);
        ret[f] = error_of(p, by, f, combined);
    }
    pool_release(mark);
}
