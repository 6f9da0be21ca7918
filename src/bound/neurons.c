#include "neurons.h"

#include "noise.h"

// What `off` and `on` must exceed their threshold by.
#define SETTLED_ROOM (FIX_ONE / 32)

typedef struct Work {
    Arena *arena, *scratch;
    const Cases *cases;
    const FixLayer *layer;
    int H, F;
    Fix *direct; // [cases][F] what neurons have besides the heads, midpoints
    Fix direct_rad;
    HeadBounds up, down;
} Work;

static bool direct_init(Work *w)
{
    const Cases *cases = w->cases;
    w->direct = ARENA_NEW(w->scratch, Fix, (size_t)(cases->count * w->F));
    for (int c = 0; c < cases->count; c++) {
        FixVector x = case_direct(w->scratch, cases, c);
        FixVector u = {w->direct + c * w->F, 0, w->F};
        if (!fix_apply(&w->layer->W_in, &x, &w->layer->b_in, &u))
            return false;
        w->direct_rad = u.rad > w->direct_rad ? u.rad : w->direct_rad;
    }
    return true;
}

static int32_t *numbers(const Work *w, const HeadBounds *bounds, int i, int bits)
{
    int32_t *d = ARENA_NEW(w->arena, int32_t, (size_t)w->H);
    for (int h = 0; h < w->H; h++)
        d[h] = head_units(w->cases, bounds, h, i, bits);
    return d;
}

// Upper bound of sign * pre-activation of neuron i in one case, by the numbers d.
static Wide reach(const Work *w, int sign, int item, int i, int bits, const int32_t *d)
{
    const HeadBounds *bounds = sign > 0 ? &w->up : &w->down;
    const Query *query = w->cases->query;
    Wide u = sign * w->direct[item * w->F + i] + w->direct_rad;
    for (int h = 0; h < w->H; h++)
        if (w->cases->item[item].head[h].n_keys > 0)
            u += head_lambda(bounds, item, h, i, bits, d[h]);
    return u + (query->exact ? 0 : query->noise->wide[i]);
}

static Wide farthest(const Work *w, int sign, int i, int bits, const int32_t *d)
{
    Wide most = -FIX_MAX;
    for (int c = 0; c < w->cases->count; c++) {
        Wide u = reach(w, sign, c, i, bits, d);
        most = u > most ? u : most;
    }
    return most;
}

// Off or on, if coarse numbers show it.
static bool settle(const Work *w, int sign, int i, const int32_t *fine, const int32_t **ret_d)
{
    if (farthest(w, sign, i, NUMBER_BITS_FINE, fine) > -SETTLED_ROOM)
        return false;
    *ret_d = numbers(w, sign > 0 ? &w->up : &w->down, i, NUMBER_BITS_COARSE);
    return farthest(w, sign, i, NUMBER_BITS_COARSE, *ret_d) <= -SETTLED_ROOM;
}

static bool bound_neuron(const Work *w, int i, Neurons *n)
{
    const int32_t *up = numbers(w, &w->up, i, NUMBER_BITS_FINE);
    const int32_t *down = numbers(w, &w->down, i, NUMBER_BITS_FINE);
    for (int c = 0; c < w->cases->count; c++) {
        Wide high = reach(w, 1, c, i, NUMBER_BITS_FINE, up);
        Wide low = -reach(w, -1, c, i, NUMBER_BITS_FINE, down);
        if (low < -FIX_MAX || high > FIX_MAX)
            return false;
        n->low[c * w->F + i] = (Fix)low;
        n->high[c * w->F + i] = (Fix)high;
    }
    n->kind[i] = settle(w, 1, i, up, &n->up[i])        ? NEURON_OFF
                 : settle(w, -1, i, down, &n->down[i]) ? NEURON_ON
                                                       : NEURON_OPEN;
    if (n->kind[i] == NEURON_OPEN) {
        n->up[i] = up;
        n->down[i] = down;
    }
    return true;
}

bool neurons_bound(Arena *arena, const Cases *cases, Neurons *ret_neurons)
{
    const Query *query = cases->query;
    ModelShape s = query->model->model->shape;
    size_t F = (size_t)s.d_mlp, size = (size_t)cases->count * F;
    Neurons n = {s.d_mlp,
                 ARENA_NEW(arena, Fix, size),
                 ARENA_NEW(arena, Fix, size),
                 ARENA_NEW(arena, NeuronKind, F),
                 ARENA_NEW(arena, const int32_t *, F),
                 ARENA_NEW(arena, const int32_t *, F)};
    Work w = {.arena = arena,
              .scratch = arena_new(),
              .cases = cases,
              .layer = &query->model->layer[s.layers - 1],
              .H = s.heads,
              .F = s.d_mlp};
    bool fits = direct_init(&w);
    if (fits)
        head_bounds_of(w.scratch, cases, query->neurons, &w.up, &w.down);
    for (int i = 0; i < w.F && fits; i++)
        fits = bound_neuron(&w, i, &n);
    arena_free(w.scratch);
    *ret_neurons = n;
    return fits;
}

void neurons_hull(const Neurons *neurons, const uint8_t *group_of, int count, int group,
                  NeuronBound *ret_bounds)
{
    for (int i = 0; i < neurons->F; i++) {
        NeuronBound *n = &ret_bounds[i];
        *n = (NeuronBound){FIX_MAX, -FIX_MAX, neurons->kind[i]};
        for (int c = 0; c < count; c++) {
            if (group_of[c] != group)
                continue;
            Fix low = neurons->low[c * neurons->F + i], high = neurons->high[c * neurons->F + i];
            n->low = low < n->low ? low : n->low;
            n->high = high > n->high ? high : n->high;
        }
    }
}
