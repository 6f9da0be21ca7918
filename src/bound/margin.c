#include "margin.h"

#include <string.h>

#include "groups.h"
#include "noise.h"
#include "token_functionals.h"

enum {
    PROBES = 2, // configurations looked at first
    LOOKS = 24, // configurations of margin_look
    SLOPES = 64,
};

typedef struct Work {
    Arena *arena, *scratch;
    const Query *query;
    int H, D, F, V;
    Cases cases;
    Neurons neurons;
    const MarginBound *like; // if there is one, neurons and slopes are taken from it
    MarginBound *bound;
} Work;

// One group, on the way.
typedef struct GroupWork {
    Cases cases;
    GroupBound *bound;
    TokenFunctionals functionals;
    HeadBounds heads; // of the tokens' functionals
} GroupWork;

// Configurations that may occur on the region; returns how many.
static int find_configs(const Query *query, const Region *region, int *ret_configs)
{
    int count = 0;
    for (int config = 0; config < query->table->cone->configs; config++)
        if (query_occurs(query, config, region))
            ret_configs[count++] = config;
    return count;
}

// ---- slopes and excesses --------------------------------------------------------------------------

static uint8_t choose_slope(NeuronBound n)
{
    if (n.high <= 0 || n.low >= 0)
        return n.high <= 0 ? 0 : SLOPES;
    Wide range = (Wide)n.high - n.low;
    return (uint8_t)((SLOPES * (Wide)n.high + range / 2) / range);
}

// A slope a so that a u is a good lower estimate of g relu(u), up to a constant. (K11)
static Fix slope_of(Fix gain, NeuronKind kind, int m)
{
    if (kind != NEURON_OPEN)
        return kind == NEURON_ON ? gain : 0;
    if (gain >= 0)
        return m >= SLOPES / 2 ? gain : 0;
    return (Fix)((Wide)gain * m / SLOPES);
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

static Fix gain_of(const Work *w, int token, int i)
{
    const FixMatrix *readout = &w->query->model->readout;
    return readout->mid[w->bound->right * w->F + i] - readout->mid[token * w->F + i];
}

static bool choose_slopes(const Work *w, const GroupBound *g, TokenBound *t)
{
    t->gain = ARENA_NEW(w->arena, Fix, (size_t)w->F);
    t->slope = ARENA_NEW(w->arena, Fix, (size_t)w->F);
    t->gain_rad = 2 * w->query->model->readout.rad;
    for (int i = 0; i < w->F; i++) {
        t->gain[i] = gain_of(w, t->token, i);
        t->slope[i] = slope_of(t->gain[i], g->neuron[i].kind, g->slope[i]);
        if (t->gain[i] > FIX_MAX || t->gain[i] < -FIX_MAX)
            return false;
    }
    return true;
}

static Wide token_excess(const GroupBound *g, const TokenBound *t, int i)
{
    return excess(t->slope[i], t->gain[i], t->gain_rad, g->neuron[i]);
}

// Sums of e over the neurons that are kept and over the others.
static bool sum_excess(const Work *w, const GroupBound *g, const TokenBound *t, Fix *ret_kept,
                       Fix *ret_others)
{
    Wide kept = 0, others = 0;
    for (int i = 0; i < w->F; i++)
        *(g->kept[i] ? &kept : &others) += token_excess(g, t, i);
    *ret_kept = (Fix)kept;
    *ret_others = (Fix)others;
    return kept <= FIX_MAX && kept >= -FIX_MAX && others <= FIX_MAX && others >= -FIX_MAX;
}

// The unstable neuron, not kept yet, whose e is largest for some token; -1 if there is none.
static int next_kept(const Work *w, const GroupBound *g)
{
    int best = -1;
    Wide most = -1;
    for (int i = 0; i < w->F; i++)
        for (int t = 0; t < w->bound->n_tokens; t++) {
            if (g->kept[i] || !neuron_unstable(g->neuron[i]))
                continue;
            Wide e = token_excess(g, &g->token[t], i);
            if (e > most) {
                most = e;
                best = i;
            }
        }
    return best;
}

static void choose_kept(const Work *w, GroupBound *g)
{
    g->kept = ARENA_NEW(w->arena, bool, (size_t)w->F);
    for (int i; g->n_kept < MARGIN_KEPT_MAX && (i = next_kept(w, g)) >= 0; g->n_kept++)
        g->kept[i] = true;
}

// ---- the tokens of a group ------------------------------------------------------------------------

// Lowers a token's bounds to what one case allows. False if a sum leaves its bound.
static bool take_case(const Work *w, TokenBound *token, Fix direct, const Fix *head)
{
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
static Wide token_noise(const Work *w, const GroupWork *g, int t)
{
    const Noise *n = w->query->noise;
    const FixMatrix *U = &w->query->model->W_U;
    const TokenFunctionals *f = &g->functionals;
    const TokenBound *token = &g->bound->token[t];
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

static bool case_tokens(const Work *w, GroupWork *g, int item, const Wide *noise)
{
    int T = w->bound->n_tokens;
    FixVector x = case_direct(w->scratch, &g->cases, item);
    FixVector direct = fix_vector_new(w->scratch, T);
    Fix *head = ARENA_NEW(w->scratch, Fix, (size_t)w->H);
    if (!fix_apply(&g->functionals.C, &x, &g->functionals.constant, &direct))
        return false;
    for (int t = 0; t < T; t++) {
        for (int h = 0; h < w->H; h++)
            head[h] = g->cases.item[item].head[h].n_keys == 0
                          ? 0
                          : head_lambda(&g->heads, item, h, t, NUMBER_BITS_FINE,
                                        w->bound->choices.token[t].d[h]);
        Wide rest = (Wide)direct.mid[t] - direct.rad - noise[t];
        if (rest < -FIX_MAX || !take_case(w, &g->bound->token[t], (Fix)rest, head))
            return false;
    }
    return true;
}

static bool tokens_init(const Work *w, GroupBound *g)
{
    int count = 0;
    g->token = ARENA_NEW(w->arena, TokenBound, (size_t)w->bound->n_tokens);
    for (int v = 0; v < w->V; v++) {
        if (v == w->bound->right)
            continue;
        TokenBound *t = &g->token[count++];
        *t = (TokenBound){.token = v, .linear = FIX_MAX, .direct = FIX_MAX};
        t->head = ARENA_NEW(w->arena, Fix, (size_t)w->H);
        for (int h = 0; h < w->H; h++)
            t->head[h] = FIX_MAX;
        if (!choose_slopes(w, g, t))
            return false;
    }
    return true;
}

// Where runs have a neuron, rounding aside: the exact function is a run.
static NeuronBound without_rounding(NeuronBound n, Fix wide)
{
    return (NeuronBound){n.low + wide, n.high - wide, n.kind};
}

static void group_neurons(const Work *w, int number, GroupBound *g)
{
    g->neuron = ARENA_NEW(w->arena, NeuronBound, (size_t)w->F);
    g->slope = ARENA_NEW(w->arena, uint8_t, (size_t)w->F);
    if (!w->like)
        neurons_hull(&w->neurons, w->bound->group_of, w->cases.count, number, g->neuron);
    for (int i = 0; i < w->F; i++) {
        if (w->like)
            g->neuron[i] =
                without_rounding(w->like->group[number].neuron[i], w->query->noise->wide[i]);
        g->slope[i] = w->like ? w->like->group[number].slope[i] : choose_slope(g->neuron[i]);
    }
}

// The functionals of a group, and bounds on what each head gives to them.
static bool group_init(const Work *w, int number, GroupWork *g)
{
    MarginBound *b = w->bound;
    g->bound = &b->group[number];
    g->cases = cases_of_group(w->scratch, &w->cases, b->group_of, number);
    group_neurons(w, number, g->bound);
    if (!tokens_init(w, g->bound) ||
        !token_functionals_init(w->scratch, &g->cases, b->right, g->bound->token, b->n_tokens,
                                &g->functionals))
        return false;
    head_bounds_of(w->scratch, &g->cases, g->functionals.tables, NULL, &g->heads);
    return true;
}

static bool group_finish(const Work *w, GroupWork *g)
{
    Wide *noise = ARENA_NEW(w->scratch, Wide, (size_t)w->bound->n_tokens);
    for (int t = 0; t < w->bound->n_tokens; t++)
        noise[t] = w->query->exact ? 0 : token_noise(w, g, t);
    for (int c = 0; c < g->cases.count; c++)
        if (!case_tokens(w, g, c, noise))
            return false;
    choose_kept(w, g->bound);
    g->bound->margin = FIX_MAX;
    for (int t = 0; t < w->bound->n_tokens; t++) {
        TokenBound *token = &g->bound->token[t];
        Fix kept, others;
        if (!sum_excess(w, g->bound, token, &kept, &others))
            return false;
        token->linear -= others;
        token->direct -= others;
        token->margin = token->linear - kept;
        g->bound->margin = token->margin < g->bound->margin ? token->margin : g->bound->margin;
    }
    return true;
}

// ---- all groups -----------------------------------------------------------------------------------

// One number a head and token serves all groups.
static void choose_numbers(const Work *w, const GroupWork *groups)
{
    MarginBound *b = w->bound;
    TokenChoice *choice = ARENA_NEW(w->arena, TokenChoice, (size_t)b->n_tokens);
    for (int t = 0; t < b->n_tokens; t++) {
        int32_t *d = ARENA_NEW(w->arena, int32_t, (size_t)w->H);
        for (int g = 0; g < b->n_groups; g++)
            for (int h = 0; h < w->H; h++) {
                int32_t own =
                    head_units(&groups[g].cases, &groups[g].heads, h, t, NUMBER_BITS_FINE);
                d[h] = g == 0 || own > d[h] ? own : d[h];
            }
        choice[t] = (TokenChoice){b->group[0].token[t].token, d};
    }
    b->choices.token = choice;
    b->choices.n_tokens = b->n_tokens;
}

static void take_choices(const Work *w)
{
    MarginBound *b = w->bound;
    Choices *c = &b->choices;
    NeuronChoice *neuron = ARENA_NEW(w->arena, NeuronChoice, (size_t)w->F);
    for (int i = 0; i < w->F; i++) {
        uint8_t *slope = ARENA_NEW(w->arena, uint8_t, (size_t)b->n_groups);
        for (int g = 0; g < b->n_groups; g++)
            slope[g] = b->group[g].slope[i];
        neuron[i] = (NeuronChoice){w->neurons.kind[i], slope, w->neurons.up[i], w->neurons.down[i]};
    }
    c->neuron = neuron;
    c->configs = b->configs;
    c->groups = b->n_groups;
    c->group_of = b->group_of;
}

static bool bound_groups(const Work *w)
{
    MarginBound *b = w->bound;
    GroupWork group[GROUPS_MAX];
    b->group = ARENA_NEW(w->arena, GroupBound, (size_t)b->n_groups);
    for (int g = 0; g < b->n_groups; g++)
        if (!group_init(w, g, &group[g]))
            return false;
    choose_numbers(w, group);
    if (!w->like)
        take_choices(w);
    b->margin = FIX_MAX;
    for (int g = 0; g < b->n_groups; g++) {
        if (!group_finish(w, &group[g]))
            return false;
        b->margin = b->group[g].margin < b->margin ? b->group[g].margin : b->margin;
    }
    return true;
}

// The largest effect of each neuron on a margin.
static Fix *weights_of(const Work *w)
{
    Fix *weight = ARENA_NEW(w->scratch, Fix, (size_t)w->F);
    for (int i = 0; i < w->F; i++)
        for (int v = 0; v < w->V; v++) {
            Fix gain = gain_of(w, v, i), size = gain < 0 ? -gain : gain;
            weight[i] = size > weight[i] ? size : weight[i];
        }
    return weight;
}

// One group; if that does not suffice, several.
static bool bound_tokens(Work *w, Fix enough)
{
    MarginBound *b = w->bound, together;
    b->group_of = ARENA_NEW(w->arena, uint8_t, (size_t)b->configs);
    b->n_groups = 1;
    if (!bound_groups(w))
        return false;
    if (b->margin > enough || b->configs == 1)
        return true;
    together = *b;
    b->group_of = ARENA_NEW(w->arena, uint8_t, (size_t)b->configs);
    b->n_groups = groups_of(&w->neurons, b->configs, GROUPS_MAX, weights_of(w), b->group_of);
    if (!bound_groups(w))
        return false;
    if (b->margin < together.margin)
        *b = together;
    return true;
}

static void choices_init(const Work *w)
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

// ---- regions --------------------------------------------------------------------------------------

static bool work_begin(Arena *arena, const Query *query, const Region *region, const int *configs,
                       int count, MarginBound *bound, Work *ret_work)
{
    ModelShape s = query->model->model->shape;
    Work w = {.arena = arena,
              .scratch = arena_new(),
              .query = query,
              .H = s.heads,
              .D = s.d_model,
              .F = s.d_mlp,
              .V = s.d_vocab,
              .bound = bound};
    bound->n_tokens = s.d_vocab - 1;
    bool fits = cases_of(w.scratch, query, region, configs, count, &w.cases);
    if (fits) {
        choices_init(&w);
        bound->configs = w.cases.count;
        bound->config = ARENA_NEW(arena, int, (size_t)w.cases.count);
        for (int c = 0; c < w.cases.count; c++)
            bound->config[c] = w.cases.item[c].config;
    }
    *ret_work = w;
    return fits;
}

static bool bound_configs(Arena *arena, const Query *query, const Region *region, int right,
                          const int *configs, int count, Fix enough, MarginBound *ret_bound)
{
    MarginBound bound = {.right = right};
    Work w;
    bool fits = work_begin(arena, query, region, configs, count, &bound, &w) &&
                neurons_bound(arena, &w.cases, &w.neurons) && bound_tokens(&w, enough);
    arena_free(w.scratch);
    *ret_bound = bound;
    return fits;
}

Fix margin_exact(const Query *query, const Region *region, const MarginBound *like)
{
    Arena *scratch = arena_new();
    Query exact = *query;
    MarginBound bound = {
        .right = like->right, .n_groups = like->n_groups, .group_of = like->group_of};
    Work w;
    exact.exact = true;
    bool fits = work_begin(scratch, &exact, region, like->config, like->configs, &bound, &w);
    w.like = like;
    fits = fits && bound_groups(&w);
    arena_free(w.scratch);
    arena_free(scratch);
    return fits ? bound.margin : -FIX_MAX;
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
    return bound_configs(arena, query, region, right, few, n, enough, ret_bound) &&
           ret_bound->margin <= enough;
}

Fix margin_look(const Query *query, const Region *region, int right, Fix enough)
{
    Arena *scratch = arena_new();
    int *configs = ARENA_NEW(scratch, int, (size_t)query->table->cone->configs);
    int few[LOOKS], n = spread(configs, find_configs(query, region, configs), LOOKS, few);
    MarginBound bound;
    Fix margin = -FIX_MAX;
    if (bound_configs(scratch, query, region, right, few, n, enough, &bound))
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
        fits = bound_configs(arena, query, region, right, configs, count, enough, ret_bound);
        ret_bound->complete = fits;
    }
    arena_free(scratch);
    return fits;
}
