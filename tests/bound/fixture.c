#include "fixture.h"

#include <string.h>

#include "edges.h"
#include "safetensors.h"
#include "task_samples.h"

const FixtureOptions fixture_small = {.task = FIXTURE_ADDITION,
                                      .digits = 2,
                                      .layers = 2,
                                      .heads = 2,
                                      .d_model = 8,
                                      .d_head = 3,
                                      .d_mlp = 8,
                                      .edges = FIXTURE_RANDOM,
                                      .size = 0.4f,
                                      .sharp = 0.6f,
                                      .score_scale = 0.37f,
                                      .seed = 1};

static const char *const difference = "param n = 2\n"
                                      "input a, b : number of n digits\n"
                                      "prompt a \"-\" b \"=\"\n"
                                      "answer w : number of 1 digits \"|\" d : number of n digits\n"
                                      "require d = a - b + w * 10^n and w <= 1\n"
                                      "assume a[i] + b[i] <= 17\n"
                                      "algorithm\n"
                                      "  scan from least significant\n"
                                      "    state borrow in 0..1, initially 0\n"
                                      "    digit d[i] = (a[i] - b[i] - borrow) mod 10\n"
                                      "    next borrow = -((a[i] - b[i] - borrow) div 10)\n"
                                      "  finally w[0] = borrow\n";

static void check(Status status, const Diag *diag)
{
    if (status != STATUS_OK)
        diag_print(diag, stdout, 0);
    CHECK(status == STATUS_OK);
}

static Task *make_task(Arena *arena, FixtureOptions o)
{
    SpecSetting setting = {"n", o.digits};
    Diag diag;
    Spec *spec;
    Task *task;
    if (o.task == FIXTURE_SIGNED)
        return sample_signed(arena, o.digits);
    if (o.task == FIXTURE_ADDITION)
        check(spec_parse_file(arena, SPECS_DIR "/addition.spec", &setting, 1, &spec, &diag), &diag);
    else
        check(spec_parse(arena, "difference.spec", difference, strlen(difference), &setting, 1,
                         &spec, &diag),
              &diag);
    check(task_new(arena, spec, &task, &diag), &diag);
    return task;
}

// The task's tokens from the last to the first, with strangers around them.
static Model *make_model(Arena *arena, const Task *task, FixtureOptions o)
{
    const char *vocab[TASK_TOKENS_MAX + 2];
    int V = 0;
    vocab[V++] = "stranger";
    for (int i = task->n_alphabet - 1; i >= 0; i--)
        vocab[V++] = task->alphabet[i];
    vocab[V++] = "another";
    ModelShape shape = {o.layers, o.heads, o.d_model, o.d_head, o.d_mlp, V, 0, o.score_scale};
    shape.n_ctx = task->prompt + task->answer;
    return model_new(arena, shape, vocab);
}

// Of any size: mostly about `size`, now and then zero or so small that 2^-50 rounds it.
static void fill(Rng *rng, float *numbers, int count, float size)
{
    for (int i = 0; i < count; i++) {
        uint32_t kind = rng_below(rng, 16);
        float scale = kind == 1 ? 0x1p-30f : kind == 2 ? 0x1p-45f : 1.0f;
        numbers[i] = kind == 0 ? 0.0f : rng_normal(rng) * size * scale;
    }
}

static void fill_model(Rng *rng, Model *m, FixtureOptions o)
{
    int H = o.heads, D = o.d_model, K = o.d_head, F = o.d_mlp, V = m->shape.d_vocab;
    fill(rng, m->W_E, V * D, 1.0f);
    fill(rng, m->W_pos, m->shape.n_ctx * D, 0.5f);
    for (int l = 0; l < o.layers; l++) {
        ModelLayer *w = &m->layer[l];
        fill(rng, w->W_Q, H * D * K, o.sharp);
        fill(rng, w->b_Q, H * K, o.sharp);
        fill(rng, w->W_K, H * D * K, o.sharp);
        fill(rng, w->b_K, H * K, o.sharp);
        fill(rng, w->W_V, H * D * K, o.size);
        fill(rng, w->b_V, H * K, o.size);
        fill(rng, w->W_O, H * K * D, o.size);
        fill(rng, w->b_O, D, o.size);
        fill(rng, w->W_in, D * F, o.size);
        fill(rng, w->b_in, F, o.size);
        fill(rng, w->W_out, F * D, o.size);
        fill(rng, w->b_out, D, o.size);
    }
    fill(rng, m->W_U, D * V, o.size);
    fill(rng, m->b_U, V, o.size);
}

static void recipe_edges(const Task *task, Model *m)
{
    unsigned always = 1u << EDGE_SELF | 1u << EDGE_FIXED;
    for (int l = 0; l < m->shape.layers; l++)
        for (int h = 0; h < m->shape.heads; h++)
            edges_set(task, always | 1u << (l == 0 ? EDGE_COLUMN : EDGE_COLUMNS_BELOW), m, l, h);
}

// Each causal edge with a chance of one in `rarity`; every seventh row has none.
static void random_edges(Rng *rng, Model *m, int layer, uint32_t rarity)
{
    int C = m->shape.n_ctx;
    for (int row = 0; row < m->shape.heads * C; row++) {
        uint8_t *edge = m->layer[layer].edges + row * C;
        bool none = rng_below(rng, 7) == 0;
        for (int key = 0; key < C; key++)
            edge[key] = key <= row % C && !none && rng_below(rng, rarity) == 0;
    }
}

static void single_edges(Rng *rng, Model *m, int layer)
{
    int C = m->shape.n_ctx;
    memset(m->layer[layer].edges, 0, (size_t)(m->shape.heads * C * C));
    for (int row = 0; row < m->shape.heads * C; row++)
        if (rng_below(rng, 4) > 0)
            m->layer[layer].edges[row * C + (int)rng_below(rng, (uint32_t)(row % C) + 1)] = 1;
}

static void choose_edges(Rng *rng, const Task *task, Model *m, FixtureEdges edges)
{
    int last = m->shape.layers - 1;
    m->has_edges = true;
    if (edges == FIXTURE_RECIPE) {
        recipe_edges(task, m);
        return;
    }
    for (int l = 0; l < last; l++)
        random_edges(rng, m, l, 4);
    if (edges == FIXTURE_RANDOM)
        random_edges(rng, m, last, 3);
    else
        single_edges(rng, m, last);
}

Fixture fixture_model(FixtureOptions options)
{
    Fixture f = {.arena = arena_new()};
    Rng rng = rng_new(options.seed, 0);
    Diag diag;
    f.task = make_task(f.arena, options);
    f.model = make_model(f.arena, f.task, options);
    fill_model(&rng, f.model, options);
    choose_edges(&rng, f.task, f.model, options.edges);
    check(task_bind(f.task, f.model->vocab, f.model->shape.d_vocab, f.ids, &diag), &diag);
    return f;
}

void fixture_fix(Fixture *f)
{
    Diag diag;
    check(fix_model_new(f->arena, f->model, &f->fix, &diag), &diag);
}

void fixture_tables(Fixture *f)
{
    Diag diag;
    WorkPool *pool = work_pool_new(1);
    uint8_t needed[TASK_POSITIONS_MAX] = {0};
    memset(needed, 1, (size_t)(f->task->prompt + f->task->answer - 1));
    f->options = token_options(f->arena, f->task, f->ids);
    f->cones = cones_new(f->arena, f->model, &f->options);
    // The options live in the fixture, which may be copied: tables and queries need them in place.
    TokenOptions *options = ARENA_NEW(f->arena, TokenOptions, 1);
    *options = f->options;
    check(residual_tables_new(f->arena, pool, f->fix, options, f->cones, needed, &f->tables, &diag),
          &diag);
    work_pool_free(pool);
}

void fixture_queries(Fixture *f)
{
    Diag diag;
    f->query = ARENA_NEW(f->arena, Query *, (size_t)f->task->answer);
    for (int a = 0; a < f->task->answer; a++)
        check(query_new(f->arena, f->tables, f->task, f->task->prompt + a - 1, &f->query[a], &diag),
              &diag);
}

void fixture_prepare(Fixture *f)
{
    fixture_fix(f);
    fixture_tables(f);
    fixture_queries(f);
}

Fixture fixture_new(FixtureOptions options)
{
    Fixture f = fixture_model(options);
    fixture_prepare(&f);
    return f;
}

Fixture fixture_read(const char *path, int digits)
{
    Fixture f = {.arena = arena_new()};
    Diag diag;
    f.task = make_task(f.arena, (FixtureOptions){.task = FIXTURE_ADDITION, .digits = digits});
    check(model_read(f.arena, path, &f.model, &diag), &diag);
    check(task_bind(f.task, f.model->vocab, f.model->shape.d_vocab, f.ids, &diag), &diag);
    fixture_prepare(&f);
    return f;
}

void fixture_free(Fixture *f)
{
    arena_free(f->arena);
}

void fixture_tokens(const Fixture *f, const uint8_t *symbols, int *ret_tokens)
{
    task_tokens(f->task, f->ids, symbols, ret_tokens);
}

int fixture_config(const Fixture *f, const Cone *cone, const int *tokens)
{
    int config = 0;
    for (int i = 0; i < cone->count; i++) {
        int p = cone->position[i], option = 0;
        while (f->options.id[p][option] != tokens[p])
            CHECK(++option < f->options.count[p]);
        config += option * cone->stride[i];
    }
    return config;
}

const GroupBound *fixture_group(const Fixture *f, int answer, const MarginBound *bound,
                                const uint8_t *symbols)
{
    int tokens[TASK_POSITIONS_MAX], c = 0;
    fixture_tokens(f, symbols, tokens);
    int config = fixture_config(f, f->query[answer]->table->cone, tokens);
    while (bound->config[c] != config)
        CHECK(++c < bound->configs);
    return &bound->group[bound->group_of[c]];
}

void tamper_fixes(Rng *rng, Fix *mid, int n, Fix *rad, Fix by)
{
    for (int i = 0; i < n; i++)
        mid[i] += rng_below(rng, 2) ? by : -by;
    *rad += by;
}

void tamper_matrix(Rng *rng, FixMatrix *matrix, Fix by)
{
    tamper_fixes(rng, matrix->mid, matrix->rows * matrix->cols, &matrix->rad, by);
    matrix->inexact = matrix->cols;
    CHECK(fix_matrix_seal(matrix));
}

void tamper_vector(Rng *rng, FixVector *vector, Fix by)
{
    tamper_fixes(rng, vector->mid, vector->n, &vector->rad, by);
}
