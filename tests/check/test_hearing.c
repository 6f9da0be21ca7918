// An edge case at one configuration of the query (K11), one step at a time, on numbers of our own:
// means, bounds on a head against all paths, and what the bounds have to show.
#include "edge_case.c" // for what it keeps to itself
#include "hearing.c"   // and this one

#include <math.h>
#include <stdlib.h>

#include "child.h"
#include "draws.h"
#include "reals.h"
#include "small_bundle.h"

#define TESTS(X)                                                                                   \
    X(means_are_the_greatest_of_all_references)                                                    \
    X(lambdas_are_counted_from_means)                                                              \
    X(bounds_hold_if_no_path_is_longer)                                                            \
    X(neurons_settle_as_the_format_says)                                                           \
    X(margins_take_the_least_of_all_configurations)

enum { H = 2, D = 3, F = 6, V = 4, COUNT = 2, MOST = LANES, ROUNDS = 200 };

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
    head.problem = *small_once(BUNDLE);
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
    head.region = small_region(head.problem.task, 3);
    head.k = (Case){.place = place_model,
                    .court = &head.court,
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

// What is taken from the pool after it can be released, while the small problem stays.
static PoolMark begin(void)
{
    small_once(BUNDLE);
    return pool_mark();
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
        PoolMark mark = begin();
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
        PoolMark mark = begin();
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
        PoolMark mark = begin();
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
    all.k = (Case){.place = place_model,
                   .court = &all.court,
                   .problem = &all.problem,
                   .neuron = all.neuron,
                   .again = all.again};
    all.g = (Hearing){.k = &all.k, .sum = all.sum};
    some_numbers(all.direct, COUNT * F, 36);
    for (int c = 0; c < COUNT; c++)
        all.direct_rad[c] = fixed_abs(some(36));
    for (int i = 0; i < F; i++) {
        all.wide[i] = fixed_abs(some(36));
        all.again[i] = F + i;
        all.neuron[i] = (Neuron){NEURON_OPEN, 0, (Wide)1 << 110, -((Wide)1 << 110)};
    }
    some_numbers(all.sum, 2 * F, 4); // times 2^32
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
        some_numbers(entry, COUNT * D, 51);
        for (int n = 0; n < COUNT; n++)
            entry_rad[n] = fixed_abs(some(30));
        for (int w = 0; w < V - 1; w++) {
            some_numbers(c[w], D, 51);
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

RUN_TESTS("check/hearing", TESTS)
