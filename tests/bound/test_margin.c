// Bounds of margins and neurons against the oracle, input by input.
//
// STRIDE: of the inputs of a two-digit task that are compared, TRAINED_STRIDE: of those of the trained
// model; REGIONS: how many are drawn for each answer position of each model.

#include <string.h>

#include "harness.h"
#include "noise.h"
#include "trials.h"

#define TESTS(X)                                                                                   \
    X(bounds_hold_on_regions_of_random_models)                                                     \
    X(bounds_hold_on_every_input_alone)                                                            \
    X(bounds_hold_for_a_trained_model)                                                             \
    X(bounds_hold_with_three_digits)                                                               \
    X(bounds_hold_whatever_the_tables_allow)                                                       \
    X(incomplete_bounds_say_so)                                                                    \
    X(sums_over_heads_too_large_are_refused)

static void bounds_hold_on_regions_of_random_models(void)
{
    for (int i = 0; i < TRIAL_MODELS; i++) {
        Fixture f = fixture_new(trial_models[i]);
        Truth truth = truth_new(f.arena, &f, i == 0 ? (STRIDE + 2) / 3 : STRIDE);
        trial_each_answer(&f, &truth, REGIONS, false, trial_try_regions);
        fixture_free(&f);
    }
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
    const GroupBound *g = trial_group(t, b, input);
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
        CU_ASSERT_TRUE_FATAL(margin_bound(arena, query, region,
                                          trial_right(t->f, t->answer, region), INT64_MIN, &b));
        trial_compare(t, &b, input);
        bool nothing_open = settled(query, trial_group(t, &b, input), t->truth->F);
        t->settled += nothing_open;
        loose += nothing_open && !is_tight(t, &b, input);
        arena_free(arena);
    }
    CU_ASSERT_TRUE(t->tampered || loose == 0);
}

static void bounds_hold_on_every_input_alone(void)
{
    int found = 0;
    for (int i = 0; i < TRIAL_MODELS; i++) {
        Fixture f = fixture_new(trial_models[i]);
        Truth truth = truth_new(f.arena, &f, 4 * STRIDE + 1);
        found += trial_each_answer(&f, &truth, truth.inputs, false, try_single_inputs);
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
        trial_try_regions(&t, REGIONS);
        trial_check(&t);
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
        trial_check_region(&t, region);
        trial_check(&t);
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
    for (int i = 0; i < TRIAL_MODELS; i += 7) {
        FixtureOptions o = trial_models[i];
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
            FixtureOptions o = trial_models[4];
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
            trial_each_answer(&f, &truth, truth.inputs, true, try_single_inputs);
            trial_each_answer(&f, &truth, 10, true, trial_try_regions);
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
        int right = trial_right(&f, a, region);
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
                    CU_ASSERT_EQUAL(margin_bound(f.arena, query, region, trial_right(&f, 0, region),
                                                 INT64_MIN, &b),
                                    heads == 1);
                fixture_free(&f);
            }
}

RUN_TESTS("margin", TESTS)
