// Bounds hold for runs: binary32 with sums in any order, and errors as large as a run's may be.

#include <math.h>
#include <string.h>

#include "harness.h"
#include "noise.h"
#include "perturbed.h"
#include "regions.h"

#define TESTS(X)                                                                                   \
    X(tables_hold_runs_of_random_models)                                                           \
    X(tables_hold_runs_of_models_with_one_large_weight_a_row)                                      \
    X(tables_hold_runs_with_neurons_at_zero)                                                       \
    X(tables_hold_runs_of_trained_models)                                                          \
    X(neurons_and_margins_hold_runs_of_random_models)                                              \
    X(neurons_and_margins_hold_runs_of_heads_with_one_key)                                         \
    X(neurons_and_margins_hold_runs_of_trained_models)

enum { KINDS = 6 };
static const char *const kind_names[KINDS] = {"x", "q", "k", "v", "pre-activation", "margin"};

typedef struct Tally {
    long outside;
    Real most[KINDS]; // greatest difference met, in parts of what the bound allows
} Tally;

static void take(Tally *t, int kind, Real difference, Real bound)
{
    t->outside += !(difference <= bound);
    if (bound > 0 && difference / bound > t->most[kind])
        t->most[kind] = difference / bound;
}

static void report(const Tally *t, const char *what)
{
    printf("\n    %s:", what);
    for (int k = 0; k < KINDS; k++)
        if (t->most[k] > 0)
            printf(" %s %.3Lf", kind_names[k], t->most[k]);
    printf(" ");
}

// ---- tables (K8; Lemma R2) ----------------------------------------------------------------------

static void take_all(Tally *t, int kind, const Real *x, Real scale, const Fix *mid, Fix rad,
                     const Fix *error, int n)
{
    for (int i = 0; i < n; i++)
        take(t, kind, fabsl(x[i] * scale - real(mid[i])), real(error[i] + rad));
}

static void check_tables(const Fixture *f, const int *tokens, const Perturbed *run, Tally *t)
{
    ModelShape s = f->model->shape;
    int D = s.d_model, HK = s.heads * s.d_head;
    Tally lowest = {0}; // the embedding's errors are as large as they may be, always
    for (int l = 0; l < s.layers; l++)
        for (int p = 0; p < run->positions; p++) {
            const ResidualTable *table = residual_table(f->tables, l, p);
            const PerturbedLayer *a = &run->layer[l];
            if (!table)
                continue;
            int c = fixture_config(f, table->cone, tokens);
            take_all(l > 0 ? t : &lowest, 0, a->x + p * D, 1, table->x + c * D, table->x_rad[c],
                     table->e + c * D, D);
            take_all(t, 1, a->q + p * HK, (Real)s.score_scale, table->q + c * HK, table->q_rad[c],
                     table->dq + c * HK, HK);
            take_all(t, 2, a->k + p * HK, 1, table->k + c * HK, table->k_rad[c], table->dk + c * HK,
                     HK);
            take_all(t, 3, a->v + p * HK, 1, table->v + c * HK, table->v_rad[c], table->dv + c * HK,
                     HK);
        }
    t->outside += lowest.outside;
}

static void random_tokens(const Fixture *f, Rng *rng, int *ret_tokens)
{
    for (int p = 0; p < f->options.positions; p++)
        ret_tokens[p] = f->options.id[p][rng_below(rng, (uint32_t)f->options.count[p])];
}

// Derivatives of some number that a table of a higher layer holds.
static Perturbed derive_entry(Arena *arena, const Fixture *f, const Perturbed *exact, Rng *rng)
{
    ModelShape s = f->model->shape;
    Perturbed d = perturbed_new(arena, f->model, exact->positions);
    int l = s.layers - 1, p = (int)rng_below(rng, (uint32_t)exact->positions);
    int D = s.d_model, HK = s.heads * s.d_head;
    Real *rows[] = {d.layer[l].x, d.layer[l].q, d.layer[l].k, d.layer[l].v};
    int kind = (int)rng_below(rng, 4), n = kind == 0 ? D : HK;
    rows[kind][p * n + (int)rng_below(rng, (uint32_t)n)] = 1;
    perturbed_derive(f->model, exact, 1e-3L, &d);
    return d;
}

static void try_tokens(const Fixture *f, const int *tokens, int rounds, Rng *rng, Tally *t)
{
    for (int i = 0; i < rounds; i++) {
        Arena *arena = arena_new();
        Perturbed exact = perturbed_new(arena, f->model, f->options.positions - 1);
        Perturbed run = perturbed_new(arena, f->model, f->options.positions - 1);
        perturbed_run(f->model, tokens, PERTURBED_EXACT, NULL, NULL, &exact);
        Perturbed d = derive_entry(arena, f, &exact, rng);
        for (int mode = PERTURBED_EXACT; mode <= PERTURBED_DOWN; mode++) {
            perturbed_run(f->model, tokens, (PerturbedMode)mode, &d, rng, &run);
            check_tables(f, tokens, &run, t);
        }
        arena_free(arena);
    }
}

static void try_model(const Fixture *f, int inputs, int rounds, Tally *t)
{
    Rng rng = rng_new(31, 0);
    int tokens[TASK_POSITIONS_MAX];
    for (int i = 0; i < inputs; i++) {
        random_tokens(f, &rng, tokens);
        try_tokens(f, tokens, rounds, &rng, t);
    }
}

static void tables_hold_runs_of_random_models(void)
{
    Tally t = {0};
    for (uint64_t seed = 0; seed < 10; seed++) {
        FixtureOptions o = fixture_small;
        o.seed = seed;
        o.edges = (FixtureEdges)(seed % 3);
        o.layers = seed == 4 ? 3 : 2;
        o.sharp = seed % 4 == 3 ? 2.0f : 0.6f;
        Fixture f = fixture_model(o);
        fixture_fix(&f);
        fixture_tables(&f);
        try_model(&f, 3, 30, &t);
        fixture_free(&f);
    }
    report(&t, "of the bounds");
    CU_ASSERT_EQUAL(t.outside, 0);
    CU_ASSERT_TRUE(t.most[0] > 0.3L && t.most[3] > 0.3L);
}

// Shrinks all entries but one of each column of `rows` x `columns` numbers.
static void single_out(Rng *rng, float *w, int rows, int columns)
{
    for (int c = 0; c < columns; c++) {
        int kept = (int)rng_below(rng, (uint32_t)rows);
        for (int r = 0; r < rows; r++)
            w[r * columns + c] *= r == kept ? 2.0f : 0x1p-7f;
    }
}

static void single_out_all(Rng *rng, Model *m)
{
    ModelShape s = m->shape;
    int D = s.d_model, K = s.d_head;
    for (int l = 0; l < s.layers; l++) {
        ModelLayer *w = &m->layer[l];
        for (int h = 0; h < s.heads; h++) {
            single_out(rng, w->W_Q + h * D * K, D, K);
            single_out(rng, w->W_K + h * D * K, D, K);
            single_out(rng, w->W_V + h * D * K, D, K);
        }
        single_out(rng, w->W_O, s.heads * K, D);
        single_out(rng, w->W_in, D, s.d_mlp);
        single_out(rng, w->W_out, s.d_mlp, D);
    }
    single_out(rng, m->W_U, D, s.d_vocab);
}

static void tables_hold_runs_of_models_with_one_large_weight_a_row(void)
{
    Tally t = {0};
    for (uint64_t seed = 0; seed < 8; seed++) {
        FixtureOptions o = fixture_small;
        o.seed = 40 + seed;
        o.edges = (FixtureEdges)(seed % 3);
        o.d_head = 1 + (int)seed % 3;
        Fixture f = fixture_model(o);
        Rng rng = rng_new(o.seed, 2);
        single_out_all(&rng, f.model);
        fixture_fix(&f);
        fixture_tables(&f);
        try_model(&f, 4, 30, &t);
        fixture_free(&f);
    }
    report(&t, "of the bounds");
    CU_ASSERT_EQUAL(t.outside, 0);
    CU_ASSERT_TRUE(t.most[0] > 0.5L && t.most[3] > 0.5L);
}

// Moves biases so that all neurons of layer 0 at position p are 0, but for the bias's own rounding;
// what they do then outweighs everything else.
static void put_at_zero(Arena *arena, Model *m, const int *tokens, int p)
{
    ModelShape s = m->shape;
    Perturbed exact = perturbed_new(arena, m, p + 1);
    for (int i = 0; i < s.d_mlp * s.d_model; i++)
        m->layer[0].W_out[i] *= 16.0f;
    perturbed_run(m, tokens, PERTURBED_EXACT, NULL, NULL, &exact);
    for (int i = 0; i < s.d_mlp; i++)
        m->layer[0].b_in[i] =
            (float)((Real)m->layer[0].b_in[i] - exact.layer[0].u[p * s.d_mlp + i]);
}

static void tables_hold_runs_with_neurons_at_zero(void)
{
    Tally t = {0};
    for (uint64_t seed = 0; seed < 12; seed++) {
        FixtureOptions o = fixture_small;
        int tokens[TASK_POSITIONS_MAX];
        Rng rng = rng_new(seed, 3);
        o.seed = 60 + seed;
        Fixture f = fixture_model(o);
        if (seed % 2)
            single_out_all(&rng, f.model);
        f.options = token_options(f.arena, f.task, f.ids);
        random_tokens(&f, &rng, tokens);
        put_at_zero(f.arena, f.model, tokens, f.options.positions - 2);
        fixture_fix(&f);
        fixture_tables(&f);
        try_tokens(&f, tokens, 60, &rng, &t);
        fixture_free(&f);
    }
    report(&t, "of the bounds");
    CU_ASSERT_EQUAL(t.outside, 0);
    CU_ASSERT_TRUE(t.most[0] > 0.3L);
}

static void tables_hold_runs_of_trained_models(void)
{
    Tally t = {0};
    Fixture f = fixture_read(SMALL_D2, 2);
    try_model(&f, 3, 4, &t);
    fixture_free(&f);
    report(&t, "of the bounds, small_d2");
    CU_ASSERT_EQUAL(t.outside, 0);
}

// ---- the last layer (K9, K11; Lemmas R3, R4) ----------------------------------------------------

typedef struct Place {
    const Fixture *f;
    int answer, position;
    const int *tokens;
    const Region *region;
    MarginBound bound;
    const GroupBound *group; // of the input
} Place;

// What the bounds are compared with: what a run does beyond what the exact function allows is rounding.
static void check_run(const Place *p, const Perturbed *exact, const Perturbed *run, Tally *t)
{
    int F = p->f->model->shape.d_mlp, V = p->f->model->shape.d_vocab;
    const PerturbedLayer *last = &run->layer[p->f->model->shape.layers - 1];
    const PerturbedLayer *true_last = &exact->layer[p->f->model->shape.layers - 1];
    for (int i = 0; i < F; i++) {
        Real u = last->u[p->position * F + i], v = true_last->u[p->position * F + i];
        NeuronBound n = p->group->neuron[i];
        t->outside += !(u >= real(n.low) && u <= real(n.high));
        take(t, 4, fmaxl(u - v, 0), real(n.high) - v);
        take(t, 4, fmaxl(v - u, 0), v - real(n.low));
    }
    const Real *logits = run->logits + p->position * V, *right = exact->logits + p->position * V;
    for (int i = 0; i < p->bound.n_tokens; i++) {
        const TokenBound *token = &p->group->token[i];
        Real m = logits[p->bound.right] - logits[token->token];
        Real lost = right[p->bound.right] - right[token->token] - m;
        t->outside += !(m >= real(token->margin));
        take(t, 5, fmaxl(lost, 0), lost + m - real(token->margin));
    }
}

static Perturbed derive_output(Arena *arena, const Place *p, const Perturbed *exact, Rng *rng)
{
    ModelShape s = p->f->model->shape;
    Perturbed d = perturbed_new(arena, p->f->model, exact->positions);
    if (rng_below(rng, 2)) {
        Real *u = d.layer[s.layers - 1].u + p->position * s.d_mlp;
        u[rng_below(rng, (uint32_t)s.d_mlp)] = 1;
    } else {
        Real *logits = d.logits + p->position * s.d_vocab;
        logits[p->bound.right] = 1;
        logits[p->group->token[rng_below(rng, (uint32_t)p->bound.n_tokens)].token] = -1;
    }
    perturbed_derive(p->f->model, exact, 1e-3L, &d);
    return d;
}

static void try_place(const Place *p, int rounds, Rng *rng, Tally *t)
{
    for (int i = 0; i < rounds; i++) {
        Arena *arena = arena_new();
        Perturbed exact = perturbed_new(arena, p->f->model, p->position + 1);
        Perturbed run = perturbed_new(arena, p->f->model, p->position + 1);
        perturbed_run(p->f->model, p->tokens, PERTURBED_EXACT, NULL, NULL, &exact);
        Perturbed d = derive_output(arena, p, &exact, rng);
        for (int mode = PERTURBED_EXACT; mode <= PERTURBED_DOWN; mode++) {
            perturbed_run(p->f->model, p->tokens, (PerturbedMode)mode, &d, rng, &run);
            check_run(p, &exact, &run, t);
        }
        arena_free(arena);
    }
}

// The same with several groups, where they are tried.
static void try_groups(Arena *arena, const Place *p, const uint8_t *symbols, Rng *rng, Tally *t)
{
    Place q = *p;
    if (!margin_bound(arena, p->f->query[p->answer], p->region, p->bound.right, p->bound.margin,
                      &q.bound) ||
        !q.bound.complete || q.bound.n_groups == 1)
        return;
    q.group = fixture_group(q.f, q.answer, &q.bound, symbols);
    try_place(&q, 1, rng, t);
}

// Regions of one input, then larger ones.
static void try_answer(const Fixture *f, int answer, int regions, int rounds, Rng *rng, Tally *t)
{
    for (int i = 0; i < regions; i++) {
        Arena *arena = arena_new();
        uint8_t symbols[TASK_COLUMNS_MAX];
        int tokens[TASK_POSITIONS_MAX];
        Place p = {.f = f, .answer = answer, .position = f->task->prompt + answer - 1};
        p.region = regions_draw(arena, f->task, answer, 8, rng);
        region_sample(p.region, rng, symbols);
        if (i % 3 < 2)
            p.region = regions_single(arena, f->task, symbols);
        fixture_tokens(f, symbols, tokens);
        p.tokens = tokens;
        if (margin_bound(arena, f->query[answer], p.region, tokens[p.position + 1], INT64_MIN,
                         &p.bound)) {
            p.group = fixture_group(f, answer, &p.bound, symbols);
            try_place(&p, rounds, rng, t);
            try_groups(arena, &p, symbols, rng, t);
        }
        arena_free(arena);
    }
}

static void try_answers(const Fixture *f, int regions, int rounds, Tally *t)
{
    Rng rng = rng_new(32, 0);
    for (int a = 0; a < f->task->answer; a++)
        if (f->query[a]->supported)
            try_answer(f, a, regions, rounds, &rng, t);
}

static void neurons_and_margins_hold_runs_of_random_models(void)
{
    Tally t = {0};
    for (uint64_t seed = 0; seed < 6; seed++) {
        FixtureOptions o = fixture_small;
        o.seed = 80 + seed;
        o.edges = seed % 2 ? FIXTURE_RANDOM : FIXTURE_RECIPE;
        o.sharp = seed % 3 == 2 ? 1.5f : 0.6f;
        Fixture f = fixture_new(o);
        try_answers(&f, 6, 6, &t);
        fixture_free(&f);
    }
    report(&t, "of the room");
    CU_ASSERT_EQUAL(t.outside, 0);
}

static void neurons_and_margins_hold_runs_of_heads_with_one_key(void)
{
    Tally t = {0};
    for (uint64_t seed = 0; seed < 6; seed++) {
        FixtureOptions o = fixture_small;
        Rng rng = rng_new(seed, 4);
        o.seed = 100 + seed;
        o.edges = FIXTURE_SINGLE;
        Fixture f = fixture_model(o);
        single_out_all(&rng, f.model);
        fixture_prepare(&f);
        try_answers(&f, 6, 6, &t);
        fixture_free(&f);
    }
    report(&t, "of the room");
    CU_ASSERT_EQUAL(t.outside, 0);
}

static void neurons_and_margins_hold_runs_of_trained_models(void)
{
    Tally t = {0};
    Fixture f = fixture_read(SMALL_D2, 2);
    try_answers(&f, 6, 3, &t);
    fixture_free(&f);
    f = fixture_read(ADD_D5, 5);
    try_answers(&f, 2, 1, &t);
    fixture_free(&f);
    report(&t, "of the room");
    CU_ASSERT_EQUAL(t.outside, 0);
}

RUN_TESTS("runs", TESTS)
