#include "cases.h"

#define UNITS_MAX ((Fix)1 << 30)

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

static size_t place(const HeadBounds *b, int item, int head, int i)
{
    return ((size_t)item * (size_t)b->heads + (size_t)head) * (size_t)b->stride + (size_t)i;
}

HeadBounds head_bounds_of(Arena *arena, const Cases *cases, const FunctionalTable *tables, int sign)
{
    int stride = tables[0].stride;
    size_t size = (size_t)cases->count * (size_t)cases->heads * (size_t)stride;
    HeadBounds b = {cases->count, cases->heads, stride, ARENA_NEW(arena, Fix, size),
                    ARENA_NEW(arena, Fix, size)};
    Fix *other = ARENA_NEW(arena, Fix, (size_t)stride);
    for (int h = 0; h < cases->heads; h++) {
        int32_t *guess = ARENA_NEW(arena, int32_t, (size_t)stride);
        for (int c = 0; c < cases->count; c++) {
            const Case *item = &cases->item[c];
            Fix *mean = b.mean + place(&b, c, h, 0);
            if (item->head[h].n_keys == 0)
                continue;
            path_bound(&item->path, &item->head[h], &tables[h], sign, guess,
                       b.bound + place(&b, c, h, 0));
            if (sign > 0)
                reference_means(&item->reference[h], &tables[h], mean, other);
            else
                reference_means(&item->reference[h], &tables[h], other, mean);
            for (int i = 0; sign < 0 && i < stride; i++)
                mean[i] = -mean[i];
        }
    }
    return b;
}

int32_t head_units(const Cases *cases, const HeadBounds *bounds, int head, int i, int bits)
{
    int shift = FIX_BITS - bits;
    Fix most = -UNITS_MAX;
    if (cases->item[0].head[head].n_keys == 0)
        return 0;
    for (int c = 0; c < bounds->count; c++) {
        size_t at = place(bounds, c, head, i);
        Fix base = bounds->mean[at] >> shift << shift;
        Fix d = -((base - bounds->bound[at]) >> shift) + 2;
        most = d > most ? d : most;
    }
    return (int32_t)most;
}

Fix head_lambda(const HeadBounds *bounds, int item, int head, int i, int bits, int32_t d)
{
    int shift = FIX_BITS - bits;
    Fix base = bounds->mean[place(bounds, item, head, i)] >> shift;
    return (base + d) * ((Fix)1 << shift);
}
