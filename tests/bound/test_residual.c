// Cones and residual tables against the oracle: for every table and configuration, residual,
// queries, keys and values.

#include <string.h>

#include "fixture.h"
#include "harness.h"
#include "oracle.h"
#include "softmax.h"

#define TESTS(X)                                                                                   \
    X(cones_hold_the_tokens_that_reach)                                                            \
    X(options_hold_the_tokens_of_every_input)                                                      \
    X(projections_of_configurations_agree)                                                         \
    X(tables_enclose_the_residual)                                                                 \
    X(tables_of_deep_models_enclose_it)                                                            \
    X(tables_of_sharp_attention_enclose_it)                                                        \
    X(tables_are_tight)                                                                            \
    X(tables_enclose_whatever_the_weights_allow)                                                   \
    X(wide_cones_have_no_table)                                                                    \
    X(too_many_keys_are_refused)                                                                   \
    X(values_too_large_are_refused)

// ---- cones (Lemma B1) ---------------------------------------------------------------------------

static bool reaches(const Fixture *f, int layer, int position, int from)
{
    bool read = layer == 0 ? position == from : reaches(f, layer - 1, position, from);
    for (int key = 0; layer > 0 && key <= position && !read; key++)
        for (int h = 0; h < f->model->shape.heads && !read; h++)
            read = model_edge(f->model, layer - 1, h, position, key) &&
                   reaches(f, layer - 1, key, from);
    return read;
}

static void cones_hold_the_tokens_that_reach(void)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        FixtureOptions o = fixture_small;
        o.seed = seed;
        o.layers = 1 + (int)seed % 3;
        Fixture f = fixture_new(o);
        int P = f.options.positions;
        for (int l = 0; l <= o.layers; l++)
            for (int p = 0; p < P - 1; p++) {
                const Cone *cone = &f.cones[l * P + p];
                long configs = 1;
                int count = 0;
                for (int from = 0; from <= p; from++) {
                    bool in = f.options.count[from] > 1 && reaches(&f, l, p, from);
                    count += in;
                    configs *= in ? f.options.count[from] : 1;
                    if (!cone->wide)
                        CU_ASSERT_EQUAL(in, cone_find(cone, from) >= 0);
                }
                bool wide = count > CONE_POSITIONS_MAX || configs > CONE_CONFIGS_MAX;
                CU_ASSERT_EQUAL(cone->wide, wide);
                CU_ASSERT_EQUAL(cone->configs, wide ? 0 : configs);
            }
        fixture_free(&f);
    }
}

static void options_hold_the_tokens_of_every_input(void)
{
    for (FixtureTask task = FIXTURE_ADDITION; task <= FIXTURE_DIFFERENCE; task++) {
        FixtureOptions o = fixture_small;
        o.task = task;
        Fixture f = fixture_new(o);
        Rng rng = rng_new(1, 1);
        int missing = 0;
        for (int i = 0; i < 2000; i++) {
            uint8_t symbols[TASK_COLUMNS_MAX];
            int tokens[TASK_POSITIONS_MAX], alphabet[TASK_POSITIONS_MAX];
            task_sample_uniform(f.task, &rng, symbols);
            fixture_tokens(&f, symbols, tokens);
            task_tokens(f.task, NULL, symbols, alphabet);
            for (int p = 0; p < f.options.positions; p++)
                missing += f.options.id[p][f.options.option[p][alphabet[p]]] != tokens[p];
        }
        CU_ASSERT_EQUAL(missing, 0);
        fixture_free(&f);
    }
}

// Random tokens, each possible at its position.
static void random_tokens(const Fixture *f, Rng *rng, int *ret_tokens)
{
    for (int p = 0; p < f->options.positions; p++)
        ret_tokens[p] = f->options.id[p][rng_below(rng, (uint32_t)f->options.count[p])];
}

static void projections_of_configurations_agree(void)
{
    Fixture f = fixture_new(fixture_small);
    Rng rng = rng_new(1, 1);
    int P = f.options.positions, tokens[TASK_POSITIONS_MAX], different = 0;
    for (int i = 0; i < 500; i++) {
        random_tokens(&f, &rng, tokens);
        for (int p = 0; p < P - 1; p++) {
            const Cone *part = &f.cones[p], *whole = &f.cones[P + p];
            if (whole->wide)
                continue;
            int config = fixture_config(&f, whole, tokens);
            CU_ASSERT_TRUE(config < whole->configs);
            different +=
                cone_project(part, whole, &f.options, config) != fixture_config(&f, part, tokens);
        }
    }
    CU_ASSERT_EQUAL(different, 0);
    fixture_free(&f);
}

// ---- a model that shows its residual ------------------------------------------------------------

// What one entry of a table is, side by side: x, q, k, v; and a zero to compare with.
static int shown(ModelShape s)
{
    return s.d_model + 3 * s.heads * s.d_head + 1;
}

static void show_columns(Model *show, int first, const float *W, const float *b, ModelShape s)
{
    int V = show->shape.d_vocab, D = s.d_model, K = s.d_head;
    for (int h = 0; h < s.heads; h++)
        for (int k = 0; k < K; k++) {
            int column = first + h * K + k;
            show->b_U[column] = b[h * K + k];
            for (int d = 0; d < D; d++)
                show->W_U[d * V + column] = W[(h * D + d) * K + k];
        }
}

// The model cut off below `layer`, whose logits are what the tables of that layer hold. Below layer
// 0 stands a layer of zeros, which changes nothing.
static Model *show_layer(Arena *arena, const Model *m, int layer)
{
    ModelShape s = m->shape, cut = s;
    size_t D = (size_t)s.d_model, V = (size_t)s.d_vocab, n = (size_t)shown(s);
    int HK = s.heads * s.d_head;
    cut.layers = layer > 0 ? layer : 1;
    cut.d_vocab = (int)(n > V ? n : V);
    const char **vocab = ARENA_NEW(arena, const char *, (size_t)cut.d_vocab);
    for (int v = 0; v < cut.d_vocab; v++)
        vocab[v] = arena_printf(arena, "%d", v);
    Model *show = model_new(arena, cut, vocab);
    size_t below = (size_t)(m->layer[layer].W_Q - m->W_pos);
    memcpy(show->W_E, m->W_E, V * D * sizeof(float));
    memcpy(show->W_pos, m->W_pos, below * sizeof(float));
    for (int l = 0; l < layer; l++)
        memcpy(show->layer[l].edges, m->layer[l].edges, (size_t)(s.heads * s.n_ctx * s.n_ctx));
    for (int d = 0; d < s.d_model; d++)
        show->W_U[d * cut.d_vocab + d] = 1.0f;
    show_columns(show, s.d_model, m->layer[layer].W_Q, m->layer[layer].b_Q, s);
    show_columns(show, s.d_model + HK, m->layer[layer].W_K, m->layer[layer].b_K, s);
    show_columns(show, s.d_model + 2 * HK, m->layer[layer].W_V, m->layer[layer].b_V, s);
    return show;
}

// ---- tables (Lemma B2) --------------------------------------------------------------------------

typedef struct Comparison {
    const Fixture *f;
    Oracle *oracle;
    Enclosure *logits; // [V of the shown model]
    int entries, wrong;
    Fix rad; // largest
} Comparison;

// |x - mid| <= rad for the real x in the enclosure?
static bool within(Enclosure *x, Fix mid, Fix rad)
{
    mpfr_mul_2ui(x->lo, x->lo, FIX_BITS, MPFR_RNDD);
    mpfr_mul_2ui(x->hi, x->hi, FIX_BITS, MPFR_RNDU);
    return mpfr_cmp_si(x->hi, mid - rad) >= 0 && mpfr_cmp_si(x->lo, mid + rad) <= 0;
}

// Entries first .. first + n - 1. The logits hold them with the opposite sign.
static void compare(Comparison *c, int first, int n, const Fix *mid, Fix rad, float scale)
{
    c->rad = rad > c->rad ? rad : c->rad;
    c->entries += n;
    for (int i = 0; i < n; i++) {
        Enclosure *x = &c->logits[first + i];
        mpfr_mul_d(x->lo, x->lo, (double)scale, MPFR_RNDD);
        mpfr_mul_d(x->hi, x->hi, (double)scale, MPFR_RNDU);
        c->wrong += !within(x, -mid[i], rad);
    }
}

static void compare_config(Comparison *c, const ResidualTable *t, const int *tokens)
{
    ModelShape s = c->f->model->shape;
    int D = s.d_model, HK = s.heads * s.d_head, config = fixture_config(c->f, t->cone, tokens);
    oracle_margins(c->oracle, tokens, t->position, shown(s) - 1, c->logits); // 0 - logit
    compare(c, 0, D, t->x + config * D, t->x_rad[config], 1.0f);
    compare(c, D, HK, t->q + config * HK, t->q_rad[config], s.score_scale);
    compare(c, D + HK, HK, t->k + config * HK, t->k_rad[config], 1.0f);
    compare(c, D + 2 * HK, HK, t->v + config * HK, t->v_rad[config], 1.0f);
}

// Compares all tables of a layer at random tokens.
static void compare_layer(Comparison *c, int layer, int rounds)
{
    Arena *arena = arena_new();
    Model *show = show_layer(arena, c->f->model, layer);
    Rng rng = rng_new(7, (uint64_t)layer);
    int tokens[TASK_POSITIONS_MAX];
    c->oracle = oracle_new(show, ORACLE_PRECISION);
    c->logits = enclosure_vector(arena, (size_t)show->shape.d_vocab, ORACLE_PRECISION);
    for (int round = 0; round < rounds; round++) {
        random_tokens(c->f, &rng, tokens);
        for (int p = 0; p < c->f->options.positions - 1; p++)
            if (residual_table(c->f->tables, layer, p))
                compare_config(c, residual_table(c->f->tables, layer, p), tokens);
    }
    oracle_free(c->oracle);
    arena_free(arena);
}

static Comparison compare_tables(const Fixture *f, int rounds)
{
    Comparison c = {.f = f};
    for (int layer = 0; layer < f->model->shape.layers; layer++)
        compare_layer(&c, layer, rounds);
    CU_ASSERT_EQUAL(c.wrong, 0);
    CU_ASSERT_TRUE(c.entries > 0);
    return c;
}

static void compare_fixture(FixtureOptions o, int rounds)
{
    Fixture f = fixture_new(o);
    compare_tables(&f, rounds);
    fixture_free(&f);
}

static void tables_enclose_the_residual(void)
{
    FixtureOptions o = fixture_small;
    compare_fixture(o, 40);
    o.edges = FIXTURE_RECIPE;
    compare_fixture(o, 40);
    o.task = FIXTURE_DIFFERENCE;
    compare_fixture(o, 40);
}

static void tables_of_deep_models_enclose_it(void)
{
    FixtureOptions o = fixture_small;
    o.layers = 3;
    o.seed = 2;
    compare_fixture(o, 40);
    o.layers = 1;
    compare_fixture(o, 20);
}

static void tables_of_sharp_attention_enclose_it(void)
{
    FixtureOptions o = fixture_small;
    o.sharp = 3.0f;
    o.score_scale = 1.7f;
    compare_fixture(o, 20);
    o.sharp = 0.01f;
    compare_fixture(o, 20);
}

static void tables_are_tight(void)
{
    Fixture f = fixture_new(fixture_small);
    Comparison c = compare_tables(&f, 5);
    CU_ASSERT_TRUE(c.rad > 0 && c.rad < (Fix)1 << 18); // 2^-32
    fixture_free(&f);
}

static void tamper_layer(Rng *rng, FixLayer *w, Fix by)
{
    FixMatrix *matrices[] = {&w->W_Q, &w->W_K, &w->W_V, &w->W_O, &w->W_in, &w->W_out};
    FixVector *vectors[] = {&w->b_Q, &w->b_K, &w->b_V, &w->b_O, &w->b_in, &w->b_out};
    for (int i = 0; i < 6; i++) {
        tamper_matrix(rng, matrices[i], by);
        tamper_vector(rng, vectors[i], by);
    }
}

// One matrix or vector after another is moved, and the radius says so: the true residual must still
// be enclosed, which it is only if every radius is carried along. Matrices that rounding.c multiplies
// with each other may not be moved by more.
static void tables_enclose_whatever_the_weights_allow(void)
{
    for (int what = -1; what < 15; what++) {
        FixtureOptions o = fixture_small;
        o.seed = (uint64_t)what + 20;
        Fixture f = fixture_model(o);
        Rng rng = rng_new(o.seed, 1);
        fixture_fix(&f);
        bool multiplied = what < 0 || (what >= 3 && what <= 5); // W_O, W_in, W_out
        const Fix by = (Fix)1 << (multiplied ? 17 : 20);
        FixLayer *w = &f.fix->layer[0];
        FixMatrix *matrices[] = {&w->W_Q,  &w->W_K,   &w->W_V,     &w->W_O,
                                 &w->W_in, &w->W_out, &f.fix->W_E, &f.fix->W_pos};
        FixVector *vectors[] = {&w->b_Q, &w->b_K, &w->b_V, &w->b_O, &w->b_in, &w->b_out};
        if (what < 0)
            tamper_layer(&rng, w, by);
        else if (what < 8)
            tamper_matrix(&rng, matrices[what], by);
        else if (what < 14)
            tamper_vector(&rng, vectors[what - 8], by);
        else
            tamper_fixes(&rng, &f.fix->score_scale, 1, &f.fix->score_scale_rad, by);
        fixture_tables(&f);
        Comparison c = compare_tables(&f, 10);
        CU_ASSERT_TRUE(c.rad >= by / 64);
        fixture_free(&f);
    }
}

// ---- refusals -----------------------------------------------------------------------------------

static void wide_cones_have_no_table(void)
{
    FixtureOptions o = fixture_small;
    o.digits = 4;
    Fixture f = fixture_model(o);
    for (int h = 0; h < o.heads; h++)
        for (int q = 0; q < f.model->shape.n_ctx; q++)
            memset(f.model->layer[0].edges + (h * f.model->shape.n_ctx + q) * f.model->shape.n_ctx,
                   1, (size_t)q + 1);
    fixture_fix(&f);
    fixture_tables(&f);
    fixture_queries(&f);
    int last = f.task->prompt + f.task->answer - 2;
    CU_ASSERT_PTR_NULL(residual_table(f.tables, 1, last));
    CU_ASSERT_FALSE(f.query[f.task->answer - 1]->supported);
    CU_ASSERT_FALSE(f.query[0]->supported);
    fixture_free(&f);
}

// All positions hold fixed tokens but one, so the cone is small however many keys there are.
static void too_many_keys_are_refused(void)
{
    enum { P = SOFTMAX_KEYS_MAX + 1 };
    static int count[P], id[P][TASK_TOKENS_MAX];
    static uint8_t option[P][TASK_TOKENS_MAX], needed[P];
    static const char *const vocab[] = {"0", "1"};
    for (int p = 0; p < P; p++)
        count[p] = 1;
    for (int keys = P - 1; keys <= P; keys++) {
        Arena *arena = arena_new();
        Diag diag;
        Model *model = model_new(arena, (ModelShape){2, 1, 2, 1, 1, 2, P, 1.0f}, vocab);
        TokenOptions options = {P, count, id, option};
        FixModel *fix;
        ResidualTables *tables;
        WorkPool *pool = work_pool_new(1);
        CU_ASSERT_EQUAL_FATAL(fix_model_new(arena, model, &fix, &diag), STATUS_OK);
        memset(needed, 0, sizeof needed);
        needed[keys - 1] = 1;
        Status status = residual_tables_new(
            arena, pool, fix, &options, cones_new(arena, model, &options), needed, &tables, &diag);
        CU_ASSERT_EQUAL(status, keys == P ? STATUS_LIMIT : STATUS_OK);
        work_pool_free(pool);
        arena_free(arena);
    }
}

static Status tables_with(Fixture *f, Diag *diag)
{
    WorkPool *pool = work_pool_new(1);
    uint8_t needed[TASK_POSITIONS_MAX] = {0};
    ResidualTables *tables;
    f->options = token_options(f->arena, f->task, f->ids);
    memset(needed, 1, (size_t)f->options.positions - 1);
    Status status =
        residual_tables_new(f->arena, pool, f->fix, &f->options,
                            cones_new(f->arena, f->model, &f->options), needed, &tables, diag);
    work_pool_free(pool);
    return status;
}

static void values_too_large_are_refused(void)
{
    for (int what = 0; what < 4; what++) {
        Fixture f = fixture_model(fixture_small);
        Diag diag;
        if (what == 0) // the MLP's output
            f.model->layer[0].b_in[0] = f.model->layer[0].W_out[0] = 500.0f;
        if (what == 1) // scores
            f.model->shape.score_scale = 500.0f, f.model->layer[1].b_Q[0] = 500.0f;
        if (what == 2) // values of a head
            f.model->layer[0].b_V[0] = 100.0f;
        if (what == 3) // embeddings: at most 2^9 each, so all fits but not what is made of them
            for (int i = 0; i < 8; i++)
                f.model->W_E[f.ids[i] * 8] = 511.0f, f.model->layer[0].W_in[0] = 511.0f;
        fixture_fix(&f);
        CU_ASSERT_EQUAL(tables_with(&f, &diag), STATUS_LIMIT);
        CU_ASSERT_STRING_EQUAL(diag.code, "B002");
        fixture_free(&f);
    }
}

RUN_TESTS("residual", TESTS)
