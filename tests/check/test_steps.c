// The steps of K8 from one layer to the next, one at a time, with errors as large as the numbers themselves, so that
// no term is too small to be missed.
#include "tables.c" // for what it keeps to itself

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reals.h"
#include "small_bundle.h"

#define TESTS(X)                                                                                   \
    X(embeddings_have_their_errors)                                                                \
    X(attention_adds_its_errors)                                                                   \
    X(hidden_numbers_have_their_errors)                                                            \
    X(output_adds_its_errors)                                                                      \
    X(errors_are_pulled_to_their_places)                                                           \
    X(projections_have_their_errors)                                                               \
    X(means_of_heads_have_their_errors)

enum { MOST = 64, ROUNDS = 20 };

static struct {
    Model model;
    Problem problem;
    Tables tables;
    Step step;
} all;

static void prepare(void)
{
    if (all.problem.task)
        return;
    small_tables(BUNDLE, &all.problem, &all.model, &all.tables);
    all.step = step_new(&all.model);
    step_enter(&all.step, 0);
}

static void some(int64_t *x, int n, bool sign)
{
    for (int i = 0; i < n; i++) {
        x[i] = (int64_t)rand() << 20; // below 2
        if (sign && rand() % 2)
            x[i] = -x[i];
    }
}

static Real sizes(const Matrix *m, const Real *x, int o)
{
    Real sum = 0;
    for (int i = 0; i < m->in; i++)
        sum += x[i] * fabsl(real(m->a[(size_t)o * (size_t)m->stride + (size_t)i]));
    return sum;
}

static Real bias(const Bias *b, int o)
{
    return fabsl(real(b->a[o]));
}

static Real size_of(const int64_t *x, int i)
{
    return fabsl(real(x[i]));
}

static void check_embedding(int position, int64_t c)
{
    Step *s = &all.step;
    const Layer *y = &all.model.layer[0];
    const Matrix *w[] = {&y->q, &y->k, &y->v};
    int64_t *const mine[] = {s->eq, s->ek, s->ev};
    Table *t = table_new(&all.model, tables_at(&all.tables, 0, position)->cone);
    Real e[MOST];
    embed(s, &all.problem, position, t, c);
    for (int i = 0; i < all.model.d; i++) {
        int64_t at = c * all.model.d + i;
        e[i] = U * size_of(t->x, (int)at);
        CU_ASSERT(real(t->e[at]) >= e[i] + GRAIN && real(t->e[at]) <= e[i] + GRAIN + 0x1p-48L);
    }
    for (int n = 0; n < 3; n++)
        for (int r = 0; r < all.model.hk; r++)
            CU_ASSERT(close_to(mine[n][r], sizes(w[n], e, r) + GRAIN));
}

static void embeddings_have_their_errors(void)
{
    prepare();
    for (int j = 0; j < all.problem.task->length; j++)
        for (int64_t c = 0; tables_at(&all.tables, 0, j) && c < all.tables.cone[j].count; c++)
            check_embedding(j, c);
}

static void attention_adds_its_errors(void)
{
    prepare();
    Step *s = &all.step;
    const Layer *y = s->layer;
    int d = all.model.d, hk = all.model.hk;
    int64_t x[MOST] = {0}, e[MOST] = {0};
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        Real size[MOST], dz[MOST];
        some(s->z, hk, true);
        some(s->dz, hk, false);
        some(x, d, true);
        some(e, d, false);
        for (int r = 0; r < hk; r++) {
            dz[r] = real(s->dz[r]);
            size[r] = size_of(s->z, r) + dz[r];
        }
        attention_out(s, x, 0, e, 0);
        for (int i = 0; i < d; i++) {
            Real la = gamma_of(hk + 1) * (sizes(&y->o, size, i) + bias(&y->bo, i)) + GRAIN;
            Real through = sizes(&y->o, dz, i);
            Real ly = la + U * (size_of(s->y, i) + real(e[i]) + through + la) + GRAIN;
            CU_ASSERT(close_to(s->la[i], la));
            CU_ASSERT(close_to(s->ly[i], ly));
            CU_ASSERT(close_to(s->dy[i], real(e[i]) + through + ly));
        }
    }
}

static void hidden_numbers_have_their_errors(void)
{
    prepare();
    Step *s = &all.step;
    const Layer *y = s->layer;
    int d = all.model.d, hk = all.model.hk;
    int64_t e[MOST] = {0};
    srand(2);
    for (int round = 0; round < ROUNDS; round++) {
        Real size[MOST], residual[MOST], dz[MOST];
        some(s->y, d, true);
        some(s->dy, d, false);
        some(s->dz, hk, false);
        some(s->ly, d, false);
        some(e, d, false);
        for (int i = 0; round % 2 && i < d; i++)
            e[i] = s->dy[i] = s->ly[i] = s->dz[i % hk] = 1 << 20; // so that many are off or on
        for (int i = 0; i < d; i++) {
            size[i] = size_of(s->y, i) + real(s->dy[i]);
            residual[i] = real(e[i]) + real(s->ly[i]);
        }
        for (int r = 0; r < hk; r++)
            dz[r] = real(s->dz[r]);
        hidden_layer(s, e, 0);
        for (int i = 0; i < all.model.hidden; i++) {
            Real lu = gamma_of(d + 1) * (sizes(&y->in, size, i) + bias(&y->bin, i)) + GRAIN;
            Real eta = sizes(&y->in, residual, i) + sizes(&s->mix, dz, i) + lu + GRAIN;
            Real u = real(s->u[i]);
            CU_ASSERT(close_to(s->lu[i], lu));
            CU_ASSERT(close_to(s->eta[i], eta));
            CU_ASSERT_EQUAL(s->theta2[i], u >= eta ? 2 : u <= -eta ? 0 : 1);
            CU_ASSERT(close_to(s->hidden[i], u >= eta ? lu : u <= -eta ? 0 : (lu + eta) / 2));
            CU_ASSERT_EQUAL(s->h[i], s->u[i] > 0 ? s->u[i] : 0);
        }
    }
}

static void output_adds_its_errors(void)
{
    prepare();
    Step *s = &all.step;
    const Layer *y = s->layer;
    int d = all.model.d, f = all.model.hidden;
    srand(3);
    for (int round = 0; round < ROUNDS; round++) {
        Real size[MOST], eta[MOST];
        some(s->h, f, false);
        some(s->eta, f, false);
        some(s->y, d, true);
        some(s->dy, d, false);
        for (int i = 0; i < f; i++) {
            eta[i] = real(s->eta[i]);
            size[i] = real(s->h[i]) + eta[i];
        }
        hidden_out(s, 0, 0);
        for (int i = 0; i < d; i++) {
            Real lo = gamma_of(f + 1) * (sizes(&y->out, size, i) + bias(&y->bout, i)) + GRAIN;
            Real all_of = size_of(s->x, i) + real(s->dy[i]) + sizes(&y->out, eta, i) + lo;
            CU_ASSERT(close_to(s->lo[i], lo));
            CU_ASSERT(close_to(s->lx[i], lo + U * all_of + GRAIN));
        }
    }
}

// Those of q after those of x, then those of k, as pull.h has them.
static void errors_are_pulled_to_their_places(void)
{
    prepare();
    Step *s = &all.step;
    const Layer *next = &all.model.layer[1];
    int d = all.model.d, hk = all.model.hk;
    int64_t e[MOST], ret[MOST], residual[MOST], errors[3 * MOST];
    srand(6);
    for (int round = 0; round < ROUNDS; round++) {
        Real size[MOST];
        some(e, d, false);
        some(s->ly, d, false);
        some(s->dz, hk, false);
        some(s->hidden, all.model.hidden, false);
        some(s->lx, d, false);
        for (int i = 0; i < all.model.hidden; i++)
            s->theta2[i] = rand() % 3;
        for (int i = 0; i < d; i++)
            residual[i] = e[i] + s->ly[i];
        pull_errors(&s->pull, &(Disturbance){residual, s->dz, s->hidden, s->lx, s->theta2}, errors);
        pull_through(s, e, next, ret);
        for (int i = 0; i < d; i++) {
            CU_ASSERT_EQUAL(ret[i], errors[i]);
            size[i] = real(ret[i]);
        }
        for (int r = 0; r < hk; r++) {
            CU_ASSERT_EQUAL(s->eq[r], errors[d + r]);
            CU_ASSERT_EQUAL(s->ek[r], errors[d + hk + r]);
            CU_ASSERT(close_to(s->ev[r], sizes(&next->v, size, r) + GRAIN));
        }
    }
}

static void projections_have_their_errors(void)
{
    prepare();
    Step *s = &all.step;
    const Layer *y = s->layer;
    int d = all.model.d, hk = all.model.hk;
    Cone cone = {.count = 1};
    Table *t = table_new(&all.model, &cone);
    srand(4);
    for (int round = 0; round < ROUNDS; round++) {
        Real size[MOST];
        some(t->x, d, true);
        some(t->e, d, false);
        some(s->eq, hk, false);
        some(s->ek, hk, false);
        some(s->ev, hk, false);
        for (int i = 0; i < d; i++)
            size[i] = size_of(t->x, i) + real(t->e[i]);
        for (int r = 0; r < hk; r++)
            t->lv_most[r] = t->v_most[r] = 0;
        int64_t before[MOST];
        some(t->e_most, d, false);
        memcpy(before, t->e_most, (size_t)d * sizeof *before);
        project(s, y, t, 0);
        for (int i = 0; i < d; i++)
            CU_ASSERT_EQUAL(t->e_most[i], before[i] > t->e[i] ? before[i] : t->e[i]);
        for (int r = 0; r < hk; r++) {
            Real lq = gamma_of(d + 1) * (sizes(&y->q, size, r) + bias(&y->bq, r)) + GRAIN;
            Real lk = gamma_of(d + 1) * (sizes(&y->k, size, r) + bias(&y->bk, r)) + GRAIN;
            Real lv = gamma_of(d + 1) * (sizes(&y->v, size, r) + bias(&y->bv, r)) + GRAIN;
            CU_ASSERT(close_to(t->dq[r], lq + real(s->eq[r])));
            CU_ASSERT(close_to(t->dk[r], lk + real(s->ek[r])));
            CU_ASSERT(close_to(t->dv[r], lv + real(s->ev[r])));
            CU_ASSERT(close_to(t->lv_most[r], lv));
            CU_ASSERT(close_to(t->v_most[r], size_of(t->v, r) + real(t->dv[r])));
        }
    }
}

// The keys of a head, with errors of their own.
typedef struct Keys0 {
    int count;
    const Table *table[MOST];
    int64_t configuration[MOST];
} Keys0;

static Keys0 keys_of(int j, int h, const Cone *cone, int64_t c)
{
    Keys0 keys = {.count = 0};
    for (int k = 0; k <= j; k++)
        if (model_edge(&all.model, 0, h, j, k)) {
            keys.table[keys.count] = tables_at(&all.tables, 0, k);
            keys.configuration[keys.count] =
                cone_project(&all.problem, cone, c, tables_at(&all.tables, 0, k)->cone);
            keys.count++;
        }
    return keys;
}

// tau of K8 for one key.
static Real tau_at(const Table *query, int64_t i, const Table *key, int64_t c, int h)
{
    const Model *m = &all.model;
    Real sum = 0;
    for (int r = h * m->width; r < (h + 1) * m->width; r++) {
        Real q = size_of(query->q + i * m->hk, r), dq = real(query->dq[i * m->hk + r]);
        Real k = size_of(key->k + c * m->hk, r), dk = real(key->dk[c * m->hk + r]);
        sum += q * dk + dq * k + dq * dk + gamma_of(m->width + 1) * (q + dq) * (k + dk);
    }
    return sum * real(m->scale) + GRAIN;
}

static void compare_head(int j, int h, int64_t c, const int64_t *z, const int64_t *dz)
{
    const Model *m = &all.model;
    const Cone *cone = &all.tables.cone[all.problem.task->length + j];
    const Table *query = tables_at(&all.tables, 0, j);
    int64_t i = cone_project(&all.problem, cone, c, query->cone);
    Keys0 keys = keys_of(j, h, cone, c);
    Real w[MOST], total = 0, tau = 0;
    for (int n = 0; n < keys.count; n++) {
        Real score = 0;
        for (int r = h * m->width; r < (h + 1) * m->width; r++)
            score += real(query->q[i * m->hk + r]) *
                     real(keys.table[n]->k[keys.configuration[n] * m->hk + r]);
        total += w[n] = expl(score * real(m->scale));
        tau = fmaxl(tau, tau_at(query, i, keys.table[n], keys.configuration[n], h));
    }
    Real t = tau + 0x1p-16L, rho = keys.count == 1 ? 0 : t + t * t;
    for (int r = h * m->width; r < (h + 1) * m->width; r++) {
        Real mean = 0, off = 0, dv = 0, v_most = 0;
        for (int n = 0; n < keys.count; n++)
            mean += w[n] / total * real(keys.table[n]->v[keys.configuration[n] * m->hk + r]);
        for (int n = 0; n < keys.count; n++) {
            int64_t at = keys.configuration[n] * m->hk + r;
            off += w[n] / total * fabsl(real(keys.table[n]->v[at]) - mean);
            dv = fmaxl(dv, real(keys.table[n]->dv[at]));
            v_most = fmaxl(v_most, fabsl(real(keys.table[n]->v[at])) + real(keys.table[n]->dv[at]));
        }
        CU_ASSERT(fabsl(real(z[r]) - mean) < 1e-11L);
        CU_ASSERT(close_to(dz[r], rho / (1 - rho) * off + dv +
                                      gamma_of(2 * keys.count + 2) * v_most + GRAIN));
    }
}

// With errors of q, k and v that are small, or make tau almost 1/4.
static void means_of_heads_have_their_errors(void)
{
    prepare();
    const Model *m = &all.model;
    int64_t z[MOST] = {0}, dz[MOST] = {0};
    srand(5);
    for (int k = 0; k < all.problem.task->length; k++) {
        Table *t = all.tables.table[k];
        for (int64_t i = 0; t && i < t->cone->count * m->hk; i++) {
            t->dq[i] = (int64_t)rand() << 14;
            t->dk[i] = (int64_t)rand() << 14;
            t->dv[i] = (int64_t)rand() << 14;
        }
    }
    for (int j = 3; j < all.problem.task->length; j++) {
        const Cone *cone = &all.tables.cone[all.problem.task->length + j];
        for (int64_t c = 0; c < cone->count; c += 1 + cone->count / 7) {
            heads_mean(&all.tables, 0, j, cone, c, z, dz);
            for (int h = 0; h < m->heads; h++)
                compare_head(j, h, c, z, dz);
        }
    }
}

RUN_TESTS("check/steps", TESTS)
