// An edge case (K11), one step at a time, on numbers of our own: rows of lanes, regions, means, bounds on a head against
// all paths, and what the bounds have to show.
#include "edge_case.c" // for what it keeps to itself
#include "hearing.c"   // and this one

#include <math.h>
#include <stdlib.h>

#include "child.h"
#include "draws.h"
#include "reals.h"
#include "small_bundle.h"

#define TESTS(X)                                                                                   \
    X(rows_are_above_the_functionals)                                                              \
    X(rows_are_made_again_for_another_case)                                                        \
    X(margins_moved_too_far_are_refused)                                                           \
    X(regions_of_two_right_tokens_are_refused)                                                     \
    X(restrictions_have_the_paths_of_a_configuration)                                              \
    X(means_are_the_greatest_of_all_references)                                                    \
    X(lambdas_are_counted_from_means)                                                              \
    X(bounds_hold_if_no_path_is_longer)                                                            \
    X(neurons_settle_as_the_format_says)                                                           \
    X(margins_take_the_least_of_all_configurations)

enum { H = 2, K = 2, HK = H * K, D = 3, F = 6, V = 4, COUNT = 2, MOST = LANES, ROUNDS = 200 };

static void fill(int64_t *x, int n, int bits)
{
    for (int i = 0; i < n; i++)
        x[i] = some(bits);
}

// ---- rows ---------------------------------------------------------------------------------------

// One key, an edge case with neurons of all kinds, some open.
static struct {
    Model model;
    Problem problem;
    Cone cone;
    Table table;
    Tables tables;
    int64_t v[COUNT * HK], rv[COUNT], head[V][HK], first_row[1];
    int32_t values[H][COUNT * F], *value[H], rows[H * COUNT * MOST];
    int made[H * COUNT], again[F];
    SiteKey key;
    Site site;
    Court court;
    Neuron neuron[F];
    Wrong wrong[V];
    Case k;
} row;

static void make_case(void)
{
    row.model = (Model){.heads = H, .width = K, .hk = HK, .hidden = F, .vocabulary = V, .d = D};
    row.problem.model = &row.model;
    row.cone.count = COUNT;
    row.tables.problem = &row.problem;
    row.table = (Table){.cone = &row.cone, .v = row.v, .rv = row.rv};
    fill(row.v, COUNT * HK, 51);
    for (int c = 0; c < COUNT; c++)
        row.rv[c] = fixed_abs(some(36));
    for (int h = 0; h < H; h++) {
        row.value[h] = row.values[h];
        for (int i = 0; i < COUNT * F; i++)
            row.values[h][i] = (int32_t)some(20);
    }
    row.key =
        (SiteKey){.table = &row.table, .value = row.value, .value_off = 1 + rand() % (1 << 16)};
    row.site = (Site){.tables = &row.tables, .keys = 1, .key = &row.key};
    row.court = (Court){.site = &row.site,
                        .lanes_most = MOST,
                        .value = row.rows,
                        .made = row.made,
                        .first_row = row.first_row,
                        .hearings = 1};
    memset(row.made, 0, sizeof row.made);
    row.k = (Case){.court = &row.court,
                   .problem = &row.problem,
                   .neuron = row.neuron,
                   .again = row.again,
                   .wrong = row.wrong,
                   .lanes = F};
    for (int i = 0; i < F; i++) {
        row.neuron[i].phase = (Phase)(rand() % 3);
        row.again[i] = row.neuron[i].phase == NEURON_OPEN ? row.k.lanes++ : -1;
    }
    row.k.first_token = row.k.lanes;
    row.k.lanes += V - 1;
    row.k.rounded = lanes_round(row.k.lanes);
    for (int w = 0; w < V - 1; w++) {
        fill(row.head[w], HK, 51);
        row.wrong[w] = (Wrong){.head = row.head[w], .head_rad = fixed_abs(some(36))};
    }
}

// The greatest that -v W_O,h C can be, in units of 2^-18.
static Real farthest(int h, int c, int w)
{
    Real sum = 0;
    for (int r = h * K; r < h * K + K; r++) {
        Real best = -INFINITY;
        for (int corner = 0; corner < 4; corner++) {
            Real v = real(row.v[c * HK + r] + (corner & 1 ? row.rv[c] : -row.rv[c]));
            Real x = real(row.head[w][r] +
                          (corner & 2 ? row.wrong[w].head_rad : -row.wrong[w].head_rad));
            best = fmaxl(best, -v * x);
        }
        sum += best;
    }
    return ldexpl(sum, PATHS_VALUE_BITS);
}

static void check_row(int h, int c)
{
    const int32_t *lane = row_of(&row.k, 0, h, c);
    int32_t off = row.key.value_off;
    for (int i = 0; i < F; i++) {
        int32_t x = row.values[h][c * F + i];
        CU_ASSERT_EQUAL(lane[i], (row.neuron[i].phase == NEURON_ON ? -x : x) + off);
        if (row.neuron[i].phase == NEURON_OPEN)
            CU_ASSERT_EQUAL(lane[row.again[i]], -x + off);
    }
    for (int w = 0; w < V - 1; w++) {
        CU_ASSERT(lane[row.k.first_token + w] >= farthest(h, c, w));
        CU_ASSERT(lane[row.k.first_token + w] <= farthest(h, c, w) + 2);
    }
    for (int l = row.k.lanes; l < row.k.rounded; l++)
        CU_ASSERT_EQUAL(lane[l], 0);
}

static void rows_are_above_the_functionals(void)
{
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        make_case();
        for (int h = 0; h < H; h++)
            for (int c = 0; c < COUNT; c++)
                check_row(h, c);
    }
}

static void rows_are_made_again_for_another_case(void)
{
    srand(2);
    make_case();
    for (int round = 0; round < 4; round++) {
        fill(row.head[0], HK, 51);
        row.court.hearings++;
        check_row(0, 0);
        row.head[0][0] = 0; // which is not seen by the same case
        int32_t before = row_of(&row.k, 0, 0, 0)[row.k.first_token];
        CU_ASSERT_EQUAL(before, row_of(&row.k, 0, 0, 0)[row.k.first_token]);
    }
}

static void ask_row(const void *sign)
{
    row.rv[0] = 0;
    for (int r = 0; r < K; r++) {
        row.v[r] = *(const int *)sign * 64 * FIXED_ONE;
        row.head[0][r] = 16 * FIXED_ONE; // 2^11 in all
    }
    row_of(&row.k, 0, 0, 0);
}

static void margins_moved_too_far_are_refused(void)
{
    srand(3);
    make_case();
    CU_ASSERT_EQUAL(exit_code_of(ask_row, &(int){-1}), EXIT_REJECTED);
    CU_ASSERT_EQUAL(exit_code_of(ask_row, &(int){0}), 0);
    CU_ASSERT_EQUAL(exit_code_of(ask_row, &(int){1}), EXIT_REJECTED);
}

// ---- regions ------------------------------------------------------------------------------------

static Problem *small(void)
{
    static Problem problem;
    if (!problem.task)
        small_problem(BUNDLE, &problem);
    return &problem;
}

static EdgeSet some_region(const Trellis *t, int one_of)
{
    EdgeSet region = edge_set_new(t);
    do {
        edge_set_copy(t, &region, &t->full);
        for (int c = 0; c < t->columns; c++)
            for (int q = 0; q < t->states; q++)
                for (int s = 0; s < t->symbols; s++)
                    if (rand() % one_of)
                        edge_set_row(t, &region, c, q)[s / 64] &= ~(UINT64_C(1) << s % 64);
    } while (!edge_set_trim(t, &region));
    return region;
}

static void ask_right_token(const void *region)
{
    Site site = {.position = small()->task->length - 1};
    Court court = {.site = &site};
    Case k = {.court = &court, .problem = small()};
    right_token(&k, region);
}

static void regions_of_two_right_tokens_are_refused(void)
{
    const Trellis *t = small()->task;
    int position = t->length - 1, column = t->spot[position].column, refused = 0;
    srand(4);
    for (int round = 0; round < 60; round++) {
        EdgeSet region = edge_set_new(t);
        int token[2];
        for (int i = 0; i < 2; i++) {
            int q = rand() % t->states, s = rand() % t->symbols;
            if (round % 3 == 0) // of the same sum, or nearly
                s = i ? 9 * (1 + rand() % 2) : 9;
            token[i] = trellis_token(t, position, q, s);
            edge_set_row(t, &region, column, q)[s / 64] |= UINT64_C(1) << s % 64;
        }
        int code = token[0] == token[1] ? 0 : EXIT_REJECTED;
        CU_ASSERT_EQUAL(exit_code_of(ask_right_token, &region), code);
        refused += code != 0;
    }
    CU_ASSERT(refused > 0 && refused < 60);
}

static bool has_tokens(const Problem *p, const Cone *cone, int64_t c, int column, int q, int s)
{
    for (int i = 0; i < cone->size; i++) {
        int j = cone->position[i];
        if (p->task->spot[j].column == column &&
            trellis_token(p->task, j, q, s) != p->task->option[j][cone_option(p, cone, c, i)])
            return false;
    }
    return true;
}

// The edges of the paths of two columns whose tokens are those of a configuration.
static bool try_paths(const Problem *p, const Cone *cone, int64_t c, const EdgeSet *region,
                      EdgeSet *ret)
{
    const Trellis *t = p->task;
    bool any = false;
    for (int i = 0; i < t->states * t->symbols; i++) {
        int q = i / t->symbols, s = i % t->symbols, r = trellis_next(t, q, s);
        if (!(t->start >> q & 1) || !set_has(edge_set_row(t, region, 0, q), s) ||
            !has_tokens(p, cone, c, 0, q, s))
            continue;
        for (int u = 0; u < t->symbols; u++)
            if (set_has(edge_set_row(t, region, 1, r), u) && has_tokens(p, cone, c, 1, r, u)) {
                edge_set_row(t, ret, 0, q)[s / 64] |= UINT64_C(1) << s % 64;
                edge_set_row(t, ret, 1, r)[u / 64] |= UINT64_C(1) << u % 64;
                any = true;
            }
    }
    return any;
}

static void restrictions_have_the_paths_of_a_configuration(void)
{
    const Problem *p = small();
    const Trellis *t = p->task;
    size_t size = (size_t)(t->columns * t->states * t->words) * sizeof(uint64_t);
    Tables tables = {.problem = p};
    Cone cone = {3, (int[]){1, 4, 6}, (int64_t[]){1, 10, 100}, 200};
    Table table = {.cone = &cone};
    Site site = {.tables = &tables, .table = &table};
    Court court;
    int empty = 0;
    court_init(&court, &site, NULL);
    Case k = {.court = &court, .problem = p};
    srand(5);
    CU_ASSERT_EQUAL(t->columns, 2);
    for (int round = 0; round < 3; round++) {
        PoolMark mark = pool_mark();
        EdgeSet region = some_region(t, 2 + 2 * round);
        for (int64_t c = 0; c < cone.count; c++) {
            EdgeSet mine = edge_set_new(t), theirs = edge_set_new(t);
            bool some_path = restrict_region(&k, c, &region, &mine);
            CU_ASSERT_EQUAL(some_path, try_paths(p, &cone, c, &region, &theirs));
            CU_ASSERT(memcmp(mine.bits, theirs.bits, size) == 0);
            empty += !some_path;
        }
        pool_release(mark);
    }
    CU_ASSERT(empty > 0 && empty < 600);
}

// ---- bounds on a head ---------------------------------------------------------------------------

enum { KEYS = 3, MEMBERS = 3, LANES_USED = 3 };

// Key 0 depends on no column, the others on one each. Rows are there already.
static struct {
    Tables tables;
    Model model;
    Problem problem;
    Cone cone;
    Table table;
    Site site;
    SiteKey key[KEYS];
    bool read[KEYS][H];
    int64_t offset[MEMBERS], *at[KEYS][100], list[MEMBERS + 1];
    Weight weight[KEYS * MEMBERS];
    int32_t rows[KEYS * H * MEMBERS][MOST], d[H][MOST], *distance[H], lambda[MOST];
    int made[KEYS * H * MEMBERS], keys_of[H], unit[MOST], symbols[2][2], *reference[2];
    int64_t first_row[KEYS], base[KEYS], sum[MOST], result[MOST];
    Wrong wrong[V];
    Court court;
    Case k;
    EdgeSet region;
    Hearing g;
} head;

static void make_key(int y)
{
    SiteKey *key = &head.key[y];
    *key = (SiteKey){.column = y - 1,
                     .table = &head.table,
                     .members = MEMBERS,
                     .offset = head.offset,
                     .choices = 1 + rand() % 2,
                     .at = head.at[y],
                     .read = head.read[y],
                     .place = y * MEMBERS};
    for (int s = 0; s < 100; s++) // one or two after each other
        head.at[y][s] = &head.list[rand() % (MEMBERS - 1)];
    for (int h = 0; h < H; h++) {
        head.read[y][h] = h == 0 || y != 1 + rand() % 2;
        head.keys_of[h] += head.read[y][h];
        for (int n = 0; n < MEMBERS; n++)
            for (int l = 0; l < MOST; l++)
                head.rows[(y * H + h) * MEMBERS + n][l] =
                    l < LANES_USED ? (int32_t)some(17 + rand() % 4) : 0;
    }
    for (int n = 0; n < MEMBERS; n++) {
        uint64_t middle = (UINT64_C(1) << 61) + ((uint64_t)rand() << 30);
        head.weight[y * MEMBERS + n] =
            (Weight){middle - middle / 100, middle, middle + middle / 100, rand() % 25};
    }
    head.first_row[y] = y * H * MEMBERS;
}

static void make_court(void)
{
    head.problem = *small();
    head.model = (Model){.heads = H, .hidden = LANES_USED, .vocabulary = V};
    head.problem.model = &head.model;
    head.tables.problem = &head.problem;
    head.cone = (Cone){.count = MEMBERS};
    head.table.cone = &head.cone;
    head.site = (Site){.tables = &head.tables,
                       .keys = KEYS,
                       .key = head.key,
                       .keys_of = head.keys_of,
                       .members = KEYS * MEMBERS};
    head.court = (Court){.site = &head.site,
                         .lanes_most = MOST,
                         .value = head.rows[0],
                         .made = head.made,
                         .first_row = head.first_row,
                         .hearings = 1};
    for (int i = 0; i < KEYS * H * MEMBERS; i++)
        head.made[i] = 1;
    for (int i = 0; i < MEMBERS; i++)
        head.offset[i] = head.list[i] = i;
}

// Distances that the first lane keeps easily, the others more or less so.
static void make_hearing(int spare)
{
    memset(&head, 0, sizeof head);
    make_court();
    for (int y = 0; y < KEYS; y++)
        make_key(y);
    for (int l = 0; l < MOST; l++) {
        head.unit[l] = l % 2 ? FINE_UNIT : PHASE_UNIT;
        for (int h = 0; h < H; h++)
            head.d[h][l] = (l == 0 ? 100 : rand() % (1 + spare)) << (l % 2 ? 6 : 0);
    }
    for (int i = 0; i < 2; i++) {
        head.reference[i] = head.symbols[i];
        head.distance[i] = head.d[i];
        for (int c = 0; c < 2; c++)
            head.symbols[i][c] = rand() % 100;
    }
    head.region = some_region(head.problem.task, 3);
    head.k = (Case){.court = &head.court,
                    .problem = &head.problem,
                    .references = 2,
                    .reference = head.reference,
                    .lanes = LANES_USED,
                    .rounded = MOST,
                    .first_token = LANES_USED,
                    .wrong = head.wrong,
                    .d = head.distance,
                    .unit = head.unit};
    head.g = (Hearing){.k = &head.k,
                       .region = &head.region,
                       .stage = paths_stages(head.problem.task, &head.region),
                       .h = rand() % H,
                       .weight = head.weight,
                       .base = head.base,
                       .lambda = head.lambda,
                       .sum = head.sum,
                       .result = head.result};
}

static Real weight_of(uint64_t x, int shift)
{
    return ldexpl((Real)x, -62 - shift);
}

static const int32_t *row_at(int y, int64_t member)
{
    return head.rows[(y * H + head.g.h) * MEMBERS + member];
}

// The symbol itself if the region has it in this column, else the least that it has.
static int symbol_here(int column, int symbol)
{
    const Trellis *t = head.problem.task;
    for (int least = 0, s = symbol;; s = least++)
        for (int q = 0; q < t->states; q++)
            if (set_has(edge_set_row(t, &head.region, column, q), s))
                return s;
}

static Real mean_of(const int *symbols, int lane)
{
    Real total = 0, sum = 0;
    for (int y = 0; y < KEYS; y++) {
        if (!head.read[y][head.g.h])
            continue;
        int s = y == 0 ? 0 : symbol_here(y - 1, symbols[y - 1]);
        int64_t member = head.at[y][s][0];
        const Weight *w = &head.weight[y * MEMBERS + member];
        total += weight_of(w->middle, w->shift);
        sum += weight_of(w->middle, w->shift) * row_at(y, member)[lane];
    }
    return sum / total;
}

static void means_are_the_greatest_of_all_references(void)
{
    int64_t mean[MOST], sum[MOST];
    srand(6);
    for (int round = 0; round < ROUNDS; round++) {
        PoolMark mark = pool_mark();
        make_hearing(0);
        for (int l = 0; l < MOST; l++)
            mean[l] = INT64_MIN;
        for (int i = 0; i < 2; i++)
            raise_means(&head.g, head.symbols[i], mean, sum);
        for (int l = 0; l < LANES_USED; l++) {
            Real exact = fmaxl(mean_of(head.symbols[0], l), mean_of(head.symbols[1], l));
            CU_ASSERT(fabsl((Real)mean[l] - exact) <= 2);
        }
        pool_release(mark);
    }
}

static void ask_lambda(const void *d)
{
    head.d[head.g.h][1] = *(const int32_t *)d;
    find_lambda(&head.g);
}

static void lambdas_are_counted_from_means(void)
{
    srand(7);
    for (int round = 0; round < ROUNDS; round++) {
        PoolMark mark = pool_mark();
        make_hearing(40);
        find_lambda(&head.g);
        for (int l = 0; l < LANES_USED; l++) {
            Real unit = ldexpl(1, head.unit[l]), d = head.d[head.g.h][l];
            Real mean = fmaxl(mean_of(head.symbols[0], l), mean_of(head.symbols[1], l));
            CU_ASSERT(head.lambda[l] >= (floorl((mean - 2) / unit) + d) * unit);
            CU_ASSERT(head.lambda[l] <= (floorl((mean + 2) / unit) + d) * unit);
        }
        for (int l = LANES_USED; l < MOST; l++)
            CU_ASSERT_EQUAL(head.lambda[l], 0);
        pool_release(mark);
    }
    make_hearing(0);
    const int32_t below = -(1 << 22), above = 1 << 29;
    CU_ASSERT_EQUAL(exit_code_of(ask_lambda, &below), EXIT_REJECTED);
    ask_lambda(&above);
    CU_ASSERT_EQUAL(head.lambda[1], PATHS_VALUE_LIMIT);
}

// The greatest w (value - lambda) of a key's members at a symbol.
static Real gain_of(int y, int symbol, int lane)
{
    Real best = -INFINITY;
    for (int n = 0; n < head.key[y].choices; n++) {
        int64_t member = head.at[y][symbol][n];
        const Weight *w = &head.weight[y * MEMBERS + member];
        Real x = row_at(y, member)[lane] - (Real)head.lambda[lane];
        best = fmaxl(best, x * weight_of(x > 0 ? w->high : w->low, w->shift));
    }
    return head.read[y][head.g.h] ? best : 0;
}

static Real longest_path(int lane)
{
    const Trellis *t = head.problem.task;
    Real best = -INFINITY;
    for (int i = 0; i < t->states * t->symbols; i++) {
        int q = i / t->symbols, s = i % t->symbols, r = trellis_next(t, q, s);
        if (!(t->start >> q & 1) || !set_has(edge_set_row(t, &head.region, 0, q), s))
            continue;
        for (int u = 0; u < t->symbols; u++)
            if (set_has(edge_set_row(t, &head.region, 1, r), u))
                best = fmaxl(best, gain_of(1, s, lane) + gain_of(2, u, lane));
    }
    return best + gain_of(0, 0, lane);
}

static void ask_bound(const void *unused)
{
    (void)unused;
    bound_head(&head.g);
}

static void bounds_hold_if_no_path_is_longer(void)
{
    int held = 0, close = 0;
    srand(8);
    for (int round = 0; round < ROUNDS; round++) {
        PoolMark mark = pool_mark();
        Real longest = -INFINITY;
        make_hearing(1 + round % 60);
        find_lambda(&head.g);
        for (int l = 0; l < LANES_USED; l++)
            longest = fmaxl(longest, longest_path(l));
        CU_ASSERT_EQUAL(exit_code_of(ask_bound, NULL), longest > 0 ? EXIT_REJECTED : 0);
        held += longest <= 0;
        close += longest > 0 && longest < 1 << 14;
        if (longest <= 0)
            for (int again = 1; again <= 2; again++) {
                bound_head(&head.g);
                for (int l = 0; l < LANES_USED; l++)
                    CU_ASSERT_EQUAL(head.sum[l], again * head.lambda[l]);
            }
        pool_release(mark);
    }
    CU_ASSERT(held > ROUNDS / 10 && held < ROUNDS * 9 / 10);
    CU_ASSERT(close > 0);
}

// ---- what the bounds have to show ---------------------------------------------------------------

// Bounds of neurons over the configurations of the query, in units of 2^-50.
static struct {
    Tables tables;
    Table table;
    Model model;
    Problem problem;
    Site site;
    Court court;
    Neuron neuron[F];
    int again[F];
    int64_t direct[COUNT * F], direct_rad[COUNT], wide[F], sum[2 * F];
    Case k;
    Hearing g;
} all;

static void make_bounds(void)
{
    all.model = (Model){.hidden = F};
    all.problem.model = &all.model;
    all.site = (Site){.direct = all.direct, .direct_rad = all.direct_rad, .wide = all.wide};
    all.court = (Court){.site = &all.site};
    all.k = (Case){
        .court = &all.court, .problem = &all.problem, .neuron = all.neuron, .again = all.again};
    all.g = (Hearing){.k = &all.k, .sum = all.sum};
    fill(all.direct, COUNT * F, 36);
    for (int c = 0; c < COUNT; c++)
        all.direct_rad[c] = fixed_abs(some(36));
    for (int i = 0; i < F; i++) {
        all.wide[i] = fixed_abs(some(36));
        all.again[i] = F + i;
        all.neuron[i] = (Neuron){NEURON_OPEN, 0, (Wide)1 << 110, -((Wide)1 << 110)};
    }
    fill(all.sum, 2 * F, 4); // times 2^32
}

static Wide above(int c, int i, int lane)
{
    return (Wide)all.direct[c * F + i] + all.sum[lane] * (INT64_C(1) << 32) + all.wide[i] +
           all.direct_rad[c];
}

static Wide below(int c, int i, int lane)
{
    return 2 * (Wide)all.direct[c * F + i] - above(c, i, lane);
}

static void settle(const void *configuration)
{
    all.g.c = *(const int *)configuration;
    settle_neurons(&all.g);
}

static void neurons_settle_as_the_format_says(void)
{
    int refused = 0;
    srand(9);
    for (int round = 0; round < ROUNDS; round++) {
        int last = rand() % F, zero = 0;
        make_bounds();
        for (int c = 0; c < COUNT; c++)
            settle(&c);
        for (int i = 0; i < F; i++) {
            Wide high[] = {above(0, i, i), above(1, i, i)};
            Wide low[] = {below(0, i, F + i), below(1, i, F + i)};
            CU_ASSERT(all.neuron[i].high == (high[0] > high[1] ? high[0] : high[1]));
            CU_ASSERT(all.neuron[i].low == (low[0] < low[1] ? low[0] : low[1]));
        }
        bool off = rand() % 2;
        all.neuron[last].phase = off ? NEURON_OFF : NEURON_ON;
        Wide exact = off ? above(0, last, last) : -below(0, last, last);
        for (int more = 0; more < 3; more++) { // now at 0, and a unit beyond
            CU_ASSERT_EQUAL(exit_code_of(settle, &zero), exact > 0 ? EXIT_REJECTED : 0);
            refused += exact > 0;
            all.direct[last] += (int64_t)(off ? -exact : exact) + (off ? more : -more);
            exact = off ? above(0, last, last) : -below(0, last, last);
        }
    }
    CU_ASSERT(refused > ROUNDS);
}

static void margins_take_the_least_of_all_configurations(void)
{
    int64_t entry[COUNT * D], entry_rad[COUNT], c[V][D];
    Wrong wrong[V];
    srand(10);
    for (int round = 0; round < ROUNDS; round++) {
        make_bounds();
        all.model = (Model){.vocabulary = V, .d = D};
        all.site.entry = entry;
        all.site.entry_rad = entry_rad;
        all.k.wrong = wrong;
        all.k.first_token = 1;
        fill(entry, COUNT * D, 51);
        for (int n = 0; n < COUNT; n++)
            entry_rad[n] = fixed_abs(some(30));
        for (int w = 0; w < V - 1; w++) {
            fill(c[w], D, 51);
            wrong[w] = (Wrong){.c = c[w], .c_rad = fixed_abs(some(30)), .least = (Wide)1 << 110};
        }
        for (all.g.c = 0; all.g.c < COUNT; all.g.c++)
            settle_wrongs(&all.g);
        for (int w = 0; w < V - 1; w++) {
            Wide least = (Wide)1 << 110;
            for (int n = 0; n < COUNT; n++) {
                Ball x = fixed_dot(entry + n * D, entry_rad[n], c[w], wrong[w].c_rad, D);
                Wide here = (Wide)x.mid - x.rad - all.sum[1 + w] * (INT64_C(1) << 32);
                least = here < least ? here : least;
            }
            CU_ASSERT(wrong[w].least == least);
        }
    }
}

RUN_TESTS("check/cases", TESTS)
