#include "choices.h"

#include <string.h>

// NULL stays NULL.
static void *copy(Arena *arena, const void *from, size_t size)
{
    if (!from)
        return NULL;
    void *to = arena_alloc(arena, size, 1);
    if (size > 0)
        memcpy(to, from, size);
    return to;
}

Choices choices_copy(Arena *arena, const Choices *choices)
{
    Choices c = *choices;
    size_t heads = (size_t)c.heads * sizeof(int32_t);
    NeuronChoice *neuron = copy(arena, c.neuron, (size_t)c.neurons * sizeof *c.neuron);
    TokenChoice *token = copy(arena, c.token, (size_t)c.n_tokens * sizeof *c.token);
    for (int i = 0; i < c.neurons; i++) {
        neuron[i].slope = copy(arena, neuron[i].slope, (size_t)c.groups);
        neuron[i].up = copy(arena, neuron[i].up, heads);
        neuron[i].down = copy(arena, neuron[i].down, heads);
    }
    for (int t = 0; t < c.n_tokens; t++)
        token[t].d = copy(arena, token[t].d, heads);
    c.reference = copy(arena, c.reference, (size_t)(c.n_references * c.columns));
    c.group_of = copy(arena, c.group_of, (size_t)c.configs);
    c.neuron = neuron;
    c.token = token;
    return c;
}
