#include "cases.h"

#define UNITS_MAX ((Fix)1 << 30)

// What the shares and the arithmetic of whoever checks may add to the error of a mean.
#define MEAN_ROOM (FIX_ONE >> 14)

static bool case_init(Arena *arena, Cases *cases, int config, const Region *region)
{
    Case *c = &cases->item[cases->count];
    Region *own = region_copy(arena, region);
    if (!query_restrict(cases->query, config, own))
        return true;
    c->config = config;
    c->head = ARENA_NEW(arena, PathHead, (size_t)cases->heads);
    c->reference = ARENA_NEW(arena, ReferenceWeights, (size_t)cases->heads);
    path_region_init(arena, own, &c->path);
    for (int h = 0; h < cases->heads; h++)
        if (!query_head(arena, cases->query, config, h, &c->path, &c->head[h]) ||
            !reference_weights(arena, cases->query, config, h, own, &cases->references,
                               &c->reference[h]))
            return false;
    cases->count++;
    return true;
}

bool cases_of(Arena *arena, const Query *query, const Region *region, const int *configs, int count,
              Cases *ret_cases)
{
    Cases cases = {.query = query, .heads = query->model->model->shape.heads};
    cases.item = ARENA_NEW(arena, Case, (size_t)count);
    cases.references = references_of(arena, region);
    for (int i = 0; i < count; i++)
        if (!case_init(arena, &cases, configs[i], region))
            return false;
    *ret_cases = cases;
    return cases.count > 0;
}

FixVector case_direct(Arena *arena, const Cases *cases, int item)
{
    const Query *query = cases->query;
    ModelShape s = query->model->model->shape;
    const FixVector *b_O = &query->model->layer[s.layers - 1].b_O;
    int config = cases->item[item].config;
    FixVector x = fix_vector_new(arena, s.d_model);
    for (int d = 0; d < s.d_model; d++)
        x.mid[d] = query->table->x[config * s.d_model + d] + b_O->mid[d];
    x.rad = query->table->x_rad[config] + b_O->rad;
    return x;
}

Cases cases_of_group(Arena *arena, const Cases *cases, const uint8_t *group_of, int group)
{
    Cases own = *cases;
    own.item = ARENA_NEW(arena, Case, (size_t)cases->count);
    own.count = 0;
    for (int c = 0; c < cases->count; c++)
        if (group_of[c] == group)
            own.item[own.count++] = cases->item[c];
    return own;
}

static size_t place(const HeadBounds *b, int item, int head, int i)
{
    return ((size_t)item * (size_t)b->heads + (size_t)head) * (size_t)b->stride + (size_t)i;
}

static HeadBounds bounds_new(Arena *arena, const Cases *cases, int stride)
{
    size_t size = (size_t)cases->count * (size_t)cases->heads * (size_t)stride;
    return (HeadBounds){cases->count,
                        cases->heads,
                        stride,
                        ARENA_NEW(arena, Fix, size),
                        ARENA_NEW(arena, Fix, size),
                        ARENA_NEW(arena, Fix, (size_t)cases->heads * (size_t)stride)};
}

// One number has to serve all cases, counted from their means (head_units): so a bound that is as far
// above its mean as that of an earlier case (`above`) is as good as the best.
static void bound_case(const Case *item, int head, const FunctionalTable *table, int sign,
                       const Fix *mean, int32_t *above, Fix *ret_bound)
{
    int32_t lambda[table->stride], base[table->stride];
    for (int i = 0; i < table->stride; i++) {
        base[i] = (int32_t)(mean[i] >> table->shift[i]);
        lambda[i] = base[i] + above[i];
    }
    path_bound(&item->path, &item->head[head], table, sign, lambda, ret_bound);
    for (int i = 0; i < table->stride; i++)
        above[i] = lambda[i] - base[i] > above[i] ? lambda[i] - base[i] : above[i];
}

static void bound_head(Arena *arena, const Cases *cases, const FunctionalTable *table, int head,
                       HeadBounds *up, HeadBounds *down)
{
    int stride = table->stride;
    int32_t *above = ARENA_NEW(arena, int32_t, (size_t)stride);
    int32_t *below = ARENA_NEW(arena, int32_t, (size_t)stride);
    Fix *unused = ARENA_NEW(arena, Fix, (size_t)stride);
    for (int i = 0; i < stride; i++) {
        if (up)
            up->room[head * stride + i] = table->rad[i] + MEAN_ROOM;
        if (down)
            down->room[head * stride + i] = table->rad[i] + MEAN_ROOM;
    }
    for (int c = 0; c < cases->count; c++) {
        const Case *item = &cases->item[c];
        Fix *greatest = up ? up->mean + place(up, c, head, 0) : unused;
        Fix *least = down ? down->mean + place(down, c, head, 0) : unused;
        if (item->head[head].n_keys == 0)
            continue;
        reference_means(&item->reference[head], table, greatest, least);
        if (up)
            bound_case(item, head, table, 1, greatest, above, up->bound + place(up, c, head, 0));
        for (int i = 0; down && i < stride; i++)
            least[i] = -least[i];
        if (down)
            bound_case(item, head, table, -1, least, below, down->bound + place(down, c, head, 0));
    }
}

void head_bounds_of(Arena *arena, const Cases *cases, const FunctionalTable *tables,
                    HeadBounds *ret_up, HeadBounds *ret_down)
{
    if (ret_up)
        *ret_up = bounds_new(arena, cases, tables[0].stride);
    if (ret_down)
        *ret_down = bounds_new(arena, cases, tables[0].stride);
    for (int h = 0; h < cases->heads; h++)
        bound_head(arena, cases, &tables[h], h, ret_up, ret_down);
}

static void mark_key(const Case *item, const PathKey *key, uint8_t *used)
{
    for (int v = 0; key->column < 0 && v < key->variants; v++)
        used[key->config[v]] = 1;
    if (key->column < 0)
        return;
    const PathColumn *column = &item->path.column[key->column];
    for (int i = 0; i < column->n_classes; i++)
        for (int j = 0; j < column->classes[i].count; j++) {
            int symbol = column->symbol[column->classes[i].first + j];
            for (int v = 0; v < key->variants; v++)
                used[key->config[symbol * key->variants + v]] = 1;
        }
}

const uint8_t *const *cases_used(Arena *arena, const Cases *cases, int head)
{
    const Query *query = cases->query;
    int n = query->n_head_keys[head];
    const uint8_t **all = ARENA_NEW(arena, const uint8_t *, (size_t)n);
    for (int k = 0; k < n; k++) {
        const QueryKey *key = &query->key[query->head_key[head][k]];
        uint8_t *used = ARENA_NEW(arena, uint8_t, (size_t)key->table->cone->configs);
        for (int c = 0; c < cases->count; c++) {
            const ReferenceWeights *w = &cases->item[c].reference[head];
            mark_key(&cases->item[c], &cases->item[c].head[head].key[k], used);
            for (int r = 0; r < w->count; r++)
                used[w->config[r * n + k]] = 1;
        }
        all[k] = used;
    }
    return all;
}

int32_t head_units(const Cases *cases, const HeadBounds *bounds, int head, int i, int bits)
{
    int shift = FIX_BITS - bits;
    Fix most = -UNITS_MAX;
    if (cases->item[0].head[head].n_keys == 0)
        return 0;
    for (int c = 0; c < bounds->count; c++) {
        size_t at = place(bounds, c, head, i);
        Fix mean = bounds->mean[at] - bounds->room[head * bounds->stride + i];
        Fix base = (mean >> shift) * ((Fix)1 << shift);
        Fix d = -((base - bounds->bound[at]) >> shift) + 2;
        most = d > most ? d : most;
    }
    return (int32_t)most;
}

Fix head_lambda(const HeadBounds *bounds, int item, int head, int i, int bits, int32_t d)
{
    int shift = FIX_BITS - bits;
    Fix mean = bounds->mean[place(bounds, item, head, i)];
    Fix base = (mean + bounds->room[head * bounds->stride + i]) >> shift;
    return (base + d) * ((Fix)1 << shift);
}
