// Scores and means of heads (K8) with radii that are not small: whatever the exact numbers are within them, the radii of
// what comes out hold, and so do the errors.
#include "mixture.c" // for what it keeps to itself

#include <math.h>
#include <stdlib.h>

#include "child.h"
#include "draws.h"
#include "reals.h"
#include "small_bundle.h"

#define TESTS(X)                                                                                   \
    X(scores_stay_within)                                                                          \
    X(errors_of_scores_follow_the_formula)                                                         \
    X(means_stay_within)                                                                           \
    X(errors_of_means_allow_for_radii)                                                             \
    X(the_greatest_of_all_keys_counts)                                                             \
    X(the_greatest_radius_of_all_heads_counts)                                                     \
    X(scores_that_err_too_much_are_refused)

enum { K = 4, KEYS = 5, ROUNDS = 2000 };

// A model of one head, with one table a key and one more for the query, all of one configuration.
static struct {
    Model model;
    Table table[KEYS + 1];
    const Table *key[KEYS];
    int64_t configuration[KEYS], score[KEYS], weight[KEYS];
    int64_t q[KEYS + 1][K], k[KEYS + 1][K], v[KEYS + 1][K];
    int64_t dq[KEYS + 1][K], dk[KEYS + 1][K], dv[KEYS + 1][K];
    int64_t rq[KEYS + 1], rk[KEYS + 1], rv[KEYS + 1];
} all;

static void draw(int radius_bits, int error_bits)
{
    all.model = (Model){.heads = 1, .width = K, .hk = K, .scale = FIXED_ONE / 4 + rand() % 2};
    for (int t = 0; t <= KEYS; t++) {
        for (int i = 0; i < K; i++) {
            all.q[t][i] = some(50);
            all.k[t][i] = some(50);
            all.v[t][i] = some(51);
            all.dq[t][i] = error_bits ? fixed_abs(some(error_bits)) : 0;
            all.dk[t][i] = error_bits ? fixed_abs(some(error_bits)) : 0;
            all.dv[t][i] = error_bits ? fixed_abs(some(error_bits)) : 0;
        }
        all.rq[t] = radius_bits ? fixed_abs(some(radius_bits)) : 0;
        all.rk[t] = radius_bits ? fixed_abs(some(radius_bits)) : 0;
        all.rv[t] = radius_bits ? fixed_abs(some(radius_bits)) : 0;
        all.table[t] = (Table){.q = all.q[t],
                               .k = all.k[t],
                               .v = all.v[t],
                               .dq = all.dq[t],
                               .dk = all.dk[t],
                               .dv = all.dv[t],
                               .rq = &all.rq[t],
                               .rk = &all.rk[t],
                               .rv = &all.rv[t]};
    }
    for (int n = 0; n < KEYS; n++)
        all.key[n] = &all.table[n];
}

static Keys keys_of(int count)
{
    static Problem problem;
    static Tables tables;
    Keys keys = {count, all.key, all.configuration, all.score, all.weight, 0, 0, 0, 0};
    exponential_begin();
    problem.model = &all.model;
    tables.problem = &problem;
    score_keys(&tables, 0, 0, &all.table[KEYS], 0, &keys);
    weigh_keys(&keys);
    return keys;
}

// ---- scores -------------------------------------------------------------------------------------

// The score of a key with all numbers at the ends that make it as large, or as small, as it can be.
static Real farthest(int sign)
{
    Real sum = 0;
    for (int i = 0; i < K; i++) {
        Real best = 0;
        for (int corner = 0; corner < 4; corner++) {
            Real q = real(all.q[KEYS][i] + (corner & 1 ? all.rq[KEYS] : -all.rq[KEYS]));
            Real k = real(all.k[0][i] + (corner & 2 ? all.rk[0] : -all.rk[0]));
            best = corner == 0 || sign * q * k > best ? sign * q * k : best;
        }
        sum += best;
    }
    return sign * sum * real(all.model.scale);
}

static void scores_stay_within(void)
{
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        draw(round % 3 ? 2 + round % 30 : 0, 0);
        Ball score = exact_score(&all.model, &all.table[KEYS], 0, &all.table[0], 0, 0);
        for (int sign = -1; sign <= 1; sign += 2)
            CU_ASSERT(fabsl(farthest(sign) - real(score.mid)) <= real(score.rad) + 0x1p-60L);
    }
}

static Real tau_of(int key)
{
    Real sum = 0;
    for (int i = 0; i < K; i++) {
        Real q = fabsl(real(all.q[KEYS][i])) + real(all.rq[KEYS]), dq = real(all.dq[KEYS][i]);
        Real k = fabsl(real(all.k[key][i])) + real(all.rk[key]), dk = real(all.dk[key][i]);
        sum += q * dk + dq * k + dq * dk + gamma_of(K + 1) * (q + dq) * (k + dk);
    }
    return sum * real(all.model.scale);
}

static void errors_of_scores_follow_the_formula(void)
{
    srand(2);
    for (int round = 0; round < ROUNDS; round++) {
        draw(round % 3 ? 10 + round % 40 : 0, round % 4 ? 10 + round % 40 : 0);
        TauQuery query = tau_query_new(&all.model);
        tau_query_set(&query, &all.model, &all.table[KEYS], 0, 0);
        Real mine = real(tau_bound(&query, &all.model, &all.table[0], 0, 0)), formula = tau_of(0);
        CU_ASSERT(mine >= formula * (1 - 1e-15L) + GRAIN);
        CU_ASSERT(mine <= formula * 1.0001L + 0x1p-38L);
        pool_release(NULL);
    }
}

// ---- means --------------------------------------------------------------------------------------

// Exact numbers at ends of their intervals: v above the others gets more weight if `sign` is 1.
typedef struct Exact {
    Real v[KEYS], weight[KEYS], z, deviation;
} Exact;

static Exact exact_of(int count, int i, int64_t z, int sign)
{
    Exact x = {.z = 0};
    Real total = 0;
    for (int n = 0; n < count; n++) {
        Real score = 0;
        int towards = (all.v[n][i] > z ? 1 : -1) * sign;
        for (int r = 0; r < K; r++) {
            int64_t q = all.q[KEYS][r];
            score += real(q) * real(all.k[n][r] + (q > 0 ? towards : -towards) * all.rk[n]);
        }
        x.v[n] = real(all.v[n][i] + sign * all.rv[n]);
        total += x.weight[n] = expl(score * real(all.model.scale));
    }
    for (int n = 0; n < count; n++)
        x.z += (x.weight[n] /= total) * x.v[n];
    return x;
}

// Only some of the radii, so that none hides behind another.
static void choose_radii(int round)
{
    for (int t = 0; t <= KEYS; t++) {
        all.rq[t] = 0;
        all.rk[t] = round % 4 == 1 || (round % 4 == 2 && t == 0) ? INT64_C(1) << 38 : 0;
        all.rv[t] = round % 4 == 3 && (round % 8 == 3 || t == 0) ? INT64_C(1) << 38 : 0;
        if (round % 3 == 0) // one component that does not vary
            all.v[t][K - 1] = all.v[0][K - 1];
    }
}

static void means_stay_within(void)
{
    int64_t z[K], dz[K];
    srand(3);
    for (int round = 0; round < ROUNDS; round++) {
        int count = 2 + rand() % (KEYS - 1);
        draw(0, 0);
        choose_radii(round);
        Keys keys = keys_of(count);
        int64_t rz = mean_of_head(&keys, &all.model, 0, z, dz);
        for (int i = 0; i < K; i++)
            for (int sign = -1; sign <= 1; sign += 2)
                CU_ASSERT(fabsl(exact_of(count, i, z[i], sign).z - real(z[i])) <=
                          real(rz) + 0x1p-60L);
        pool_release(NULL);
    }
}

// With values that are alike but for their radii, and with one key.
static void errors_of_means_allow_for_radii(void)
{
    int64_t z[K], dz[K];
    srand(4);
    for (int round = 0; round < ROUNDS; round++) {
        int count = round % 2 ? 1 : KEYS;
        draw(0, 0);
        for (int t = 0; t <= KEYS; t++) {
            all.rv[t] = INT64_C(1) << 36;
            for (int i = 0; i < K; i++) {
                all.v[t][i] = round % 4 < 2 ? 0 : all.v[0][i];
                all.dk[t][i] = FIXED_ONE / 16;
            }
        }
        Keys keys = keys_of(count);
        mean_of_head(&keys, &all.model, 0, z, dz);
        Real t = real(keys.tau) + 0x1p-16L, rho = count > 1 ? t + t * t : 0;
        for (int i = 0; i < K; i++) {
            Real deviation = 0, mean = 0, v[KEYS], total = (Real)keys.total;
            for (int n = 0; n < count; n++) {
                v[n] = real(end_of(all.v[n][i], all.rv[n]));
                mean += v[n] * (Real)keys.weight[n] / total;
            }
            for (int n = 0; n < count; n++)
                deviation += fabsl(v[n] - mean) * (Real)keys.weight[n] / total;
            Real v_most = fabsl(real(all.v[0][i])) + real(all.rv[0]);
            CU_ASSERT(real(dz[i]) >=
                      rho / (1 - rho) * deviation + gamma_of(2 * count + 2) * v_most + GRAIN);
        }
        pool_release(NULL);
    }
}

static void the_greatest_of_all_keys_counts(void)
{
    int64_t z[K], dz[K];
    srand(5);
    for (int round = 0; round < ROUNDS; round++) {
        draw(0, 0);
        int worst = rand() % KEYS;
        for (int i = 0; i < K; i++) {
            all.v[worst][i] *= 4;
            all.dv[worst][i] = round % 3 == 0 ? FIXED_ONE / 1000 : 0;
            all.dk[worst][i] = round % 3 == 1 ? FIXED_ONE / 100 : 0;
        }
        Keys keys = keys_of(KEYS);
        mean_of_head(&keys, &all.model, 0, z, dz);
        Real t = tau_of(worst) + 0x1p-16L, rho = t + t * t;
        for (int i = 0; i < K; i++) {
            Exact x = exact_of(KEYS, i, z[i], 1);
            Real deviation = 0, dv = real(all.dv[worst][i]);
            for (int n = 0; n < KEYS; n++)
                deviation += x.weight[n] * fabsl(x.v[n] - x.z);
            Real formula = rho / (1 - rho) * deviation + dv +
                           gamma_of(2 * KEYS + 2) * (fabsl(real(all.v[worst][i])) + dv);
            CU_ASSERT(real(dz[i]) >= formula * (1 - 1e-12L));
        }
        pool_release(NULL);
    }
}

static void ask_scores(const void *dk)
{
    draw(0, 0);
    for (int i = 0; i < K; i++) {
        all.q[KEYS][i] = FIXED_ONE;
        all.k[0][i] = all.k[1][i] = 0;
        all.dk[0][i] = *(const int64_t *)dk;
    }
    keys_of(2);
}

// tau is dk, with its factor of 1 + gamma and what exponentials add.
static void scores_that_err_too_much_are_refused(void)
{
    int64_t below = FIXED_ONE / 4 - (FIXED_ONE >> 15), above = FIXED_ONE / 4 - (FIXED_ONE >> 17);
    CU_ASSERT_EQUAL(exit_code_of(ask_scores, &below), 0);
    CU_ASSERT_EQUAL(exit_code_of(ask_scores, &above), EXIT_REJECTED);
}

// The radius of one head's mean in layer 0, as heads_mean finds it.
static int64_t radius_of(const Tables *tables, int h, int j, const Cone *cone,
                         int64_t configuration)
{
    const Problem *p = tables->problem;
    const Model *m = p->model;
    const Table *query = tables_at(tables, 0, j);
    Keys keys = {.table = POOL_TAKE(const Table *, j + 1),
                 .configuration = pool_numbers(j + 1),
                 .score = pool_numbers(j + 1),
                 .weight = pool_numbers(j + 1)};
    for (int k = 0; k <= j; k++)
        if (model_edge(m, 0, h, j, k)) {
            keys.table[keys.count] = tables_at(tables, 0, k);
            keys.configuration[keys.count++] =
                cone_project(p, cone, configuration, tables_at(tables, 0, k)->cone);
        }
    score_keys(tables, 0, h, query, cone_project(p, cone, configuration, query->cone), &keys);
    weigh_keys(&keys);
    return mean_of_head(&keys, m, h * m->width, pool_numbers(m->width), pool_numbers(m->width));
}

static void the_greatest_radius_of_all_heads_counts(void)
{
    Problem problem;
    Tables tables;
    int earlier = 0;
    small_problem(BUNDLE, &problem);
    tables_fill(&tables, &problem);
    int heads = problem.model->heads, j = problem.task->prompt;
    const Cone *cone = tables_at(&tables, 1, j)->cone;
    for (int64_t c = 0; c < cone->count; c += 7) {
        PoolMark mark = pool_mark();
        int64_t *z = pool_numbers(problem.model->hk), *dz = pool_numbers(problem.model->hk),
                last = 0;
        int64_t rad = heads_mean(&tables, 0, j, cone, c, z, dz);
        for (int h = 0; h < heads; h++) {
            last = radius_of(&tables, h, j, cone, c);
            CU_ASSERT(rad >= last);
        }
        earlier += rad > last;
        pool_release(mark);
    }
    CU_ASSERT(earlier > 0);
}

RUN_TESTS("check/means", TESTS)
