// Whole edge cases (K11) as a certificate writes them, of a single input: their bounds are tight, so margins are known and
// can be moved to the last unit.
#include "edge_case.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "reals.h"
#include "small_bundle.h"
#include "written.h"

#define TESTS(X)                                                                                   \
    X(margins_are_positive_to_the_last_unit)                                                       \
    X(the_least_margin_counts)                                                                     \
    X(all_heads_count)                                                                             \
    X(numbers_out_of_range_are_refused)                                                            \
    X(heads_without_keys_have_no_bounds)

enum { INPUTS = 6, HEADS = 8 };

static struct {
    Problem problem;
    Model model; // whose b_U we change
    Tables tables;
    SiteParts parts;
    Site site;
    EdgeSet region;
    int symbols[2];
    int distance[HEADS]; // of all bounds
} all;

static void prepare(void)
{
    if (all.problem.task)
        return;
    small_tables(BUNDLE, &all.problem, &all.model, &all.tables);
    CU_ASSERT_FATAL(all.model.heads <= HEADS);
    site_parts_init(&all.parts, &all.tables);
}

// The weights as they are, without what they may err.
static void narrow_weights(void)
{
    int64_t count = all.site.table->cone->count * all.model.heads * all.site.members;
    for (int64_t i = 0; i < count; i++)
        all.site.weight[i].low = all.site.weight[i].high = all.site.weight[i].middle;
}

// The region of one input.
static void take_input(int position, int first, int second)
{
    const Trellis *t = all.problem.task;
    site_keys(&all.site, &all.parts, position);
    for (int k = 0; k < all.site.keys; k++)
        all.site.key[k].column = t->spot[all.site.key[k].position].column;
    site_fill(&all.site, &all.parts);
    narrow_weights();
    all.region = edge_set_new(t);
    all.symbols[0] = first;
    all.symbols[1] = second;
    for (int c = 0, q = 0; c < t->columns; c++) {
        int s = all.symbols[c];
        edge_set_row(t, &all.region, c, q)[s / 64] |= UINT64_C(1) << s % 64;
        q = trellis_next(t, q, s);
    }
    for (int h = 0; h < all.model.heads; h++)
        all.distance[h] = 2;
}

static int token_of(int position)
{
    const Trellis *t = all.problem.task;
    int column = t->spot[position].column, q = column == 1 ? trellis_next(t, 0, all.symbols[0]) : 0;
    return trellis_token(t, position, q, column < 0 ? 0 : all.symbols[column]);
}

// The configuration of the query at the input.
static int64_t query_configuration(void)
{
    const Trellis *t = all.problem.task;
    const Cone *cone = all.site.table->cone;
    int64_t c = 0;
    for (int i = 0; i < cone->size; i++) {
        int j = cone->position[i], o = 0;
        while (t->option[j][o] != token_of(j))
            o++;
        c += o * cone->stride[i];
    }
    return c;
}

// The hidden number u at the input, about.
static Real hidden(int64_t c, int i)
{
    const Site *s = &all.site;
    Real u = real(s->direct[c * all.model.hidden + i]);
    for (int h = 0; h < all.model.heads; h++) {
        Real total = 0, sum = 0;
        for (int y = 0; y < s->keys; y++) {
            const SiteKey *key = &s->key[y];
            if (!key->read[h])
                continue;
            int64_t n = key->at[key->column < 0 ? 0 : all.symbols[key->column]][0];
            const Weight *w = &s->weight[(c * all.model.heads + h) * s->members + key->place + n];
            Real weight = ldexpl((Real)w->middle, -w->shift);
            int64_t at = site_base(s, key, c) + key->offset[n];
            total += weight;
            sum += weight * key->value[h][at * all.model.hidden + i];
        }
        u += total > 0 ? ldexpl(sum / total, -18) : 0;
    }
    return u;
}

// ---- as K11 writes it ---------------------------------------------------------------------------

static void put_distances(void)
{
    for (int h = 0; h < all.model.heads; h++)
        put(" %d", all.distance[h]);
}

static int right_id(void)
{
    return all.problem.id[token_of(all.site.position)];
}

static void put_case(void)
{
    int64_t c = query_configuration();
    length = 0;
    put("case\ninput %d %d\n", all.symbols[0], all.symbols[1]);
    for (int i = 0; i < all.model.hidden; i++) {
        put("open %d %d", i, hidden(c, i) > 0 ? 64 : 0);
        put_distances();
        put_distances();
        put("\n");
    }
    for (int t = 0; t < all.model.vocabulary; t++)
        if (t != right_id()) {
            put("wrong %d", t);
            put_distances();
            put("\n");
        }
    put("done\n");
}

// ---- what comes of it ---------------------------------------------------------------------------

// The worst margin, if it is accepted.
static Wide hear(void)
{
    PoolMark mark = pool_mark();
    Lines lines;
    Court court;
    court_init(&court, &all.site, &all.parts);
    lines_open(&lines, "certificate.txt", text, (size_t)length);
    lines_may(&lines, "case");
    edge_case_check(&court, &lines, &all.region);
    Wide worst = court.worst;
    pool_release(mark);
    return worst;
}

static void hear_only(const void *unused)
{
    (void)unused;
    hear();
}

static int code(void)
{
    return exit_code_of(hear_only, NULL);
}

// The margin of one token, all others being far behind.
static Wide margin_of(int token)
{
    const int64_t far = 1024 * FIXED_ONE;
    for (int t = 0; t < all.model.vocabulary; t++)
        all.model.bu.a[t] -= t != token && t != right_id() ? far : 0;
    Wide margin = hear();
    for (int t = 0; t < all.model.vocabulary; t++)
        all.model.bu.a[t] += t != token && t != right_id() ? far : 0;
    return margin;
}

typedef void Visit(void);

// For each answer position, and inputs with and without a carry.
static void visit_all(Visit *visit)
{
    static const int input[INPUTS][2] = {{0, 0}, {99, 99}, {9, 90}, {55, 44}, {64, 35}, {7, 28}};
    prepare();
    for (int position = all.problem.task->prompt; position < all.problem.task->length; position++)
        for (int i = 0; i < INPUTS; i++) {
            PoolMark mark = pool_mark();
            take_input(position, input[i][0], input[i][1]);
            put_case();
            visit();
            pool_release(mark);
        }
}

static void move_each_margin(void)
{
    CU_ASSERT_EQUAL_FATAL(code(), 0);
    for (int t = 0; t < all.model.vocabulary; t++) {
        if (t == right_id())
            continue;
        Wide margin = margin_of(t);
        CU_ASSERT(margin > FIXED_ONE / 100);
        all.model.bu.a[t] += (int64_t)margin - 1;
        CU_ASSERT(hear() == 1);
        all.model.bu.a[t]++;
        CU_ASSERT_EQUAL(code(), EXIT_REJECTED);
        all.model.bu.a[t] -= (int64_t)margin;
    }
}

static void margins_are_positive_to_the_last_unit(void)
{
    visit_all(move_each_margin);
}

static void compare_worst(void)
{
    Wide least = (Wide)1 << 120;
    for (int t = 0; t < all.model.vocabulary; t++)
        if (t != right_id()) {
            Wide margin = margin_of(t);
            least = margin < least ? margin : least;
        }
    CU_ASSERT(hear() == least);
}

static void the_least_margin_counts(void)
{
    visit_all(compare_worst);
}

// A bound for one head that is below the mean does not hold; one that is 2^-9 above costs as much.
static void change_each_distance(void)
{
    Wide before = hear();
    for (int h = 0; h < all.model.heads; h++) {
        if (all.site.keys_of[h] == 0)
            continue;
        all.distance[h] = -2;
        put_case();
        CU_ASSERT_EQUAL(code(), EXIT_REJECTED);
        all.distance[h] = 4;
        put_case();
        CU_ASSERT(before - hear() >= FIXED_ONE >> 9);
        all.distance[h] = 2;
    }
}

static void all_heads_count(void)
{
    visit_all(change_each_distance);
}

// The first occurrence of a text by another one.
static void replace(const char *old, const char *new)
{
    char *at = strstr(text, old);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    memmove(at + strlen(new), at + strlen(old), strlen(at + strlen(old)) + 1);
    memcpy(at, new, strlen(new));
    length = (int)strlen(text);
}

static int code_with(const char *old, const char *new)
{
    put_case();
    replace(old, new);
    return code();
}

static void numbers_out_of_range_are_refused(void)
{
    prepare();
    take_input(all.problem.task->prompt, 12, 34);
    put_case();
    const char *m = strstr(text, "open 0 64") ? "open 0 64" : "open 0 0";
    CU_ASSERT_EQUAL(code_with(m, m), 0);
    CU_ASSERT_EQUAL(code_with(m, "open 0 65"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with(m, "open 0 -1"), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("open 1 ", "open 2 "), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("open 1 ", "open 0 "), EXIT_MALFORMED);
    CU_ASSERT_EQUAL(code_with("wrong 9 2", "wrong 9 2"), 0);
    CU_ASSERT_EQUAL(code_with("wrong 9 2", "wrong 9 4294967298"), EXIT_REJECTED); // 2^32 more
    CU_ASSERT_EQUAL(code_with("wrong 9 2", "wrong 9 -4294967294"), EXIT_REJECTED);
    CU_ASSERT_EQUAL(code_with("input 12", "input 100"), EXIT_MALFORMED);
}

static void heads_without_keys_have_no_bounds(void)
{
    prepare();
    take_input(all.problem.task->prompt, 12, 34);
    all.site.keys_of[0] = 0;
    for (int k = 0; k < all.site.keys; k++)
        all.site.key[k].read[0] = false;
    put_case();
    CU_ASSERT_EQUAL(code(), EXIT_REJECTED);
    all.distance[0] = 0;
    put_case();
    for (int t = 0; t < all.model.vocabulary; t++)
        all.model.bu.a[t] -= t != right_id() ? 512 * FIXED_ONE : 0;
    CU_ASSERT_EQUAL(code(), 0);
    replace("wrong 9 0", "wrong 9 1");
    CU_ASSERT_EQUAL(code(), EXIT_REJECTED);
    for (int t = 0; t < all.model.vocabulary; t++)
        all.model.bu.a[t] += t != right_id() ? 512 * FIXED_ONE : 0;
}

RUN_TESTS("check/court", TESTS)
