#include "edge_case.h"

#include "hearing.h"
#include "pool.h"
#include "reject.h"

#include <string.h>

enum { PHASE_UNIT = PATHS_VALUE_BITS - 4, FINE_UNIT = PATHS_VALUE_BITS - 10 };

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

// ---- judgement ------------------------------------------------------------------------------------

static void hear_group(const Case *k, int group, const EdgeSet *region)
{
    EdgeSet rest = edge_set_new(k->problem->task);
    Hearing g = hearing_new(k);
    g.region = &rest;
    for (int i = 0; i < k->occurring; i++) {
        PoolMark mark = pool_mark();
        g.c = k->occurs[i];
        if (k->group_of[i] == group && restrict_region(k, g.c, region, &rest))
            hearing_hold(&g);
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
