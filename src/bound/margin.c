#include "margin.h"

#include <string.h>

#include "cases.h"
#include "noise.h"
#include "token_functionals.h"

enum {
    PROBES = 2, // configurations looked at first
    LOOKS = 24,  // configurations of margin_look
    FINE_BITS = 10,
    COARSE_BITS = 4, // units of a certificate's numbers
    SLOPES = 64,
};

// What `off` and `on` must exceed their threshold by.
#define SETTLED_ROOM (FIX_ONE / 32)

typedef struct Work {
    Arena *arena, *scratch;
    const Query *query;
    const FixLayer *layer;
    int H, D, F, V;
    Cases cases;
    Fix *direct; // [cases][F] what neurons have besides the heads, midpoints
    Fix direct_rad;
    HeadBounds up, down;
    MarginBound *bound;
} Work;

// Configurations that may occur on the region; returns how many.
static int find_configs(const Query *query, const Region *region, int *ret_configs)
{
    int count = 0;
    for (int config = 0; config < query->table->cone->configs; config++)
        if (query_occurs(query, config, region))
            ret_configs[count++] = config;
    return count;
}

// The residual that the MLP sees, but for the heads' outputs: x + b_O.
static FixVector direct_residual(Work *w, int config)
{
    FixVector x = fix_vector_new(w->scratch, w->D);
    for (int d = 0; d < w->D; d++)
        x.mid[d] = w->query->table->x[config * w->D + d] + w->layer->b_O.mid[d];
    x.rad = w->query->table->x_rad[config] + w->layer->b_O.rad;
    return x;
}

// ---- neurons --------------------------------------------------------------------------------------

static bool direct_init(Work *w)
{
    w->direct = ARENA_NEW(w->scratch, Fix, (size_t)(w->cases.count * w->F));
    w->direct_rad = 0;
    for (int c = 0; c < w->cases.count; c++) {
        FixVector x = direct_residual(w, w->cases.item[c].config);
        FixVector u = {w->direct + c * w->F, 0, w->F};
        if (!fix_apply(&w->layer->W_in, &x, &w->layer->b_in, &u))
            return false;
        w->direct_rad = u.rad > w->direct_rad ? u.rad : w->direct_rad;
    }
    return true;
}

static int32_t *units(Work *w, const HeadBounds *bounds, int i, int bits)
{
    int32_t *d = ARENA_NEW(w->arena, int32_t, (size_t)w->H);
    for (int h = 0; h < w->H; h++)
        d[h] = head_units(&w->cases, bounds, h, i, bits);
    return d;
}

// sum over heads of lambda in one case.
static Wide lambdas(const Work *w, const HeadBounds *bounds, int item, int i, int bits,
                    const int32_t *d)
{
    Wide sum = 0;
    for (int h = 0; h < w->H; h++)
        if (w->cases.item[item].head[h].n_keys > 0)
            sum += head_lambda(bounds, item, h, i, bits, d[h]);
    return sum;
}

// r (sign 1), or -l (sign -1), of neuron i by the units d.
static Wide reach(const Work *w, int sign, int i, int bits, const int32_t *d)
{
    const HeadBounds *bounds = sign > 0 ? &w->up : &w->down;
    Wide most = -FIX_MAX;
    for (int c = 0; c < w->cases.count; c++) {
        Wide u = sign * w->direct[c * w->F + i] + lambdas(w, bounds, c, i, bits, d);
        most = u > most ? u : most;
    }
    return most + w->direct_rad + (w->query->exact ? 0 : w->query->noise->wide[i]);
}

// Off or on, if coarse units show it.
static bool settle(Work *w, int sign, int i, Wide fine, const int32_t **ret_d)
{
    if (fine > -SETTLED_ROOM)
        return false;
    int32_t *d = units(w, sign > 0 ? &w->up : &w->down, i, COARSE_BITS);
    *ret_d = d;
    return reach(w, sign, i, COARSE_BITS, d) <= -SETTLED_ROOM;
}

static int choose_slope(Wide low, Wide high)
{
    if (high <= 0 || low >= 0)
        return high <= 0 ? 0 : SLOPES;
    return (int)((SLOPES * high + (high - low) / 2) / (high - low));
}

static bool bound_neuron(Work *w, int i, NeuronChoice *choice)
{
    const int32_t *up = units(w, &w->up, i, FINE_BITS), *down = units(w, &w->down, i, FINE_BITS);
    Wide high = reach(w, 1, i, FINE_BITS, up), low = -reach(w, -1, i, FINE_BITS, down);
    NeuronBound *n = &w->bound->neuron[i];
    if (low < -FIX_MAX || high > FIX_MAX)
        return false;
    *n = (NeuronBound){(Fix)low, (Fix)high, NEURON_OPEN, choose_slope(low, high)};
    *choice = (NeuronChoice){NEURON_OPEN, n->slope, up, down};
    if (settle(w, 1, i, high, &choice->up))
        n->kind = choice->kind = NEURON_OFF;
    else if (settle(w, -1, i, -low, &choice->down))
        n->kind = choice->kind = NEURON_ON;
    if (choice->kind == NEURON_OPEN)
        choice->up = up, choice->down = down;
    return true;
}

static bool bound_neurons(Work *w)
{
    NeuronChoice *choice = ARENA_NEW(w->arena, NeuronChoice, (size_t)w->F);
    w->bound->neuron = ARENA_NEW(w->arena, NeuronBound, (size_t)w->F);
    w->bound->choices.neuron = choice;
    if (!direct_init(w))
        return false;
    head_bounds_of(w->scratch, &w->cases, w->query->neurons, &w->up, &w->down);
    for (int i = 0; i < w->F; i++)
        if (!bound_neuron(w, i, &choice[i]))
            return false;
    return true;
}

// ---- slopes and excesses --------------------------------------------------------------------------

// A slope a so that a u is a good lower estimate of g relu(u), up to a constant. (K11)
static Fix slope_of(Fix gain, const NeuronBound *n)
{
    if (n->kind != NEURON_OPEN)
        return n->kind == NEURON_ON ? gain : 0;
    if (gain >= 0)
        return n->slope >= SLOPES / 2 ? gain : 0;
    return (Fix)((Wide)gain * n->slope / SLOPES);
}

// The largest a u - g relu(u) at one u, for g within rad of gain; rounded up.
static Wide excess_at(Fix slope, Fix gain, Fix gain_rad, Fix u)
{
    Fix relu = u > 0 ? u : 0;
    return fix_ceil((Wide)slope * u - (Wide)(gain - gain_rad) * relu);
}

// The largest a u - g relu(u) on [low, high]: it is piecewise linear, so it is met at an end or at
// 0. (Lemma B5)
static Wide excess(Fix slope, Fix gain, Fix gain_rad, NeuronBound n)
{
    Wide low = excess_at(slope, gain, gain_rad, n.low), e = low;
    Wide high = excess_at(slope, gain, gain_rad, n.high);
    e = high > e ? high : e;
    return neuron_unstable(n) && e < 0 ? 0 : e;
}

static bool choose_slopes(Work *w, TokenBound *t)
{
    const FixMatrix *readout = &w->query->model->readout;
    t->gain = ARENA_NEW(w->arena, Fix, (size_t)w->F);
    t->slope = ARENA_NEW(w->arena, Fix, (size_t)w->F);
    t->gain_rad = 2 * readout->rad;
    for (int i = 0; i < w->F; i++) {
        t->gain[i] = readout->mid[w->bound->right * w->F + i] - readout->mid[t->token * w->F + i];
        t->slope[i] = slope_of(t->gain[i], &w->bound->neuron[i]);
        if (t->gain[i] > FIX_MAX || t->gain[i] < -FIX_MAX)
            return false;
    }
    return true;
}

static Wide token_excess(const Work *w, const TokenBound *t, int i)
{
    return excess(t->slope[i], t->gain[i], t->gain_rad, w->bound->neuron[i]);
}

// Sums of e over the neurons that are kept and over the others.
static bool sum_excess(const Work *w, const TokenBound *t, Fix *ret_kept, Fix *ret_others)
{
    Wide kept = 0, others = 0;
    for (int i = 0; i < w->F; i++)
        *(w->bound->kept[i] ? &kept : &others) += token_excess(w, t, i);
    *ret_kept = (Fix)kept;
    *ret_others = (Fix)others;
    return kept <= FIX_MAX && kept >= -FIX_MAX && others <= FIX_MAX && others >= -FIX_MAX;
}

// The unstable neuron, not kept yet, whose e is largest for some token; -1 if there is none.
static int next_kept(const Work *w)
{
    int best = -1;
    Wide most = -1;
    for (int i = 0; i < w->F; i++)
        for (int t = 0; t < w->bound->n_tokens; t++) {
            if (w->bound->kept[i] || !neuron_unstable(w->bound->neuron[i]))
                continue;
            Wide e = token_excess(w, &w->bound->token[t], i);
            if (e > most) {
                most = e;
                best = i;
            }
        }
    return best;
}

static void choose_kept(Work *w)
{
    MarginBound *b = w->bound;
    b->kept = ARENA_NEW(w->arena, bool, (size_t)w->F);
    for (int i; b->n_kept < MARGIN_KEPT_MAX && (i = next_kept(w)) >= 0; b->n_kept++)
        b->kept[i] = true;
}

// Lowers a token's bounds to what one case allows. False if a sum leaves its bound.
static bool take_case(Work *w, int t, Fix direct, const Fix *head)
{
    TokenBound *token = &w->bound->token[t];
    Fix linear = direct;
    token->direct = direct < token->direct ? direct : token->direct;
    for (int h = 0; h < w->H; h++) {
        Fix part = -head[h];
        linear += part;
        if (linear > FIX_MAX || linear < -FIX_MAX)
            return false;
        token->head[h] = part < token->head[h] ? part : token->head[h];
    }
    token->linear = linear < token->linear ? linear : token->linear;
    return true;
}

// What rounding can take from token t's margin. (K11; Lemma R4)
static Wide token_noise(const Work *w, const TokenFunctionals *f, int t)
{
    const Noise *n = w->query->noise;
    const FixMatrix *U = &w->query->model->W_U;
    const TokenBound *token = &w->bound->token[t];
    Wide noise = rounding_spread(n->residual, f->C.mid + t * w->D, f->C.rad, w->D) +
                 rounding_spread(n->lu, token->slope, 1, w->F) + n->ll[w->bound->right] +
                 n->ll[token->token];
    Wide last = 0;
    for (int d = 0; d < w->D; d++) {
        Fix u = U->mid[w->bound->right * w->D + d] - U->mid[token->token * w->D + d];
        last += (Wide)n->lx[d] * ((u < 0 ? -u : u) + 2 * U->rad);
    }
    for (int h = 0; h < w->H; h++)
        noise +=
            noise_of_head(n, h, f->through.mid + t * f->through.cols + h * (f->through.cols / w->H),
                          f->through.rad);
    return noise + fix_ceil(last);
}

static bool case_tokens(Work *w, int item, const TokenFunctionals *functionals,
                        const HeadBounds *bounds, const Wide *noise)
{
    int T = w->bound->n_tokens;
    FixVector x = direct_residual(w, w->cases.item[item].config);
    FixVector direct = fix_vector_new(w->scratch, T);
    Fix *head = ARENA_NEW(w->scratch, Fix, (size_t)w->H);
    if (!fix_apply(&functionals->C, &x, &functionals->constant, &direct))
        return false;
    for (int t = 0; t < T; t++) {
        for (int h = 0; h < w->H; h++)
            head[h] =
                w->cases.item[item].head[h].n_keys == 0
                    ? 0
                    : head_lambda(bounds, item, h, t, FINE_BITS, w->bound->choices.token[t].d[h]);
        Wide rest = (Wide)direct.mid[t] - direct.rad - noise[t];
        if (rest < -FIX_MAX || !take_case(w, t, (Fix)rest, head))
            return false;
    }
    return true;
}

static bool tokens_init(Work *w)
{
    MarginBound *b = w->bound;
    b->token = ARENA_NEW(w->arena, TokenBound, (size_t)w->V);
    for (int v = 0; v < w->V; v++) {
        if (v == b->right)
            continue;
        TokenBound *t = &b->token[b->n_tokens++];
        *t = (TokenBound){.token = v, .linear = FIX_MAX, .direct = FIX_MAX};
        t->head = ARENA_NEW(w->arena, Fix, (size_t)w->H);
        for (int h = 0; h < w->H; h++)
            t->head[h] = FIX_MAX;
        if (!choose_slopes(w, t))
            return false;
    }
    return true;
}

static bool finish(Work *w)
{
    MarginBound *b = w->bound;
    choose_kept(w);
    b->choices.n_tokens = b->n_tokens;
    b->margin = FIX_MAX;
    for (int t = 0; t < b->n_tokens; t++) {
        TokenBound *token = &b->token[t];
        Fix kept, others;
        if (!sum_excess(w, token, &kept, &others))
            return false;
        token->linear -= others;
        token->direct -= others;
        token->margin = token->linear - kept;
        if (token->margin < b->margin) {
            b->margin = token->margin;
            b->worst = t;
        }
    }
    return true;
}

static bool bound_tokens(Work *w)
{
    TokenFunctionals functionals;
    if (!tokens_init(w) || !token_functionals_init(w->scratch, &w->cases, w->bound, &functionals))
        return false;
    int T = w->bound->n_tokens;
    HeadBounds bounds;
    head_bounds_of(w->scratch, &w->cases, functionals.tables, NULL, &bounds);
    Wide *noise = ARENA_NEW(w->scratch, Wide, (size_t)T);
    TokenChoice *choice = ARENA_NEW(w->arena, TokenChoice, (size_t)T);
    for (int t = 0; t < T; t++) {
        noise[t] = w->query->exact ? 0 : token_noise(w, &functionals, t);
        choice[t] = (TokenChoice){w->bound->token[t].token, units(w, &bounds, t, FINE_BITS)};
    }
    w->bound->choices.token = choice;
    for (int c = 0; c < w->cases.count; c++)
        if (!case_tokens(w, c, &functionals, &bounds, noise))
            return false;
    return finish(w);
}

static void choices_init(Work *w)
{
    Choices *c = &w->bound->choices;
    const References *r = &w->cases.references;
    c->columns = r->columns;
    c->heads = w->H;
    c->neurons = w->F;
    c->n_references = r->count;
    uint8_t *symbols = ARENA_NEW(w->arena, uint8_t, (size_t)(r->count * r->columns));
    memcpy(symbols, r->symbol, (size_t)(r->count * r->columns));
    c->reference = symbols;
}

static bool bound_configs(Arena *arena, const Query *query, const Region *region, int right,
                          const int *configs, int count, MarginBound *ret_bound)
{
    ModelShape s = query->model->model->shape;
    MarginBound bound = {.right = right};
    Work w = {.arena = arena,
              .scratch = arena_new(),
              .query = query,
              .layer = &query->model->layer[s.layers - 1],
              .H = s.heads,
              .D = s.d_model,
              .F = s.d_mlp,
              .V = s.d_vocab,
              .bound = &bound};
    bool fits = cases_of(w.scratch, query, region, configs, count, &w.cases);
    choices_init(&w);
    bound.configs = fits ? w.cases.count : 0;
    fits = fits && bound_neurons(&w) && bound_tokens(&w);
    arena_free(w.scratch);
    *ret_bound = bound;
    return fits;
}

// Some of `count` configurations, spread over the list; returns how many.
static int spread(const int *configs, int count, int most, int *ret_few)
{
    int n = count < most ? count : most;
    for (int i = 0; i < n; i++)
        ret_few[i] = configs[n == 1 ? 0 : (long)(count - 1) * i / (n - 1)];
    return n;
}

// True if a few configurations show that the region's margin cannot suffice.
static bool probe(Arena *arena, const Query *query, const Region *region, int right, Fix enough,
                  const int *configs, int count, MarginBound *ret_bound)
{
    int few[PROBES], n = spread(configs, count, PROBES, few);
    return bound_configs(arena, query, region, right, few, n, ret_bound) &&
           ret_bound->margin <= enough;
}

Fix margin_look(const Query *query, const Region *region, int right)
{
    Arena *scratch = arena_new();
    int *configs = ARENA_NEW(scratch, int, (size_t)query->table->cone->configs);
    int few[LOOKS], n = spread(configs, find_configs(query, region, configs), LOOKS, few);
    MarginBound bound;
    Fix margin = -FIX_MAX;
    if (bound_configs(scratch, query, region, right, few, n, &bound))
        margin = bound.margin;
    arena_free(scratch);
    return margin;
}

bool margin_bound(Arena *arena, const Query *query, const Region *region, int right, Fix enough,
                  MarginBound *ret_bound)
{
    Arena *scratch = arena_new();
    int *configs = ARENA_NEW(scratch, int, (size_t)query->table->cone->configs);
    int count = find_configs(query, region, configs);
    bool fits = true;
    if (count < 2 * PROBES ||
        !probe(arena, query, region, right, enough, configs, count, ret_bound)) {
        fits = bound_configs(arena, query, region, right, configs, count, ret_bound);
        ret_bound->complete = fits;
    }
    arena_free(scratch);
    return fits;
}
