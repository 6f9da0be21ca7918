#include "cone.h"

#include <string.h>

#include "region.h"

static void add_options(TokenOptions *o, int position, const bool *seen, const int *ids)
{
    for (int token = 0; token < TASK_TOKENS_MAX; token++)
        if (seen[token]) {
            o->option[position][token] = (uint8_t)o->count[position];
            o->id[position][o->count[position]++] = ids[token];
        }
}

static void mark_tokens(const Region *full, const TokenSource *source, bool *ret_seen)
{
    int column = task_source_column(full->task, source);
    if (column < 0)
        ret_seen[source->token] = true;
    for (int e = 0; column >= 0 && e < region_edges(full); e++)
        if (region_has(full, column, e))
            ret_seen[task_edge_token(full->task, source, e)] = true;
}

TokenOptions token_options(Arena *arena, const Task *task, const int *ids)
{
    size_t positions = (size_t)(task->prompt + task->answer);
    TokenOptions o = {.positions = (int)positions,
                      .count = ARENA_NEW(arena, int, positions),
                      .id = arena_alloc(arena, positions, sizeof *o.id),
                      .option = arena_alloc(arena, positions, sizeof *o.option)};
    const Region *full = region_full(arena, task);
    for (int p = 0; p < o.positions; p++) {
        bool seen[TASK_TOKENS_MAX] = {false};
        mark_tokens(full, &task->source[p], seen);
        add_options(&o, p, seen, ids);
    }
    return o;
}

int cone_find(const Cone *cone, int position)
{
    for (int i = 0; i < cone->count; i++)
        if (cone->position[i] == position)
            return i;
    return -1;
}

int cone_project(const Cone *part, const Cone *whole, const TokenOptions *options, int config)
{
    int projected = 0;
    for (int i = 0; i < part->count; i++)
        projected += part->stride[i] *
                     cone_option(whole, options, cone_find(whole, part->position[i]), config);
    return projected;
}

// Strides and number of configurations, from the positions.
static void finish(Cone *cone, const TokenOptions *options)
{
    long configs = 1;
    for (int i = 0; i < cone->count && configs <= CONE_CONFIGS_MAX; i++) {
        cone->stride[i] = (int)configs;
        configs *= options->count[cone->position[i]];
    }
    cone->wide = cone->wide || configs > CONE_CONFIGS_MAX;
    cone->configs = cone->wide ? 0 : (int)configs;
}

static void merge(Cone *cone, const Cone *other)
{
    int all[2 * CONE_POSITIONS_MAX], count = 0, i = 0, j = 0;
    cone->wide = cone->wide || other->wide;
    if (cone->wide)
        return;
    while (i < cone->count || j < other->count) {
        int a = i < cone->count ? cone->position[i] : TASK_POSITIONS_MAX;
        int b = j < other->count ? other->position[j] : TASK_POSITIONS_MAX;
        all[count++] = a < b ? a : b;
        i += a <= b;
        j += b <= a;
    }
    cone->wide = count > CONE_POSITIONS_MAX;
    if (cone->wide)
        return;
    memcpy(cone->position, all, (size_t)count * sizeof *all);
    cone->count = count;
}

static bool any_head_reads(const Model *model, int layer, int query, int key)
{
    for (int h = 0; h < model->shape.heads; h++)
        if (model_edge(model, layer, h, query, key))
            return true;
    return false;
}

Cone *cones_new(Arena *arena, const Model *model, const TokenOptions *options)
{
    int P = options->positions, L = model->shape.layers;
    Cone *cones = ARENA_NEW(arena, Cone, (size_t)P * (size_t)(L + 1));
    for (int p = 0; p < P; p++) {
        cones[p] = (Cone){.count = options->count[p] > 1, .position = {p}};
        finish(&cones[p], options);
    }
    for (int l = 0; l < L; l++)
        for (int p = 0; p < P && p < model->shape.n_ctx; p++) {
            Cone *cone = &cones[(l + 1) * P + p];
            *cone = cones[l * P + p];
            for (int key = 0; key <= p; key++)
                if (any_head_reads(model, l, p, key))
                    merge(cone, &cones[l * P + key]);
            finish(cone, options);
        }
    return cones;
}
