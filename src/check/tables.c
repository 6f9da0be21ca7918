#include "tables.h"

#include "mixture.h"
#include "pool.h"
#include "pull.h"
#include "reject.h"

#include <string.h>

// Room for what K8 says about one configuration, and the matrices of the layer that it passes.
typedef struct Step {
    const Model *model;
    const Layer *layer;
    Matrix mix; // W_O W_in
    Pull pull;
    int64_t *z, *dz;                     // [HK]
    int64_t *y, *dy, *through, *la, *ly; // [D]
    int64_t *u, *h, *lu, *eta, *hidden;  // [F]
    int *theta2;                         // [F]
    int64_t *x, *lo, *lx;                // [D]
    int64_t *wide;                       // as long as any vector
    int64_t *errors;                     // [functional of pull]
    int64_t *eq, *ek, *ev;               // [HK]
} Step;

// Room for so many numbers each.
static void take_all(int64_t **const *vectors, int count, int64_t size)
{
    for (int i = 0; i < count; i++)
        *vectors[i] = pool_numbers(size);
}

static Table *table_new(const Model *m, const Cone *cone)
{
    Table *t = POOL_TAKE(Table, 1);
    t->cone = cone;
    take_all((int64_t **[]){&t->rx, &t->rq, &t->rk, &t->rv}, 4, cone->count);
    take_all((int64_t **[]){&t->x, &t->e}, 2, cone->count * m->d);
    take_all((int64_t **[]){&t->q, &t->k, &t->v, &t->dq, &t->dk, &t->dv}, 6, cone->count * m->hk);
    take_all((int64_t **[]){&t->lv_most, &t->v_most}, 2, m->hk);
    t->e_most = pool_numbers(m->d);
    return t;
}

static Step step_new(const Model *m)
{
    Step s = {.model = m, .theta2 = POOL_TAKE(int, m->hidden)};
    int wide = m->d > m->hk ? m->d : m->hk;
    take_all((int64_t **[]){&s.z, &s.dz, &s.eq, &s.ek, &s.ev}, 5, m->hk);
    take_all((int64_t **[]){&s.y, &s.dy, &s.through, &s.la, &s.ly, &s.x, &s.lo, &s.lx}, 8, m->d);
    take_all((int64_t **[]){&s.u, &s.h, &s.lu, &s.eta, &s.hidden}, 5, m->hidden);
    s.wide = pool_numbers(wide > m->hidden ? wide : m->hidden);
    s.errors = pool_numbers(m->d + 2 * m->hk);
    return s;
}

static void step_enter(Step *s, int l)
{
    const Model *m = s->model;
    s->layer = &m->layer[l];
    s->mix = matrix_product(&s->layer->o, &s->layer->in);
    if (l + 1 < m->layers)
        pull_init(&s->pull, s->layer, &s->mix, &m->layer[l + 1]);
}

// ---- q, k, v ------------------------------------------------------------------------------------

static void raise(int64_t *most, const int64_t *by, const int64_t *more, int64_t rad, int n)
{
    for (int i = 0; i < n; i++)
        most[i] = fixed_greater(most[i],
                                fixed_within((Wide)fixed_abs(by[i]) + (more ? more[i] : 0) + rad));
}

// From x, e, eQ, eK, eV of a configuration, all else that its table has.
static void project(Step *s, const Layer *y, Table *t, int64_t c)
{
    int d = s->model->d, hk = s->model->hk;
    const int64_t *x = t->x + c * d, *e = t->e + c * d;
    t->rq[c] = matrix_apply(&y->q, x, t->rx[c], y->bq.a, y->bq.rad, t->q + c * hk);
    t->rk[c] = matrix_apply(&y->k, x, t->rx[c], y->bk.a, y->bk.rad, t->k + c * hk);
    t->rv[c] = matrix_apply(&y->v, x, t->rx[c], y->bv.a, y->bv.rad, t->v + c * hk);
    fixed_sizes(x, t->rx[c], e, d, s->wide);
    int64_t *dq = t->dq + c * hk, *dk = t->dk + c * hk, *dv = t->dv + c * hk;
    matrix_rounding_up(&y->q, y->bq.a, y->bq.rad, s->wide, d + 1, dq);
    matrix_rounding_up(&y->k, y->bk.a, y->bk.rad, s->wide, d + 1, dk);
    matrix_rounding_up(&y->v, y->bv.a, y->bv.rad, s->wide, d + 1, dv);
    raise(t->lv_most, dv, NULL, 0, hk);
    for (int r = 0; r < hk; r++) {
        dq[r] = fixed_within((Wide)dq[r] + s->eq[r]);
        dk[r] = fixed_within((Wide)dk[r] + s->ek[r]);
        dv[r] = fixed_within((Wide)dv[r] + s->ev[r]);
    }
    raise(t->e_most, e, NULL, 0, d);
    raise(t->v_most, t->v + c * hk, dv, t->rv[c], hk);
}

static void add_grain(int64_t *e, int n)
{
    for (int i = 0; i < n; i++)
        e[i] += FIXED_GRAIN;
}

// ---- layer 0 ------------------------------------------------------------------------------------

static void embed(Step *s, const Problem *p, int position, Table *t, int64_t c)
{
    const Model *m = p->model;
    const Layer *y = &m->layer[0];
    const Trellis *task = p->task;
    int option = t->cone->size ? cone_option(p, t->cone, c, 0) : 0;
    const int64_t *row = m->embed.a + (int64_t)p->id[task->option[position][option]] * m->d;
    const int64_t *place = m->positions.a + (int64_t)position * m->d;
    int64_t *x = t->x + c * m->d, *e = t->e + c * m->d;
    t->rx[c] = m->embed.rad + m->positions.rad;
    for (int i = 0; i < m->d; i++) {
        x[i] = fixed_within((Wide)row[i] + place[i]);
        e[i] = fixed_ulp_up(fixed_abs(x[i]) + t->rx[c]);
    }
    matrix_apply_up(&y->q, e, s->eq);
    matrix_apply_up(&y->k, e, s->ek);
    matrix_apply_up(&y->v, e, s->ev);
    add_grain(e, m->d);
    add_grain(s->eq, m->hk);
    add_grain(s->ek, m->hk);
    add_grain(s->ev, m->hk);
}

// ---- layer l to l + 1 -----------------------------------------------------------------------------

// y, dy, la, ly of K8 from z, dz. Returns the radius of y.
static int64_t attention_out(Step *s, const int64_t *x, int64_t rx, const int64_t *e, int64_t rz)
{
    const Layer *y = s->layer;
    int d = s->model->d, hk = s->model->hk;
    int64_t rad = matrix_apply(&y->o, s->z, rz, y->bo.a, y->bo.rad, s->y);
    rad = fixed_radius((Wide)rad + rx);
    fixed_sizes(s->z, rz, s->dz, hk, s->wide);
    matrix_rounding_up(&y->o, y->bo.a, y->bo.rad, s->wide, hk + 1, s->la);
    matrix_apply_up(&y->o, s->dz, s->through);
    for (int i = 0; i < d; i++) {
        s->y[i] = fixed_within((Wide)s->y[i] + x[i]);
        int64_t carried = fixed_within((Wide)e[i] + s->through[i] + s->la[i]);
        int64_t size = fixed_within((Wide)fixed_abs(s->y[i]) + rad + carried);
        s->ly[i] = s->la[i] + fixed_ulp_up(size) + FIXED_GRAIN;
        s->dy[i] = fixed_within((Wide)e[i] + s->through[i] + s->ly[i]);
    }
    return rad;
}

// u, lu, eta, theta, h of K8, and theta lu + sigma eta. Returns the radius of u and h.
static int64_t hidden_layer(Step *s, const int64_t *e, int64_t ry)
{
    const Layer *y = s->layer;
    int d = s->model->d;
    int64_t rad = matrix_apply(&y->in, s->y, ry, y->bin.a, y->bin.rad, s->u);
    fixed_sizes(s->y, ry, s->dy, d, s->wide);
    matrix_rounding_up(&y->in, y->bin.a, y->bin.rad, s->wide, d + 1, s->lu);
    for (int i = 0; i < d; i++)
        s->wide[i] = fixed_within((Wide)e[i] + s->ly[i]);
    matrix_apply_up(&y->in, s->wide, s->eta);
    matrix_apply_up(&s->mix, s->dz, s->hidden);
    for (int i = 0; i < s->model->hidden; i++) {
        int64_t eta = fixed_within((Wide)s->eta[i] + s->hidden[i] + s->lu[i] + FIXED_GRAIN),
                u = s->u[i];
        s->eta[i] = eta;
        s->theta2[i] = u - rad >= eta ? 2 : u + rad <= -eta ? 0 : 1;
        s->hidden[i] = s->theta2[i] == 2   ? s->lu[i]
                       : s->theta2[i] == 0 ? 0
                                           : fixed_within(((Wide)s->lu[i] + eta + 1) / 2);
        s->h[i] = u > 0 ? u : 0;
    }
    return rad;
}

// x' and lx of K8. Returns the radius of x'.
static int64_t hidden_out(Step *s, int64_t ry, int64_t ru)
{
    const Layer *y = s->layer;
    int64_t rad = matrix_apply(&y->out, s->h, ru, y->bout.a, y->bout.rad, s->x);
    rad = fixed_radius((Wide)rad + ry);
    fixed_sizes(s->h, ru, s->eta, s->model->hidden, s->wide);
    matrix_rounding_up(&y->out, y->bout.a, y->bout.rad, s->wide, s->model->hidden + 1, s->lo);
    matrix_apply_up(&y->out, s->eta, s->through);
    for (int i = 0; i < s->model->d; i++) {
        s->x[i] = fixed_within((Wide)s->x[i] + s->y[i]);
        Wide size = (Wide)fixed_abs(s->x[i]) + rad + s->dy[i] + s->through[i] + s->lo[i];
        s->lx[i] = s->lo[i] + fixed_ulp_up(fixed_within(size)) + FIXED_GRAIN;
    }
    return rad;
}

// The errors of the next layer's tables: e' of t, and eQ, eK, eV.
static void pull_through(Step *s, const int64_t *e, const Layer *next, int64_t *ret_e)
{
    int d = s->model->d, hk = s->model->hk;
    for (int i = 0; i < d; i++)
        s->wide[i] = fixed_within((Wide)e[i] + s->ly[i]);
    Disturbance by = {s->wide, s->dz, s->hidden, s->lx, s->theta2};
    pull_errors(&s->pull, &by, s->errors);
    memcpy(ret_e, s->errors, (size_t)d * sizeof *ret_e);
    memcpy(s->eq, s->errors + d, (size_t)hk * sizeof *s->eq);
    memcpy(s->ek, s->errors + d + hk, (size_t)hk * sizeof *s->ek);
    matrix_apply_up(&next->v, ret_e, s->ev);
    add_grain(s->ev, hk);
}

static void advance(Step *s, const Tables *all, int l, int j, Table *to, int64_t c)
{
    const Problem *p = all->problem;
    const Table *from = tables_at(all, l, j);
    int d = s->model->d;
    int64_t i = cone_project(p, to->cone, c, from->cone);
    const int64_t *x = from->x + i * d, *e = from->e + i * d;
    int64_t rz = heads_mean(all, l, j, to->cone, c, s->z, s->dz);
    int64_t ry = attention_out(s, x, from->rx[i], e, rz);
    int64_t ru = hidden_layer(s, e, ry);
    to->rx[c] = hidden_out(s, ry, ru);
    memcpy(to->x + c * d, s->x, (size_t)d * sizeof *s->x);
    pull_through(s, e, &s->model->layer[l + 1], to->e + c * d);
}

void tables_fill(Tables *all, const Problem *p)
{
    int n = p->task->length, layers = p->model->layers;
    *all = (Tables){p, cones_new(p), POOL_TAKE(Table *, layers * n)};
    Step step = step_new(p->model);
    for (int l = 0; l < layers; l++) {
        if (l > 0)
            step_enter(&step, l - 1);
        for (int j = 0; j < n; j++) {
            const Cone *cone = &all->cone[l * n + j];
            if (cone->count == 0)
                continue;
            Table *t = table_new(p->model, cone);
            for (int64_t c = 0; c < cone->count; c++) {
                if (l == 0)
                    embed(&step, p, j, t, c);
                else
                    advance(&step, all, l - 1, j, t, c);
                project(&step, &p->model->layer[l], t, c);
            }
            all->table[l * n + j] = t;
        }
    }
}
