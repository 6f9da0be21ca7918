// The region of an edge case (K11): its right token, and what of it is left at each configuration
// of the query.
#include "edge_case.c" // for what it keeps to itself

#include <stdlib.h>

#include "child.h"
#include "small_bundle.h"

#define TESTS(X)                                                                                   \
    X(regions_of_two_right_tokens_are_refused)                                                     \
    X(restrictions_have_the_paths_of_a_configuration)

static void ask_right_token(const void *region)
{
    Site site = {.position = small_once(BUNDLE)->task->length - 1};
    Court court = {.site = &site};
    Case k = {.place = place_model, .court = &court, .problem = small_once(BUNDLE)};
    right_token(&k, region);
}

static void regions_of_two_right_tokens_are_refused(void)
{
    const Trellis *t = small_once(BUNDLE)->task;
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
    const Problem *p = small_once(BUNDLE);
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
        EdgeSet region = small_region(t, 2 + 2 * round);
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

RUN_TESTS("check/regions", TESTS)
