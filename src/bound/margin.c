#include "margin.h"

#include "token_functionals.h"

enum {
    SLOPE_STEP_BITS = 10, // slopes of unstable neurons are multiples of 2^-10: short in queries
    PROBES = 4,           // configurations looked at first
};

typedef struct Case { // one query configuration on the region
    int config;
    PathRegion path;
    PathHead *head; // [H]
} Case;

typedef struct Work {
    Arena *arena, *scratch;
    const Query *query;
    const FixLayer *layer;
    int H, D, F, V;
    int n_cases;
    Case *cases;
    MarginBound *bound;
} Work;

static bool case_init(Work *w, int config, const Region *region)
{
    Case *c = &w->cases[w->n_cases];
    Region *own = region_copy(w->scratch, region);
    if (!query_restrict(w->query, config, own))
        return true;
    c->config = config;
    c->head = ARENA_NEW(w->scratch, PathHead, (size_t)w->H);
    path_region_init(w->scratch, own, &c->path);
    for (int h = 0; h < w->H; h++)
        if (!query_head(w->scratch, w->query, config, h, &c->path, &c->head[h]))
            return false;
    w->n_cases++;
    return true;
}

// Configurations that may occur on the region; returns how many.
static int find_configs(const Query *query, const Region *region, int *ret_configs)
{
    int count = 0;
    for (int config = 0; config < query->table->cone->configs; config++)
        if (query_occurs(query, config, region))
            ret_configs[count++] = config;
    return count;
}

static bool cases_init(Work *w, const Region *region, const int *configs, int count)
{
    w->cases = ARENA_NEW(w->scratch, Case, (size_t)count);
    for (int i = 0; i < count; i++)
        if (!case_init(w, configs[i], region))
            return false;
    w->bound->configs = w->n_cases;
    return w->n_cases > 0;
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

static int32_t **guesses_new(Work *w, int n)
{
    int32_t **guess = ARENA_NEW(w->scratch, int32_t *, (size_t)w->H);
    for (int h = 0; h < w->H; h++)
        guess[h] = ARENA_NEW(w->scratch, int32_t, (size_t)n + FUNCTIONAL_LANES);
    return guess;
}

// sum[i] += upper bounds of sign * functional i through all heads. False if a sum leaves its bound.
static bool add_heads(Work *w, const Case *c, const FunctionalTable *tables, int sign,
                      int32_t **guess, Fix *sum)
{
    Fix *bound = ARENA_NEW(w->scratch, Fix, (size_t)tables[0].stride);
    for (int h = 0; h < w->H; h++) {
        if (c->head[h].n_keys == 0)
            continue;
        path_bound(&c->path, &c->head[h], &tables[h], sign, guess[h], bound);
        for (int i = 0; i < tables[h].n; i++) {
            sum[i] += bound[i];
            if (sum[i] > FIX_MAX || sum[i] < -FIX_MAX)
                return false;
        }
    }
    return true;
}

static bool case_neurons(Work *w, const Case *c, int32_t **up, int32_t **down)
{
    FixVector x = direct_residual(w, c->config), u = fix_vector_new(w->scratch, w->F);
    Fix *high = ARENA_NEW(w->scratch, Fix, (size_t)w->F);
    Fix *low = ARENA_NEW(w->scratch, Fix, (size_t)w->F);
    if (!fix_apply(&w->layer->W_in, &x, &w->layer->b_in, &u) ||
        !add_heads(w, c, w->query->neurons, 1, up, high) ||
        !add_heads(w, c, w->query->neurons, -1, down, low))
        return false;
    for (int i = 0; i < w->F; i++) {
        NeuronBound *n = &w->bound->neuron[i];
        Fix l = u.mid[i] - u.rad - low[i], r = u.mid[i] + u.rad + high[i];
        n->low = l < n->low ? l : n->low;
        n->high = r > n->high ? r : n->high;
        if (n->low < -FIX_MAX || n->high > FIX_MAX)
            return false;
    }
    return true;
}

static bool bound_neurons(Work *w)
{
    int32_t **up = guesses_new(w, w->F), **down = guesses_new(w, w->F);
    w->bound->neuron = ARENA_NEW(w->arena, NeuronBound, (size_t)w->F);
    for (int i = 0; i < w->F; i++)
        w->bound->neuron[i] = (NeuronBound){FIX_MAX, -FIX_MAX};
    for (int c = 0; c < w->n_cases; c++)
        if (!case_neurons(w, &w->cases[c], up, down))
            return false;
    return true;
}

// A slope a so that a u is a good lower estimate of g relu(u), up to a constant. Any number is
// sound.
static Fix choose_slope(Fix gain, NeuronBound n)
{
    if (n.high <= 0)
        return 0;
    if (n.low >= 0)
        return gain;
    Fix slope = n.high > -n.low ? gain : 0;
    if (gain < 0)
        slope = (Fix)((Wide)gain * n.high / (n.high - n.low));
    return slope & ~(((Fix)1 << (FIX_BITS - SLOPE_STEP_BITS)) - 1);
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
        t->slope[i] = choose_slope(t->gain[i], w->bound->neuron[i]);
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
static bool take_case(Work *w, int t, Fix direct, Fix **head)
{
    TokenBound *token = &w->bound->token[t];
    Fix linear = direct;
    token->direct = direct < token->direct ? direct : token->direct;
    for (int h = 0; h < w->H; h++) {
        Fix part = -head[h][t];
        linear += part;
        if (linear > FIX_MAX || linear < -FIX_MAX)
            return false;
        token->head[h] = part < token->head[h] ? part : token->head[h];
    }
    token->linear = linear < token->linear ? linear : token->linear;
    return true;
}

static bool case_tokens(Work *w, const Case *c, const TokenFunctionals *functionals,
                        int32_t **guess)
{
    int T = w->bound->n_tokens;
    FixVector x = direct_residual(w, c->config), direct = fix_vector_new(w->scratch, T);
    Fix **head = ARENA_NEW(w->scratch, Fix *, (size_t)w->H);
    if (!fix_apply(&functionals->C, &x, &functionals->constant, &direct))
        return false;
    for (int h = 0; h < w->H; h++) {
        head[h] = ARENA_NEW(w->scratch, Fix, (size_t)T + FUNCTIONAL_LANES);
        if (c->head[h].n_keys > 0)
            path_bound(&c->path, &c->head[h], &functionals->tables[h], -1, guess[h], head[h]);
    }
    for (int t = 0; t < T; t++)
        if (!take_case(w, t, direct.mid[t] - direct.rad, head))
            return false;
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
    if (!tokens_init(w) || !token_functionals_init(w->scratch, w->query, w->bound, &functionals))
        return false;
    int32_t **guess = guesses_new(w, w->V);
    for (int c = 0; c < w->n_cases; c++)
        if (!case_tokens(w, &w->cases[c], &functionals, guess))
            return false;
    return finish(w);
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
    bool fits = cases_init(&w, region, configs, count) && bound_neurons(&w) && bound_tokens(&w);
    arena_free(w.scratch);
    *ret_bound = bound;
    return fits;
}

// True if a few configurations spread over the list show that the region's margin cannot suffice.
static bool probe(Arena *arena, const Query *query, const Region *region, int right, Fix enough,
                  const int *configs, int count, MarginBound *ret_bound)
{
    int few[PROBES];
    for (int i = 0; i < PROBES; i++)
        few[i] = configs[(long)(count - 1) * i / (PROBES - 1)];
    return bound_configs(arena, query, region, right, few, PROBES, ret_bound) &&
           ret_bound->margin <= enough;
}

bool margin_bound(Arena *arena, const Query *query, const Region *region, int right, Fix enough,
                  MarginBound *ret_bound)
{
    Arena *scratch = arena_new();
    int *configs = ARENA_NEW(scratch, int, (size_t)query->table->cone->configs);
    int count = find_configs(query, region, configs);
    bool fits = true;
    if (count < 3 * PROBES ||
        !probe(arena, query, region, right, enough, configs, count, ret_bound)) {
        fits = bound_configs(arena, query, region, right, configs, count, ret_bound);
        ret_bound->complete = fits;
    }
    arena_free(scratch);
    return fits;
}
