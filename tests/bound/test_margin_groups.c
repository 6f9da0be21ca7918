// Bounds of margins in several groups of the query's configurations (groups.h), against the oracle
// and against bounds in one group.
//
// STRIDE: of the inputs that are compared; REGIONS: how many are drawn for each answer position of
// each model.

#include <string.h>

#include "harness.h"
#include "trials.h"

#define TESTS(X)                                                                                   \
    X(bounds_hold_with_several_groups)                                                             \
    X(the_exact_function_is_bounded_with_the_same_groups)

// The neurons of a group are bounded no more widely than all together, and by the same numbers.
static void check_against_one(const Trial *t, const MarginBound *one, const MarginBound *b)
{
    CU_ASSERT_TRUE_FATAL(b->configs == one->configs);
    CU_ASSERT_EQUAL(memcmp(b->config, one->config, (size_t)b->configs * sizeof *b->config), 0);
    for (int i = 0; i < t->truth->F; i++) {
        const NeuronBound *whole = &one->group[0].neuron[i];
        Fix low = FIX_MAX, high = -FIX_MAX;
        for (int g = 0; g < b->n_groups; g++) {
            const NeuronBound *n = &b->group[g].neuron[i];
            CU_ASSERT_TRUE(n->low <= n->high && n->kind == whole->kind);
            low = n->low < low ? n->low : low;
            high = n->high > high ? n->high : high;
        }
        CU_ASSERT_TRUE(low == whole->low && high == whole->high);
    }
}

static int better; // margins that groups raised

static void try_groups(Trial *t, int draws)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(16, (uint64_t)t->answer);
    for (int i = 0; i < draws; i++) {
        const Query *query = t->f->query[t->answer];
        const Region *region = regions_draw(arena, t->f->task, t->answer, 6, &rng);
        MarginBound one, b;
        if (!margin_bound(arena, query, region, trial_right(t->f, t->answer, region), INT64_MIN,
                          &one) ||
            !trial_bound_groups(arena, query, region, &one, &b))
            continue;
        check_against_one(t, &one, &b);
        trial_check_bound(t, region, &b);
        t->settled++;
        better += b.margin > one.margin;
    }
    arena_free(arena);
}

static void bounds_hold_with_several_groups(void)
{
    int found = 0;
    better = 0;
    for (int i = 0; i < TRIAL_MODELS; i += 2) {
        Fixture f = fixture_new(trial_models[i]);
        Truth truth = truth_new(f.arena, &f, 2 * STRIDE + 1);
        found += trial_each_answer(&f, &truth, 2 * REGIONS, false, try_groups);
        fixture_free(&f);
    }
    CU_ASSERT_TRUE(found > REGIONS && better > REGIONS / 2);
}

// Without rounding a margin is larger, by little, and still no larger than the truth. Up to the units of the numbers,
// which may be others.
static void check_exact(Trial *t, const Region *region, const MarginBound *b, Fix least)
{
    const Fix room = (FIX_ONE >> 10) * 4 * t->f->model->shape.heads;
    Fix exact = margin_exact(t->f->query[t->answer], region, b);
    CU_ASSERT_TRUE(exact > b->margin - room && exact < b->margin + FIX_ONE / 2);
    CU_ASSERT_TRUE(exact <= least);
    t->settled += b->n_groups > 1;
}

static void try_exact(Trial *t, int draws)
{
    Rng rng = rng_new(17, (uint64_t)t->answer);
    for (int i = 0; i < draws; i++) {
        Arena *arena = arena_new();
        const Query *query = t->f->query[t->answer];
        const Region *region = regions_draw(arena, t->f->task, t->answer, 6, &rng);
        MarginBound one, b;
        if (margin_bound(arena, query, region, trial_right(t->f, t->answer, region), INT64_MIN,
                         &one)) {
            Fix least = trial_compare_all(t, region, &one);
            check_exact(t, region, &one, least);
            if (trial_bound_groups(arena, query, region, &one, &b))
                check_exact(t, region, &b, least);
        }
        arena_free(arena);
    }
}

static void the_exact_function_is_bounded_with_the_same_groups(void)
{
    int found = 0;
    for (int i = 0; i < TRIAL_MODELS; i += 3) {
        Fixture f = fixture_new(trial_models[i]);
        Truth truth = truth_new(f.arena, &f, 2 * STRIDE + 1);
        found += trial_each_answer(&f, &truth, REGIONS, false, try_exact);
        fixture_free(&f);
    }
    CU_ASSERT_TRUE(found > REGIONS / 2);
}

RUN_TESTS("margin_groups", TESTS)
