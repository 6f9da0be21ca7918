// The constants of an answer position (K9), one step at a time, on a small model of random numbers with errors and radii
// as large as the numbers themselves, so that no term is too small to be missed; and the members of keys (K11).
#include "site.c" // for what it keeps to itself

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reals.h"
#include "small_bundle.h"

#define TESTS(X)                                                                                   \
    X(values_are_the_greatest_of_all_keys)                                                         \
    X(direct_parts_stay_within)                                                                    \
    X(attention_has_its_errors)                                                                    \
    X(neurons_have_their_errors)                                                                   \
    X(output_has_its_errors)                                                                       \
    X(values_of_neurons_stay_within)                                                               \
    X(weights_enclose_exponentials)                                                                \
    X(members_are_those_of_the_format)

enum { H = 2, K = 2, HK = H * K, D = 3, F = 4, V = 3, KEYS = 3, COUNT = 2, ROUNDS = 300 };

// ---- a model and a position of random numbers ---------------------------------------------------

static struct {
    Layer layer;
    Model model;
    Problem problem;
    Tables tables;
    SiteParts parts;
    Table table[KEYS];
    SiteKey key[KEYS];
    Site site;
    int64_t y_most[D];
} all;

static int64_t *some(int n, bool sign)
{
    int64_t *x = pool_numbers(n);
    for (int i = 0; i < n; i++) {
        x[i] = (int64_t)rand() << 20; // below 2
        if (sign && rand() % 2)
            x[i] = -x[i];
    }
    return x;
}

static int64_t some_radius(void)
{
    return rand() % 3 ? (int64_t)rand() << 4 : 0; // below 2^-15
}

static Matrix some_matrix(int in, int out)
{
    return matrix_of(some(in * out, true), some_radius(), in, out);
}

static Bias some_bias(int n)
{
    return (Bias){some(n, true), some_radius()};
}

static void make_model(void)
{
    all.layer = (Layer){.v = some_matrix(D, HK),
                        .o = some_matrix(HK, D),
                        .in = some_matrix(D, F),
                        .out = some_matrix(F, D),
                        .bo = some_bias(D),
                        .bin = some_bias(F),
                        .bout = some_bias(D)};
    all.model = (Model){.layers = 1,
                        .heads = H,
                        .d = D,
                        .width = K,
                        .hidden = F,
                        .vocabulary = V,
                        .hk = HK,
                        .layer = &all.layer,
                        .unembed = some_matrix(D, V),
                        .bu = some_bias(V)};
    all.problem.model = &all.model;
    all.tables.problem = &all.problem;
    all.parts =
        (SiteParts){.tables = &all.tables, .mix = some_matrix(HK, F), .far = POOL_TAKE(Matrix, H)};
    for (int h = 0; h < H; h++)
        all.parts.far[h] = some_matrix(D, F);
}

// Head 1 reads no key, now and then.
static void make_key(int k, bool alone)
{
    static Cone cone = {.count = COUNT};
    all.table[k] = (Table){.cone = &cone,
                           .x = some(COUNT * D, true),
                           .rx = some(COUNT, false),
                           .e = some(COUNT * D, false),
                           .e_most = some(D, false),
                           .lv_most = some(HK, false),
                           .v_most = some(HK, false)};
    for (int c = 0; c < COUNT; c++)
        all.table[k].rx[c] = some_radius();
    all.key[k] = (SiteKey){.table = &all.table[k],
                           .value = POOL_TAKE(int32_t *, H),
                           .value_off = rand() >> (11 + rand() % 20), // below 4
                           .read = POOL_TAKE(bool, H)};
    for (int h = 0; h < H; h++) {
        all.key[k].value[h] = POOL_TAKE(int32_t, COUNT * F);
        for (int i = 0; i < COUNT * F; i++)
            all.key[k].value[h][i] = rand() % (1 << 20) - (1 << 19);
        all.key[k].read[h] = h == 0 ? k != 1 : !alone;
    }
}

static void make(void)
{
    pool_release(NULL);
    make_model();
    bool alone = rand() % 4 == 0;
    for (int k = 0; k < KEYS; k++)
        make_key(k, alone);
    all.site = (Site){.tables = &all.tables,
                      .table = &all.table[KEYS - 1],
                      .keys = KEYS,
                      .key = all.key,
                      .keys_of = POOL_TAKE(int, H)};
    all.site.keys_of[0] = KEYS - 1;
    all.site.keys_of[1] = alone ? 0 : KEYS;
    memset(all.y_most, 0, sizeof all.y_most);
}

// ---- formulas -----------------------------------------------------------------------------------

static Real size_of(int64_t x, int64_t rad)
{
    return fabsl(real(x)) + real(rad);
}

static const int64_t *row(const Matrix *m, int o)
{
    return m->a + (size_t)o * (size_t)m->stride;
}

// size |m| + |b|, for one output, entries as large as they may be; b may be null.
static Real sizes(const Matrix *m, const Bias *b, const Real *size, int o)
{
    Real sum = b ? size_of(b->a[o], b->rad) : 0;
    for (int i = 0; i < m->in; i++)
        sum += size[i] * size_of(row(m, o)[i], m->rad);
    return sum;
}

static void values_are_the_greatest_of_all_keys(void)
{
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        make();
        find_v_most(&all.site);
        for (int r = 0; r < HK; r++) {
            int64_t most = 0;
            for (int k = 0; k < KEYS; k++)
                if (all.key[k].read[r / K] && all.table[k].v_most[r] > most)
                    most = all.table[k].v_most[r];
            CU_ASSERT_EQUAL(all.site.v_most[r], most);
        }
    }
}

// With every number at the end that makes the result as large, or as small, as it can be.
static Real farthest(int c, int i, int sign)
{
    const Layer *y = &all.layer;
    Real sum = real(y->bin.a[i] + sign * y->bin.rad);
    for (int n = 0; n < D; n++) {
        Real best = 0;
        for (int corner = 0; corner < 4; corner++) {
            int64_t rad = all.site.table->rx[c] + y->bo.rad;
            Real x = real(all.site.table->x[c * D + n] + y->bo.a[n] + (corner & 1 ? rad : -rad));
            Real w = real(row(&y->in, i)[n] + (corner & 2 ? y->in.rad : -y->in.rad));
            best = corner == 0 || sign * x * w > sign * best ? x * w : best;
        }
        sum += best;
    }
    return sum;
}

static void direct_parts_stay_within(void)
{
    srand(2);
    for (int round = 0; round < ROUNDS; round++) {
        make();
        find_direct(&all.site);
        for (int c = 0; c < COUNT; c++)
            for (int i = 0; i < F; i++)
                for (int sign = -1; sign <= 1; sign += 2) {
                    Real away = sign * (farthest(c, i, sign) - real(all.site.direct[c * F + i]));
                    CU_ASSERT(away <= real(all.site.direct_rad[c]) + 1e-18L);
                    CU_ASSERT(away >= -real(all.site.direct_rad[c]));
                }
    }
}

static void attention_has_its_errors(void)
{
    srand(3);
    for (int round = 0; round < ROUNDS; round++) {
        make();
        Site *s = &all.site;
        Real z[HK], size[D];
        s->v_most = some(HK, false);
        find_attention_errors(s, all.y_most);
        for (int r = 0; r < HK; r++)
            z[r] = real(s->v_most[r]) * (1 + 0x1p-10L);
        for (int i = 0; i < D; i++) {
            Real entry = 0, out = sizes(&all.layer.o, &all.layer.bo, z, i);
            for (int c = 0; c < COUNT; c++)
                entry = fmaxl(entry, size_of(s->table->x[c * D + i], s->table->rx[c]) +
                                         real(s->table->e[c * D + i]));
            Real la = gamma_of(HK + 1) * out + GRAIN, ly = la + U * (entry + out + la) + GRAIN;
            CU_ASSERT(close_to(all.y_most[i], entry + out));
            CU_ASSERT(close_to(s->ly[i], ly));
            size[i] = entry + out + ly;
        }
        for (int i = 0; i < F; i++)
            CU_ASSERT(close_to(
                s->lu[i], gamma_of(D + 1) * sizes(&all.layer.in, &all.layer.bin, size, i) + GRAIN));
    }
}

// R_h for a neuron, with the products of matrices as they are.
static Real head_error(int h, int i)
{
    const Site *s = &all.site;
    Real most = 0, sum = 0;
    for (int k = 0; k < KEYS; k++) {
        Real here = 0;
        for (int n = 0; n < D; n++)
            here += real(s->key[k].table->e_most[n]) *
                    size_of(row(&all.parts.far[h], i)[n], all.parts.far[h].rad);
        for (int r = h * K; r < h * K + K; r++)
            here += real(s->key[k].table->lv_most[r]) *
                    size_of(row(&all.parts.mix, i)[r], all.parts.mix.rad);
        most = s->key[k].read[h] ? fmaxl(most, here) : most;
    }
    for (int r = h * K; r < h * K + K; r++)
        sum += real(s->v_most[r]) * size_of(row(&all.parts.mix, i)[r], all.parts.mix.rad);
    return s->keys_of[h] ? most + gamma_of(2 * s->keys_of[h] + 2) * sum + GRAIN : 0;
}

static void neurons_have_their_errors(void)
{
    srand(4);
    for (int round = 0; round < ROUNDS; round++) {
        make();
        Site *s = &all.site;
        Real size[D];
        s->v_most = some(HK, false);
        s->ly = some(D, false);
        s->lu = some(F, false);
        find_wide(s, &all.parts);
        for (int i = 0; i < D; i++)
            size[i] = real(s->table->e_most[i]) + real(s->ly[i]);
        for (int i = 0; i < F; i++) {
            Real wide = sizes(&all.layer.in, NULL, size, i) + real(s->lu[i]) + GRAIN;
            for (int h = 0; h < H; h++)
                wide += head_error(h, i);
            CU_ASSERT(close_to(s->wide[i], wide));
        }
    }
}

static Real most_of_head(int h, int i)
{
    const Site *s = &all.site;
    Real most = -INFINITY;
    for (int k = 0; k < KEYS; k++)
        for (int c = 0; s->key[k].read[h] && c < COUNT; c++)
            most =
                fmaxl(most, (s->key[k].value[h][c * F + i] + (Real)s->key[k].value_off) * 0x1p-18L);
    return s->keys_of[h] ? most : 0;
}

static void output_has_its_errors(void)
{
    int zeros = 0;
    srand(5);
    for (int round = 0; round < ROUNDS; round++) {
        make();
        Site *s = &all.site;
        Real h[F], size[D];
        s->ly = some(D, false);
        s->wide = some(F, false);
        for (int n = 0; n < F; n++)
            s->wide[n] >>= round % 8;
        s->direct = some(COUNT * F, true);
        s->direct_rad = some(COUNT, false);
        int64_t *y_most = some(D, false);
        find_output_errors(s, y_most);
        for (int i = 0; i < F; i++) {
            h[i] = -INFINITY;
            for (int c = 0; c < COUNT; c++)
                h[i] = fmaxl(h[i], real(s->direct[c * F + i]) + real(s->direct_rad[c]));
            h[i] += real(s->wide[i]) + most_of_head(0, i) + most_of_head(1, i);
            zeros += h[i] < 0;
            h[i] = fmaxl(0, h[i]);
        }
        for (int i = 0; i < D; i++) {
            Real out = sizes(&all.layer.out, &all.layer.bout, h, i);
            Real x = real(y_most[i]) + real(s->ly[i]) + out;
            Real lx = gamma_of(F + 1) * out * (1 + U) + U * x + GRAIN;
            CU_ASSERT(close_to(s->lx[i], lx));
            size[i] = x + lx;
        }
        for (int t = 0; t < V; t++)
            CU_ASSERT(close_to(s->ll[t],
                               gamma_of(D + 1) * sizes(&all.model.unembed, &all.model.bu, size, t) +
                                   GRAIN));
    }
    CU_ASSERT(zeros > 0);
}

// ---- values and weights -------------------------------------------------------------------------

// Weights of 1 and -1 for one head, so that its radii are reached.
static Matrix some_signs(int head)
{
    int64_t *a = pool_numbers(HK * F);
    for (int i = 0; i < HK * F; i++)
        if (i % HK / K == head)
            a[i] = rand() % 2 ? FIXED_ONE : -FIXED_ONE;
    return matrix_of(a, 0, HK, F);
}

static void values_of_neurons_stay_within(void)
{
    const Trellis task = {.length = 1};
    Cone cone = {.count = COUNT};
    Table table = {.cone = &cone}, *tables = &table;
    int32_t **values, off;
    srand(6);
    for (int round = 0; round < ROUNDS; round++) {
        make();
        all.problem.task = &task;
        all.tables.table = &tables;
        all.parts.mix = some_signs(round % H);
        all.parts.values = &values;
        all.parts.values_off = &off;
        table.v = some(COUNT * HK, true);
        table.rv = some(COUNT, false);
        Real most = 0;
        for (int c = 0; c < COUNT; c++) {
            table.rv[c] >>= 13; // below 2^-12
            most = fmaxl(most, K * ldexpl(real(table.rv[c]), PATHS_VALUE_BITS));
        }
        make_values(&all.parts, 0);
        CU_ASSERT(off <= most + 3);
        for (int n = 0; n < COUNT * F; n++) {
            int i = n % F, c = n / F, h = round % H;
            Real exact = 0;
            for (int r = h * K; r < h * K + K; r++)
                exact += real(row(&all.parts.mix, i)[r]) * real(table.v[c * HK + r]);
            Real away = fabsl(ldexpl(exact, PATHS_VALUE_BITS) - values[h][n]);
            CU_ASSERT(away + K * ldexpl(real(table.rv[c]), PATHS_VALUE_BITS) <= off);
        }
    }
}

static Table scored_table(void)
{
    static Cone cone = {.count = 1};
    Table t = {.cone = &cone,
               .q = some(K, true),
               .k = some(K, true),
               .dq = some(K, false),
               .dk = some(K, false),
               .rq = POOL_TAKE(int64_t, 1),
               .rk = POOL_TAKE(int64_t, 1)};
    int less = 5 + rand() % 20;
    for (int i = 0; i < K; i++)
        t.dq[i] >>= less, t.dk[i] >>= less;
    *t.rq = some_radius();
    *t.rk = some_radius();
    return t;
}

// e^(s - S - t) and e^(s - S + t), S above the greatest score by what the checker chose.
static void check_weights(const Weight *weight)
{
    Ball score[KEYS];
    Real t[KEYS], greatest = -INFINITY;
    TauQuery query = tau_query_new(&all.model);
    tau_query_set(&query, &all.model, all.site.table, 0, 0);
    for (int k = 0; k < KEYS; k++) {
        score[k] = exact_score(&all.model, all.site.table, 0, &all.table[k], 0, 0);
        t[k] = real(tau_bound(&query, &all.model, &all.table[k], 0, 0)) + 0x1p-16L +
               real(score[k].rad);
        greatest = fmaxl(greatest, real(score[k].mid));
    }
    for (int k = 0; k < KEYS; k++) {
        Real s = real(score[k].mid) - greatest - real(above_all);
        int bits = EXPONENTIAL_BITS + weight[k].shift;
        CU_ASSERT(ldexpl((Real)weight[k].low, -bits) <= expl(s - t[k]) * (1 + 1e-12L));
        CU_ASSERT(ldexpl((Real)weight[k].low, -bits) >= expl(s - t[k]) * (1 - 0x1p-8L));
        CU_ASSERT(ldexpl((Real)weight[k].high, -bits) >= expl(s + t[k]) * (1 - 1e-12L));
        CU_ASSERT(ldexpl((Real)weight[k].high, -bits) <= expl(s + t[k]) * (1 + 0x1p-8L));
    }
}

static void weights_enclose_exponentials(void)
{
    bool read = true;
    int64_t score[KEYS], spread[KEYS], offset = 0;
    exponential_begin();
    srand(7);
    for (int round = 0; round < ROUNDS; round++) {
        pool_release(NULL);
        Weight weight[KEYS];
        all.model = (Model){.heads = 1, .width = K, .hk = K, .scale = FIXED_ONE / 4};
        all.problem.model = &all.model;
        all.tables.problem = &all.problem;
        all.site = (Site){.tables = &all.tables, .table = all.table, .keys = KEYS, .key = all.key};
        for (int k = 0; k < KEYS; k++) {
            all.table[k] = scored_table();
            all.key[k] = (SiteKey){
                .table = &all.table[k], .read = &read, .members = 1, .offset = &offset, .place = k};
        }
        TauQuery query = tau_query_new(&all.model);
        weigh(&all.site, 0, 0, &query, score, spread, weight);
        check_weights(weight);
    }
}

// ---- members ------------------------------------------------------------------------------------

// Layer 0 of the small bundle's model with edges of our own: answers that read digits of two columns, so that a key's
// cone has positions of the prompt and of the answer in one column. The last layer reads everything.
static void make_cones(Problem *problem, Tables *tables)
{
    static const int edges[][2] = {{7, 3}, {6, 0}, {6, 1}, {6, 3}, {4, 1}, {3, 0}};
    static Model model;
    small_problem(BUNDLE, problem);
    model = *problem->model;
    problem->model = &model;
    int64_t c = model.context;
    uint8_t *bytes = POOL_TAKE(uint8_t, model.heads * c * c);
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        bytes[edges[i][0] * c + edges[i][1]] = 1;
    model.layer[0].edges = bytes;
    model.layer[1].edges = NULL;
    int n = 2 * problem->task->length;
    *tables = (Tables){problem, cones_new(problem), POOL_TAKE(Table *, n)};
    for (int i = 0; i < n; i++) {
        tables->table[i] = POOL_TAKE(Table, 1);
        tables->table[i]->cone = &tables->cone[i];
    }
}

// Whether the tokens of a configuration at prompt positions in the column are those of the symbol.
static bool has_symbol(const Problem *p, const Cone *cone, int64_t c, int column, int symbol)
{
    const Trellis *t = p->task;
    for (int i = 0; i < cone->size; i++) {
        int j = cone->position[i];
        if (j < t->prompt && t->spot[j].column == column &&
            t->option[j][cone_option(p, cone, c, i)] != trellis_token(t, j, 0, symbol))
            return false;
    }
    return true;
}

static bool agrees(const Problem *p, const Cone *cone, int64_t c, const Cone *other, int64_t o)
{
    for (int i = 0; i < cone->size; i++) {
        int at = cone_find(other, cone->position[i]);
        if (at >= 0 && cone_option(p, cone, c, i) != cone_option(p, other, o, at))
            return false;
    }
    return true;
}

// All members of a key at a query's configuration and a symbol, in their order.
static int bad_members(const Site *site, const SiteKey *key, int64_t query, int symbol)
{
    const Problem *p = site->tables->problem;
    const Cone *cone = key->table->cone;
    int bad = 0, n = 0;
    for (int64_t c = 0; c < cone->count; c++)
        if (agrees(p, cone, c, site->table->cone, query) &&
            has_symbol(p, cone, c, key->column, symbol)) {
            bad += n >= key->choices ||
                   site_base(site, key, query) + key->offset[key->at[symbol][n]] != c;
            n++;
        }
    return bad + (n != key->choices);
}

static void members_are_those_of_the_format(void)
{
    Problem p;
    Tables tables;
    Site site;
    int several = 0;
    pool_release(NULL);
    make_cones(&p, &tables);
    site_keys(&site, &(SiteParts){.tables = &tables}, 8);
    CU_ASSERT_EQUAL(site.keys, 8);
    for (int k = 0; k < site.keys; k++)
        for (int column = -1; column < p.task->columns; column++) {
            SiteKey key = site.key[k];
            key.column = column;
            list_members(&site, &key);
            int bad = 0, symbols = column < 0 ? 1 : p.task->symbols;
            for (int64_t c = 0; c < site.table->cone->count; c += 7)
                for (int s = 0; s < symbols; s += 3)
                    if (has_symbol(&p, site.table->cone, c, column, s))
                        bad += bad_members(&site, &key, c, s);
            CU_ASSERT_EQUAL(bad, 0);
            several += key.choices > 1 && key.choices < key.members;
        }
    CU_ASSERT(several > 0);
}

RUN_TESTS("check/constants", TESTS)
