// Which query configurations share slopes: any partition would do, but it has to be one.
#include "groups.h"

#include "harness.h"
#include "rng.h"

#include <string.h>

enum { F = 6, COUNT = 40 };

// Neurons in made-up places: those of a case are one of `places` patterns, so that cases can be alike.
typedef struct MadeUp {
    Fix low[COUNT * F], high[COUNT * F], weight[F];
    NeuronKind kind[F];
    int pattern[COUNT];
    Neurons neurons;
} MadeUp;

static Fix draw(Rng *rng, Fix least)
{
    return least + (Fix)rng_below(rng, 1 << 20) * (FIX_ONE >> 16);
}

static void make_up(MadeUp *m, Rng *rng, int places)
{
    Fix low[COUNT * F], high[COUNT * F];
    for (int i = 0; i < places * F; i++) {
        low[i] = draw(rng, -20 * FIX_ONE);
        high[i] = draw(rng, low[i]);
    }
    for (int i = 0; i < F; i++) {
        m->weight[i] = draw(rng, FIX_ONE);
        m->kind[i] = NEURON_OPEN;
    }
    for (int c = 0; c < COUNT; c++) {
        m->pattern[c] = (int)rng_below(rng, (uint32_t)places);
        memcpy(m->low + c * F, low + m->pattern[c] * F, F * sizeof *low);
        memcpy(m->high + c * F, high + m->pattern[c] * F, F * sizeof *high);
    }
    m->neurons = (Neurons){.F = F, .low = m->low, .high = m->high, .kind = m->kind};
}

static int patterns(const MadeUp *m)
{
    bool met[COUNT] = {false};
    int count = 0;
    for (int c = 0; c < COUNT; c++) {
        count += !met[m->pattern[c]];
        met[m->pattern[c]] = true;
    }
    return count;
}

// A partition into as many groups as there may be, or as there are patterns.
static void groups_are_a_partition(void)
{
    Rng rng = rng_new(41, 0);
    for (int round = 0; round < 600; round++) {
        MadeUp m;
        uint8_t group_of[COUNT];
        int most = 1 + round % GROUPS_MAX, members[GROUPS_MAX] = {0};
        make_up(&m, &rng, 1 + (int)rng_below(&rng, 12));
        memset(group_of, 0xff, sizeof group_of);
        int groups = groups_of(&m.neurons, COUNT, most, m.weight, group_of);
        CU_ASSERT_EQUAL(groups, patterns(&m) < most ? patterns(&m) : most);
        CU_ASSERT_EQUAL(group_of[0], 0);
        for (int c = 0; c < COUNT; c++) {
            CU_ASSERT_TRUE_FATAL(group_of[c] < groups);
            members[group_of[c]]++;
        }
        for (int g = 0; g < groups; g++)
            CU_ASSERT_TRUE(members[g] > 0);
    }
}

static void like_cases_share_a_group(void)
{
    Rng rng = rng_new(42, 0);
    for (int round = 0; round < 200; round++) {
        MadeUp m;
        uint8_t group_of[COUNT], again[COUNT];
        make_up(&m, &rng, 1 + (int)rng_below(&rng, 20));
        int groups = groups_of(&m.neurons, COUNT, GROUPS_MAX, m.weight, group_of);
        for (int c = 0; c < COUNT; c++)
            for (int d = 0; d < c; d++)
                CU_ASSERT_TRUE(m.pattern[c] != m.pattern[d] || group_of[c] == group_of[d]);
        CU_ASSERT_EQUAL(groups_of(&m.neurons, COUNT, GROUPS_MAX, m.weight, again), groups);
        CU_ASSERT_EQUAL(memcmp(group_of, again, sizeof again), 0);
    }
}

// Some cases are far apart, in one neuron that is worth much: of two groups, each has one side.
static void what_matters_most_decides(void)
{
    Rng rng = rng_new(43, 0);
    for (int round = 0; round < 200; round++) {
        MadeUp m;
        uint8_t group_of[COUNT];
        int heavy = (int)rng_below(&rng, F);
        make_up(&m, &rng, COUNT);
        for (int i = 0; i < F; i++)
            m.weight[i] = i == heavy ? 400 * FIX_ONE : FIX_ONE >> 4;
        for (int c = 0; c < COUNT; c++) {
            m.low[c * F + heavy] = c % 3 ? -10 * FIX_ONE : 5 * FIX_ONE;
            m.high[c * F + heavy] = m.low[c * F + heavy] + FIX_ONE;
        }
        CU_ASSERT_EQUAL(groups_of(&m.neurons, COUNT, 2, m.weight, group_of), 2);
        for (int c = 0; c < COUNT; c++)
            CU_ASSERT_EQUAL(group_of[c], c % 3 != 0);
    }
}

static void settled_neurons_do_not_matter(void)
{
    Rng rng = rng_new(44, 0);
    MadeUp m;
    uint8_t group_of[COUNT];
    make_up(&m, &rng, COUNT);
    for (int i = 0; i < F; i++)
        m.kind[i] = i % 2 ? NEURON_OFF : NEURON_ON;
    CU_ASSERT_EQUAL(groups_of(&m.neurons, COUNT, GROUPS_MAX, m.weight, group_of), 1);
    for (int c = 0; c < COUNT; c++)
        CU_ASSERT_EQUAL(group_of[c], 0);
}

// ---- hulls --------------------------------------------------------------------------------------

static void hulls_are_those_of_the_members(void)
{
    Rng rng = rng_new(45, 0);
    for (int round = 0; round < 100; round++) {
        MadeUp m;
        uint8_t group_of[COUNT];
        make_up(&m, &rng, COUNT);
        for (int c = 0; c < COUNT; c++)
            group_of[c] = (uint8_t)(c < 3 ? c : (int)rng_below(&rng, 3));
        for (int g = 0; g < 3; g++) {
            NeuronBound bound[F];
            neurons_hull(&m.neurons, group_of, COUNT, g, bound);
            for (int i = 0; i < F; i++) {
                bool low = false, high = false;
                for (int c = 0; c < COUNT; c++) {
                    if (group_of[c] != g)
                        continue;
                    CU_ASSERT_TRUE(bound[i].low <= m.low[c * F + i]);
                    CU_ASSERT_TRUE(bound[i].high >= m.high[c * F + i]);
                    low |= bound[i].low == m.low[c * F + i];
                    high |= bound[i].high == m.high[c * F + i];
                }
                CU_ASSERT_TRUE(low && high && bound[i].kind == m.kind[i]);
            }
        }
    }
}

#define TESTS(X)                                                                                   \
    X(groups_are_a_partition)                                                                      \
    X(like_cases_share_a_group)                                                                    \
    X(what_matters_most_decides)                                                                   \
    X(settled_neurons_do_not_matter)                                                               \
    X(hulls_are_those_of_the_members)

RUN_TESTS("groups", TESTS)
