#include "hearing.h"

#include "pool.h"
#include "reject.h"

#include <stdio.h>
#include <string.h>

enum {
    DOWN = FIXED_BITS - PATHS_VALUE_BITS,
    LIKE_SIZE = 6 // weights of a batch are at least about 2^-6 of the greatest one
};

// ---- rows of lanes ------------------------------------------------------------------------------

// Upper bounds of the functionals of all lanes at a configuration of a key.
static void make_row(const Case *k, const SiteKey *key, int h, int64_t c, int32_t *row)
{
    const Model *m = k->problem->model;
    const int32_t *value = key->value[h] + c * m->hidden;
    for (int i = 0; i < m->hidden; i++) {
        int32_t off = key->value_off, x = value[i];
        row[i] = (k->neuron[i].phase == NEURON_ON ? -x : x) + off;
        if (k->neuron[i].phase == NEURON_OPEN)
            row[k->again[i]] = -x + off;
    }
    const int64_t *v = key->table->v + c * m->hk + h * m->width;
    for (int w = 0; w < m->vocabulary - 1; w++) {
        Ball y = fixed_dot(v, key->table->rv[c], k->wrong[w].head + h * m->width,
                           k->wrong[w].head_rad, m->width);
        int64_t value_up = ((y.rad - y.mid) >> DOWN) + 1;
        if (fixed_abs(value_up) >= PATHS_VALUE_LIMIT - 1024)
            reject(k->place, "a head moves a margin by 2^11 or more, which is not reckoned with");
        row[k->first_token + w] = (int32_t)value_up;
    }
    for (int l = k->lanes; l < k->rounded; l++)
        row[l] = 0;
}

static const int32_t *row_of(const Case *k, int key, int h, int64_t c)
{
    Court *court = k->court;
    const SiteKey *y = &court->site->key[key];
    int64_t at = court->first_row[key] + h * y->table->cone->count + c;
    int32_t *row = court->value + at * court->lanes_most;
    if (court->made[at] != court->hearings) {
        court->made[at] = court->hearings;
        make_row(k, y, h, c, row);
    }
    return row;
}

// ---- one configuration of the query -------------------------------------------------------------

// One of the occasions of a batch: a symbol, and which of the key's members there; or all of them, -1. And the shift of
// the greatest weight that keys have on it.
typedef struct Occasion {
    int symbol, choice, shift;
} Occasion;

static int first_choice(Occasion o)
{
    return o.choice < 0 ? 0 : o.choice;
}

static int end_choice(const SiteKey *key, Occasion o)
{
    return o.choice < 0 ? key->choices : o.choice + 1;
}

static int64_t member_at(const SiteKey *key, Occasion o, int choice)
{
    return key->at[key->column < 0 ? 0 : o.symbol][choice];
}

static int least_shift(const Hearing *g, const SiteKey *const *key, int keys, Occasion o)
{
    int least = PATHS_SHIFT_MOST;
    for (int y = 0; y < keys; y++)
        for (int n = first_choice(o); n < end_choice(key[y], o); n++) {
            int shift = g->weight[key[y]->place + member_at(key[y], o, n)].shift;
            least = shift < least ? shift : least;
        }
    return least;
}

// Writes the terms of an occasion; returns the place behind them.
static Term *add_terms(const Hearing *g, const SiteKey *const *key, const Batch *batch, Occasion o,
                       Term *term)
{
    for (int y = 0; y < batch->keys; y++)
        for (int n = first_choice(o); n < end_choice(key[y], o); n++) {
            int index = (int)(key[y] - g->k->court->site->key);
            int64_t member = member_at(key[y], o, n);
            const int32_t *row = row_of(g->k, index, g->h, g->base[index] + key[y]->offset[member]);
            *term++ = paths_term(row, &g->weight[key[y]->place + member], batch->shift);
        }
    return term;
}

// Makes a batch of the occasions with the greatest weights. Those that are left move to the front; returns how many.
static int take_batch(const Hearing *g, const SiteKey *const *key, Batch *batch, Occasion *o,
                      int count, Term **term)
{
    int left = 0;
    batch->term = *term;
    batch->shift = PATHS_SHIFT_MOST;
    for (int i = 0; i < count; i++)
        batch->shift = o[i].shift < batch->shift ? o[i].shift : batch->shift;
    for (int i = 0; i < count; i++)
        if (o[i].shift <= batch->shift + LIKE_SIZE) {
            *term = add_terms(g, key, batch, o[i], *term);
            batch->occasions++;
        } else {
            o[left++] = o[i];
        }
    return left;
}

// The step of some keys on a column's classes. If there is one key only, each of its members is an occasion of its own.
static Step step_of(const Hearing *g, const SiteKey *const *key, int keys, const Stage *stage)
{
    int choices = keys == 1 ? key[0]->choices : 1, *terms = POOL_TAKE(int, keys + 1), all = 0;
    size_t each = 0;
    for (int y = 0; y < keys; y++) {
        terms[y] = keys == 1 ? 1 : key[y]->choices;
        each += (size_t)terms[y];
    }
    for (int i = 0; i < stage->classes; i++)
        all += stage->class[i].symbols * choices;
    Batch *batch = POOL_TAKE(Batch, all), *next = batch;
    Occasion *o = POOL_TAKE(Occasion, all);
    Term *term = POOL_TAKE(Term, each * (size_t)all);
    for (int i = 0; i < stage->classes; i++) {
        int left = 0;
        for (int s = 0; s < stage->class[i].symbols; s++)
            for (int n = 0; n < choices; n++) {
                Occasion one = {stage->class[i].symbol[s], keys == 1 ? n : -1, 0};
                one.shift = least_shift(g, key, keys, one);
                o[left++] = one;
            }
        for (; left > 0; next++) {
            *next = (Batch){.class = &stage->class[i], .keys = keys, .terms = terms};
            left = take_batch(g, key, next, o, left, &term);
        }
    }
    return (Step){(int)(next - batch), batch};
}

// Where nothing happens: all states in which paths begin stay what they are.
static Stage standstill(const Trellis *t)
{
    SymbolClass *class = POOL_TAKE(SymbolClass, 1);
    *class = (SymbolClass){.symbols = 1,
                           .from = POOL_TAKE(uint8_t, t->states),
                           .to = POOL_TAKE(uint8_t, t->states),
                           .symbol = POOL_TAKE(int, 1)};
    for (int q = 0; q < t->states; q++)
        if (t->start >> q & 1)
            class->from[class->arrows] = class->to[class->arrows] = (uint8_t)q, class->arrows++;
    return (Stage){1, class};
}

// First a step for each key without a column, then one for each column. Returns how many.
static int steps_of(const Hearing *g, Step *ret)
{
    const Site *site = g->k->court->site;
    const Trellis *t = g->k->problem->task;
    Stage *still = POOL_TAKE(Stage, 1);
    int steps = 0;
    *still = standstill(t);
    for (int c = -1; c < t->columns; c++) {
        const SiteKey **key = POOL_TAKE(const SiteKey *, site->keys);
        int keys = 0;
        for (int y = 0; y < site->keys; y++)
            if (site->key[y].column == c && site->key[y].read[g->h])
                key[keys++] = &site->key[y];
        for (int y = 0; c < 0 && y < keys; y++)
            ret[steps++] = step_of(g, &key[y], 1, still);
        if (c >= 0)
            ret[steps++] = step_of(g, key, keys, &g->stage[c]);
    }
    return steps;
}

static bool has_symbol(const Hearing *g, int column, int symbol)
{
    const Trellis *t = g->k->problem->task;
    for (int q = 0; q < t->states; q++)
        if (set_has(edge_set_row(t, g->region, column, q), symbol))
            return true;
    return false;
}

// The member of a key that a reference input has here.
static int64_t reference_member(const Hearing *g, const SiteKey *key, const int *symbols)
{
    int symbol = key->column < 0 ? 0 : symbols[key->column];
    if (key->column >= 0 && !has_symbol(g, key->column, symbol))
        for (symbol = 0; !has_symbol(g, key->column, symbol); symbol++)
            ;
    return key->at[symbol][0];
}

// mean[lane] = the greater of itself and the mean at a reference input, about.
static void raise_means(const Hearing *g, const int *symbols, int64_t *mean, int64_t *sum)
{
    const Site *site = g->k->court->site;
    Wide total = 0;
    int64_t *member = pool_numbers(site->keys);
    uint64_t *weight = POOL_TAKE(uint64_t, site->keys);
    int least = INT32_MAX;
    for (int y = 0; y < site->keys; y++)
        if (site->key[y].read[g->h]) {
            member[y] = reference_member(g, &site->key[y], symbols);
            int shift = g->weight[site->key[y].place + member[y]].shift;
            least = shift < least ? shift : least;
        }
    for (int y = 0; y < site->keys; y++)
        if (site->key[y].read[g->h]) {
            const Weight *w = &g->weight[site->key[y].place + member[y]];
            weight[y] = w->shift - least < 64 ? w->middle >> (w->shift - least) : 0;
            total += weight[y];
        }
    memset(sum, 0, (size_t)g->k->rounded * sizeof *sum);
    for (int y = 0; y < site->keys; y++) {
        const SiteKey *key = &site->key[y];
        if (!key->read[g->h])
            continue;
        int32_t share = (int32_t)((Wide)weight[y] * PATHS_WEIGHT_LIMIT / total);
        const int32_t *row = row_of(g->k, y, g->h, g->base[y] + key->offset[member[y]]);
        for (int l = 0; l < g->k->rounded; l++)
            sum[l] += (int64_t)share * row[l];
    }
    for (int l = 0; l < g->k->rounded; l++)
        mean[l] = fixed_greater(mean[l], sum[l] >> 26);
}

static void find_lambda(const Hearing *g)
{
    const Case *k = g->k;
    int64_t *mean = pool_numbers(k->rounded), *sum = pool_numbers(k->rounded);
    for (int l = 0; l < k->rounded; l++)
        mean[l] = INT64_MIN;
    for (int r = 0; r < k->references; r++)
        raise_means(g, k->reference[r], mean, sum);
    for (int l = 0; l < k->lanes; l++) {
        int64_t unit = INT64_C(1) << k->unit[l];
        int64_t lambda = ((mean[l] >> k->unit[l]) + k->d[g->h][l]) * unit;
        if (lambda < -PATHS_VALUE_LIMIT)
            reject(k->place, "a bound of head %d is below all values (K11)", g->h);
        g->lambda[l] = (int32_t)(lambda > PATHS_VALUE_LIMIT ? PATHS_VALUE_LIMIT : lambda);
    }
    for (int l = k->lanes; l < k->rounded; l++)
        g->lambda[l] = 0;
}

static void describe(const Case *k, int lane, char *text, size_t size)
{
    const Model *m = k->problem->model;
    if (lane >= k->first_token)
        snprintf(text, size, "wrong token %d", k->wrong[lane - k->first_token].id);
    else if (lane < m->hidden)
        snprintf(text, size, "neuron %d", lane);
    else
        snprintf(text, size, "the lower side of an open neuron");
}

static void bound_head(Hearing *g)
{
    const Case *k = g->k;
    const Trellis *t = k->problem->task;
    PoolMark mark = pool_mark();
    Step *step = POOL_TAKE(Step, t->columns + k->court->site->keys);
    int steps = steps_of(g, step);
    find_lambda(g);
    PathsQuestion question = {steps, t->start, step, k->rounded, g->lambda};
    paths_longest(&question, g->result);
    for (int l = 0; l < k->lanes; l++) {
        if (g->result[l] > 0) {
            char text[60];
            describe(k, l, text, sizeof text);
            reject(k->place, "the bound of head %d on %s does not hold (K11)", g->h, text);
        }
        g->sum[l] += g->lambda[l];
    }
    pool_release(mark);
}

// ---- what the bounds have to show ---------------------------------------------------------------

static Wide lane_sum(const Hearing *g, int lane)
{
    return (Wide)g->sum[lane] * (INT64_C(1) << DOWN);
}

static void settle_neurons(const Hearing *g)
{
    const Case *k = g->k;
    const Site *site = k->court->site;
    int hidden = k->problem->model->hidden;
    int64_t rad = site->direct_rad[g->c];
    for (int i = 0; i < hidden; i++) {
        Neuron *n = &k->neuron[i];
        Wide direct = site->direct[g->c * hidden + i], off = (Wide)site->wide[i] + rad;
        if (n->phase == NEURON_OFF && direct + lane_sum(g, i) + off > 0)
            reject(k->place, "neuron %d is not shown to be off (K11)", i);
        if (n->phase == NEURON_ON && direct - lane_sum(g, i) - off < 0)
            reject(k->place, "neuron %d is not shown to be on (K11)", i);
        if (n->phase != NEURON_OPEN)
            continue;
        Wide high = direct + lane_sum(g, i) + off, low = direct - lane_sum(g, k->again[i]) - off;
        n->high = high > n->high ? high : n->high;
        n->low = low < n->low ? low : n->low;
    }
}

static void settle_wrongs(const Hearing *g)
{
    const Case *k = g->k;
    const Site *site = k->court->site;
    int d = k->problem->model->d;
    for (int w = 0; w < k->problem->model->vocabulary - 1; w++) {
        Wrong *wrong = &k->wrong[w];
        Ball direct =
            fixed_dot(site->entry + g->c * d, site->entry_rad[g->c], wrong->c, wrong->c_rad, d);
        Wide least = (Wide)direct.mid - direct.rad - lane_sum(g, k->first_token + w);
        wrong->least = least < wrong->least ? least : wrong->least;
    }
}

Hearing hearing_new(const Case *k)
{
    return (Hearing){.k = k,
                     .base = pool_numbers(k->court->site->keys),
                     .lambda = POOL_TAKE(int32_t, k->rounded),
                     .sum = pool_numbers(k->rounded),
                     .result = pool_numbers(k->rounded)};
}

void hearing_hold(Hearing *g)
{
    const Site *site = g->k->court->site;
    const Model *m = g->k->problem->model;
    g->stage = paths_stages(g->k->problem->task, g->region);
    memset(g->sum, 0, (size_t)g->k->rounded * sizeof *g->sum);
    for (int y = 0; y < site->keys; y++)
        g->base[y] = site_base(site, &site->key[y], g->c);
    for (g->h = 0; g->h < m->heads; g->h++) {
        g->weight = site->weight + (g->c * m->heads + g->h) * site->members;
        if (site->keys_of[g->h] > 0)
            bound_head(g);
    }
    settle_neurons(g);
    settle_wrongs(g);
}
