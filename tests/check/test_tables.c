// The tables of a trained model against an evaluation in double, and their errors against evaluations in
// binary32.
#include "exponential.h"
#include "pull.h"
#include "tables.h"

#include <math.h>
#include <string.h>

#include "harness.h"
#include "pool.h"
#include "tasks.h"

#define TESTS(X)                                                                                   \
    X(tables_hold_the_exact_values)                                                                \
    X(binary32_stays_within_the_errors)                                                            \
    X(errors_are_not_much_too_large)

enum { WIDEST = 128 };

static struct {
    Trellis task;
    Model model;
    Problem problem;
    Tables tables;
} all;

static void prepare(void)
{
    static char text[TASK_SIZE], bytes[1 << 20];
    if (all.problem.task)
        return;
    FILE *file = fopen(SMALL_MODEL, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    ProofFile model = {"model.safetensors", bytes, fread(bytes, 1, sizeof bytes, file)};
    fclose(file);
    exponential_begin();
    task_write(text, 0, 2);
    ProofFile task = task_file(text);
    trellis_read(&all.task, &task);
    trellis_clear(&all.task);
    model_read(&all.model, &model);
    problem_init(&all.problem, &all.task, &all.model);
    tables_fill(&all.tables, &all.problem);
}

// ---- an evaluation ------------------------------------------------------------------------------

// Whether every operation rounds to binary32. (A sum or product of two binary32 numbers in double, rounded
// to binary32, is what binary32 gives.)
static bool narrow;

static double r(double x)
{
    return narrow ? (double)(float)x : x;
}

static double real(int64_t x)
{
    return ldexp((double)x, -FIXED_BITS);
}

// y = x m + b, added up from both ends.
static void linear(const Matrix *m, const Bias *b, const double *x, double *y)
{
    for (int o = 0; o < m->out; o++) {
        double sum = real(b->a[o]);
        for (int i = 0; i < m->in; i++) {
            int at = i % 2 ? m->in - 1 - i / 2 : i / 2;
            sum = r(sum + r(x[at] * real(m->a[(size_t)o * (size_t)m->stride + (size_t)at])));
        }
        y[o] = sum;
    }
}

static void embed(int position, int token, double *x)
{
    const Model *m = &all.model;
    for (int i = 0; i < m->d; i++)
        x[i] = r(real(m->embed.a[all.problem.id[token] * m->d + i]) +
                 real(m->positions.a[position * m->d + i]));
}

static void attend(int j, int h, double (*q)[WIDEST], double (*k)[WIDEST], double (*v)[WIDEST],
                   double *z)
{
    const Model *m = &all.model;
    int from = h * m->width;
    double score[64], most = -INFINITY, total = 0;
    for (int n = 0; n <= j; n++) {
        score[n] = 0;
        for (int i = 0; i < m->width; i++)
            score[n] = r(score[n] + r(q[j][from + i] * k[n][from + i]));
        score[n] = r(real(m->scale) * score[n]);
        if (model_edge(m, 0, h, j, n))
            most = fmax(most, score[n]);
    }
    for (int n = 0; n <= j; n++) {
        score[n] = model_edge(m, 0, h, j, n) ? r(exp(r(score[n] - most))) : 0;
        total = r(total + score[n]);
    }
    for (int i = 0; i < m->width; i++) {
        z[from + i] = 0;
        for (int n = 0; n <= j; n++)
            if (score[n] > 0)
                z[from + i] = r(z[from + i] + r(r(score[n] / total) * v[n][from + i]));
    }
}

// The residual that enters layer 1 at position j.
static void evaluate(const int *token, int j, double *x)
{
    static double first[16][WIDEST], q[16][WIDEST], k[16][WIDEST], v[16][WIDEST];
    const Model *m = &all.model;
    const Layer *y = &m->layer[0];
    double z[WIDEST], out[WIDEST], u[WIDEST];
    for (int n = 0; n <= j; n++) {
        embed(n, token[n], first[n]);
        linear(&y->q, &y->bq, first[n], q[n]);
        linear(&y->k, &y->bk, first[n], k[n]);
        linear(&y->v, &y->bv, first[n], v[n]);
    }
    for (int h = 0; h < m->heads; h++)
        attend(j, h, q, k, v, z);
    linear(&y->o, &y->bo, z, out);
    for (int i = 0; i < m->d; i++)
        x[i] = r(first[j][i] + out[i]);
    linear(&y->in, &y->bin, x, u);
    for (int i = 0; i < m->hidden; i++)
        u[i] = fmax(u[i], 0);
    linear(&y->out, &y->bout, u, out);
    for (int i = 0; i < m->d; i++)
        x[i] = r(x[i] + out[i]);
}

// The tokens of a configuration, those outside the cone at random.
static void tokens_of(const Table *t, int64_t c, int *token)
{
    const Trellis *task = &all.task;
    for (int i = 0; i < task->length; i++)
        token[i] = task->option[i][rand() % task->options[i]];
    for (int i = 0; i < t->cone->size; i++)
        token[t->cone->position[i]] =
            task->option[t->cone->position[i]][cone_option(&all.problem, t->cone, c, i)];
}

typedef void Visit(const Table *t, int64_t c, const double *exact, const double *run);

static void visit_all(Visit *visit)
{
    prepare();
    srand(1);
    for (int j = 0; j < all.task.length; j++) {
        const Table *t = tables_at(&all.tables, 1, j);
        for (int64_t c = 0; t && c < t->cone->count; c += 1 + rand() % 3) {
            int token[64];
            double exact[WIDEST], run[WIDEST];
            tokens_of(t, c, token);
            narrow = false;
            evaluate(token, j, exact);
            narrow = true;
            evaluate(token, j, run);
            visit(t, c, exact, run);
        }
    }
}

// ---- tests --------------------------------------------------------------------------------------

static void compare_exact(const Table *t, int64_t c, const double *exact, const double *run)
{
    int bad = 0, d = all.model.d;
    (void)run;
    for (int i = 0; i < d; i++)
        bad += fabs(real(t->x[c * d + i]) - exact[i]) > real(t->rx[c]) + 1e-12;
    CU_ASSERT_EQUAL(bad, 0);
    CU_ASSERT(real(t->rx[c]) < 1e-6);
}

static void tables_hold_the_exact_values(void)
{
    visit_all(compare_exact);
}

// Against x W, which the errors of q, k and v besides their own rounding are about.
static double worst_share; // of its bound that an error reaches

static void compare_runs(const Table *t, int64_t c, const double *exact, const double *run)
{
    int bad = 0, d = all.model.d;
    for (int i = 0; i < d; i++) {
        double share = fabs(run[i] - exact[i]) / real(t->e[c * d + i]);
        worst_share = fmax(worst_share, share);
        bad += share > 1;
    }
    double q[WIDEST], exact_q[WIDEST];
    linear(&all.model.layer[1].q, &all.model.layer[1].bq, run, q);
    narrow = false;
    linear(&all.model.layer[1].q, &all.model.layer[1].bq, exact, exact_q);
    narrow = true;
    for (int i = 0; i < all.model.hk; i++)
        bad += fabs(q[i] - exact_q[i]) > real(t->dq[c * all.model.hk + i]);
    CU_ASSERT_EQUAL(bad, 0);
}

static void binary32_stays_within_the_errors(void)
{
    visit_all(compare_runs);
    CU_ASSERT(worst_share < 1);
    CU_ASSERT(worst_share > 0.001);
}

// err(f) of K8 in double.
static double error_by_hand(const Layer *y, const Disturbance *by, const double *f)
{
    const Model *m = &all.model;
    double c[WIDEST], sum = 0;
    memcpy(c, f, (size_t)m->d * sizeof *c);
    for (int i = 0; i < m->hidden; i++) {
        double a = 0;
        for (int k = 0; k < m->d; k++)
            a += real(y->out.a[k * m->hidden + i]) * f[k];
        for (int k = 0; k < m->d; k++)
            c[k] += by->theta2[i] * a * real(y->in.a[i * m->d + k]) / 2;
        sum += fabs(a) * real(by->hidden[i]);
    }
    for (int k = 0; k < m->d; k++)
        sum += real(by->output[k]) * fabs(f[k]) + real(by->residual[k]) * fabs(c[k]);
    for (int n = 0; n < m->hk; n++) {
        double through = 0;
        for (int k = 0; k < m->d; k++)
            through += real(y->o.a[k * m->hk + n]) * c[k];
        sum += real(by->heads[n]) * fabs(through);
    }
    return sum;
}

static void errors_are_not_much_too_large(void)
{
    prepare();
    const Model *m = &all.model;
    const Layer *y = &m->layer[0];
    static int64_t residual[WIDEST], heads[WIDEST], hidden[WIDEST], output[WIDEST], ret[4 * WIDEST];
    int theta2[WIDEST];
    Matrix mix = matrix_product(&y->o, &y->in);
    Pull pull;
    pull_init(&pull, y, &mix, &m->layer[1]);
    srand(3);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < WIDEST; i++) {
            residual[i] = rand() % (1 << 30);
            heads[i] = rand() % (1 << 30);
            hidden[i] = rand() % (1 << 30);
            output[i] = rand() % (1 << 30);
            theta2[i] = rand() % 3;
        }
        Disturbance by = {residual, heads, hidden, output, theta2};
        pull_errors(&pull, &by, ret);
        for (int n = 0; n < pull.count; n++) {
            double f[WIDEST] = {0};
            const Matrix *w = n < m->d + m->hk ? &m->layer[1].q : &m->layer[1].k;
            for (int k = 0; k < m->d; k++)
                f[k] = n < m->d ? n == k : real(w->a[(n - m->d) % m->hk * m->d + k]);
            double exact = error_by_hand(y, &by, f);
            CU_ASSERT(real(ret[n]) >= exact);
            CU_ASSERT(real(ret[n]) <= exact * 1.003);
        }
    }
}

RUN_TESTS("check/tables", TESTS)
