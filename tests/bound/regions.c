#include "regions.h"

#include "split.h"

Region *regions_of_token(Arena *arena, const Task *task, int answer, int token)
{
    const Region *full = region_full(arena, task);
    int position = task->prompt + answer;
    if (task->source[position].kind == TOKEN_FIXED)
        return task->source[position].token == token ? region_copy(arena, full) : NULL;
    Condition condition = {.split = split_by_token(task, position)};
    label_set_add(&condition.labels, token);
    return split_part(arena, full, &condition);
}

static Split random_split(const Task *task, Rng *rng)
{
    int column = (int)rng_below(rng, (uint32_t)task->columns);
    SplitKind kind = (SplitKind)rng_below(rng, 4);
    if (kind == SPLIT_DIGIT)
        return (Split){kind, column, (int)rng_below(rng, (uint32_t)task->inputs)};
    if (kind != SPLIT_TOKEN)
        return (Split){kind, column, 0};
    for (;;) {
        int position = (int)rng_below(rng, (uint32_t)(task->prompt + task->answer));
        if (task->source[position].kind != TOKEN_FIXED)
            return split_by_token(task, position);
    }
}

// The part with a random half of the labels that occur, and at least one.
static Region *random_part(Arena *arena, const Region *region, Rng *rng)
{
    int labels[SPLIT_LABELS_MAX];
    Condition condition = {.split = random_split(region->task, rng)};
    int count = split_labels(region, &condition.split, labels);
    label_set_add(&condition.labels, labels[rng_below(rng, (uint32_t)count)]);
    for (int i = 0; i < count; i++)
        if (rng_below(rng, 2))
            label_set_add(&condition.labels, labels[i]);
    return split_part(arena, region, &condition);
}

static Region *without_some_edges(Arena *arena, const Region *region, Rng *rng)
{
    Region *part = region_copy(arena, region);
    for (int c = 0; c < region->task->columns; c++)
        for (int e = 0; e < region_edges(region); e++)
            if (rng_below(rng, 4) == 0)
                region_drop(part, c, e);
    return region_trim(part) ? part : NULL;
}

Region *regions_draw(Arena *arena, const Task *task, int answer, int depth, Rng *rng)
{
    Region *region = NULL;
    while (!region)
        region =
            regions_of_token(arena, task, answer, (int)rng_below(rng, (uint32_t)task->n_alphabet));
    for (int i = (int)rng_below(rng, (uint32_t)depth + 1); i > 0; i--) {
        Region *part = random_part(arena, region, rng);
        region = part ? part : region;
    }
    if (rng_below(rng, 3) == 0) {
        Region *part = without_some_edges(arena, region, rng);
        region = part ? part : region;
    }
    return region;
}

Region *regions_single(Arena *arena, const Task *task, const uint8_t *symbols)
{
    Region *region = region_full(arena, task);
    for (int c = 0; c < task->columns; c++)
        for (int e = 0; e < region_edges(region); e++)
            if (e % task->symbols != symbols[c])
                region_drop(region, c, e);
    CHECK(region_trim(region));
    return region;
}
