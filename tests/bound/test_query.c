// Queries: which keys, which configurations of them, with which weights.

#include <mpfr.h>
#include <string.h>

#include "fixture.h"
#include "harness.h"
#include "softmax.h"

#define TESTS(X)                                                                                   \
    X(keys_are_the_allowed_edges)                                                                  \
    X(the_terms_of_a_key_hold_its_configuration)                                                   \
    X(every_input_has_a_configuration_that_occurs)                                                 \
    X(restricting_keeps_the_inputs_of_a_configuration)                                             \
    X(weights_enclose_every_choice_within_the_radii)                                               \
    X(weights_at_the_largest_radius)                                                               \
    X(more_keys_than_sums_can_hold_are_not_supported)

static const FixtureOptions small = {.task = FIXTURE_ADDITION,
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

// Calls `visit` for every supported query of a few models.
static void each_query(void (*visit)(const Fixture *f, const Query *query))
{
    for (uint64_t seed = 0; seed < 12; seed++) {
        FixtureOptions o = small;
        o.seed = seed;
        o.edges = (FixtureEdges)(seed % 3);
        o.task = seed % 4 == 3 ? FIXTURE_DIFFERENCE : FIXTURE_ADDITION;
        o.layers = seed % 6 == 5 ? 1 : 2;
        Fixture f = fixture_new(o);
        for (int a = 0; a < f.task->answer; a++)
            if (f.query[a]->supported)
                visit(&f, f.query[a]);
        fixture_free(&f);
    }
}

static const QueryKey *head_key(const Query *query, int head, int k)
{
    return &query->key[query->head_key[head][k]];
}

static void check_keys(const Fixture *f, const Query *query)
{
    int last = f->model->shape.layers - 1;
    for (int h = 0; h < f->model->shape.heads; h++) {
        int n = 0;
        for (int p = 0; p <= query->position; p++)
            if (model_edge(f->model, last, h, query->position, p)) {
                CU_ASSERT_TRUE_FATAL(n < query->n_head_keys[h]);
                const ResidualTable *table = head_key(query, h, n++)->table;
                CU_ASSERT_TRUE(table->position == p && table->layer == last);
            }
        CU_ASSERT_EQUAL(n, query->n_head_keys[h]);
    }
}

static void keys_are_the_allowed_edges(void)
{
    each_query(check_keys);
}

// ---- configurations (Lemma B4) ------------------------------------------------------------------

// Does the key have a term for this input? A term beyond the key's configurations is wrong too.
static bool has_term(const Fixture *f, const PathKey *key, const ResidualTable *table,
                     const uint8_t *symbols, const int *tokens)
{
    int first = key->column < 0 ? 0 : symbols[key->column] * key->variants;
    int config = fixture_config(f, table->cone, tokens);
    bool found = false;
    for (int i = first; i < first + key->variants; i++) {
        CU_ASSERT_TRUE_FATAL(key->config[i] >= 0 && key->config[i] < table->cone->configs);
        found = found || key->config[i] == config;
    }
    return found;
}

static void check_terms(const Fixture *f, const Query *query)
{
    Rng rng = rng_new(3, 0);
    const Region *full = region_full(f->arena, f->task);
    int missing = 0;
    for (int i = 0; i < 60; i++) {
        Arena *arena = arena_new();
        uint8_t symbols[TASK_COLUMNS_MAX];
        int tokens[TASK_POSITIONS_MAX];
        PathRegion path;
        Region *own = region_copy(arena, full);
        task_sample_uniform(f->task, &rng, symbols);
        fixture_tokens(f, symbols, tokens);
        int config = fixture_config(f, query->table->cone, tokens);
        CU_ASSERT_TRUE_FATAL(query_restrict(query, config, own));
        path_region_init(arena, own, &path);
        for (int h = 0; h < f->model->shape.heads; h++) {
            PathHead head;
            CU_ASSERT_TRUE_FATAL(query_head(arena, query, config, h, &path, &head));
            CU_ASSERT_EQUAL(head.n_keys, query->n_head_keys[h]);
            for (int k = 0; k < head.n_keys; k++)
                missing +=
                    !has_term(f, &head.key[k], head_key(query, h, k)->table, symbols, tokens);
        }
        arena_free(arena);
    }
    CU_ASSERT_EQUAL(missing, 0);
}

static void the_terms_of_a_key_hold_its_configuration(void)
{
    each_query(check_terms);
}

// A region of random edges that has inputs.
static Region *random_region(Arena *arena, const Task *task, Rng *rng)
{
    for (;;) {
        Region *region = region_full(arena, task);
        uint32_t kept = 1 + rng_below(rng, 8);
        for (int c = 0; c < task->columns; c++)
            for (int e = 0; e < region_edges(region); e++)
                if (rng_below(rng, 9) >= kept)
                    region_drop(region, c, e);
        if (region_trim(region))
            return region;
    }
}

static void check_occurs(const Fixture *f, const Query *query)
{
    Rng rng = rng_new(4, 0);
    int wrong = 0;
    for (int i = 0; i < 20; i++) {
        Region *region = random_region(f->arena, f->task, &rng);
        for (int k = 0; k < 20; k++) {
            uint8_t symbols[TASK_COLUMNS_MAX];
            int tokens[TASK_POSITIONS_MAX];
            region_sample(region, &rng, symbols);
            fixture_tokens(f, symbols, tokens);
            wrong += !query_occurs(query, fixture_config(f, query->table->cone, tokens), region);
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void every_input_has_a_configuration_that_occurs(void)
{
    each_query(check_occurs);
}

static void check_restrict(const Fixture *f, const Query *query)
{
    Rng rng = rng_new(5, 0);
    int wrong = 0;
    for (int i = 0; i < 10; i++) {
        Region *region = random_region(f->arena, f->task, &rng);
        int config = (int)rng_below(&rng, (uint32_t)query->table->cone->configs), inputs = 0;
        Region *own = region_copy(f->arena, region);
        bool any = query_restrict(query, config, own);
        for (int input = 0; input < 10000; input++) {
            const uint8_t symbols[] = {(uint8_t)(input % 100), (uint8_t)(input / 100)};
            int tokens[TASK_POSITIONS_MAX];
            if (!region_contains(region, symbols))
                continue;
            fixture_tokens(f, symbols, tokens);
            bool here = fixture_config(f, query->table->cone, tokens) == config;
            inputs += here;
            wrong += here != (any && region_contains(own, symbols));
        }
        CU_ASSERT_EQUAL(any, inputs > 0);
        wrong += any && !query_occurs(query, config, region);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void restricting_keeps_the_inputs_of_a_configuration(void)
{
    each_query(check_restrict);
}

// ---- weights (Lemmas N2, N6) --------------------------------------------------------------------

// 2^27 e^(score - shift) for the score that goes furthest in direction `aim` within the radii; both
// in units of 2^-100.
static void exact_weight(mpfr_t y, const Fix *q, Fix q_rad, const Fix *k, Fix k_rad, int K, int aim,
                         Fix shift)
{
    mpz_t sum, a, b;
    mpz_inits(sum, a, b, NULL);
    mpz_set_si(sum, -shift);
    mpz_mul_2exp(sum, sum, FIX_BITS);
    for (int i = 0; i < K; i++) {
        mpz_set_si(a, q[i] + (k[i] < 0 ? -aim : aim) * q_rad);
        mpz_set_si(b, k[i] + (q[i] < 0 ? -aim : aim) * k_rad);
        mpz_addmul(sum, a, b);
    }
    mpfr_set_z(y, sum, MPFR_RNDN);
    mpfr_div_2ui(y, y, 2 * FIX_BITS, MPFR_RNDN);
    mpfr_exp(y, y, MPFR_RNDN);
    mpfr_mul_2ui(y, y, PATH_WEIGHT_BITS, MPFR_RNDN);
    mpz_clears(sum, a, b, NULL);
}

typedef struct Weighing {
    const Fixture *f;
    const Query *query;
    const PathRegion *path;
    int config, head, wrong;
    Fix shift;
} Weighing;

typedef void VisitTerm(Weighing *w, const PathHead *head, int k, int at);

// Terms whose symbol is on the region.
static void each_term(Weighing *w, const PathHead *head, VisitTerm *visit)
{
    for (int k = 0; k < head->n_keys; k++) {
        const PathKey *key = &head->key[k];
        for (int v = 0; key->column < 0 && v < key->variants; v++)
            visit(w, head, k, v);
        if (key->column < 0)
            continue;
        const PathColumn *column = &w->path->column[key->column];
        for (int c = 0; c < column->n_classes; c++)
            for (int i = 0; i < column->classes[c].count; i++)
                for (int v = 0; v < key->variants; v++)
                    visit(w, head, k,
                          column->symbol[column->classes[c].first + i] * key->variants + v);
    }
}

static void find_shift(Weighing *w, const PathHead *head, int k, int at)
{
    int K = w->f->model->shape.d_head, HK = K * w->f->model->shape.heads;
    const ResidualTable *own = w->query->table, *table = head_key(w->query, w->head, k)->table;
    Fix mid, rad;
    CU_ASSERT_TRUE_FATAL(score_enclose(own->q + w->config * HK + w->head * K, own->q_rad[w->config],
                                       table->k + head->key[k].config[at] * HK + w->head * K,
                                       table->k_rad[head->key[k].config[at]], K, &mid, &rad));
    w->shift = mid > w->shift ? mid : w->shift;
}

static void check_weight(Weighing *w, const PathHead *head, int k, int at)
{
    int K = w->f->model->shape.d_head, HK = K * w->f->model->shape.heads;
    const ResidualTable *own = w->query->table, *table = head_key(w->query, w->head, k)->table;
    int kc = head->key[k].config[at];
    mpfr_t y;
    mpfr_init2(y, 200);
    for (int aim = -1; aim <= 1; aim += 2) {
        exact_weight(y, own->q + w->config * HK + w->head * K, own->q_rad[w->config],
                     table->k + kc * HK + w->head * K, table->k_rad[kc], K, aim, w->shift);
        w->wrong += mpfr_cmp_si(y, head->key[k].weight[at]) < 0 ||
                    mpfr_cmp_si(y, head->key[k].weight[at] + head->slack) > 0;
    }
    mpfr_clear(y);
}

// All weights of a query on some regions, at some configurations; how many are outside.
static int wrong_weights(const Fixture *f, const Query *query, int rounds)
{
    Rng rng = rng_new(6, 0);
    int wrong = 0;
    for (int i = 0; i < rounds; i++) {
        Arena *arena = arena_new();
        Region *region = random_region(arena, f->task, &rng);
        PathRegion path;
        Weighing w = {.f = f, .query = query, .path = &path};
        uint8_t symbols[TASK_COLUMNS_MAX];
        int tokens[TASK_POSITIONS_MAX];
        region_sample(region, &rng, symbols);
        fixture_tokens(f, symbols, tokens);
        w.config = fixture_config(f, query->table->cone, tokens);
        CU_ASSERT_TRUE_FATAL(query_restrict(query, w.config, region));
        path_region_init(arena, region, &path);
        for (w.head = 0; w.head < f->model->shape.heads; w.head++) {
            PathHead head;
            CU_ASSERT_TRUE_FATAL(query_head(arena, query, w.config, w.head, &path, &head));
            w.shift = INT64_MIN;
            each_term(&w, &head, find_shift);
            each_term(&w, &head, check_weight);
        }
        wrong += w.wrong;
        arena_free(arena);
    }
    return wrong;
}

static void check_weights(const Fixture *f, const Query *query)
{
    CU_ASSERT_EQUAL(wrong_weights(f, query, 2), 0);
}

static void weights_enclose_every_choice_within_the_radii(void)
{
    each_query(check_weights);
}

// The largest radii of queries and keys with which scores still fit: slack is what counts.
static void weights_at_the_largest_radius(void)
{
    for (uint64_t seed = 0; seed < 6; seed++) {
        FixtureOptions o = small;
        o.edges = FIXTURE_RECIPE;
        o.seed = seed;
        Fixture f = fixture_new(o);
        for (int p = 0; p < f.options.positions - 1; p++) {
            ResidualTable *t = residual_table(f.tables, 1, p);
            for (int config = 0; config < t->cone->configs; config++) {
                t->q_rad[config] = FIX_RAD_MAX / 32;
                t->k_rad[config] = FIX_RAD_MAX / 64;
            }
        }
        for (int a = 0; a < f.task->answer; a++)
            CU_ASSERT_EQUAL(wrong_weights(&f, f.query[a], 3), 0);
        fixture_free(&f);
    }
}

// What predicts the first answer digit reads all columns, the operator and `=`.
static void more_keys_than_sums_can_hold_are_not_supported(void)
{
    for (int digits = 61; digits <= 63; digits++) {
        FixtureOptions o = small;
        o.edges = FIXTURE_RECIPE;
        o.digits = digits;
        Fixture f = fixture_new(o);
        CU_ASSERT_TRUE(f.query[0]->supported == (digits + 2 <= PATH_KEYS_MAX));
        CU_ASSERT_TRUE(f.query[digits]->supported);
        fixture_free(&f);
    }
}

RUN_TESTS("query", TESTS)
