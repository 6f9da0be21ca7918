#include "reach.h"

static int list_marked(const bool *marked, int count, int *positions)
{
    int n = 0;
    for (int p = 0; p < count; p++)
        if (marked[p])
            positions[n++] = p;
    return n;
}

static void mark_keys(const Model *model, int l, const ReachLayer *layer, bool *needed)
{
    for (int i = 0; i < layer->n_out; i++)
        for (int h = 0; h < model->shape.heads; h++)
            for (int key = 0; key <= layer->out[i]; key++)
                needed[key] = needed[key] || model_edge(model, l, h, layer->out[i], key);
}

static int list_keys(const Model *model, int l, int h, int query, const ReachLayer *layer,
                     int *keys)
{
    int n = 0;
    for (int slot = 0; slot < layer->n_in && layer->in[slot] <= query; slot++)
        if (model_edge(model, l, h, query, layer->in[slot]))
            keys[n++] = slot;
    return n;
}

static void list_all_keys(Arena *arena, const Model *model, int l, ReachLayer *layer)
{
    size_t H = (size_t)model->shape.heads, queries = H * (size_t)layer->n_out;
    layer->first = ARENA_NEW(arena, int, queries + 1);
    layer->keys = ARENA_NEW(arena, int, queries *(size_t)layer->n_in);
    int *first = layer->first;
    for (int h = 0; h < model->shape.heads; h++)
        for (int i = 0; i < layer->n_out; i++, first++) {
            int n = list_keys(model, l, h, layer->out[i], layer, layer->keys + *first);
            first[1] = *first + n;
            layer->n_keys_most = n > layer->n_keys_most ? n : layer->n_keys_most;
        }
}

static void find_self(ReachLayer *layer)
{
    for (int i = 0, slot = 0; i < layer->n_out; i++) {
        while (layer->in[slot] != layer->out[i])
            slot++;
        layer->self[i] = slot;
    }
}

// `needed`: in, the positions that the layer puts out; out, those that it reads.
static void reach_layer(Arena *arena, const Model *model, int l, int length, bool *needed,
                        ReachLayer *layer)
{
    layer->in = ARENA_NEW(arena, int, (size_t)length);
    layer->out = ARENA_NEW(arena, int, (size_t)length);
    layer->self = ARENA_NEW(arena, int, (size_t)length);
    layer->n_out = list_marked(needed, length, layer->out);
    mark_keys(model, l, layer, needed);
    layer->n_in = list_marked(needed, length, layer->in);
    find_self(layer);
    list_all_keys(arena, model, l, layer);
}

Reach *reach_new(Arena *arena, const Model *model, int first, int length)
{
    Reach *reach = ARENA_NEW(arena, Reach, 1);
    *reach = (Reach){.first = first, .length = length};
    reach->layer = ARENA_NEW(arena, ReachLayer, (size_t)model->shape.layers);
    bool *needed = ARENA_NEW(arena, bool, (size_t)length);
    for (int p = first; p < length; p++)
        needed[p] = true;
    for (int l = model->shape.layers - 1; l >= 0; l--)
        reach_layer(arena, model, l, length, needed, &reach->layer[l]);
    return reach;
}
