// Bounds of margins and neurons against the oracle, input by input.
//
// STRIDE: of the inputs of a two-digit task that are compared, TRAINED_STRIDE: of those of the trained
// model; REGIONS: how many are drawn for each answer position of each model.

#include <math.h>
#include <string.h>

#include "fixture.h"
#include "groups.h"
#include "harness.h"
#include "noise.h"
#include "parts.h"
#include "regions.h"
#include "truth.h"

#define TESTS(X)                                                                                   \
    X(bounds_hold_on_regions_of_random_models)                                                     \
    X(bounds_hold_with_several_groups)                                                             \
    X(the_exact_function_is_bounded_with_the_same_groups)                                          \
    X(bounds_hold_on_every_input_alone)                                                            \
    X(bounds_hold_for_a_trained_model)                                                             \
    X(bounds_hold_with_three_digits)                                                               \
    X(bounds_hold_whatever_the_tables_allow)                                                       \
    X(the_parts_are_bounds_of_the_parts)                                                           \
    X(incomplete_bounds_say_so)                                                                    \
    X(sums_over_heads_too_large_are_refused)

static const FixtureOptions models[] = {
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
enum { MODELS = sizeof models / sizeof *models };

typedef struct Trial {
    const Fixture *f;
    const Truth *truth;
    int answer;
    int compared;                              // inputs
    int low_margins, wide_neurons, low_linear; // must stay 0
    int regions, unfit, hopeless, certified;
    bool tampered;
    int settled; // inputs on which bounds must be tight
} Trial;

static int right_id(const Fixture *f, int answer, const Region *region)
{
    int token = region_token(region, &f->task->source[f->task->prompt + answer]);
    CU_ASSERT_TRUE_FATAL(token >= 0);
    return f->ids[token];
}

// ---- one region ---------------------------------------------------------------------------------

static const GroupBound *group_of(const Trial *t, const MarginBound *b, int input)
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

static void compare_input(Trial *t, const MarginBound *b, int input)
{
    const GroupBound *g = group_of(t, b, input);
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

// The region's least true margin over the inputs that are compared.
static Fix compare_inputs(Trial *t, const Region *region, const MarginBound *b)
{
    Fix least = INT64_MAX;
    for (int input = 0; input < t->truth->inputs; input++) {
        if (!region_contains(region, truth_symbols(t->truth, input)))
            continue;
        compare_input(t, b, input);
        for (int i = 0; i < b->n_tokens; i++) {
            Fix margin = truth_margin(t->truth, t->answer, input)[b->group[0].token[i].token];
            least = margin < least ? margin : least;
        }
    }
    return least;
}

// The same region in several groups: they are tried where one does not suffice, and where no few configurations are
// enough to say so. False if there are none.
static bool bound_in_groups(Arena *arena, const Query *query, const Region *region,
                            const MarginBound *one, MarginBound *ret)
{
    CU_ASSERT_TRUE_FATAL(margin_bound(arena, query, region, one->right, one->margin, ret));
    CU_ASSERT_TRUE(!ret->complete || ret->margin >= one->margin);
    return ret->complete && ret->n_groups > 1;
}

static void check_bound(Trial *t, const Region *region, const MarginBound *b)
{
    CU_ASSERT_TRUE(b->complete);
    check_shape(t, b);
    Fix least = compare_inputs(t, region, b);
    t->hopeless += least <= 0;
    t->certified += b->margin > 0;
    CU_ASSERT_FALSE(least <= 0 && b->margin > 0);
}

static void check_region(Trial *t, const Region *region)
{
    Arena *arena = arena_new();
    MarginBound b;
    t->regions++;
    if (margin_bound(arena, t->f->query[t->answer], region, right_id(t->f, t->answer, region),
                     INT64_MIN, &b)) {
        CU_ASSERT_EQUAL(b.n_groups, 1);
        check_bound(t, region, &b);
    } else {
        t->unfit++;
    }
    arena_free(arena);
}

static void check_trial(const Trial *t)
{
    CU_ASSERT_EQUAL(t->low_margins, 0);
    CU_ASSERT_EQUAL(t->wide_neurons, 0);
    CU_ASSERT_EQUAL(t->low_linear, 0);
}

// ---- regions ------------------------------------------------------------------------------------

// Every answer token, then random regions.
static void try_regions(Trial *t, int draws)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(11, (uint64_t)t->answer);
    for (int token = 0; token < t->f->task->n_alphabet; token++) {
        const Region *region = regions_of_token(arena, t->f->task, t->answer, token);
        if (region)
            check_region(t, region);
    }
    for (int i = 0; i < draws; i++)
        check_region(t, regions_draw(arena, t->f->task, t->answer, 6, &rng));
    arena_free(arena);
}

// Calls `try` for each supported answer position, checks what came out, and counts the settled.
static int each_answer(const Fixture *f, const Truth *truth, int draws, bool tampered,
                       void (*try)(Trial *t, int draws))
{
    int compared = 0, found = 0;
    for (int a = 0; a < f->task->answer; a++) {
        Trial t = {.f = f, .truth = truth, .answer = a, .tampered = tampered};
        if (!f->query[a]->supported)
            continue;
        try(&t, draws);
        check_trial(&t);
        CU_ASSERT_EQUAL(t.unfit, 0);
        compared += t.compared;
        found += t.settled;
    }
    CU_ASSERT_TRUE(compared > 0);
    return found;
}

static void bounds_hold_on_regions_of_random_models(void)
{
    for (int i = 0; i < MODELS; i++) {
        Fixture f = fixture_new(models[i]);
        Truth truth = truth_new(f.arena, &f, i == 0 ? (STRIDE + 2) / 3 : STRIDE);
        each_answer(&f, &truth, REGIONS, false, try_regions);
        fixture_free(&f);
    }
}

// ---- groups -------------------------------------------------------------------------------------

// The neurons of a group are bounded no more widely than all together, and by the same numbers.
static void check_against_one(const Trial *t, const MarginBound *one, const MarginBound *b)
{
    CU_ASSERT_TRUE_FATAL(b->configs == one->configs);
    CU_ASSERT_EQUAL(memcmp(b->config, one->config, (size_t)b->configs * sizeof *b->config), 0);
    for (int i = 0; i < t->truth->F; i++) {
        const NeuronBound *whole = &one->group[0].neuron[i];
        Fix low = FIX_MAX, high = -FIX_MAX;
        for (int g = 0; g < b->n_groups; g++) {
            const NeuronBound *n = &b->group[g].neuron[i];
            CU_ASSERT_TRUE(n->low <= n->high && n->kind == whole->kind);
            low = n->low < low ? n->low : low;
            high = n->high > high ? n->high : high;
        }
        CU_ASSERT_TRUE(low == whole->low && high == whole->high);
    }
}

static int better; // margins that groups raised

static void try_groups(Trial *t, int draws)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(16, (uint64_t)t->answer);
    for (int i = 0; i < draws; i++) {
        const Query *query = t->f->query[t->answer];
        const Region *region = regions_draw(arena, t->f->task, t->answer, 6, &rng);
        MarginBound one, b;
        if (!margin_bound(arena, query, region, right_id(t->f, t->answer, region), INT64_MIN,
                          &one) ||
            !bound_in_groups(arena, query, region, &one, &b))
            continue;
        check_against_one(t, &one, &b);
        check_bound(t, region, &b);
        t->settled++;
        better += b.margin > one.margin;
    }
    arena_free(arena);
}

static void bounds_hold_with_several_groups(void)
{
    int found = 0;
    better = 0;
    for (int i = 0; i < MODELS; i += 2) {
        Fixture f = fixture_new(models[i]);
        Truth truth = truth_new(f.arena, &f, 2 * STRIDE + 1);
        found += each_answer(&f, &truth, 2 * REGIONS, false, try_groups);
        fixture_free(&f);
    }
    CU_ASSERT_TRUE(found > REGIONS && better > REGIONS / 2);
}

// Without rounding a margin is larger, by little, and still no larger than the truth. Up to the units of the numbers,
// which may be others.
static void check_exact(Trial *t, const Region *region, const MarginBound *b, Fix least)
{
    const Fix room = (FIX_ONE >> 10) * 4 * t->f->model->shape.heads;
    Fix exact = margin_exact(t->f->query[t->answer], region, b);
    CU_ASSERT_TRUE(exact > b->margin - room && exact < b->margin + FIX_ONE / 2);
    CU_ASSERT_TRUE(exact <= least);
    t->settled += b->n_groups > 1;
}

static void try_exact(Trial *t, int draws)
{
    Rng rng = rng_new(17, (uint64_t)t->answer);
    for (int i = 0; i < draws; i++) {
        Arena *arena = arena_new();
        const Query *query = t->f->query[t->answer];
        const Region *region = regions_draw(arena, t->f->task, t->answer, 6, &rng);
        MarginBound one, b;
        if (margin_bound(arena, query, region, right_id(t->f, t->answer, region), INT64_MIN,
                         &one)) {
            Fix least = compare_inputs(t, region, &one);
            check_exact(t, region, &one, least);
            if (bound_in_groups(arena, query, region, &one, &b))
                check_exact(t, region, &b, least);
        }
        arena_free(arena);
    }
}

static void the_exact_function_is_bounded_with_the_same_groups(void)
{
    int found = 0;
    for (int i = 0; i < MODELS; i += 3) {
        Fixture f = fixture_new(models[i]);
        Truth truth = truth_new(f.arena, &f, 2 * STRIDE + 1);
        found += each_answer(&f, &truth, REGIONS, false, try_exact);
        fixture_free(&f);
    }
    CU_ASSERT_TRUE(found > REGIONS / 2);
}

// ---- single inputs ------------------------------------------------------------------------------

// Nothing is relaxed on a single input when its tokens settle every key and no neuron is unstable.
static bool settled(const Query *query, const GroupBound *g, int F)
{
    for (int k = 0; k < query->n_keys; k++)
        if (query->key[k].variants > 1)
            return false;
    for (int i = 0; i < F; i++)
        if (neuron_unstable(g->neuron[i]))
            return false;
    return true;
}

// Whether all bounds come as close to the truth as a certificate's units allow (three a head) and what
// rounding can do; that of a margin passes through at most all neurons.
static bool is_tight(const Trial *t, const MarginBound *b, int input)
{
    const Noise *noise = t->f->query[t->answer]->noise;
    const Fix room = FIX_ONE >> 6, heads = 3 * t->f->model->shape.heads * (FIX_ONE >> 10);
    const GroupBound *g = group_of(t, b, input);
    bool tight = true;
    Wide rounding = 0;
    for (int i = 0; i < t->truth->F; i++) {
        tight = tight && g->neuron[i].high - g->neuron[i].low < room + 2 * (heads + noise->wide[i]);
        rounding += noise->wide[i];
    }
    for (int i = 0; i < b->n_tokens; i++)
        tight = tight &&
                g->token[i].margin > truth_margin(t->truth, t->answer, input)[g->token[i].token] -
                                         room - heads - 4 * (Fix)rounding;
    return tight;
}

static void try_single_inputs(Trial *t, int count)
{
    int loose = 0;
    for (int i = 0; i < count; i++) {
        Arena *arena = arena_new();
        int input = (int)((long)i * t->truth->inputs / count);
        const Query *query = t->f->query[t->answer];
        const Region *region = regions_single(arena, t->f->task, truth_symbols(t->truth, input));
        MarginBound b;
        CU_ASSERT_TRUE_FATAL(
            margin_bound(arena, query, region, right_id(t->f, t->answer, region), INT64_MIN, &b));
        compare_input(t, &b, input);
        bool nothing_open = settled(query, group_of(t, &b, input), t->truth->F);
        t->settled += nothing_open;
        loose += nothing_open && !is_tight(t, &b, input);
        arena_free(arena);
    }
    CU_ASSERT_TRUE(t->tampered || loose == 0);
}

static void bounds_hold_on_every_input_alone(void)
{
    int found = 0;
    for (int i = 0; i < MODELS; i++) {
        Fixture f = fixture_new(models[i]);
        Truth truth = truth_new(f.arena, &f, 4 * STRIDE + 1);
        found += each_answer(&f, &truth, truth.inputs, false, try_single_inputs);
        fixture_free(&f);
    }
    CU_ASSERT_TRUE(found > 1000);
}

// ---- a model that is right ----------------------------------------------------------------------

static void bounds_hold_for_a_trained_model(void)
{
    Fixture f = fixture_read(SMALL_D2, 2);
    Truth truth = truth_new(f.arena, &f, TRAINED_STRIDE);
    int certified = 0;
    for (int a = 0; a < f.task->answer; a++) {
        Trial t = {.f = &f, .truth = &truth, .answer = a};
        try_regions(&t, REGIONS);
        check_trial(&t);
        certified += t.certified;
    }
    CU_ASSERT_TRUE(certified > REGIONS / 2);
    fixture_free(&f);
}

// A few inputs of each region. Returns how many regions could not be bounded: on a wide one of a
// trained model, a functional can leave the range of its table.
static int try_samples(const Fixture *f, int a, uint64_t seed)
{
    int unfit = 0;
    Rng rng = rng_new(seed, (uint64_t)a);
    Oracle *oracle = oracle_new(f->model, ORACLE_QUICK);
    for (int i = 0; i < REGIONS; i++) {
        Arena *arena = arena_new();
        const Region *region = regions_draw(arena, f->task, a, 10, &rng);
        Truth truth = truth_sample(arena, f, oracle, a, region, 4, &rng);
        Trial t = {.f = f, .truth = &truth, .answer = a};
        check_region(&t, region);
        check_trial(&t);
        CU_ASSERT_EQUAL(t.compared, t.unfit ? 0 : 4);
        unfit += t.unfit;
        arena_free(arena);
    }
    oracle_free(oracle);
    return unfit;
}

static void bounds_hold_with_three_digits(void)
{
    Fixture trained = fixture_read(SMALL_D3, 3);
    int unfit = 0;
    for (int a = 0; a < trained.task->answer; a++)
        unfit += try_samples(&trained, a, 14);
    CU_ASSERT_TRUE(unfit <= trained.task->answer * REGIONS / 20);
    fixture_free(&trained);
    for (int i = 0; i < MODELS; i += 7) {
        FixtureOptions o = models[i];
        o.digits = 3;
        Fixture f = fixture_new(o);
        for (int a = 0; a < f.task->answer; a++)
            if (f.query[a]->supported)
                CU_ASSERT_EQUAL(try_samples(&f, a, 15), 0);
        fixture_free(&f);
    }
}

// ---- radii --------------------------------------------------------------------------------------

static void tamper_tables(const Fixture *f, Rng *rng, int what, Fix by)
{
    ModelShape s = f->model->shape;
    int D = s.d_model, HK = s.heads * s.d_head;
    for (int p = 0; p < f->options.positions - 1; p++) {
        ResidualTable *t = residual_table(f->tables, s.layers - 1, p);
        for (int c = 0; t && c < t->cone->configs; c++) {
            if (what == 0)
                tamper_fixes(rng, t->x + c * D, D, &t->x_rad[c], by);
            if (what == 1)
                tamper_fixes(rng, t->q + c * HK, HK, &t->q_rad[c], by);
            if (what == 2)
                tamper_fixes(rng, t->k + c * HK, HK, &t->k_rad[c], by);
            if (what == 3)
                tamper_fixes(rng, t->v + c * HK, HK, &t->v_rad[c], by);
        }
    }
}

enum { TAMPERINGS = 12 };

static void tamper(const Fixture *f, Rng *rng, int what, Fix by)
{
    FixLayer *last = &f->fix->layer[f->model->shape.layers - 1];
    FixMatrix *matrices[] = {&last->W_O, &last->W_in, &f->fix->W_U, &f->fix->readout};
    FixVector *vectors[] = {&last->b_O, &last->b_in, &last->b_out, &f->fix->b_U};
    if (what < 4)
        tamper_tables(f, rng, what, by);
    else if (what < 8)
        tamper_matrix(rng, matrices[what - 4], by);
    else
        tamper_vector(rng, vectors[what - 8], by);
}

// One table, matrix or vector after another is moved, and its radius says so: the truth must still be
// within the bounds, which it is only if every radius is carried along.
static void bounds_hold_whatever_the_tables_allow(void)
{
    for (int what = 0; what < TAMPERINGS; what++)
        for (int kind = 0; kind < 2; kind++) {
            FixtureOptions o = models[4];
            o.digits = 1;
            o.edges = kind ? FIXTURE_RANDOM : FIXTURE_SINGLE;
            o.seed = (uint64_t)(100 + what);
            Fixture f = fixture_model(o);
            Truth truth = truth_new(f.arena, &f, 3);
            Rng rng = rng_new(o.seed, 1);
            fixture_fix(&f);
            fixture_tables(&f);
            tamper(&f, &rng, what, (Fix)1 << 30);
            fixture_queries(&f);
            each_answer(&f, &truth, truth.inputs, true, try_single_inputs);
            each_answer(&f, &truth, 10, true, try_regions);
            fixture_free(&f);
        }
}

// ---- parts --------------------------------------------------------------------------------------

static double units(Fix x)
{
    return (double)x * 0x1p-50;
}

// Entry d of U_right - U_t + sum of a W_in.
static double functional(const Model *m, const MarginBound *b, const TokenBound *t, int d)
{
    int V = m->shape.d_vocab, F = m->shape.d_mlp;
    const ModelLayer *last = &m->layer[m->shape.layers - 1];
    double c = (double)m->W_U[d * V + b->right] - (double)m->W_U[d * V + t->token];
    for (int i = 0; i < F; i++)
        c += units(t->slope[i]) * (double)last->W_in[d * F + i];
    return c;
}

// What does not depend on the residual but through neurons that are not kept.
static double constant(const Model *m, const MarginBound *b, const GroupBound *g,
                       const TokenBound *t, const Parts *p)
{
    int V = m->shape.d_vocab, F = m->shape.d_mlp, D = m->shape.d_model;
    const ModelLayer *last = &m->layer[m->shape.layers - 1];
    double sum = (double)m->b_U[b->right] - (double)m->b_U[t->token];
    for (int d = 0; d < D; d++)
        sum += (double)last->b_out[d] *
               ((double)m->W_U[d * V + b->right] - (double)m->W_U[d * V + t->token]);
    for (int i = 0; i < F; i++) {
        double u = (double)last->b_in[i];
        for (int d = 0; d < D; d++) {
            double y = p->direct[d];
            for (int h = 0; h < m->shape.heads; h++)
                y += p->head[h][d];
            u += y * (double)last->W_in[d * F + i];
        }
        sum += units(t->slope[i]) * (double)last->b_in[i];
        if (!g->kept[i])
            sum += units(t->gain[i]) * fmax(0, u) - units(t->slope[i]) * u;
    }
    return sum;
}

static void compare_parts(const Fixture *f, const MarginBound *b, const GroupBound *g,
                          const Parts *p)
{
    const double room = 1e-9;
    int D = f->model->shape.d_model;
    for (int k = 0; k < b->n_tokens; k++) {
        const TokenBound *t = &g->token[k];
        double direct = constant(f->model, b, g, t, p);
        for (int d = 0; d < D; d++)
            direct += functional(f->model, b, t, d) * p->direct[d];
        CU_ASSERT_TRUE(units(t->direct) <= direct + room);
        for (int h = 0; h < f->model->shape.heads; h++) {
            double part = 0;
            for (int d = 0; d < D; d++)
                part += functional(f->model, b, t, d) * p->head[h][d];
            CU_ASSERT_TRUE(units(t->head[h]) <= part + room);
        }
    }
}

static void the_parts_are_bounds_of_the_parts(void)
{
    for (int i = 0; i < MODELS; i += 3)
        for (int a = 0; a < 3; a++) {
            Fixture f = fixture_new(models[i]);
            Rng rng = rng_new(12, (uint64_t)a);
            for (int round = 0; round < 6 && f.query[a]->supported; round++) {
                Arena *arena = arena_new();
                uint8_t symbols[TASK_COLUMNS_MAX];
                int tokens[TASK_POSITIONS_MAX], position = f.task->prompt + a - 1;
                const Region *region = regions_draw(arena, f.task, a, 6, &rng);
                MarginBound b, grouped;
                int right = right_id(&f, a, region);
                CU_ASSERT_TRUE_FATAL(margin_bound(arena, f.query[a], region, right, INT64_MIN, &b));
                bool groups = bound_in_groups(arena, f.query[a], region, &b, &grouped);
                for (int k = 0; k < 2; k++) {
                    region_sample(region, &rng, symbols);
                    fixture_tokens(&f, symbols, tokens);
                    Parts p = parts_of(&f, tokens, position);
                    compare_parts(&f, &b, fixture_group(&f, a, &b, symbols), &p);
                    if (groups)
                        compare_parts(&f, &grouped, fixture_group(&f, a, &grouped, symbols), &p);
                }
                arena_free(arena);
            }
            fixture_free(&f);
        }
}

// ---- incomplete bounds and refusals -------------------------------------------------------------

static void incomplete_bounds_say_so(void)
{
    Fixture f = fixture_read(SMALL_D2, 2);
    Rng rng = rng_new(13, 0);
    int complete = 0, incomplete = 0;
    for (int i = 0; i < 30; i++) {
        int a = 1 + (int)rng_below(&rng, 2);
        const Region *region = regions_draw(f.arena, f.task, a, 3, &rng);
        int right = right_id(&f, a, region);
        MarginBound full, again, few;
        CU_ASSERT_TRUE(margin_bound(f.arena, f.query[a], region, right, INT64_MIN, &full));
        CU_ASSERT_TRUE(full.complete);
        CU_ASSERT_TRUE(
            margin_bound(f.arena, f.query[a], region, right, full.margin - FIX_ONE, &again));
        CU_ASSERT_TRUE(!again.complete || again.margin == full.margin);
        CU_ASSERT_TRUE(margin_bound(f.arena, f.query[a], region, right, FIX_MAX, &few));
        CU_ASSERT_TRUE(few.complete || few.configs < full.configs);
        complete += again.complete;
        incomplete += !few.complete;
    }
    CU_ASSERT_TRUE(complete > 0 && incomplete > 0);
    fixture_free(&f);
}

// Heads bring 60 each to all of 16 dimensions; one neuron, or one logit, adds these up.
static Fixture adding_heads(int heads, bool logit, float sign)
{
    enum { D = 16, F = 2 };
    Fixture f = fixture_model((FixtureOptions){.task = FIXTURE_ADDITION,
                                               .digits = 1,
                                               .layers = 1,
                                               .heads = heads,
                                               .d_model = D,
                                               .d_head = 1,
                                               .d_mlp = F,
                                               .edges = FIXTURE_SINGLE,
                                               .score_scale = 1.0f}); // all zero
    ModelLayer *w = f.model->layer;
    int V = f.model->shape.d_vocab, C = f.model->shape.n_ctx;
    memset(w->edges, 1, (size_t)(heads * C * C));
    for (int h = 0; h < heads; h++)
        w->b_V[h] = 30.0f;
    for (int i = 0; i < heads * D; i++)
        w->W_O[i] = 2.0f * sign;
    for (int d = 0; d < D; d++)
        *(logit ? &f.model->W_U[d * V + 1] : &w->W_in[d * F]) = 1.0f;
    fixture_fix(&f);
    fixture_tables(&f);
    return f;
}

// Sixteen heads bring 15360 to the neuron or the logit, which would wrap. A neuron so large is refused
// with the query, a logit with the region.
static void sums_over_heads_too_large_are_refused(void)
{
    for (int heads = 1; heads <= 16; heads += 15)
        for (int logit = 0; logit < 2; logit++)
            for (int sign = -1; sign <= 1; sign += 2) {
                Fixture f = adding_heads(heads, logit, (float)sign);
                const Region *region = regions_of_token(f.arena, f.task, 0, 1);
                Query *query;
                Diag diag;
                MarginBound b;
                Status status =
                    query_new(f.arena, f.tables, f.task, f.task->prompt - 1, &query, &diag);
                bool fits = status == STATUS_OK;
                CU_ASSERT_EQUAL(fits, heads == 1 || logit || sign < 0);
                CU_ASSERT_TRUE(fits || (status == STATUS_LIMIT && !strcmp(diag.code, "B002")));
                if (fits)
                    CU_ASSERT_EQUAL(margin_bound(f.arena, query, region, right_id(&f, 0, region),
                                                 INT64_MIN, &b),
                                    heads == 1);
                fixture_free(&f);
            }
}

RUN_TESTS("margin", TESTS)
