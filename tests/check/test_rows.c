// Rows of lanes at a configuration of a key (K11), on numbers of our own: not below the functionals
// that they bound, and not far above.
#include "hearing.c" // for what it keeps to itself

#include <math.h>
#include <stdlib.h>

#include "child.h"
#include "draws.h"
#include "reals.h"

#define TESTS(X)                                                                                   \
    X(rows_are_above_the_functionals)                                                              \
    X(rows_are_made_again_for_another_case)                                                        \
    X(margins_moved_too_far_are_refused)

enum { H = 2, K = 2, HK = H * K, D = 3, F = 6, V = 4, COUNT = 2, MOST = LANES, ROUNDS = 200 };

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
    some_numbers(row.v, COUNT * HK, 51);
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
    row.k = (Case){.place = place_model,
                   .court = &row.court,
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
        some_numbers(row.head[w], HK, 51);
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
        some_numbers(row.head[0], HK, 51);
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

RUN_TESTS("check/rows", TESTS)
