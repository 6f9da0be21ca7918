#include "samples.h"

#include <math.h>

#include "rng.h"
#include "tensors.h"

static void fill(Rng *rng, float *x, const Tensor *tensor)
{
    float size = tensor->rank > 1 ? 1.0f / sqrtf((float)tensor->dims[tensor->rank - 2]) : 0.3f;
    for (size_t i = 0; i < tensor->count; i++)
        x[i] = size * rng_normal(rng);
}

static void drop_edges(Rng *rng, Model *model)
{
    size_t count =
        (size_t)model->shape.heads * (size_t)model->shape.n_ctx * (size_t)model->shape.n_ctx;
    model->has_edges = true;
    for (int l = 0; l < model->shape.layers; l++)
        for (size_t i = 0; i < count; i++)
            if (rng_below(rng, 2) == 0)
                model->layer[l].edges[i] = 0;
}

Model *sample_model(Arena *arena, uint64_t seed, ModelShape shape, bool edges)
{
    const char **vocab = ARENA_NEW(arena, const char *, (size_t)shape.d_vocab);
    for (int v = 0; v < shape.d_vocab; v++)
        vocab[v] = arena_printf(arena, "t%d", v);
    Model *model = model_new(arena, shape, vocab);
    Rng rng = rng_new(seed, 0);
    int count;
    const Tensor *tensors = tensors_list(arena, shape, &count);
    for (int i = 0; i < count; i++)
        fill(&rng, model->parameters + tensors[i].first, &tensors[i]);
    if (edges)
        drop_edges(&rng, model);
    return model;
}

ModelShape sample_shape(int which)
{
    static const ModelShape shapes[SAMPLE_SHAPES] = {
        {1, 1, 3, 2, 5, 4, 3, 0.7f},
        {2, 3, 10, 4, 17, 13, 9, 0.5f},
        {3, 2, 32, 16, 40, 12, 12, 0.25f},
        {2, 3, 48, 16, 96, 12, 17, 0.25f},
    };
    return shapes[which];
}
