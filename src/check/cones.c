#include "cones.h"

#include "pool.h"
#include "reject.h"

#include <string.h>

// No table may have more configurations.
static const int64_t count_most = 1 << 22;

void problem_init(Problem *p, const Trellis *task, const Model *model)
{
    Place place = {"task.txt", 0};
    *p = (Problem){task, model, POOL_TAKE(int, task->tokens)};
    if (task->length > model->context)
        reject(place, "prompt and answer are longer than the model's context (K5)");
    for (int k = 0; k < task->tokens; k++) {
        int id = 0;
        while (id < model->vocabulary && strcmp(model->text[id], task->text[k]) != 0)
            id++;
        if (id == model->vocabulary)
            reject(place, "\"%.60s\" is not in the model's vocabulary (K5)", task->text[k]);
        p->id[k] = id;
    }
}

static bool any_edge(const Model *m, int layer, int query, int key)
{
    for (int h = 0; h < m->heads; h++)
        if (model_edge(m, layer, h, query, key))
            return true;
    return false;
}

// needed[layer][position]: from the queries of the answer positions down.
static bool *find_needed(const Problem *p)
{
    int n = p->task->length, top = p->model->layers - 1;
    bool *needed = POOL_TAKE(bool, (top + 1) * n);
    for (int j = p->task->prompt - 1; j < n - 1; j++)
        for (int k = 0; k <= j; k++)
            needed[top * n + k] |= k == j || any_edge(p->model, top, j, k);
    for (int l = top; l > 0; l--)
        for (int j = 0; j < n; j++)
            for (int k = 0; k <= j && needed[l * n + j]; k++)
                needed[(l - 1) * n + k] |= k == j || any_edge(p->model, l - 1, j, k);
    return needed;
}

static void fill(const Problem *p, Cone *cone, const bool *within)
{
    int n = p->task->length;
    cone->position = POOL_TAKE(int, n);
    cone->stride = pool_numbers(n);
    cone->count = 1;
    for (int i = 0; i < n; i++) {
        if (!within[i] || p->task->spot[i].column < 0)
            continue;
        cone->position[cone->size] = i;
        cone->stride[cone->size++] = cone->count;
        cone->count *= p->task->options[i];
        if (cone->count > count_most)
            reject(place_model,
                   "a residual depends on more configurations than this checker reckons with (K7)");
    }
}

static void join(bool *set, const bool *other, int size)
{
    for (int i = 0; i < size; i++)
        set[i] |= other[i];
}

Cone *cones_new(const Problem *p)
{
    int n = p->task->length, layers = p->model->layers;
    const bool *needed = find_needed(p);
    Cone *cones = POOL_TAKE(Cone, layers * n);
    bool *within = POOL_TAKE(bool, (size_t)layers *(size_t)n *(size_t)n), *w = within;
    for (int l = 0; l < layers; l++)
        for (int j = 0; j < n; j++, w += n) {
            w[j] = true;
            for (int k = 0; l > 0 && k <= j; k++)
                if (k == j || any_edge(p->model, l - 1, j, k))
                    join(w, w - (n + j - k) * n, k + 1); // that of (l - 1, k)
            if (needed[l * n + j])
                fill(p, &cones[l * n + j], w);
        }
    return cones;
}

int cone_find(const Cone *cone, int position)
{
    for (int i = 0; i < cone->size; i++)
        if (cone->position[i] == position)
            return i;
    return -1;
}

int64_t cone_project(const Problem *p, const Cone *from, int64_t configuration, const Cone *to)
{
    int64_t result = 0;
    for (int i = 0; i < to->size; i++)
        result +=
            to->stride[i] * cone_option(p, from, configuration, cone_find(from, to->position[i]));
    return result;
}
