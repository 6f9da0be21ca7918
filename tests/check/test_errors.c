// The formulas of K8, K9 and K11 in long double, term by term, and what the checker makes of them: never less where it
// must not be less, and not much more.
#include "exponential.h"
#include "margins.h"
#include "mixture.h"
#include "site.h"
#include "tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"
#include "reals.h"
#include "small_bundle.h"

#define TESTS(X)                                                                                   \
    X(errors_of_layer_0)                                                                           \
    X(errors_of_layer_1)                                                                           \
    X(constants_of_a_position)                                                                     \
    X(errors_of_functionals)                                                                       \
    X(weights_enclose_exponentials)                                                                \
    X(values_of_neurons)                                                                           \
    X(margins_without_paths)

enum { WIDE_MOST = 64, LENGTH = 9 };

static struct {
    Model model;
    Problem problem;
    Tables tables;
    SiteParts parts;
} all;

static void prepare(void)
{
    if (all.problem.task)
        return;
    small_tables(BUNDLE, &all.problem, &all.model, &all.tables);
    site_parts_init(&all.parts, &all.tables);
}

// The checker's error is at least the formula's, and not more than a hundredth greater.
static bool close_above(int64_t mine, Real formula)
{
    bool good = real(mine) >= formula * (1 - 1e-12L) && real(mine) <= formula * 1.01L + 20 * GRAIN;
    if (!good)
        printf("(%.10Lg for %.10Lg) ", real(mine), formula);
    return good;
}

static int bad_of(const int64_t *mine, const Real *formula, int n)
{
    int bad = 0;
    for (int i = 0; i < n; i++)
        bad += !close_above(mine[i], formula[i]);
    return bad;
}

// ---- matrices -----------------------------------------------------------------------------------

static Real entry(const Matrix *m, int i, int o)
{
    return real(m->a[(size_t)o * (size_t)m->stride + (size_t)i]);
}

// y = x m + b, b may be null; and with the sizes of all.
static void apply(const Matrix *m, const Bias *b, const Real *x, Real *y)
{
    for (int o = 0; o < m->out; o++) {
        y[o] = b ? real(b->a[o]) : 0;
        for (int i = 0; i < m->in; i++)
            y[o] += x[i] * entry(m, i, o);
    }
}

static void apply_sizes(const Matrix *m, const Bias *b, const Real *x, Real *y)
{
    for (int o = 0; o < m->out; o++) {
        y[o] = b ? fabsl(real(b->a[o])) : 0;
        for (int i = 0; i < m->in; i++)
            y[o] += fabsl(x[i]) * fabsl(entry(m, i, o));
    }
}

// W_O W_in, entry r -> i.
static Real mix(const Layer *y, int r, int i)
{
    static Real known[2][WIDE_MOST][WIDE_MOST];
    static bool done[2];
    int l = y == &all.model.layer[1];
    if (!done[l]) {
        for (int n = 0; n < all.model.hk; n++)
            for (int k = 0; k < all.model.hidden; k++)
                for (int m = 0; m < all.model.d; m++)
                    known[l][n][k] += entry(&y->o, n, m) * entry(&y->in, m, k);
        done[l] = true;
    }
    return known[l][r][i];
}

// ---- K8 -----------------------------------------------------------------------------------------

// x, e, q, k, v and their errors, as they enter a layer at a position.
typedef struct State {
    Real x[WIDE_MOST], e[WIDE_MOST], eq[WIDE_MOST], ek[WIDE_MOST], ev[WIDE_MOST];
    Real q[WIDE_MOST], k[WIDE_MOST], v[WIDE_MOST], dq[WIDE_MOST], dk[WIDE_MOST], dv[WIDE_MOST];
    Real lv[WIDE_MOST];
} State;

static void project_one(const Matrix *w, const Bias *b, const State *s, const Real *error, Real *y,
                        Real *d, Real *rounding)
{
    Real size[WIDE_MOST];
    apply(w, b, s->x, y);
    for (int i = 0; i < all.model.d; i++)
        size[i] = fabsl(s->x[i]) + s->e[i];
    apply_sizes(w, b, size, d);
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
    apply_sizes(&y->q, NULL, s->e, s->eq);
    apply_sizes(&y->k, NULL, s->e, s->ek);
    apply_sizes(&y->v, NULL, s->e, s->ev);
    add_grain(s->e, m->d);
    add_grain(s->eq, m->hk);
    add_grain(s->ek, m->hk);
    add_grain(s->ev, m->hk);
    project(y, s);
}

static Real tau_of(const State *query, const State *key, int h)
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

static Real score_of(const State *query, const State *key, int h)
{
    Real sum = 0;
    for (int r = h * all.model.width; r < (h + 1) * all.model.width; r++)
        sum += query->q[r] * key->k[r];
    return sum * real(all.model.scale);
}

static void attend(int layer, int j, const State *states, int h, Real *z, Real *dz)
{
    const Model *m = &all.model;
    Real w[LENGTH] = {0}, total = 0, tau = 0;
    int n = 0;
    for (int k = 0; k <= j; k++)
        if (model_edge(m, layer, h, j, k)) {
            w[k] = expl(score_of(&states[j], &states[k], h) - score_of(&states[j], &states[j], h));
            total += w[k];
            tau = fmaxl(tau, tau_of(&states[j], &states[k], h));
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
    Real lx[WIDE_MOST], residual[WIDE_MOST], dz[WIDE_MOST], theta[WIDE_MOST], hidden[WIDE_MOST];
} Passage;

static Real error_of(const Layer *y, const Passage *p, const Real *f)
{
    const Model *m = &all.model;
    Real c[WIDE_MOST], sum = 0;
    memcpy(c, f, (size_t)m->d * sizeof *c);
    for (int i = 0; i < m->hidden; i++) {
        Real a = 0;
        for (int k = 0; k < m->d; k++)
            a += entry(&y->out, i, k) * f[k];
        for (int k = 0; k < m->d; k++)
            c[k] += p->theta[i] * a * entry(&y->in, k, i);
        sum += fabsl(a) * p->hidden[i];
    }
    for (int k = 0; k < m->d; k++)
        sum += p->lx[k] * fabsl(f[k]) + p->residual[k] * fabsl(c[k]);
    for (int r = 0; r < m->hk; r++) {
        Real through = 0;
        for (int k = 0; k < m->d; k++)
            through += entry(&y->o, r, k) * c[k];
        sum += p->dz[r] * fabsl(through);
    }
    return sum + GRAIN;
}

static void find_errors(const Layer *y, const Layer *next, const Passage *p, State *to)
{
    const Model *m = &all.model;
    Real f[WIDE_MOST];
    for (int k = 0; k < m->d; k++) {
        for (int i = 0; i < m->d; i++)
            f[i] = i == k;
        to->e[k] = error_of(y, p, f);
    }
    for (int r = 0; r < m->hk; r++) {
        for (int i = 0; i < m->d; i++)
            f[i] = entry(&next->q, i, r);
        to->eq[r] = error_of(y, p, f);
        for (int i = 0; i < m->d; i++)
            f[i] = entry(&next->k, i, r);
        to->ek[r] = error_of(y, p, f);
    }
    apply_sizes(&next->v, NULL, to->e, to->ev);
    add_grain(to->ev, m->hk);
}

// From the states of all positions before layer 0 to that of position j before layer 1.
static void advance(int j, const State *states, State *to)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[0];
    const State *s = &states[j];
    Passage p;
    Real z[WIDE_MOST] = {0}, size[WIDE_MOST] = {0}, la[WIDE_MOST], at_y[WIDE_MOST],
         through[WIDE_MOST], ly[WIDE_MOST], dy[WIDE_MOST], u[WIDE_MOST], lu[WIDE_MOST],
         eta[WIDE_MOST], lo[WIDE_MOST];
    for (int h = 0; h < m->heads; h++)
        attend(0, j, states, h, z, p.dz);
    apply(&y->o, &y->bo, z, at_y);
    for (int r = 0; r < m->hk; r++)
        size[r] = fabsl(z[r]) + p.dz[r];
    apply_sizes(&y->o, &y->bo, size, la);
    apply_sizes(&y->o, NULL, p.dz, through);
    for (int i = 0; i < m->d; i++) {
        at_y[i] += s->x[i];
        la[i] = gamma_of(m->hk + 1) * la[i] + GRAIN;
        ly[i] = la[i] + U * (fabsl(at_y[i]) + s->e[i] + through[i] + la[i]) + GRAIN;
        dy[i] = s->e[i] + through[i] + ly[i];
        p.residual[i] = s->e[i] + ly[i];
        size[i] = fabsl(at_y[i]) + dy[i];
    }
    apply_sizes(&y->in, &y->bin, size, lu);
    apply(&y->in, &y->bin, at_y, u);
    apply_sizes(&y->in, NULL, p.residual, eta);
    for (int i = 0; i < m->hidden; i++) {
        lu[i] = gamma_of(m->d + 1) * lu[i] + GRAIN;
        for (int r = 0; r < m->hk; r++)
            eta[i] += p.dz[r] * fabsl(mix(y, r, i));
        eta[i] += lu[i] + GRAIN;
        p.theta[i] = u[i] >= eta[i] ? 1 : u[i] <= -eta[i] ? 0 : 0.5L;
        p.hidden[i] = p.theta[i] * lu[i] + (p.theta[i] == 0.5L ? 0.5L * eta[i] : 0);
        u[i] = fmaxl(u[i], 0);
        size[i] = u[i] + eta[i];
    }
    apply_sizes(&y->out, &y->bout, size, lo);
    apply_sizes(&y->out, NULL, eta, through);
    apply(&y->out, &y->bout, u, to->x);
    for (int i = 0; i < m->d; i++) {
        lo[i] = gamma_of(m->hidden + 1) * lo[i] + GRAIN;
        to->x[i] += at_y[i];
        p.lx[i] = lo[i] + U * (fabsl(to->x[i]) + dy[i] + through[i] + lo[i]) + GRAIN;
    }
    find_errors(y, &m->layer[1], &p, to);
    project(&m->layer[1], to);
}

// The state of a configuration of the table of a layer and position.
static void evaluate(int layer, int j, int64_t c, State *ret)
{
    static State states[LENGTH];
    const Cone *cone = tables_at(&all.tables, layer, j)->cone;
    int token[LENGTH];
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

static int compare_exact(const int64_t *mine, const Real *exact, int64_t rad, int n)
{
    int bad = 0;
    for (int i = 0; i < n; i++)
        bad += fabsl(real(mine[i]) - exact[i]) > real(rad) + 1e-16L;
    return bad + (real(rad) > 1e-6L);
}

static int compare_state(const Table *t, int64_t c, const State *s)
{
    int d = all.model.d, hk = all.model.hk;
    return compare_exact(t->x + c * d, s->x, t->rx[c], d) +
           compare_exact(t->q + c * hk, s->q, t->rq[c], hk) +
           compare_exact(t->k + c * hk, s->k, t->rk[c], hk) +
           compare_exact(t->v + c * hk, s->v, t->rv[c], hk) + bad_of(t->e + c * d, s->e, d) +
           bad_of(t->dq + c * hk, s->dq, hk) + bad_of(t->dk + c * hk, s->dk, hk) +
           bad_of(t->dv + c * hk, s->dv, hk);
}

static void errors_of(int layer, int step)
{
    static State s;
    prepare();
    for (int j = 0; j < all.problem.task->length; j++) {
        const Table *t = tables_at(&all.tables, layer, j);
        int bad = 0;
        for (int64_t c = 0; t && c < t->cone->count; c += step) {
            evaluate(layer, j, c, &s);
            bad += compare_state(t, c, &s);
        }
        CU_ASSERT_EQUAL(bad, 0);
    }
}

static void errors_of_layer_0(void)
{
    errors_of(0, 1);
}

static void errors_of_layer_1(void)
{
    errors_of(1, 7);
}

// ---- K9 -----------------------------------------------------------------------------------------

// Maxima over the configurations of a table of layer 1. All of them are evaluated once.
typedef struct Most {
    Real e[WIDE_MOST], lv[WIDE_MOST], v[WIDE_MOST], entry[WIDE_MOST]; // |x| + e
} Most;

static struct {
    State *state; // [configuration]
    Most most;
} known[LENGTH];

static void know(int j)
{
    if (known[j].state)
        return;
    int64_t count = tables_at(&all.tables, 1, j)->cone->count;
    known[j].state = calloc((size_t)count, sizeof(State));
    for (int64_t c = 0; c < count; c++) {
        State *s = &known[j].state[c];
        Most *m = &known[j].most;
        evaluate(1, j, c, s);
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

static Site site_of(int position)
{
    Site site;
    prepare();
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

// R_h(c) for a column vector of K numbers.
static Real head_error(int j, int h, const Real *c)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[1];
    Real most = 0, v[WIDE_MOST] = {0}, sum = 0;
    int n = 0, from = h * m->width;
    for (int k = 0; k <= j; k++) {
        if (!model_edge(m, 1, h, j, k))
            continue;
        Real here = 0;
        for (int i = 0; i < m->d; i++) {
            Real far = 0;
            for (int r = 0; r < m->width; r++)
                far += entry(&y->v, i, from + r) * c[r];
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

// The same for c = W_O,h w, w a column of D numbers.
static Real head_error_of(int j, int h, const Real *w)
{
    const Layer *y = &all.model.layer[1];
    Real c[WIDE_MOST];
    for (int r = 0; r < all.model.width; r++) {
        c[r] = 0;
        for (int i = 0; i < all.model.d; i++)
            c[r] += entry(&y->o, h * all.model.width + r, i) * w[i];
    }
    return head_error(j, h, c);
}

typedef struct Constants {
    Real v[WIDE_MOST], y[WIDE_MOST], ly[WIDE_MOST], lu[WIDE_MOST], wide[WIDE_MOST], h[WIDE_MOST];
    Real lx[WIDE_MOST], ll[WIDE_MOST];
} Constants;

static void attention_constants(int j, Constants *k)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[1];
    Real z[WIDE_MOST] = {0}, out[WIDE_MOST], size[WIDE_MOST];
    memset(k->v, 0, sizeof k->v);
    for (int n = 0; n <= j; n++)
        for (int r = 0; r < m->hk; r++)
            if (model_edge(m, 1, r / m->width, j, n))
                k->v[r] = fmaxl(k->v[r], known[n].most.v[r]);
    for (int r = 0; r < m->hk; r++)
        z[r] = k->v[r] * (1 + 0x1p-10L);
    apply_sizes(&y->o, &y->bo, z, out);
    for (int i = 0; i < m->d; i++) {
        Real la = gamma_of(m->hk + 1) * out[i] + GRAIN;
        k->y[i] = known[j].most.entry[i] + out[i];
        k->ly[i] = la + U * (k->y[i] + la) + GRAIN;
        size[i] = k->y[i] + k->ly[i];
    }
    apply_sizes(&y->in, &y->bin, size, k->lu);
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
                g += known[n].state[c].v[r] * mix(y, r, i);
            most = fmaxl(most, g);
        }
    return most;
}

static Real direct_of(const State *s, int i)
{
    const Layer *y = &all.model.layer[1];
    Real sum = real(y->bin.a[i]);
    for (int k = 0; k < all.model.d; k++)
        sum += (s->x[k] + real(y->bo.a[k])) * entry(&y->in, k, i);
    return sum;
}

static void neuron_constants(int j, Constants *k)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[1];
    for (int i = 0; i < m->hidden; i++) {
        Real w[WIDE_MOST], direct = -INFINITY;
        k->wide[i] = k->lu[i] + GRAIN;
        for (int n = 0; n < m->d; n++) {
            w[n] = entry(&y->in, n, i);
            k->wide[i] += (known[j].most.e[n] + k->ly[n]) * fabsl(w[n]);
        }
        k->h[i] = 0;
        for (int h = 0; h < m->heads; h++) {
            k->wide[i] += head_error_of(j, h, w);
            k->h[i] += most_of_head(j, h, i);
        }
        for (int64_t c = 0; c < tables_at(&all.tables, 1, j)->cone->count; c++)
            direct = fmaxl(direct, direct_of(&known[j].state[c], i));
        k->h[i] = fmaxl(0, k->h[i] + direct + k->wide[i]);
    }
}

static void output_constants(Constants *k)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[1];
    Real out[WIDE_MOST], size[WIDE_MOST];
    apply_sizes(&y->out, &y->bout, k->h, out);
    for (int i = 0; i < m->d; i++) {
        Real x = k->y[i] + k->ly[i] + out[i];
        k->lx[i] = gamma_of(m->hidden + 1) * out[i] * (1 + U) + U * x + GRAIN;
        size[i] = x + k->lx[i];
    }
    apply_sizes(&m->unembed, &m->bu, size, k->ll);
    for (int t = 0; t < m->vocabulary; t++)
        k->ll[t] = gamma_of(m->d + 1) * k->ll[t] + GRAIN;
}

static void constants(int j, Constants *k)
{
    attention_constants(j, k);
    neuron_constants(j, k);
    output_constants(k);
}

static void constants_of_a_position(void)
{
    static Constants k;
    const Model *m = &all.model;
    for (int position = 6; position < LENGTH; position++) {
        Site site = site_of(position);
        constants(position - 1, &k);
        CU_ASSERT_EQUAL(bad_of(site.v_most, k.v, m->hk), 0);
        CU_ASSERT_EQUAL(bad_of(site.ly, k.ly, m->d), 0);
        CU_ASSERT_EQUAL(bad_of(site.lu, k.lu, m->hidden), 0);
        CU_ASSERT_EQUAL(bad_of(site.wide, k.wide, m->hidden), 0);
        CU_ASSERT_EQUAL(bad_of(site.lx, k.lx, m->d), 0);
        CU_ASSERT_EQUAL(bad_of(site.ll, k.ll, m->vocabulary), 0);
    }
}

static void errors_of_functionals(void)
{
    const Model *m = &all.model;
    int64_t c[WIDE_MOST], far[WIDE_MOST];
    Real real_c[WIDE_MOST];
    srand(5);
    for (int position = 6; position < LENGTH; position++) {
        Site site = site_of(position);
        for (int round = 0; round < 20; round++) {
            int h = rand() % m->heads;
            for (int r = 0; r < m->width; r++)
                real_c[r] = real(c[r] = (int64_t)rand() << rand() % 24);
            for (int i = 0; i < m->d; i++) {
                Real sum = 0;
                for (int r = 0; r < m->width; r++)
                    sum += entry(&m->layer[1].v, i, h * m->width + r) * real_c[r];
                far[i] = (int64_t)ceill(ldexpl(fabsl(sum), FIXED_BITS)) + 1;
            }
            CU_ASSERT(close_above(site_head_error(&site, h, c, far),
                                  head_error(position - 1, h, real_c)));
        }
    }
}

// ---- K11 ----------------------------------------------------------------------------------------

static int bad_weight(const Weight *w, Real exact, Real t)
{
    Real low = ldexpl((Real)w->low, -62 - w->shift), high = ldexpl((Real)w->high, -62 - w->shift);
    Real middle = ldexpl((Real)w->middle, -62 - w->shift);
    return !(low <= expl(exact - t) * (1 + 1e-12L)) + !(low >= expl(exact - t) * (1 - 1e-4L)) +
           !(high >= expl(exact + t) * (1 - 1e-12L)) + !(high <= expl(exact + t) * (1 + 1e-4L)) +
           !(fabsl(middle / expl(exact) - 1) < 1e-9L);
}

static int bad_weights_of(const Site *site, int h, int64_t c)
{
    const State *query = &known[site->query].state[c];
    const Weight *weight = site->weight + (c * all.model.heads + h) * site->members;
    Real greatest = -INFINITY;
    int bad = 0;
    for (int again = 0; again < 2; again++)
        for (int k = 0; k < site->keys; k++) {
            const SiteKey *key = &site->key[k];
            for (int64_t n = 0; key->read[h] && n < key->members; n++) {
                const State *s =
                    &known[key->position].state[site_base(site, key, c) + key->offset[n]];
                Real score = score_of(query, s, h);
                if (again)
                    bad += bad_weight(&weight[key->place + n], score - greatest - 17,
                                      tau_of(query, s, h) + 0x1p-16L);
                else
                    greatest = fmaxl(greatest, score);
            }
        }
    return bad;
}

static void weights_enclose_exponentials(void)
{
    for (int position = 6; position < LENGTH; position++) {
        Site site = site_of(position);
        int bad = 0;
        for (int64_t c = 0; c < site.table->cone->count; c += 3)
            for (int h = 0; h < all.model.heads; h++)
                bad += bad_weights_of(&site, h, c);
        CU_ASSERT_EQUAL(bad, 0);
    }
}

static void values_of_neurons(void)
{
    const Model *m = &all.model;
    for (int position = 6; position < LENGTH; position++) {
        Site site = site_of(position);
        int bad = 0;
        for (int k = 0; k < site.keys; k++)
            for (int64_t c = 0; c < site.key[k].table->cone->count; c += 11)
                for (int i = 0; i < m->hidden; i++) {
                    const Real *v = known[site.key[k].position].state[c].v;
                    for (int h = 0; h < m->heads; h++) {
                        Real g = 0;
                        for (int r = h * m->width; r < (h + 1) * m->width; r++)
                            g += v[r] * mix(&m->layer[1], r, i);
                        int32_t value = site.key[k].value[h][c * m->hidden + i];
                        bad += fabsl(ldexpl((Real)value, -18) - g) >
                               ldexpl((Real)site.key[k].value_off, -18);
                    }
                }
        for (int64_t c = 0; c < site.table->cone->count; c += 5)
            for (int i = 0; i < m->hidden; i++)
                bad += fabsl(real(site.direct[c * m->hidden + i]) -
                             direct_of(&known[site.query].state[c], i)) >
                       real(site.direct_rad[c]) + 1e-16L;
        CU_ASSERT_EQUAL(bad, 0);
        for (int k = 0; k < site.keys; k++)
            CU_ASSERT(site.key[k].value_off <= 4);
    }
}

// The left side of K11's condition but for (x + b_O) C and the lambdas.
static Real margin_of(int j, const Constants *k, const Neuron *neuron, int right, int wrong)
{
    const Model *m = &all.model;
    const Layer *y = &m->layer[1];
    Real delta[WIDE_MOST], c[WIDE_MOST];
    Real sum = real(m->bu.a[right]) - real(m->bu.a[wrong]) - k->ll[right] - k->ll[wrong];
    for (int n = 0; n < m->d; n++) {
        c[n] = delta[n] = entry(&m->unembed, n, right) - entry(&m->unembed, n, wrong);
        sum += real(y->bout.a[n]) * delta[n] - k->lx[n] * fabsl(delta[n]);
    }
    for (int i = 0; i < m->hidden; i++) {
        Real g = 0, slope = 0, low = ldexpl((Real)neuron[i].low, -FIXED_BITS),
             high = ldexpl((Real)neuron[i].high, -FIXED_BITS);
        for (int n = 0; n < m->d; n++)
            g += entry(&y->out, i, n) * delta[n];
        if (neuron[i].phase == NEURON_ON ||
            (neuron[i].phase == NEURON_OPEN && g >= 0 && neuron[i].m >= 32))
            slope = g;
        if (neuron[i].phase == NEURON_OPEN && g < 0) {
            slope = g * neuron[i].m / 64;
            sum -= fmaxl(
                0, fmaxl(-g * -low * neuron[i].m / 64, -g * high * (1 - (Real)neuron[i].m / 64)));
        }
        sum += slope * real(y->bin.a[i]) - fabsl(slope) * k->lu[i];
        for (int n = 0; n < m->d; n++)
            c[n] += slope * entry(&y->in, n, i);
    }
    for (int n = 0; n < m->d; n++)
        sum -= (known[j].most.e[n] + k->ly[n]) * fabsl(c[n]);
    for (int h = 0; h < m->heads; h++)
        sum -= head_error_of(j, h, c);
    return sum;
}

static void choose_neurons(Neuron *neuron)
{
    for (int i = 0; i < all.model.hidden; i++) {
        Wide a = (Wide)(rand() % 4000 - 2000) * (FIXED_ONE / 1000),
             b = (Wide)(rand() % 3000) * (FIXED_ONE / 1000);
        neuron[i] = (Neuron){(Phase)(rand() % 3), rand() % 65, a, a + b};
    }
}

static void margins_without_paths(void)
{
    static Constants k;
    static Neuron neuron[WIDE_MOST], copy[WIDE_MOST];
    static Wrong wrong[WIDE_MOST];
    const Model *m = &all.model;
    srand(9);
    for (int position = 6; position < LENGTH; position++) {
        Site site = site_of(position);
        constants(position - 1, &k);
        for (int round = 0; round < 10; round++) {
            int right = rand() % m->vocabulary;
            choose_neurons(neuron);
            memcpy(copy, neuron, sizeof copy);
            for (int t = 0, w = 0; t < m->vocabulary; t++)
                if (t != right)
                    wrong[w++].id = t;
            margins_begin(&site, &all.parts, neuron, right, wrong);
            for (int w = 0; w < m->vocabulary - 1; w++)
                wrong[w].least = 0;
            margins_end(&site, &all.parts, copy, right, wrong);
            for (int w = 0; w < m->vocabulary - 1; w++) {
                Real mine = ldexpl((Real)wrong[w].margin, -FIXED_BITS);
                Real formula = margin_of(position - 1, &k, copy, right, wrong[w].id);
                CU_ASSERT(mine <= formula + 1e-15L && mine >= formula - 1e-3L);
                if (!(mine <= formula + 1e-15L && mine >= formula - 1e-3L))
                    printf("(%.12Lg for %.12Lg) ", mine, formula);
            }
        }
    }
}

RUN_TESTS("check/errors", TESTS)
