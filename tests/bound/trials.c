#include "trials.h"

#include <string.h>

#include "groups.h"
#include "harness.h"

const FixtureOptions trial_models[TRIAL_MODELS] = {
    {FIXTURE_ADDITION, 2, 2, 2, 8, 3, 8, FIXTURE_RECIPE, 0.4f, 0.4f, 0.37f, 1},
    {FIXTURE_ADDITION, 2, 2, 3, 8, 3, 16, FIXTURE_RECIPE, 0.4f, 1.0f, 0.8f, 2},
    {FIXTURE_ADDITION, 2, 2, 1, 12, 5, 8, FIXTURE_RANDOM, 0.4f, 0.6f, 0.37f, 3},
    {FIXTURE_ADDITION, 2, 2, 3, 8, 3, 8, FIXTURE_RANDOM, 0.5f, 0.5f, 0.61f, 4},
    {FIXTURE_ADDITION, 2, 2, 2, 8, 4, 12, FIXTURE_SINGLE, 0.5f, 0.5f, 0.5f, 5},
    {FIXTURE_ADDITION, 2, 3, 2, 8, 3, 8, FIXTURE_RANDOM, 0.3f, 0.3f, 0.2f, 6},
    {FIXTURE_ADDITION, 2, 1, 2, 8, 3, 8, FIXTURE_RANDOM, 0.4f, 0.9f, 0.37f, 7},
    {FIXTURE_DIFFERENCE, 2, 2, 2, 8, 3, 8, FIXTURE_RECIPE, 0.4f, 0.4f, 0.37f, 8},
    {FIXTURE_DIFFERENCE, 2, 2, 2, 8, 3, 8, FIXTURE_RANDOM, 0.4f, 0.05f, 1.1f, 9},
    {FIXTURE_SIGNED, 2, 2, 2, 8, 3, 8, FIXTURE_RECIPE, 0.4f, 0.4f, 0.37f, 10},
    {FIXTURE_SIGNED, 2, 2, 3, 8, 3, 8, FIXTURE_RANDOM, 0.4f, 0.3f, 0.8f, 11},
};

int trial_right(const Fixture *f, int answer, const Region *region)
{
    int token = region_token(region, &f->task->source[f->task->prompt + answer]);
    CU_ASSERT_TRUE_FATAL(token >= 0);
    return f->ids[token];
}

// ---- one region ---------------------------------------------------------------------------------

const GroupBound *trial_group(const Trial *t, const MarginBound *b, int input)
{
    return fixture_group(t->f, t->answer, b, truth_symbols(t->truth, input));
}

static bool neurons_hold(const Trial *t, const GroupBound *g, int input)
{
    const Fix *low = truth_low(t->truth, t->answer, input);
    const Fix *high = truth_high(t->truth, t->answer, input);
    for (int i = 0; i < t->truth->F; i++)
        if (g->neuron[i].low > high[i] || g->neuron[i].high < low[i])
            return false;
    return true;
}

// L_t + sum of a u over the kept neurons, from the true margin and pre-activations; up to a few units
// and the gains' radius.
static bool linear_holds(const Trial *t, const TokenBound *token, const GroupBound *g, int input)
{
    Wide linear = (Wide)truth_margin(t->truth, t->answer, input)[token->token] * FIX_ONE, room = 0;
    const Fix *u = truth_high(t->truth, t->answer, input);
    for (int i = 0; i < t->truth->F; i++) {
        if (!g->kept[i])
            continue;
        Fix h = u[i] > 0 ? u[i] : 0;
        linear += (Wide)token->slope[i] * u[i] - (Wide)token->gain[i] * h;
        room += (Wide)token->gain_rad * h + (Wide)8 * FIX_MAX;
    }
    return (Wide)token->linear * FIX_ONE <= linear + room + FIX_ONE;
}

void trial_compare(Trial *t, const MarginBound *b, int input)
{
    const GroupBound *g = trial_group(t, b, input);
    t->compared++;
    t->wide_neurons += !neurons_hold(t, g, input);
    for (int i = 0; i < b->n_tokens; i++) {
        const TokenBound *token = &g->token[i];
        t->low_margins += token->margin > truth_margin(t->truth, t->answer, input)[token->token];
        t->low_linear += !linear_holds(t, token, g, input);
    }
}

// K11's table of slopes.
static bool slope_is_chosen(const NeuronBound *n, int m, Fix gain, Fix slope)
{
    if (n->kind == NEURON_OFF)
        return slope == 0 && n->high < 0;
    if (n->kind == NEURON_ON)
        return slope == gain && n->low > 0;
    if (gain >= 0)
        return slope == (m >= 32 ? gain : 0);
    Wide off = (Wide)slope * 64 - (Wide)gain * m;
    return m <= 64 && off > -64 && off < 64;
}

// The certificate's choices are about the same neurons, tokens, configurations and groups.
static void check_choices(const MarginBound *b, ModelShape s)
{
    const Choices *c = &b->choices;
    CU_ASSERT_TRUE(c->heads == s.heads && c->neurons == s.d_mlp && c->n_tokens == b->n_tokens);
    CU_ASSERT_TRUE(c->n_references > 0);
    CU_ASSERT_TRUE_FATAL(c->configs == b->configs && c->groups == b->n_groups);
    CU_ASSERT_EQUAL(memcmp(c->group_of, b->group_of, (size_t)b->configs), 0);
    for (int g = 0; g < b->n_groups; g++) {
        for (int i = 0; i < c->neurons; i++)
            CU_ASSERT_TRUE(c->neuron[i].kind == b->group[g].neuron[i].kind &&
                           c->neuron[i].slope[g] == b->group[g].slope[i]);
        for (int t = 0; t < c->n_tokens; t++)
            CU_ASSERT_EQUAL(c->token[t].token, b->group[g].token[t].token);
    }
}

// Every group has a configuration, and every configuration one of the groups.
static void check_partition(const MarginBound *b)
{
    int members[GROUPS_MAX] = {0};
    CU_ASSERT_TRUE_FATAL(b->n_groups >= 1 && b->n_groups <= GROUPS_MAX);
    for (int c = 0; c < b->configs; c++) {
        CU_ASSERT_TRUE(c == 0 || b->config[c] > b->config[c - 1]);
        CU_ASSERT_TRUE_FATAL(b->group_of[c] < b->n_groups);
        members[b->group_of[c]]++;
    }
    for (int g = 0; g < b->n_groups; g++)
        CU_ASSERT_TRUE(members[g] > 0);
}

static void check_group(const Trial *t, const MarginBound *b, const GroupBound *g)
{
    int kept = 0;
    Fix least = FIX_MAX;
    for (int i = 0; i < t->truth->F; i++) {
        kept += g->kept[i];
        CU_ASSERT_TRUE(!g->kept[i] || neuron_unstable(g->neuron[i]));
        for (int k = 0; k < b->n_tokens; k++)
            CU_ASSERT_TRUE(slope_is_chosen(&g->neuron[i], g->slope[i], g->token[k].gain[i],
                                           g->token[k].slope[i]));
    }
    CU_ASSERT_TRUE(kept == g->n_kept && kept <= MARGIN_KEPT_MAX);
    for (int k = 0; k < b->n_tokens; k++) {
        least = g->token[k].margin < least ? g->token[k].margin : least;
        CU_ASSERT_TRUE(g->token[k].token != b->right);
        CU_ASSERT_TRUE(k == 0 || g->token[k].token > g->token[k - 1].token);
    }
    CU_ASSERT_EQUAL(g->margin, least);
}

// What does not depend on any truth.
static void check_shape(const Trial *t, const MarginBound *b)
{
    Fix least = FIX_MAX;
    CU_ASSERT_EQUAL(b->n_tokens, t->f->model->shape.d_vocab - 1);
    check_partition(b);
    for (int g = 0; g < b->n_groups; g++) {
        check_group(t, b, &b->group[g]);
        least = b->group[g].margin < least ? b->group[g].margin : least;
    }
    check_choices(b, t->f->model->shape);
    CU_ASSERT_EQUAL(b->margin, least);
}

Fix trial_compare_all(Trial *t, const Region *region, const MarginBound *b)
{
    Fix least = INT64_MAX;
    for (int input = 0; input < t->truth->inputs; input++) {
        if (!region_contains(region, truth_symbols(t->truth, input)))
            continue;
        trial_compare(t, b, input);
        for (int i = 0; i < b->n_tokens; i++) {
            Fix margin = truth_margin(t->truth, t->answer, input)[b->group[0].token[i].token];
            least = margin < least ? margin : least;
        }
    }
    return least;
}

bool trial_bound_groups(Arena *arena, const Query *query, const Region *region,
                        const MarginBound *one, MarginBound *ret)
{
    CU_ASSERT_TRUE_FATAL(margin_bound(arena, query, region, one->right, one->margin, ret));
    CU_ASSERT_TRUE(!ret->complete || ret->margin >= one->margin);
    return ret->complete && ret->n_groups > 1;
}

void trial_check_bound(Trial *t, const Region *region, const MarginBound *b)
{
    CU_ASSERT_TRUE(b->complete);
    check_shape(t, b);
    Fix least = trial_compare_all(t, region, b);
    t->hopeless += least <= 0;
    t->certified += b->margin > 0;
    CU_ASSERT_FALSE(least <= 0 && b->margin > 0);
}

void trial_check_region(Trial *t, const Region *region)
{
    Arena *arena = arena_new();
    MarginBound b;
    t->regions++;
    if (margin_bound(arena, t->f->query[t->answer], region, trial_right(t->f, t->answer, region),
                     INT64_MIN, &b)) {
        CU_ASSERT_EQUAL(b.n_groups, 1);
        trial_check_bound(t, region, &b);
    } else {
        t->unfit++;
    }
    arena_free(arena);
}

void trial_check(const Trial *t)
{
    CU_ASSERT_EQUAL(t->low_margins, 0);
    CU_ASSERT_EQUAL(t->wide_neurons, 0);
    CU_ASSERT_EQUAL(t->low_linear, 0);
}

// ---- regions ------------------------------------------------------------------------------------

void trial_try_regions(Trial *t, int draws)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(11, (uint64_t)t->answer);
    for (int token = 0; token < t->f->task->n_alphabet; token++) {
        const Region *region = regions_of_token(arena, t->f->task, t->answer, token);
        if (region)
            trial_check_region(t, region);
    }
    for (int i = 0; i < draws; i++)
        trial_check_region(t, regions_draw(arena, t->f->task, t->answer, 6, &rng));
    arena_free(arena);
}

int trial_each_answer(const Fixture *f, const Truth *truth, int draws, bool tampered,
                      void (*try)(Trial *t, int draws))
{
    int compared = 0, found = 0;
    for (int a = 0; a < f->task->answer; a++) {
        Trial t = {.f = f, .truth = truth, .answer = a, .tampered = tampered};
        if (!f->query[a]->supported)
            continue;
        try(&t, draws);
        trial_check(&t);
        CU_ASSERT_EQUAL(t.unfit, 0);
        compared += t.compared;
        found += t.settled;
    }
    CU_ASSERT_TRUE(compared > 0);
    return found;
}
