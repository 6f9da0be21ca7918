#include "plan.h"

#include <string.h>

static int list_marked(const bool *marked, int count, int *positions)
{
    int n = 0;
    for (int p = 0; p < count; p++)
        if (marked[p])
            positions[n++] = p;
    return n;
}

static void mark_keys(const Model *model, int layer, const PlanLayer *plan, bool *needed)
{
    for (int i = 0; i < plan->n_out; i++)
        for (int key = 0; key <= plan->out[i]; key++)
            for (int head = 0; head < model->shape.heads; head++)
                if (model_edge(model, layer, head, plan->out[i], key))
                    needed[key] = true;
}

static int slot_of(const int *positions, int position)
{
    int slot = 0;
    while (positions[slot] != position)
        slot++;
    return slot;
}

static void list_edges(Arena *arena, const Model *model, int layer, PlanLayer *plan)
{
    size_t queries = (size_t)(plan->heads * plan->n_out);
    plan->first = ARENA_NEW(arena, int, queries + 1);
    plan->key = ARENA_NEW(arena, int, queries *(size_t)plan->n_in);
    for (int head = 0, query = 0; head < plan->heads; head++)
        for (int i = 0; i < plan->n_out; i++) {
            for (int slot = 0; slot < plan->n_in && plan->in[slot] <= plan->out[i]; slot++)
                if (model_edge(model, layer, head, plan->out[i], plan->in[slot]))
                    plan->key[plan->n_edges++] = slot;
            plan->first[++query] = plan->n_edges;
        }
}

// Fills in the layer whose output positions are the marked ones, and marks its input positions.
static void plan_layer(Arena *arena, const Model *model, int layer, bool *needed, PlanLayer *plan)
{
    int C = model->shape.n_ctx;
    plan->heads = model->shape.heads;
    plan->out = ARENA_NEW(arena, int, (size_t)C);
    plan->in = ARENA_NEW(arena, int, (size_t)C);
    plan->n_out = list_marked(needed, C, plan->out);
    mark_keys(model, layer, plan, needed);
    plan->n_in = list_marked(needed, C, plan->in);
    plan->residual = ARENA_NEW(arena, int, (size_t)plan->n_out);
    for (int i = 0; i < plan->n_out; i++)
        plan->residual[i] = slot_of(plan->in, plan->out[i]);
    list_edges(arena, model, layer, plan);
}

static double count_multiply_adds(ModelShape shape, const PlanLayer *plan)
{
    double attention = (double)shape.d_model * shape.heads * shape.d_head;
    double mlp = (double)shape.d_model * shape.d_mlp;
    return 2 * attention * plan->n_in + 2 * attention * plan->n_out +
           2.0 * shape.d_head * plan->n_edges + 2 * mlp * plan->n_out;
}

Plan *plan_new(Arena *arena, const Model *model, int prompt, int answer)
{
    ModelShape shape = model->shape;
    Plan *plan = ARENA_NEW(arena, Plan, 1);
    *plan = (Plan){.layers = shape.layers, .prompt = prompt, .answer = answer};
    plan->layer = ARENA_NEW(arena, PlanLayer, (size_t)shape.layers);
    bool *needed = ARENA_NEW(arena, bool, (size_t)shape.n_ctx);
    memset(needed + prompt - 1, true, (size_t)answer);
    for (int layer = shape.layers - 1; layer >= 0; layer--) {
        plan_layer(arena, model, layer, needed, &plan->layer[layer]);
        plan->multiply_adds += count_multiply_adds(shape, &plan->layer[layer]);
        if (plan->layer[layer].n_in > plan->positions_max)
            plan->positions_max = plan->layer[layer].n_in;
    }
    plan->multiply_adds += (double)answer * shape.d_model * shape.d_vocab;
    return plan;
}
