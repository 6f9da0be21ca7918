#include "states.h"

#include <math.h>
#include <string.h>

#include "small_bundle.h"

All all;

void state_prepare(void)
{
    if (all.problem.task)
        return;
    small_tables(BUNDLE, &all.problem, &all.model, &all.tables);
    site_parts_init(&all.parts, &all.tables);
}

// ---- matrices -----------------------------------------------------------------------------------

Real state_entry(const Matrix *m, int i, int o)
{
    return real(m->a[(size_t)o * (size_t)m->stride + (size_t)i]);
}

// y = x m + b, b may be null.
static void apply(const Matrix *m, const Bias *b, const Real *x, Real *y)
{
    for (int o = 0; o < m->out; o++) {
        y[o] = b ? real(b->a[o]) : 0;
        for (int i = 0; i < m->in; i++)
            y[o] += x[i] * state_entry(m, i, o);
    }
}

void state_apply_sizes(const Matrix *m, const Bias *b, const Real *x, Real *y)
{
    for (int o = 0; o < m->out; o++) {
        y[o] = b ? fabsl(real(b->a[o])) : 0;
        for (int i = 0; i < m->in; i++)
            y[o] += fabsl(x[i]) * fabsl(state_entry(m, i, o));
    }
}

Real state_mix(const Layer *y, int r, int i)
{
    static Real known[2][STATE_MOST][STATE_MOST];
    static bool done[2];
    int l = y == &all.model.layer[1];
    if (!done[l]) {
        for (int n = 0; n < all.model.hk; n++)
            for (int k = 0; k < all.model.hidden; k++)
                for (int m = 0; m < all.model.d; m++)
                    known[l][n][k] += state_entry(&y->o, n, m) * state_entry(&y->in, m, k);
        done[l] = true;
    }
    return known[l][r][i];
}

// ---- K8 -----------------------------------------------------------------------------------------

static void project_one(const Matrix *w, const Bias *b, const State *s, const Real *error, Real *y,
                        Real *d, Real *rounding)
{
    Real size[STATE_MOST];
    apply(w, b, s->x, y);
    for (int i = 0; i < all.model.d; i++)
        size[i] = fabsl(s->x[i]) + s->e[i];
    state_apply_sizes(w, b, size, d);
    for (int r = 0; r < all.model.hk; r++) {
        d[r] = gamma_of(all.model.d + 1) * d[r] + GRAIN;
        if (rounding)
            rounding[r] = d[r];
        d[r] += error[r];
    }
}

static void project(const Layer *y, State *s)
{
    project_one(&y->q, &y->bq, s, s->eq, s->q, s->dq, NULL);
    project_one(&y->k, &y->bk, s, s->ek, s->k, s->dk, NULL);
    project_one(&y->v, &y->bv, s, s->ev, s->v, s->dv, s->lv);
}

static void add_grain(Real *e, int n)
{
    for (int i = 0; i < n; i++)
        e[i] += GRAIN;
}

static void embed(int position, int token, State *s)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[0];
    for (int i = 0; i < m->d; i++) {
        s->x[i] = real(m->embed.a[all.problem.id[token] * m->d + i]) +
                  real(m->positions.a[position * m->d + i]);
        s->e[i] = U * fabsl(s->x[i]);
    }
    state_apply_sizes(&y->q, NULL, s->e, s->eq);
    state_apply_sizes(&y->k, NULL, s->e, s->ek);
    state_apply_sizes(&y->v, NULL, s->e, s->ev);
    add_grain(s->e, m->d);
    add_grain(s->eq, m->hk);
    add_grain(s->ek, m->hk);
    add_grain(s->ev, m->hk);
    project(y, s);
}

Real state_tau(const State *query, const State *key, int h)
{
    const Model *m = &all.model;
    Real sum = 0;
    for (int r = h * m->width; r < (h + 1) * m->width; r++) {
        Real q = fabsl(query->q[r]), k = fabsl(key->k[r]);
        sum += q * key->dk[r] + query->dq[r] * k + query->dq[r] * key->dk[r] +
               gamma_of(m->width + 1) * (q + query->dq[r]) * (k + key->dk[r]);
    }
    return sum * real(m->scale) + GRAIN;
}

Real state_score(const State *query, const State *key, int h)
{
    Real sum = 0;
    for (int r = h * all.model.width; r < (h + 1) * all.model.width; r++)
        sum += query->q[r] * key->k[r];
    return sum * real(all.model.scale);
}

static void attend(int layer, int j, const State *states, int h, Real *z, Real *dz)
{
    const Model *m = &all.model;
    Real w[STATE_POSITIONS] = {0}, total = 0, tau = 0;
    int n = 0;
    for (int k = 0; k <= j; k++)
        if (model_edge(m, layer, h, j, k)) {
            w[k] = expl(state_score(&states[j], &states[k], h) -
                        state_score(&states[j], &states[j], h));
            total += w[k];
            tau = fmaxl(tau, state_tau(&states[j], &states[k], h));
            n++;
        }
    Real t = tau + 0x1p-16L, rho = n == 1 ? 0 : t + t * t;
    for (int r = h * m->width; r < (h + 1) * m->width; r++) {
        Real off = 0, dv = 0, size = 0;
        z[r] = dz[r] = 0;
        for (int k = 0; k <= j; k++)
            z[r] += w[k] / total * states[k].v[r];
        for (int k = 0; k <= j; k++)
            if (model_edge(m, layer, h, j, k)) {
                off += w[k] / total * fabsl(states[k].v[r] - z[r]);
                dv = fmaxl(dv, states[k].dv[r]);
                size = fmaxl(size, fabsl(states[k].v[r]) + states[k].dv[r]);
            }
        dz[r] = rho / (1 - rho) * off + dv + gamma_of(2 * n + 2) * size + GRAIN;
    }
}

// err(f) of K8.
typedef struct Passage {
    Real lx[STATE_MOST], residual[STATE_MOST], dz[STATE_MOST], theta[STATE_MOST],
        hidden[STATE_MOST];
} Passage;

static Real error_of(const Layer *y, const Passage *p, const Real *f)
{
    const Model *m = &all.model;
    Real c[STATE_MOST], sum = 0;
    memcpy(c, f, (size_t)m->d * sizeof *c);
    for (int i = 0; i < m->hidden; i++) {
        Real a = 0;
        for (int k = 0; k < m->d; k++)
            a += state_entry(&y->out, i, k) * f[k];
        for (int k = 0; k < m->d; k++)
            c[k] += p->theta[i] * a * state_entry(&y->in, k, i);
        sum += fabsl(a) * p->hidden[i];
    }
    for (int k = 0; k < m->d; k++)
        sum += p->lx[k] * fabsl(f[k]) + p->residual[k] * fabsl(c[k]);
    for (int r = 0; r < m->hk; r++) {
        Real through = 0;
        for (int k = 0; k < m->d; k++)
            through += state_entry(&y->o, r, k) * c[k];
        sum += p->dz[r] * fabsl(through);
    }
    return sum + GRAIN;
}

static void find_errors(const Layer *y, const Layer *next, const Passage *p, State *to)
{
    const Model *m = &all.model;
    Real f[STATE_MOST];
    for (int k = 0; k < m->d; k++) {
        for (int i = 0; i < m->d; i++)
            f[i] = i == k;
        to->e[k] = error_of(y, p, f);
    }
    for (int r = 0; r < m->hk; r++) {
        for (int i = 0; i < m->d; i++)
            f[i] = state_entry(&next->q, i, r);
        to->eq[r] = error_of(y, p, f);
        for (int i = 0; i < m->d; i++)
            f[i] = state_entry(&next->k, i, r);
        to->ek[r] = error_of(y, p, f);
    }
    state_apply_sizes(&next->v, NULL, to->e, to->ev);
    add_grain(to->ev, m->hk);
}

// From the states of all positions before layer 0 to that of position j before layer 1.
static void advance(int j, const State *states, State *to)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[0];
    const State *s = &states[j];
    Passage p;
    Real z[STATE_MOST] = {0}, size[STATE_MOST] = {0}, la[STATE_MOST], at_y[STATE_MOST],
         through[STATE_MOST], ly[STATE_MOST], dy[STATE_MOST], u[STATE_MOST], lu[STATE_MOST],
         eta[STATE_MOST], lo[STATE_MOST];
    for (int h = 0; h < m->heads; h++)
        attend(0, j, states, h, z, p.dz);
    apply(&y->o, &y->bo, z, at_y);
    for (int r = 0; r < m->hk; r++)
        size[r] = fabsl(z[r]) + p.dz[r];
    state_apply_sizes(&y->o, &y->bo, size, la);
    state_apply_sizes(&y->o, NULL, p.dz, through);
    for (int i = 0; i < m->d; i++) {
        at_y[i] += s->x[i];
        la[i] = gamma_of(m->hk + 1) * la[i] + GRAIN;
        ly[i] = la[i] + U * (fabsl(at_y[i]) + s->e[i] + through[i] + la[i]) + GRAIN;
        dy[i] = s->e[i] + through[i] + ly[i];
        p.residual[i] = s->e[i] + ly[i];
        size[i] = fabsl(at_y[i]) + dy[i];
    }
    state_apply_sizes(&y->in, &y->bin, size, lu);
    apply(&y->in, &y->bin, at_y, u);
    state_apply_sizes(&y->in, NULL, p.residual, eta);
    for (int i = 0; i < m->hidden; i++) {
        lu[i] = gamma_of(m->d + 1) * lu[i] + GRAIN;
        for (int r = 0; r < m->hk; r++)
            eta[i] += p.dz[r] * fabsl(state_mix(y, r, i));
        eta[i] += lu[i] + GRAIN;
        p.theta[i] = u[i] >= eta[i] ? 1 : u[i] <= -eta[i] ? 0 : 0.5L;
        p.hidden[i] = p.theta[i] * lu[i] + (p.theta[i] == 0.5L ? 0.5L * eta[i] : 0);
        u[i] = fmaxl(u[i], 0);
        size[i] = u[i] + eta[i];
    }
    state_apply_sizes(&y->out, &y->bout, size, lo);
    state_apply_sizes(&y->out, NULL, eta, through);
    apply(&y->out, &y->bout, u, to->x);
    for (int i = 0; i < m->d; i++) {
        lo[i] = gamma_of(m->hidden + 1) * lo[i] + GRAIN;
        to->x[i] += at_y[i];
        p.lx[i] = lo[i] + U * (fabsl(to->x[i]) + dy[i] + through[i] + lo[i]) + GRAIN;
    }
    find_errors(y, &m->layer[1], &p, to);
    project(&m->layer[1], to);
}

void state_evaluate(int layer, int j, int64_t c, State *ret)
{
    static State states[STATE_POSITIONS];
    const Cone *cone = tables_at(&all.tables, layer, j)->cone;
    int token[STATE_POSITIONS];
    for (int i = 0; i < all.problem.task->length; i++)
        token[i] = all.problem.task->option[i][0];
    for (int i = 0; i < cone->size; i++)
        token[cone->position[i]] =
            all.problem.task->option[cone->position[i]][cone_option(&all.problem, cone, c, i)];
    for (int i = 0; i <= j; i++)
        embed(i, token[i], &states[i]);
    if (layer == 0)
        *ret = states[j];
    else
        advance(j, states, ret);
}
