#include "sites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

Known known[STATE_POSITIONS];

static void know(int j)
{
    if (known[j].state)
        return;
    int64_t count = tables_at(&all.tables, 1, j)->cone->count;
    known[j].state = calloc((size_t)count, sizeof(State));
    for (int64_t c = 0; c < count; c++) {
        State *s = &known[j].state[c];
        Most *m = &known[j].most;
        state_evaluate(1, j, c, s);
        for (int i = 0; i < all.model.d; i++) {
            m->e[i] = fmaxl(m->e[i], s->e[i]);
            m->entry[i] = fmaxl(m->entry[i], fabsl(s->x[i]) + s->e[i]);
        }
        for (int r = 0; r < all.model.hk; r++) {
            m->lv[r] = fmaxl(m->lv[r], s->lv[r]);
            m->v[r] = fmaxl(m->v[r], fabsl(s->v[r]) + s->dv[r]);
        }
    }
}

Site sites_of(int position)
{
    Site site;
    state_prepare();
    site_keys(&site, &all.parts, position);
    for (int k = 0; k < site.keys; k++)
        if (site.key[k].position == 4)
            site.key[k].column = 0;
    site_fill(&site, &all.parts);
    for (int k = 0; k <= site.query; k++)
        if (tables_at(&all.tables, 1, k))
            know(k);
    return site;
}

Real sites_head_error(int j, int h, const Real *c)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[1];
    Real most = 0, v[STATE_MOST] = {0}, sum = 0;
    int n = 0, from = h * m->width;
    for (int k = 0; k <= j; k++) {
        if (!model_edge(m, 1, h, j, k))
            continue;
        Real here = 0;
        for (int i = 0; i < m->d; i++) {
            Real far = 0;
            for (int r = 0; r < m->width; r++)
                far += state_entry(&y->v, i, from + r) * c[r];
            here += known[k].most.e[i] * fabsl(far);
        }
        for (int r = 0; r < m->width; r++) {
            here += known[k].most.lv[from + r] * fabsl(c[r]);
            v[r] = fmaxl(v[r], known[k].most.v[from + r]);
        }
        most = fmaxl(most, here);
        n++;
    }
    for (int r = 0; r < m->width; r++)
        sum += v[r] * fabsl(c[r]);
    return n ? most + gamma_of(2 * n + 2) * sum + GRAIN : 0;
}

Real sites_head_error_of(int j, int h, const Real *w)
{
    const Layer *y = &all.model.layer[1];
    Real c[STATE_MOST];
    for (int r = 0; r < all.model.width; r++) {
        c[r] = 0;
        for (int i = 0; i < all.model.d; i++)
            c[r] += state_entry(&y->o, h * all.model.width + r, i) * w[i];
    }
    return sites_head_error(j, h, c);
}

static void attention_constants(int j, Constants *k)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[1];
    Real z[STATE_MOST] = {0}, out[STATE_MOST], size[STATE_MOST];
    memset(k->v, 0, sizeof k->v);
    for (int n = 0; n <= j; n++)
        for (int r = 0; r < m->hk; r++)
            if (model_edge(m, 1, r / m->width, j, n))
                k->v[r] = fmaxl(k->v[r], known[n].most.v[r]);
    for (int r = 0; r < m->hk; r++)
        z[r] = k->v[r] * (1 + 0x1p-10L);
    state_apply_sizes(&y->o, &y->bo, z, out);
    for (int i = 0; i < m->d; i++) {
        Real la = gamma_of(m->hk + 1) * out[i] + GRAIN;
        k->y[i] = known[j].most.entry[i] + out[i];
        k->ly[i] = la + U * (k->y[i] + la) + GRAIN;
        size[i] = k->y[i] + k->ly[i];
    }
    state_apply_sizes(&y->in, &y->bin, size, k->lu);
    for (int i = 0; i < m->hidden; i++)
        k->lu[i] = gamma_of(m->d + 1) * k->lu[i] + GRAIN;
}

// The greatest that a head makes of neuron i.
static Real most_of_head(int j, int h, int i)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[1];
    Real most = -INFINITY;
    for (int n = 0; n <= j; n++)
        for (int64_t c = 0;
             model_edge(m, 1, h, j, n) && c < tables_at(&all.tables, 1, n)->cone->count; c++) {
            Real g = 0;
            for (int r = h * m->width; r < (h + 1) * m->width; r++)
                g += known[n].state[c].v[r] * state_mix(y, r, i);
            most = fmaxl(most, g);
        }
    return most;
}

Real sites_direct(const State *s, int i)
{
    const Layer *y = &all.model.layer[1];
    Real sum = real(y->bin.a[i]);
    for (int k = 0; k < all.model.d; k++)
        sum += (s->x[k] + real(y->bo.a[k])) * state_entry(&y->in, k, i);
    return sum;
}

static void neuron_constants(int j, Constants *k)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[1];
    for (int i = 0; i < m->hidden; i++) {
        Real w[STATE_MOST], direct = -INFINITY;
        k->wide[i] = k->lu[i] + GRAIN;
        for (int n = 0; n < m->d; n++) {
            w[n] = state_entry(&y->in, n, i);
            k->wide[i] += (known[j].most.e[n] + k->ly[n]) * fabsl(w[n]);
        }
        k->h[i] = 0;
        for (int h = 0; h < m->heads; h++) {
            k->wide[i] += sites_head_error_of(j, h, w);
            k->h[i] += most_of_head(j, h, i);
        }
        for (int64_t c = 0; c < tables_at(&all.tables, 1, j)->cone->count; c++)
            direct = fmaxl(direct, sites_direct(&known[j].state[c], i));
        k->h[i] = fmaxl(0, k->h[i] + direct + k->wide[i]);
    }
}

static void output_constants(Constants *k)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[1];
    Real out[STATE_MOST], size[STATE_MOST];
    state_apply_sizes(&y->out, &y->bout, k->h, out);
    for (int i = 0; i < m->d; i++) {
        Real x = k->y[i] + k->ly[i] + out[i];
        k->lx[i] = gamma_of(m->hidden + 1) * out[i] * (1 + U) + U * x + GRAIN;
        size[i] = x + k->lx[i];
    }
    state_apply_sizes(&m->unembed, &m->bu, size, k->ll);
    for (int t = 0; t < m->vocabulary; t++)
        k->ll[t] = gamma_of(m->d + 1) * k->ll[t] + GRAIN;
}

void sites_constants(int j, Constants *k)
{
    attention_constants(j, k);
    neuron_constants(j, k);
    output_constants(k);
}
