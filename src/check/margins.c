#include "margins.h"

#include "pool.h"
#include "reject.h"

static const Wide far_away = (Wide)1 << 110;

// delta = W_U[:, right] - W_U[:, wrong]. Returns its radius.
static int64_t difference(const Model *m, int right, int wrong, int64_t *ret)
{
    const int64_t *a = m->unembed.a + (int64_t)right * m->d,
                  *b = m->unembed.a + (int64_t)wrong * m->d;
    for (int i = 0; i < m->d; i++)
        ret[i] = fixed_within((Wide)a[i] - b[i]);
    return 2 * m->unembed.rad;
}

// Whether g is known to be negative, or not to be; if neither, a slope of 0 is taken, and K11's excess of
// |g| max(0, r), which is right for both signs (Lemma B5).
static bool negative(const Wrong *w, int i)
{
    return w->gain[i] + w->gain_rad < 0;
}

static bool positive(const Wrong *w, int i)
{
    return w->gain[i] - w->gain_rad >= 0;
}

static int64_t slope_of(const Wrong *w, const Neuron *n, int i)
{
    if (n->phase == NEURON_ON)
        return w->gain[i];
    if (n->phase == NEURON_OPEN && positive(w, i))
        return n->m >= 32 ? w->gain[i] : 0;
    if (n->phase == NEURON_OPEN && negative(w, i))
        return w->gain[i] / 64 * n->m + w->gain[i] % 64 * n->m / 64;
    return 0;
}

static void begin_wrong(const Model *m, const SiteParts *parts, const Neuron *neuron, int right,
                        Wrong *w, int64_t *delta)
{
    w->gain = pool_numbers(m->hidden);
    w->slope = pool_numbers(m->hidden);
    w->c = pool_numbers(m->d);
    w->head = pool_numbers(m->hk);
    int64_t rad = difference(m, right, w->id, delta);
    w->gain_rad = matrix_apply(&parts->out_back, delta, rad, NULL, 0, w->gain);
    for (int i = 0; i < m->hidden; i++)
        w->slope[i] = slope_of(w, &neuron[i], i);
    w->slope_rad = w->gain_rad + 1;
    w->c_rad = matrix_apply(&parts->in_back, w->slope, w->slope_rad, delta, rad, w->c);
    w->head_rad = matrix_apply(&parts->o_back, w->c, w->c_rad, NULL, 0, w->head);
    w->least = far_away;
}

void margins_begin(const Site *site, const SiteParts *parts, Neuron *neuron, int right,
                   Wrong *wrong)
{
    const Model *m = site->tables->problem->model;
    int64_t *delta = pool_numbers(m->d);
    for (int i = 0; i < m->hidden; i++) {
        neuron[i].low = far_away;
        neuron[i].high = -far_away;
    }
    for (int w = 0; w < m->vocabulary - 1; w++)
        begin_wrong(m, parts, neuron, right, &wrong[w], delta);
}

// x y / 2^50 rounded up, for x >= 0 and any y. Bounds of neurons beyond FIXED_LIMIT are rejected here.
static Wide times_up(int64_t x, Wide y)
{
    return wide_up((Wide)x * fixed_within(y));
}

static Wide excess_of(const Wrong *w, const Neuron *n, int i)
{
    int64_t size = fixed_abs(w->gain[i]) + w->gain_rad;
    if (n->phase != NEURON_OPEN || positive(w, i))
        return 0;
    int m = negative(w, i) ? n->m : 0;
    Wide at_low = (times_up(size, -n->low) * m + 63) / 64;
    Wide at_high = (times_up(size, n->high) * (64 - m) + 63) / 64;
    Wide most = at_low > at_high ? at_low : at_high;
    return most > 0 ? most : 0;
}

// noise of K11.
static Wide noise_of(const Site *site, const SiteParts *parts, const Wrong *w, int right,
                     const int64_t *delta, int64_t delta_rad)
{
    const Model *m = site->tables->problem->model;
    int64_t *c = pool_numbers(m->d), *far = pool_numbers(m->d);
    int64_t *e = pool_numbers(m->d), *head = pool_numbers(m->hk);
    int64_t *slope = pool_numbers(m->hidden);
    fixed_sizes(w->c, w->c_rad, NULL, m->d, c);
    for (int i = 0; i < m->d; i++)
        e[i] = fixed_within((Wide)site->table->e_most[i] + site->ly[i]);
    Wide noise = (Wide)fixed_dot_up(e, c, m->d) + site->ll[right] + site->ll[w->id] + FIXED_GRAIN;
    fixed_sizes(w->slope, w->slope_rad, NULL, m->hidden, slope);
    noise += fixed_dot_up(slope, site->lu, m->hidden);
    fixed_sizes(delta, delta_rad, NULL, m->d, c);
    noise += fixed_dot_up(site->lx, c, m->d);
    for (int h = 0; h < m->heads; h++) {
        int from = h * m->width;
        int64_t rad = matrix_apply(&parts->v_back[h], w->head + from, w->head_rad, NULL, 0, far);
        fixed_sizes(far, rad, NULL, m->d, far);
        fixed_sizes(w->head + from, w->head_rad, NULL, m->width, head);
        noise += site_head_error(site, h, head, far);
    }
    return noise;
}

static Wide least_of(Ball x)
{
    return (Wide)x.mid - x.rad;
}

void margins_end(const Site *site, const SiteParts *parts, const Neuron *neuron, int right,
                 Wrong *wrong)
{
    const Model *m = site->tables->problem->model;
    const Layer *y = &m->layer[m->layers - 1];
    int64_t *delta = pool_numbers(m->d);
    for (int i = 0; i < m->hidden; i++)
        if (neuron[i].phase == NEURON_OPEN && neuron[i].low > neuron[i].high)
            reject((Place){"certificate.txt", 0}, "the bounds of neuron %d cross (K11)", i);
    for (int n = 0; n < m->vocabulary - 1; n++) {
        Wrong *w = &wrong[n];
        int64_t rad = difference(m, right, w->id, delta);
        w->margin = w->least + m->bu.a[right] - m->bu.a[w->id] - 2 * m->bu.rad;
        w->margin += least_of(fixed_dot(w->slope, w->slope_rad, y->bin.a, y->bin.rad, m->hidden));
        w->margin += least_of(fixed_dot(y->bout.a, y->bout.rad, delta, rad, m->d));
        for (int i = 0; i < m->hidden; i++)
            w->margin -= excess_of(w, &neuron[i], i);
        w->margin -= noise_of(site, parts, w, right, delta, rad);
    }
}
