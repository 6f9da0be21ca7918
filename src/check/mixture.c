// The radius of z. Take S the greatest of the scores' midpoints, E_k = 2^52 e^(s_k - S), E'_k its estimate from
// the midpoint s'_k, z' = sum E' v' / sum E'. As |s - s'| <= rs <= 2^-10, |E - E'| <= 2 + (E' + 2) rs (1 + 2^-8), for the
// estimate is off by at most 256/2^10 + 1. So sum |E - E'| / sum E <= share, in units of 2^-50,
//
//     share = n + rs + rs / 64 + 2        as sum E >= 2^51, sum (E' + 2) <= (1 + 2^-7) sum E,
//
// and with sum E' (v' - z') = 0,
//
//     z - z' = (sum (E - E') (v - z') + sum E' (v - v')) / sum E
//
// is at most share * spread + rv (1 + 2^-7), where spread is the greatest |v - z'|, at most the greatest difference
// of two v' in a component, plus rv.
//
// In the same way sum w |v - z| <= sum w' |v' - z'| + 2 share spread + rv + rz <= sum w' |v' - z'| + 4 rz + 4.
#include "mixture.h"

#include "exponential.h"
#include "pool.h"
#include "reject.h"

enum { DOWN = 10 };

// 2^-16, the error of an exponential and what goes with it (K8).
static const int64_t exponential_share = FIXED_ONE >> 16;

// The keys of one head, for a configuration.
typedef struct Keys {
    int count;
    const Table **table;    // [key]
    int64_t *configuration; // [key]
    int64_t *score;         // [key]
    int64_t *weight;        // [key]: E'
    Wide total;             // of the weights
    int64_t rs, rv, tau;
} Keys;

TauQuery tau_query_new(const Model *m)
{
    return (TauQuery){pool_numbers(m->width), pool_numbers(m->width)};
}

void tau_query_set(TauQuery *query, const Model *m, const Table *t, int64_t c, int from)
{
    const int64_t *q = t->q + c * m->hk + from, *dq = t->dq + c * m->hk + from;
    for (int i = 0; i < m->width; i++) {
        query->size[i] = fixed_abs(q[i]) + t->rq[c];
        int64_t both = fixed_within((Wide)query->size[i] + dq[i]);
        query->error[i] = fixed_within((Wide)dq[i] + fixed_gamma_up(both, m->width + 1));
    }
}

int64_t tau_bound(const TauQuery *query, const Model *m, const Table *key, int64_t c, int from)
{
    const int64_t *k = key->k + c * m->hk + from, *dk = key->dk + c * m->hk + from;
    Wide sum = 0;
    for (int i = 0; i < m->width; i++) {
        sum += (Wide)query->size[i] * dk[i];
        sum += query->error[i] * ((Wide)fixed_abs(k[i]) + key->rk[c] + dk[i]);
        if (sum >> 124)
            reject(place_model, "a score is beyond what this checker reckons with");
    }
    return fixed_mul_up(fixed_within(wide_up(sum)), m->scale) + FIXED_GRAIN;
}

Ball exact_score(const Model *m, const Table *query, int64_t i, const Table *key, int64_t j,
                 int from)
{
    return fixed_dot_times(m->scale, query->q + i * m->hk + from, query->rq[i],
                           key->k + j * m->hk + from, key->rk[j], m->width);
}

static void score_keys(const Tables *all, int l, int h, const Table *query, int64_t i, Keys *keys)
{
    const Model *m = all->problem->model;
    TauQuery tau = tau_query_new(m);
    tau_query_set(&tau, m, query, i, h * m->width);
    for (int n = 0; n < keys->count; n++) {
        const Table *t = keys->table[n];
        int64_t c = keys->configuration[n];
        Ball score = exact_score(m, query, i, t, c, h * m->width);
        keys->score[n] = score.mid;
        keys->rs = fixed_greater(keys->rs, score.rad);
        keys->rv = fixed_greater(keys->rv, t->rv[c]);
        keys->tau = fixed_greater(keys->tau, tau_bound(&tau, m, t, c, h * m->width));
    }
    if (keys->tau + exponential_share > FIXED_ONE / 4)
        reject(place_model, "tau of layer %d is greater than 1/4 (K8)", l);
}

static void weigh_keys(Keys *keys)
{
    int64_t greatest = keys->score[0];
    for (int n = 1; n < keys->count; n++)
        greatest = fixed_greater(greatest, keys->score[n]);
    for (int n = 0; n < keys->count; n++) {
        int shift;
        uint64_t e = exponential(greatest - keys->score[n], &shift);
        keys->weight[n] = shift + DOWN < 64 ? (int64_t)(e >> (shift + DOWN)) : 0;
        keys->total += keys->weight[n];
    }
}

// Component r of all heads: z' and what goes into the radius and into dz.
typedef struct Component {
    int64_t mean, spread, deviation, v_most, dv_most;
} Component;

static Component component(const Keys *keys, int hk, int r)
{
    Component c = {0, 0, 0, 0, 0};
    Wide sum = 0, off = 0;
    int64_t least = INT64_MAX, greatest = INT64_MIN;
    for (int n = 0; n < keys->count; n++) {
        int64_t at = keys->configuration[n] * hk + r;
        int64_t v = keys->table[n]->v[at], dv = keys->table[n]->dv[at];
        sum += (Wide)keys->weight[n] * v;
        least = v < least ? v : least;
        greatest = fixed_greater(greatest, v);
        c.dv_most = fixed_greater(c.dv_most, dv);
        c.v_most = fixed_greater(c.v_most, fixed_within((Wide)fixed_abs(v) + keys->rv + dv));
    }
    c.mean = (int64_t)(sum / keys->total);
    for (int n = 0; n < keys->count; n++)
        off += (Wide)keys->weight[n] *
               fixed_abs(keys->table[n]->v[keys->configuration[n] * hk + r] - c.mean);
    c.spread = fixed_within((Wide)greatest - least + 1 + keys->rv);
    c.deviation = (int64_t)(off / keys->total) + 1;
    return c;
}

static int64_t mean_of_head(const Keys *keys, const Model *m, int from, int64_t *z, int64_t *dz)
{
    PoolMark mark = pool_mark();
    Component *c = POOL_TAKE(Component, m->width);
    int64_t spread = 0;
    for (int i = 0; i < m->width; i++) {
        c[i] = component(keys, m->hk, from + i);
        spread = fixed_greater(spread, c[i].spread);
    }
    int64_t share = keys->count + keys->rs + keys->rs / 64 + 2;
    int64_t rz = fixed_radius(wide_up((Wide)share * spread) + keys->rv + keys->rv / 128 + 3);
    int64_t t = keys->tau + exponential_share;
    int64_t rho = keys->count == 1 ? 0 : t + fixed_mul_up(t, t);
    for (int i = 0; i < m->width; i++) {
        z[i] = c[i].mean;
        Wide deviation = (Wide)c[i].deviation + 4 * (Wide)rz + 4;
        int64_t moved = fixed_within((deviation * rho) / (FIXED_ONE - rho) + 1);
        dz[i] = fixed_within((Wide)moved + c[i].dv_most +
                             fixed_gamma_up(c[i].v_most, 2 * keys->count + 2) + FIXED_GRAIN);
    }
    pool_release(mark);
    return rz;
}

int64_t heads_mean(const Tables *all, int l, int j, const Cone *cone, int64_t configuration,
                   int64_t *z, int64_t *dz)
{
    const Problem *p = all->problem;
    const Model *m = p->model;
    const Table *query = tables_at(all, l, j);
    int64_t i = cone_project(p, cone, configuration, query->cone), rad = 0;
    PoolMark mark = pool_mark();
    Keys room = {.table = POOL_TAKE(const Table *, j + 1),
                 .configuration = pool_numbers(j + 1),
                 .score = pool_numbers(j + 1),
                 .weight = pool_numbers(j + 1)};
    for (int h = 0; h < m->heads; h++) {
        Keys keys = room;
        for (int k = 0; k <= j; k++)
            if (model_edge(m, l, h, j, k)) {
                keys.table[keys.count] = tables_at(all, l, k);
                keys.configuration[keys.count] =
                    cone_project(p, cone, configuration, tables_at(all, l, k)->cone);
                keys.count++;
            }
        int from = h * m->width;
        for (int r = 0; r < m->width; r++)
            z[from + r] = dz[from + r] = 0;
        if (keys.count == 0)
            continue;
        score_keys(all, l, h, query, i, &keys);
        weigh_keys(&keys);
        int64_t rz = mean_of_head(&keys, m, from, z + from, dz + from);
        rad = fixed_greater(rad, rz);
    }
    pool_release(mark);
    return rad;
}
