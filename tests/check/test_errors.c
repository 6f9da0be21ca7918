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

#include "harness.h"
#include "sites.h"

#define TESTS(X)                                                                                   \
    X(errors_of_layer_0)                                                                           \
    X(errors_of_layer_1)                                                                           \
    X(constants_of_a_position)                                                                     \
    X(errors_of_functionals)                                                                       \
    X(weights_enclose_exponentials)                                                                \
    X(values_of_neurons)                                                                           \
    X(margins_without_paths)

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

// ---- K8 -----------------------------------------------------------------------------------------

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
    state_prepare();
    for (int j = 0; j < all.problem.task->length; j++) {
        const Table *t = tables_at(&all.tables, layer, j);
        int bad = 0;
        for (int64_t c = 0; t && c < t->cone->count; c += step) {
            state_evaluate(layer, j, c, &s);
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

static void constants_of_a_position(void)
{
    static Constants k;
    const Model *m = &all.model;
    for (int position = 6; position < STATE_POSITIONS; position++) {
        Site site = sites_of(position);
        sites_constants(position - 1, &k);
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
    int64_t c[STATE_MOST], far[STATE_MOST];
    Real real_c[STATE_MOST];
    srand(5);
    for (int position = 6; position < STATE_POSITIONS; position++) {
        Site site = sites_of(position);
        for (int round = 0; round < 20; round++) {
            int h = rand() % m->heads;
            for (int r = 0; r < m->width; r++)
                real_c[r] = real(c[r] = (int64_t)rand() << rand() % 24);
            for (int i = 0; i < m->d; i++) {
                Real sum = 0;
                for (int r = 0; r < m->width; r++)
                    sum += state_entry(&m->layer[1].v, i, h * m->width + r) * real_c[r];
                far[i] = (int64_t)ceill(ldexpl(fabsl(sum), FIXED_BITS)) + 1;
            }
            CU_ASSERT(close_above(site_head_error(&site, h, c, far),
                                  sites_head_error(position - 1, h, real_c)));
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
                Real score = state_score(query, s, h);
                if (again)
                    bad += bad_weight(&weight[key->place + n], score - greatest - 17,
                                      state_tau(query, s, h) + 0x1p-16L);
                else
                    greatest = fmaxl(greatest, score);
            }
        }
    return bad;
}

static void weights_enclose_exponentials(void)
{
    for (int position = 6; position < STATE_POSITIONS; position++) {
        Site site = sites_of(position);
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
    for (int position = 6; position < STATE_POSITIONS; position++) {
        Site site = sites_of(position);
        int bad = 0;
        for (int k = 0; k < site.keys; k++)
            for (int64_t c = 0; c < site.key[k].table->cone->count; c += 11)
                for (int i = 0; i < m->hidden; i++) {
                    const Real *v = known[site.key[k].position].state[c].v;
                    for (int h = 0; h < m->heads; h++) {
                        Real g = 0;
                        for (int r = h * m->width; r < (h + 1) * m->width; r++)
                            g += v[r] * state_mix(&m->layer[1], r, i);
                        int32_t value = site.key[k].value[h][c * m->hidden + i];
                        bad += fabsl(ldexpl((Real)value, -18) - g) >
                               ldexpl((Real)site.key[k].value_off, -18);
                    }
                }
        for (int64_t c = 0; c < site.table->cone->count; c += 5)
            for (int i = 0; i < m->hidden; i++)
                bad += fabsl(real(site.direct[c * m->hidden + i]) -
                             sites_direct(&known[site.query].state[c], i)) >
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
    Real delta[STATE_MOST], c[STATE_MOST];
    Real sum = real(m->bu.a[right]) - real(m->bu.a[wrong]) - k->ll[right] - k->ll[wrong];
    for (int n = 0; n < m->d; n++) {
        c[n] = delta[n] = state_entry(&m->unembed, n, right) - state_entry(&m->unembed, n, wrong);
        sum += real(y->bout.a[n]) * delta[n] - k->lx[n] * fabsl(delta[n]);
    }
    for (int i = 0; i < m->hidden; i++) {
        Real g = 0, slope = 0, low = ldexpl((Real)neuron[i].low, -FIXED_BITS),
             high = ldexpl((Real)neuron[i].high, -FIXED_BITS);
        for (int n = 0; n < m->d; n++)
            g += state_entry(&y->out, i, n) * delta[n];
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
            c[n] += slope * state_entry(&y->in, n, i);
    }
    for (int n = 0; n < m->d; n++)
        sum -= (known[j].most.e[n] + k->ly[n]) * fabsl(c[n]);
    for (int h = 0; h < m->heads; h++)
        sum -= sites_head_error_of(j, h, c);
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
    static Neuron neuron[STATE_MOST], copy[STATE_MOST];
    static Wrong wrong[STATE_MOST];
    const Model *m = &all.model;
    srand(9);
    for (int position = 6; position < STATE_POSITIONS; position++) {
        Site site = sites_of(position);
        sites_constants(position - 1, &k);
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
