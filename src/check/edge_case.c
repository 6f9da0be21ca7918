// Functionals are handled side by side, one lane each: first the neurons, in order (an `on` one with its sign
// turned), then the `open` ones again, turned, then the wrong tokens. So every lane is bounded above by its
// lambda.
#include "edge_case.h"

#include "margins.h"
#include "paths.h"
#include "pool.h"
#include "reject.h"

#include <stdio.h>
#include <string.h>

enum {
    DOWN = FIXED_BITS - PATHS_VALUE_BITS,
    PHASE_UNIT = PATHS_VALUE_BITS - 4,
    FINE_UNIT = PATHS_VALUE_BITS - 10,
    LIKE_SIZE = 6 // weights of a batch are at least about 2^-6 of the greatest one
};

// What the certificate chooses.
typedef struct Case {
    Place place;
    Court *court;
    const Problem *problem;
    int references;
    int **reference; // [reference][column]
    int64_t *occurs; // configurations of the query
    int occurring;
    int *group_of; // [occurring]
    int groups;
    int *slope;     // [F][groups] m of open neurons
    Neuron *neuron; // [F]
    int *again;     // [F]: the second lane of an open neuron
    int first_token, lanes, rounded;
    int right;    // the task's number of the right token
    Wrong *wrong; // [V - 1]
    int32_t **d;  // [head][lane]
    int *unit;    // [lane]: as a power of two of lambda's unit
} Case;

// ---- configurations of the query ----------------------------------------------------------------

// False if no path is left.
static bool restrict_region(const Case *k, int64_t c, const EdgeSet *region, EdgeSet *ret)
{
    const Trellis *t = k->problem->task;
    const Cone *cone = k->court->site->table->cone;
    size_t size = (size_t)t->states * (size_t)t->words;
    edge_set_copy(t, ret, region);
    for (int i = 0; i < cone->size; i++) {
        int position = cone->position[i];
        const uint64_t *mask =
            k->court->mask[position] + (size_t)cone_option(k->problem, cone, c, i) * size;
        uint64_t *bits = edge_set_row(t, ret, t->spot[position].column, 0);
        for (size_t w = 0; w < size; w++)
            bits[w] &= mask[w];
    }
    return edge_set_trim(t, ret);
}

static void find_occurring(Case *k, const EdgeSet *region)
{
    int64_t count = k->court->site->table->cone->count;
    k->occurs = pool_numbers(count);
    PoolMark mark = pool_mark();
    EdgeSet rest = edge_set_new(k->problem->task);
    for (int64_t c = 0; c < count; c++)
        if (restrict_region(k, c, region, &rest))
            k->occurs[k->occurring++] = c;
    pool_release(mark);
}

// ---- reading ------------------------------------------------------------------------------------

static void read_references(Case *k, Lines *l)
{
    const Trellis *t = k->problem->task;
    int room = 0;
    lines_expect(l, "input");
    do {
        if (k->references == room) {
            int **more = POOL_TAKE(int *, room = 2 * room + 4);
            if (k->references)
                memcpy(more, k->reference, (size_t)k->references * sizeof *more);
            k->reference = more;
        }
        int *symbol = k->reference[k->references++] = POOL_TAKE(int, t->columns);
        for (int c = 0; c < t->columns; c++)
            symbol[c] = (int)lines_number(l, 0, t->symbols - 1);
        lines_next(l);
    } while (lines_may(l, "input"));
}

static bool has_member(const Case *k, int group)
{
    for (int i = 0; i < k->occurring; i++)
        if (k->group_of[i] == group)
            return true;
    return false;
}

static void read_groups(Case *k, Lines *l)
{
    k->group_of = POOL_TAKE(int, k->occurring);
    k->groups = 1;
    if (!lines_may(l, "group"))
        return;
    for (int i = 0; i < k->occurring; i++) {
        k->group_of[i] = (int)lines_number(l, 0, EDGE_CASE_GROUPS - 1);
        k->groups = k->group_of[i] >= k->groups ? k->group_of[i] + 1 : k->groups;
    }
    for (int g = 0; g < k->groups; g++)
        if (!has_member(k, g))
            reject(l->place, "no configuration of the query is in group %d (K11)", g);
    lines_next(l);
}

// H numbers for a lane. Those beyond what can matter are cut off: a lambda above all values is as good as
// any, one below them all is rejected anyhow.
static void read_distances(Case *k, Lines *l, int lane, int unit)
{
    int64_t most = PATHS_VALUE_LIMIT * 4;
    k->unit[lane] = unit;
    for (int h = 0; h < k->problem->model->heads; h++) {
        int64_t d = lines_number(l, INT64_MIN, INT64_MAX);
        if (k->court->site->keys_of[h] == 0 && d != 0)
            reject(l->place, "a bound other than 0 for head %d, which reads no key (K11)", h);
        k->d[h][lane] = (int32_t)(d > most - 1 ? most - 1 : d < -most ? -most : d);
    }
}

static void read_neuron(Case *k, Lines *l, int i)
{
    Neuron *n = &k->neuron[i];
    n->phase = lines_may(l, "off") ? NEURON_OFF : lines_may(l, "on") ? NEURON_ON : NEURON_OPEN;
    if (n->phase == NEURON_OPEN)
        lines_expect(l, "open");
    lines_number(l, i, i);
    for (int g = 0; n->phase == NEURON_OPEN && g < k->groups; g++)
        k->slope[i * k->groups + g] = (int)lines_number(l, 0, 64);
    read_distances(k, l, i, n->phase == NEURON_OPEN ? FINE_UNIT : PHASE_UNIT);
    if (n->phase == NEURON_OPEN) {
        k->again[i] = k->lanes++;
        read_distances(k, l, k->again[i], FINE_UNIT);
    }
    lines_next(l);
}

static void read_wrongs(Case *k, Lines *l)
{
    const Model *m = k->problem->model;
    int right = k->problem->id[k->right], count = 0;
    k->first_token = k->lanes;
    for (int t = 0; t < m->vocabulary; t++) {
        if (t == right)
            continue;
        lines_entry(l, "wrong", t);
        k->wrong[count++].id = t;
        read_distances(k, l, k->lanes++, FINE_UNIT);
        lines_next(l);
    }
    k->rounded = lanes_round(k->lanes);
}

// The token that all edges of the answer position's column have.
static int right_token(const Case *k, const EdgeSet *region)
{
    const Trellis *t = k->problem->task;
    int position = k->court->site->position, column = t->spot[position].column, right = -1;
    if (column < 0)
        return t->spot[position].source;
    for (int q = 0; q < t->states; q++)
        for (int s = 0; s < t->symbols; s++) {
            if (!set_has(edge_set_row(t, region, column, q), s))
                continue;
            int token = trellis_token(t, position, q, s);
            if (right >= 0 && token != right)
                reject(k->place, "the right token is not the same on all of the region (K11)");
            right = token;
        }
    return right;
}

static void read_case(Case *k, Lines *l, const EdgeSet *region)
{
    const Model *m = k->problem->model;
    int most = k->court->lanes_most;
    k->neuron = POOL_TAKE(Neuron, m->hidden);
    k->again = POOL_TAKE(int, m->hidden);
    k->wrong = POOL_TAKE(Wrong, m->vocabulary);
    k->unit = POOL_TAKE(int, most);
    k->d = POOL_TAKE(int32_t *, m->heads);
    for (int h = 0; h < m->heads; h++)
        k->d[h] = POOL_TAKE(int32_t, most);
    k->right = right_token(k, region);
    k->lanes = m->hidden;
    lines_next(l);
    read_references(k, l);
    find_occurring(k, region);
    read_groups(k, l);
    k->slope = POOL_TAKE(int, (size_t)m->hidden *(size_t)k->groups);
    for (int i = 0; i < m->hidden; i++)
        read_neuron(k, l, i);
    read_wrongs(k, l);
    lines_expect(l, "done");
    lines_next(l);
}

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

// The restriction of the region to a configuration of the query, and what is asked there.
typedef struct Hearing {
    const Case *k;
    int64_t c;
    const EdgeSet *region;
    const Stage *stage;
    int h; // the head
    const Weight *weight;
    int64_t *base;   // [key]
    int32_t *lambda; // [lane]
    int64_t *sum;    // [lane]: of lambdas over the heads, in units of 2^-18
    int64_t *result; // [lane]
} Hearing;

// One of the occasions of a batch: a symbol, and which of the key's members there; or all of them, -1.
typedef struct Occasion {
    int symbol, choice;
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

// The shift of the greatest weight that keys have on an occasion.
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

// Appends the terms of an occasion; returns how many there are then.
static int add_terms(const Hearing *g, const SiteKey *const *key, const Batch *batch, Occasion o,
                     Term *term, int count)
{
    for (int y = 0; y < batch->keys; y++)
        for (int n = first_choice(o); n < end_choice(key[y], o); n++) {
            int index = (int)(key[y] - g->k->court->site->key);
            int64_t member = member_at(key[y], o, n);
            const int32_t *row = row_of(g->k, index, g->h, g->base[index] + key[y]->offset[member]);
            term[count++] = paths_term(row, &g->weight[key[y]->place + member], batch->shift);
        }
    return count;
}

// Makes a batch of the occasions with the greatest weights. Those that are left move to the front; returns how many.
static int take_batch(const Hearing *g, const SiteKey *const *key, Batch *batch, Occasion *o,
                      int count)
{
    int left = 0, terms = 0, all = 0;
    for (int y = 0; y < batch->keys; y++)
        all += batch->terms[y];
    Term *term = POOL_TAKE(Term, (size_t)all * (size_t)count);
    batch->shift = PATHS_SHIFT_MOST;
    for (int i = 0; i < count; i++) {
        int shift = least_shift(g, key, batch->keys, o[i]);
        batch->shift = shift < batch->shift ? shift : batch->shift;
    }
    for (int i = 0; i < count; i++)
        if (least_shift(g, key, batch->keys, o[i]) <= batch->shift + LIKE_SIZE) {
            terms = add_terms(g, key, batch, o[i], term, terms);
            batch->occasions++;
        } else {
            o[left++] = o[i];
        }
    batch->term = term;
    return left;
}

// The step of some keys on a column's classes. If there is one key only, each of its members is an occasion of its own.
static Step step_of(const Hearing *g, const SiteKey *const *key, int keys, const Stage *stage)
{
    int choices = keys == 1 ? key[0]->choices : 1, *terms = POOL_TAKE(int, keys + 1), all = 0;
    for (int y = 0; y < keys; y++)
        terms[y] = keys == 1 ? 1 : key[y]->choices;
    for (int i = 0; i < stage->classes; i++)
        all += stage->class[i].symbols * choices;
    Batch *batch = POOL_TAKE(Batch, all), *next = batch;
    Occasion *o = POOL_TAKE(Occasion, all);
    for (int i = 0; i < stage->classes; i++) {
        int left = 0;
        for (int s = 0; s < stage->class[i].symbols; s++)
            for (int n = 0; n < choices; n++)
                o[left++] = (Occasion){stage->class[i].symbol[s], keys == 1 ? n : -1};
        for (; left > 0; next++) {
            *next = (Batch){.class = &stage->class[i], .keys = keys, .terms = terms};
            left = take_batch(g, key, next, o, left);
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

static void hear(Hearing *g)
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

static void hear_group(const Case *k, int group, const EdgeSet *region)
{
    const Site *site = k->court->site;
    EdgeSet rest = edge_set_new(k->problem->task);
    Hearing g = {.k = k,
                 .region = &rest,
                 .base = pool_numbers(site->keys),
                 .lambda = POOL_TAKE(int32_t, k->rounded),
                 .sum = pool_numbers(k->rounded),
                 .result = pool_numbers(k->rounded)};
    for (int i = 0; i < k->occurring; i++) {
        PoolMark mark = pool_mark();
        g.c = k->occurs[i];
        if (k->group_of[i] == group && restrict_region(k, g.c, region, &rest))
            hear(&g);
        pool_release(mark);
    }
}

// The margins where the query has a configuration of the group.
static void judge_group(const Case *k, int group, const EdgeSet *region)
{
    Court *court = k->court;
    const Model *m = k->problem->model;
    int right = k->problem->id[k->right];
    PoolMark mark = pool_mark();
    court->hearings++;
    for (int i = 0; i < m->hidden; i++)
        k->neuron[i].m = k->slope[i * k->groups + group];
    margins_begin(court->site, court->parts, k->neuron, right, k->wrong);
    hear_group(k, group, region);
    margins_end(court->site, court->parts, k->neuron, right, k->wrong);
    for (int w = 0; w < m->vocabulary - 1; w++) {
        if (k->wrong[w].margin <= 0)
            reject(k->place, "the margin of token %d is not shown to be positive (K11)",
                   k->wrong[w].id);
        court->worst = k->wrong[w].margin < court->worst ? k->wrong[w].margin : court->worst;
    }
    pool_release(mark);
}

void edge_case_check(Court *court, Lines *lines, const EdgeSet *region)
{
    PoolMark mark = pool_mark();
    Case k = {.place = lines->place, .court = court, .problem = court->site->tables->problem};
    court->cases++;
    read_case(&k, lines, region);
    for (int g = 0; g < k.groups; g++)
        judge_group(&k, g, region);
    pool_release(mark);
}

// ---- what edge cases share ----------------------------------------------------------------------

static uint64_t *mask_of(const Trellis *t, int position)
{
    size_t size = (size_t)t->states * (size_t)t->words;
    uint64_t *mask = POOL_TAKE(uint64_t, (size_t)t->options[position] * size);
    for (int o = 0; o < t->options[position]; o++)
        for (int q = 0; q < t->states; q++)
            for (int s = 0; s < t->symbols; s++)
                if (trellis_token(t, position, q, s) == t->option[position][o])
                    mask[(size_t)o * size + (size_t)(q * t->words + s / 64)] |= UINT64_C(1)
                                                                                << s % 64;
    return mask;
}

void court_init(Court *court, const Site *site, const SiteParts *parts)
{
    const Problem *p = site->tables->problem;
    const Cone *cone = site->table->cone;
    *court = (Court){.site = site,
                     .parts = parts,
                     .worst = (Wide)1 << 120,
                     .mask = POOL_TAKE(uint64_t *, p->task->length),
                     .first_row = pool_numbers(site->keys)};
    for (int i = 0; i < cone->size; i++)
        court->mask[cone->position[i]] = mask_of(p->task, cone->position[i]);
    court->lanes_most = lanes_round(2 * p->model->hidden + p->model->vocabulary);
    int64_t rows = 0;
    for (int y = 0; y < site->keys; y++) {
        court->first_row[y] = rows;
        rows += site->key[y].table->cone->count * p->model->heads;
    }
    court->value = POOL_TAKE(int32_t, (size_t)rows * (size_t)court->lanes_most);
    court->made = POOL_TAKE(int, rows);
}
