#include "cone.h"

#include <string.h>

static void add_option(TokenOptions *o, int position, int token, int id)
{
    for (int i = 0; i < o->count[position]; i++)
        if (o->id[position][i] == id)
            return;
    o->option[position][token] = (uint8_t)o->count[position];
    o->id[position][o->count[position]++] = id;
}

TokenOptions token_options(Arena *arena, const Task *task, const int *ids)
{
    size_t positions = (size_t)(task->prompt + task->answer);
    TokenOptions o = {.positions = (int)positions,
                      .count = ARENA_NEW(arena, int, positions),
                      .id = arena_alloc(arena, positions, sizeof *o.id),
                      .option = arena_alloc(arena, positions, sizeof *o.option)};
    for (int p = 0; p < o.positions; p++)
        for (int q = 0; q < task->states; q++)
            for (int s = 0; s < task->symbols && task->reachable[q]; s++) {
                int token = task_source_token(task, &task->source[p], q, s);
                add_option(&o, p, token, ids[token]);
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
