// Weights as fixed-point matrices, products of them, and functionals of heads tabulated over keys:
// all against exact integers made from the stored numbers.

#include <gmp.h>
#include <string.h>

#include "fixture.h"
#include "harness.h"

#define TESTS(X)                                                                                   \
    X(weights_are_enclosed)                                                                        \
    X(weights_know_how_many_are_inexact)                                                           \
    X(weights_too_large_are_refused)                                                               \
    X(models_too_wide_are_refused)                                                                 \
    X(the_readout_encloses_its_product)                                                            \
    X(functionals_through_heads_enclose_their_product)                                             \
    X(tables_hold_every_choice_within_the_radii)                                                   \
    X(tables_of_small_values_are_exact)                                                            \
    X(tables_refuse_what_exceeds_their_limits)

static FixtureOptions one_digit(void)
{
    FixtureOptions options = fixture_small;
    options.digits = 1;
    return options;
}

// ---- stored numbers -----------------------------------------------------------------------------

// |exact - mid| <= rad, `exact` in units of 1; what differs is counted in *inexact.
static bool encloses(const mpq_t exact, Fix mid, Fix rad, int *inexact)
{
    mpq_t off, r;
    mpq_inits(off, r, NULL);
    mpq_mul_2exp(off, exact, FIX_BITS);
    mpq_set_si(r, mid, 1);
    mpq_sub(off, off, r);
    mpq_abs(off, off);
    *inexact += mpq_sgn(off) != 0;
    mpq_set_si(r, rad, 1);
    bool within = mpq_cmp(off, r) <= 0;
    mpq_clears(off, r, NULL);
    return within;
}

// Row r of the matrix holds w[r * row_step], w[r * row_step + col_step], ...
static int check_matrix(const FixMatrix *m, const float *w, int row_step, int col_step)
{
    int wrong = 0;
    mpq_t exact;
    mpq_init(exact);
    for (int r = 0; r < m->rows; r++) {
        int inexact = 0;
        Wide sum = 0;
        for (int c = 0; c < m->cols; c++) {
            Fix mid = m->mid[r * m->cols + c];
            mpq_set_d(exact, (double)w[r * row_step + c * col_step]);
            wrong += !encloses(exact, mid, m->rad, &inexact);
            sum += mid < 0 ? -mid : mid;
        }
        wrong += inexact > m->inexact || sum > m->norm;
    }
    mpq_clear(exact);
    return wrong;
}

static int check_vector(const FixVector *v, const float *w)
{
    int wrong = 0, inexact = 0;
    mpq_t exact;
    mpq_init(exact);
    for (int i = 0; i < v->n; i++) {
        mpq_set_d(exact, (double)w[i]);
        wrong += !encloses(exact, v->mid[i], v->rad, &inexact);
    }
    mpq_clear(exact);
    return wrong;
}

// One head's rows of a [H, D, K] tensor.
static int check_head(const FixMatrix *m, const float *w, int head, ModelShape s)
{
    int D = s.d_model, K = s.d_head;
    FixMatrix rows = *m;
    rows.mid += head * K * D;
    rows.rows = K;
    return check_matrix(&rows, w + head * D * K, 1, K);
}

static void weights_are_enclosed(void)
{
    for (uint64_t seed = 0; seed < 5; seed++) {
        FixtureOptions o = one_digit();
        o.seed = seed;
        Fixture f = fixture_model(o);
        fixture_fix(&f);
        const FixModel *fix = f.fix;
        const Model *m = f.model;
        int HK = o.heads * o.d_head, D = o.d_model, F = o.d_mlp, V = m->shape.d_vocab, none = 0;
        int wrong = check_matrix(&fix->W_E, m->W_E, D, 1) +
                    check_matrix(&fix->W_pos, m->W_pos, D, 1) +
                    check_matrix(&fix->W_U, m->W_U, 1, V) + check_vector(&fix->b_U, m->b_U);
        for (int l = 0; l < o.layers; l++) {
            const ModelLayer *w = &m->layer[l];
            const FixLayer *x = &fix->layer[l];
            for (int h = 0; h < o.heads; h++)
                wrong += check_head(&x->W_Q, w->W_Q, h, m->shape) +
                         check_head(&x->W_K, w->W_K, h, m->shape) +
                         check_head(&x->W_V, w->W_V, h, m->shape);
            wrong += check_vector(&x->b_Q, w->b_Q) + check_vector(&x->b_K, w->b_K) +
                     check_vector(&x->b_V, w->b_V) + check_vector(&x->b_O, w->b_O) +
                     check_vector(&x->b_in, w->b_in) + check_vector(&x->b_out, w->b_out) +
                     check_matrix(&x->W_O, w->W_O, 1, D) + check_matrix(&x->W_in, w->W_in, 1, F) +
                     check_matrix(&x->W_out, w->W_out, 1, D);
            CU_ASSERT_TRUE(x->W_Q.rows == HK && x->W_O.cols == HK && x->W_out.cols == F);
        }
        mpq_t exact;
        mpq_init(exact);
        mpq_set_d(exact, (double)m->shape.score_scale);
        wrong += !encloses(exact, fix->score_scale, fix->score_scale_rad, &none);
        mpq_clear(exact);
        CU_ASSERT_EQUAL(wrong, 0);
        fixture_free(&f);
    }
}

static void weights_know_how_many_are_inexact(void)
{
    Fixture f = fixture_model(one_digit());
    ModelLayer *w = &f.model->layer[0];
    for (int i = 0; i < fixture_small.d_model * fixture_small.d_mlp; i++)
        w->W_in[i] = 1.0f;
    w->W_in[3] = 0x1.8p-50f;
    w->W_in[3 + fixture_small.d_mlp] = 0x1.8p-51f;
    w->W_in[4] = 0x1.8p-50f;
    fixture_fix(&f);
    CU_ASSERT_EQUAL(f.fix->layer[0].W_in.inexact, 2);
    CU_ASSERT_EQUAL(f.fix->layer[0].W_in.rad, 1);
    fixture_free(&f);
    f = fixture_model(one_digit());
    for (size_t i = 0; i < f.model->n_parameters; i++)
        f.model->parameters[i] = 0.25f;
    f.model->shape.score_scale = 0.5f;
    fixture_fix(&f);
    CU_ASSERT_EQUAL(f.fix->layer[0].W_in.inexact, 0);
    CU_ASSERT_EQUAL(f.fix->layer[0].W_in.rad, 0);
    CU_ASSERT_EQUAL(f.fix->layer[1].b_in.rad, 0);
    CU_ASSERT_EQUAL(f.fix->score_scale_rad, 0);
    fixture_free(&f);
}

static void weights_too_large_are_refused(void)
{
    for (int where = 0; where < 7; where++) {
        Fixture f = fixture_model(one_digit());
        ModelLayer *w = &f.model->layer[1];
        float *places[] = {f.model->W_E,
                           f.model->W_U,
                           w->W_Q,
                           w->b_O,
                           w->W_out,
                           f.model->b_U,
                           &f.model->shape.score_scale};
        Diag diag;
        FixModel *fix = NULL;
        *places[where] = 511.0f;
        CU_ASSERT_EQUAL(fix_model_new(f.arena, f.model, &fix, &diag), STATUS_OK);
        fix = NULL;
        *places[where] = 512.0f;
        CU_ASSERT_EQUAL(fix_model_new(f.arena, f.model, &fix, &diag), STATUS_LIMIT);
        CU_ASSERT_STRING_EQUAL(diag.code, "B001");
        CU_ASSERT_PTR_NULL(fix);
        fixture_free(&f);
    }
}

static void models_too_wide_are_refused(void)
{
    Arena *arena = arena_new();
    const char **vocab = ARENA_NEW(arena, const char *, 16384);
    for (int v = 0; v < 16384; v++)
        vocab[v] = arena_printf(arena, "%d", v);
    Model *model = model_new(arena, (ModelShape){1, 1, 1, 1, 8192, 16384, 2, 1.0f}, vocab);
    Diag diag;
    FixModel *fix;
    CU_ASSERT_EQUAL(fix_model_new(arena, model, &fix, &diag), STATUS_LIMIT);
    CU_ASSERT_STRING_EQUAL(diag.code, "B001");
    arena_free(arena);
}

// ---- products of stored matrices ----------------------------------------------------------------

// sum over d of a[d * a_step] b[d * b_step], exactly.
static void exact_dot(mpq_t sum, const float *a, int a_step, const float *b, int b_step, int n)
{
    mpq_t x, y;
    mpq_inits(x, y, NULL);
    mpq_set_ui(sum, 0, 1);
    for (int d = 0; d < n; d++) {
        mpq_set_d(x, (double)a[d * a_step]);
        mpq_set_d(y, (double)b[d * b_step]);
        mpq_mul(x, x, y);
        mpq_add(sum, sum, x);
    }
    mpq_clears(x, y, NULL);
}

static void the_readout_encloses_its_product(void)
{
    mpq_t exact;
    mpq_init(exact);
    for (uint64_t seed = 0; seed < 10; seed++) {
        FixtureOptions o = one_digit();
        o.seed = seed;
        Fixture f = fixture_model(o);
        fixture_fix(&f);
        int V = f.model->shape.d_vocab, D = o.d_model, F = o.d_mlp, wrong = 0, inexact = 0;
        for (int v = 0; v < V; v++)
            for (int i = 0; i < F; i++) {
                exact_dot(exact, f.model->W_U + v, V, f.model->layer[1].W_out + i * D, 1, D);
                wrong +=
                    !encloses(exact, f.fix->readout.mid[v * F + i], f.fix->readout.rad, &inexact);
            }
        CU_ASSERT_EQUAL(wrong, 0);
        CU_ASSERT_TRUE(f.fix->readout.rad < 64);
        CU_ASSERT_TRUE(f.fix->readout.rows == V && f.fix->readout.inexact == F);
        fixture_free(&f);
    }
    mpq_clear(exact);
}

// C = W_in of the last layer, whose exact values are known, with both factors moved within radii.
static void functionals_through_heads_enclose_their_product(void)
{
    mpq_t exact;
    mpq_init(exact);
    for (int round = 0; round < 8; round++) {
        FixtureOptions o = one_digit();
        o.seed = (uint64_t)round;
        Fixture f = fixture_model(o);
        fixture_fix(&f);
        Rng rng = rng_new(o.seed, 1);
        FixLayer *w = &f.fix->layer[1];
        FixMatrix through;
        if (round & 1)
            tamper_matrix(&rng, &w->W_in, 1000000);
        if (round & 2)
            tamper_matrix(&rng, &w->W_O, 1000000);
        CU_ASSERT_TRUE(query_through_heads(f.arena, w, &w->W_in, &through));
        int HK = o.heads * o.d_head, D = o.d_model, F = o.d_mlp, wrong = 0, inexact = 0;
        Wide norm = 0;
        for (int i = 0; i < F; i++) {
            for (int j = 0; j < HK; j++) {
                exact_dot(exact, f.model->layer[1].W_in + i, F, f.model->layer[1].W_O + j * D, 1,
                          D);
                wrong += !encloses(exact, through.mid[i * HK + j], through.rad, &inexact);
            }
            Wide sum = fix_sum_abs(through.mid + i * HK, HK);
            norm = sum > norm ? sum : norm;
        }
        CU_ASSERT_EQUAL(wrong, 0);
        CU_ASSERT_TRUE(through.norm == norm && through.inexact == HK);
        fixture_free(&f);
    }
    mpq_clear(exact);
}

// ---- tables of functionals ----------------------------------------------------------------------

enum { HEADS = 2, K = 3, ROWS = 9, CONFIGS = 7, N_KEYS = 3 };

static Fix random_fix(Rng *rng, int bits)
{
    Fix x = (Fix)(rng_next(rng) >> (64 - bits)) >> rng_below(rng, (uint32_t)bits);
    return rng_below(rng, 2) ? -x : x;
}

typedef struct Keys {
    Cone cone;
    ResidualTable table[N_KEYS];
    KeyValues values[N_KEYS];
    const KeyValues *key[N_KEYS];
} Keys;

// The table of one head, over all configurations.
static bool table_of(Arena *arena, const FixMatrix *C, int head, Keys *keys, FunctionalTable *ret)
{
    for (int i = 0; i < N_KEYS; i++) {
        if (!key_values_init(arena, &keys->table[i], HEADS, K, &keys->values[i]))
            return false;
        keys->key[i] = &keys->values[i];
    }
    return functional_table_init(arena, C, head, K, keys->key, NULL, N_KEYS, ret);
}

static void keys_init(Arena *arena, Rng *rng, Keys *keys, int bits, int rad_bits)
{
    keys->cone = (Cone){.configs = CONFIGS};
    for (int i = 0; i < N_KEYS; i++) {
        ResidualTable *t = &keys->table[i];
        *t = (ResidualTable){.cone = &keys->cone,
                             .v = ARENA_NEW(arena, Fix, CONFIGS * HEADS * K),
                             .v_rad = ARENA_NEW(arena, Fix, CONFIGS)};
        for (int j = 0; j < CONFIGS * HEADS * K; j++)
            t->v[j] = random_fix(rng, bits);
        for (int c = 0; c < CONFIGS; c++)
            t->v_rad[c] = (Fix)(rng_next(rng) >> (64 - rad_bits));
    }
}

// The furthest c . v within the radii in direction `aim`, minus g 2^shift: at most rad?
static bool entry_holds(const FixMatrix *C, int row, int head, const ResidualTable *t, int config,
                        const FunctionalTable *table, int32_t g, int aim)
{
    mpz_t sum, a, b;
    mpz_inits(sum, a, b, NULL);
    for (int k = 0; k < K; k++) {
        Fix c = C->mid[(row * HEADS + head) * K + k], v = t->v[(config * HEADS + head) * K + k];
        mpz_set_si(a, c + (v < 0 ? -aim : aim) * C->rad);
        mpz_set_si(b, v + (c < 0 ? -aim : aim) * t->v_rad[config]);
        mpz_addmul(sum, a, b);
    }
    mpz_set_si(a, g);
    mpz_mul_2exp(a, a, (mp_bitcnt_t)(FIX_BITS + table->shift[row]));
    mpz_sub(sum, sum, a);
    mpz_set_si(a, table->rad[row]);
    mpz_mul_2exp(a, a, FIX_BITS);
    bool holds = mpz_cmpabs(sum, a) <= 0;
    mpz_clears(sum, a, b, NULL);
    return holds;
}

// The largest g of a row over all keys, and no other number.
static bool top_holds(const FunctionalTable *table, int row)
{
    int32_t top = INT32_MIN;
    for (int i = 0; i < N_KEYS; i++)
        for (int c = 0; c < CONFIGS; c++) {
            int32_t g = table->g[i][c * table->stride + row];
            top = g > top ? g : top;
        }
    return table->top[row] == top;
}

static int check_table(const FixMatrix *C, int head, const Keys *keys, const FunctionalTable *table)
{
    int wrong = 0;
    for (int row = 0; row < ROWS; row++)
        wrong += !top_holds(table, row);
    for (int i = 0; i < N_KEYS; i++)
        for (int c = 0; c < CONFIGS; c++)
            for (int row = 0; row < table->stride; row++) {
                int32_t g = table->g[i][c * table->stride + row];
                wrong += g > table->most[row] || -g > table->most[row] ||
                         table->most[row] >= 1 << FUNCTIONAL_BITS;
                if (row < ROWS)
                    wrong += !entry_holds(C, row, head, &keys->table[i], c, table, g, 1) ||
                             !entry_holds(C, row, head, &keys->table[i], c, table, g, -1);
                else
                    wrong += g != 0;
            }
    return wrong;
}

static void tables_hold_every_choice_within_the_radii(void)
{
    Rng rng = rng_new(5, 0);
    int fitted = 0, wrong = 0;
    for (int round = 0; round < 400; round++) {
        Arena *arena = arena_new();
        int bits = 2 + (int)rng_below(&rng, 58), rad_bits = 1 + (int)rng_below(&rng, 36);
        Keys keys;
        FunctionalTable table;
        FixMatrix C = fix_matrix_new(arena, ROWS, HEADS * K);
        keys_init(arena, &rng, &keys, bits, rad_bits);
        for (int i = 0; i < ROWS * HEADS * K; i++)
            C.mid[i] = random_fix(&rng, bits > 40 ? 52 : bits);
        C.rad = (Fix)(rng_next(&rng) >> (64 - rad_bits));
        C.inexact = C.cols;
        CU_ASSERT_TRUE_FATAL(fix_matrix_seal(&C));
        for (int head = 0; head < HEADS; head++)
            if (table_of(arena, &C, head, &keys, &table)) {
                fitted++;
                CU_ASSERT_TRUE(table.n == ROWS && table.stride == FUNCTIONAL_LANES);
                wrong += check_table(&C, head, &keys, &table);
            }
        arena_free(arena);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_TRUE(fitted > 400);
}

static void tables_of_small_values_are_exact(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(6, 0);
    Keys keys;
    FunctionalTable table;
    FixMatrix C = fix_matrix_new(arena, 1, HEADS * K);
    keys_init(arena, &rng, &keys, 20, 1);
    for (int c = 0; c < CONFIGS; c++)
        for (int i = 0; i < N_KEYS; i++)
            keys.table[i].v_rad[c] = 0;
    for (int k = 0; k < K; k++)
        C.mid[k] = FIX_ONE;
    CU_ASSERT_TRUE(fix_matrix_seal(&C));
    CU_ASSERT_TRUE(table_of(arena, &C, 0, &keys, &table));
    CU_ASSERT_TRUE(table.shift[0] == 0 && table.rad[0] <= 1);
    const Fix *v = keys.table[1].v + 2 * HEADS * K;
    CU_ASSERT_EQUAL(table.g[1][2 * table.stride], v[0] + v[1] + v[2]);
    arena_free(arena);
}

static void tables_refuse_what_exceeds_their_limits(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(7, 0);
    Keys keys;
    FunctionalTable table;
    FixMatrix C = fix_matrix_new(arena, 1, HEADS * K);
    keys_init(arena, &rng, &keys, 20, 1);
    C.mid[0] = FIX_ONE;
    CU_ASSERT_TRUE(fix_matrix_seal(&C));
    keys.table[2].v[5 * HEADS * K] = -FIX_MAX / 2;
    CU_ASSERT_TRUE(table_of(arena, &C, 0, &keys, &table));
    keys.table[2].v_rad[6] = FIX_RAD_MAX + 1;
    CU_ASSERT_FALSE(table_of(arena, &C, 0, &keys, &table));
    keys.table[2].v_rad[6] = 0;
    C.mid[0] = 2 * FIX_ONE;
    CU_ASSERT_TRUE(fix_matrix_seal(&C));
    CU_ASSERT_FALSE(table_of(arena, &C, 0, &keys, &table));
    arena_free(arena);
}

RUN_TESTS("functional", TESTS)
