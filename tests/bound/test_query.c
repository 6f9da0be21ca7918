// Queries: which keys, which configurations of them, with which weights.

#include "fixture.h"

#include <math.h>
#include <mpfr.h>
#include <string.h>

#include "harness.h"
#include "softmax.h"

#define TESTS(X)                                                                                   \
    X(keys_are_the_allowed_edges)                                                                  \
    X(the_terms_of_a_key_hold_its_configuration)                                                   \
    X(every_input_has_a_configuration_that_occurs)                                                 \
    X(restricting_keeps_the_inputs_of_a_configuration)                                             \
    X(weights_enclose_those_of_every_run)                                                          \
    X(weights_at_the_largest_radius)                                                               \
    X(scores_that_are_too_low_are_anything_below)                                                  \
    X(more_keys_than_sums_can_hold_are_not_supported)

// Calls `visit` for every supported query of a few models.
static void each_query(void (*visit)(const Fixture *f, const Query *query))
{
    for (uint64_t seed = 0; seed < 12; seed++) {
        FixtureOptions o = fixture_small;
        o.seed = seed;
        o.edges = (FixtureEdges)(seed % 3);
        o.task = seed % 4 == 3   ? FIXTURE_DIFFERENCE
                 : seed % 4 == 2 ? FIXTURE_SIGNED
                                 : FIXTURE_ADDITION;
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

// ---- weights (Lemmas N4, R4) --------------------------------------------------------------------

typedef struct Weighing {
    const Fixture *f;
    const Query *query;
    const PathRegion *path;
    int config, head, narrow, wide;
    double least, most; // shifts for which no interval so far is too narrow
} Weighing;

// |x| in units of 1.
static void real_size(mpfr_t ret, Fix x)
{
    mpfr_set_sj(ret, x < 0 ? -x : x, MPFR_RNDN);
    mpfr_div_2ui(ret, ret, FIX_BITS, MPFR_RNDN);
}

// t of K11 for a score q . k, errors dq and dk.
static double error_of_score(const Fix *q, const Fix *dq, const Fix *k, const Fix *dk, int K)
{
    mpfr_t error, sum, x, y, ex, ey, gamma;
    mpfr_inits2(200, error, sum, x, y, ex, ey, gamma, NULL);
    mpfr_set_zero(error, 1);
    mpfr_set_zero(sum, 1);
    for (int i = 0; i < K; i++) {
        real_size(x, q[i]);
        real_size(y, k[i]);
        real_size(ex, dq[i]);
        real_size(ey, dk[i]);
        mpfr_fma(error, x, ey, error, MPFR_RNDN);
        mpfr_fma(error, ex, y, error, MPFR_RNDN);
        mpfr_fma(error, ex, ey, error, MPFR_RNDN);
        mpfr_add(x, x, ex, MPFR_RNDN);
        mpfr_add(y, y, ey, MPFR_RNDN);
        mpfr_fma(sum, x, y, sum, MPFR_RNDN);
    }
    mpfr_set_ui(gamma, (unsigned long)K + 1, MPFR_RNDN);
    mpfr_div_ui(gamma, gamma, (1ul << 24) - (unsigned long)(K + 1), MPFR_RNDN);
    mpfr_fma(error, gamma, sum, error, MPFR_RNDN);
    mpfr_add_d(error, error, 0x1p-16, MPFR_RNDN);
    double t = mpfr_get_d(error, MPFR_RNDD);
    mpfr_clears(error, sum, x, y, ex, ey, gamma, NULL);
    return t;
}

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

// ln(2^-27-shift x), within 2^-40; far below every score for x = 0.
static double log_weight(int32_t x, int shift)
{
    return x > 0 ? log((double)x * 0x1p-27) - shift * 0.69314718055994530942 : -1e9;
}

// 2^-50 (sum of q k).
static double real_score(const Fix *q, const Fix *k, int K)
{
    return (double)fix_dot(q, k, K) * 0x1p-100;
}

// The score that goes furthest in direction `aim` within the radii, and t for it. An interval holds
// e^(s - shift - t) and e^(s - shift + t) for a shift in some range only.
static void check_term(Weighing *w, const PathHead *head, int k, int at)
{
    int K = w->f->model->shape.d_head, HK = K * w->f->model->shape.heads;
    const PathKey *key = &head->key[k];
    const ResidualTable *own = w->query->table, *table = head_key(w->query, w->head, k)->table;
    int from = w->config * HK + w->head * K, to = key->config[at] * HK + w->head * K;
    double away = 0;
    for (int aim = -1; aim <= 1; aim += 2) {
        Fix x[64], y[64];
        for (int i = 0; i < K; i++) {
            Fix a = own->q[from + i], b = table->k[to + i];
            x[i] = a + (b < 0 ? -aim : aim) * own->q_rad[w->config];
            y[i] = b + (a < 0 ? -aim : aim) * table->k_rad[key->config[at]];
        }
        double s = real_score(x, y, K);
        double t = error_of_score(x, own->dq + from, y, table->dk + to, K);
        away = fmax(away, t + fabs(s - real_score(own->q + from, table->k + to, K)));
        w->least = fmax(w->least, s + t - log_weight(key->high[at], key->shift[at]));
        w->most = fmin(w->most, s - t - log_weight(key->low[at], key->shift[at]));
    }
    w->narrow += key->low[at] < 0 || key->high[at] > (1 << PATH_WEIGHT_BITS) + 2;
    w->wide += key->high[at] > (key->low[at] + 2) * exp(2.1 * away) + 2;
}

// The weights of a query on some regions, at some configurations. With one shift for all of a head,
// every interval holds what a run's weight can be, and, if `tight`, is not much wider.
static void check_intervals(const Fixture *f, const Query *query, int rounds, bool tight)
{
    Rng rng = rng_new(6, 0);
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
            w.least = -1e9;
            w.most = 1e9;
            each_term(&w, &head, check_term);
            CU_ASSERT_TRUE(w.least <= w.most + 0x1p-40);
        }
        CU_ASSERT_EQUAL(w.narrow, 0);
        CU_ASSERT_TRUE(!tight || w.wide == 0);
        arena_free(arena);
    }
}

static void check_weights(const Fixture *f, const Query *query)
{
    check_intervals(f, query, 2, true);
}

static void weights_enclose_those_of_every_run(void)
{
    each_query(check_weights);
}

// The largest radii of queries and keys with which scores still fit: they are most of an interval. A head's
// scores share one radius.
static void weights_at_the_largest_radius(void)
{
    for (uint64_t seed = 0; seed < 6; seed++) {
        FixtureOptions o = fixture_small;
        o.edges = FIXTURE_RECIPE;
        o.seed = seed;
        Fixture f = fixture_model(o);
        fixture_fix(&f);
        fixture_tables(&f);
        for (int p = 0; p < f.options.positions - 1; p++) {
            ResidualTable *t = residual_table(f.tables, 1, p);
            for (int config = 0; config < t->cone->configs; config++) {
                t->q_rad[config] = FIX_RAD_MAX / 32;
                t->k_rad[config] = FIX_RAD_MAX / 64;
            }
        }
        fixture_queries(&f);
        for (int a = 0; a < f.task->answer; a++)
            check_intervals(&f, f.query[a], 3, false);
        fixture_free(&f);
    }
}

// One query of 600, and keys that make scores of -1800, -1200, -1000, 600 and 1200.
static void scores_that_are_too_low_are_anything_below(void)
{
    enum { KEYS = 5 };
    static const int key[KEYS] = {-1800, -1200, -1000, 600, 1200};
    static Fix zero[KEYS], q[1] = {600 * FIX_ONE}, k[KEYS];
    Cone one = {.configs = 1}, all = {.configs = KEYS};
    ResidualTable query = {.cone = &one, .q = q, .q_rad = zero, .dq = zero};
    ResidualTable keys = {.cone = &all, .k = k, .k_rad = zero, .dk = zero};
    Arena *arena = arena_new();
    ScoreSide a, b;
    for (int i = 0; i < KEYS; i++)
        k[i] = key[i] * FIX_ONE / 600;
    CU_ASSERT_TRUE_FATAL(score_side_init(arena, &query, true, 1, 1, &a));
    for (int most = KEYS; most >= KEYS - 1;
         most--) { // without the last one, which is too high, the rest fit
        Fix mid[DOT_LANES], away[DOT_LANES], about;
        k[KEYS - 1] = most < KEYS ? 0 : k[KEYS - 1];
        CU_ASSERT_TRUE_FATAL(score_side_init(arena, &keys, false, 1, 1, &b));
        Fix rad = score_radius(&a, &b, 0, 1);
        CU_ASSERT_EQUAL(score_block(&a, 0, &b, 0, 0, 1, 1, rad, mid, away), most < KEYS);
        for (int i = 0; i < 4; i++) {
            Wide exact = (Wide)key[i] * FIX_ONE;
            CU_ASSERT_TRUE((Wide)mid[i] + away[i] >= exact);
            CU_ASSERT_TRUE(key[i] < -1024 || (Wide)mid[i] - away[i] <= exact);
            CU_ASSERT_TRUE(key[i] >= -1024 || ((Wide)mid[i] + away[i] <= -1023 * (Wide)FIX_ONE &&
                                               away[i] > 64 * FIX_ONE));
            CU_ASSERT_TRUE(score_exact(&query, 0, &keys, i, 0, 1, 1, &about));
            CU_ASSERT_TRUE(key[i] < -1024 ? about == -FIX_MAX : (about - exact) / (1 << 20) == 0);
        }
    }
    arena_free(arena);
}

// What predicts the first answer digit reads all columns, the operator and `=`.
static void more_keys_than_sums_can_hold_are_not_supported(void)
{
    for (int digits = 61; digits <= 63; digits++) {
        FixtureOptions o = fixture_small;
        o.edges = FIXTURE_RECIPE;
        o.digits = digits;
        Fixture f = fixture_new(o);
        CU_ASSERT_TRUE(f.query[0]->supported == (digits + 2 <= PATH_KEYS_MAX));
        CU_ASSERT_TRUE(f.query[digits]->supported);
        fixture_free(&f);
    }
}

RUN_TESTS("query", TESTS)
