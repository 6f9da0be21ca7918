// The parts of a margin's bound, what comes through each head and what does not, against an
// evaluation in double.

#include <math.h>

#include "harness.h"
#include "parts.h"
#include "trials.h"

#define TESTS(X) X(the_parts_are_bounds_of_the_parts)

static double units(Fix x)
{
    return (double)x * 0x1p-50;
}

// Entry d of U_right - U_t + sum of a W_in.
static double functional(const Model *m, const MarginBound *b, const TokenBound *t, int d)
{
    int V = m->shape.d_vocab, F = m->shape.d_mlp;
    const ModelLayer *last = &m->layer[m->shape.layers - 1];
    double c = (double)m->W_U[d * V + b->right] - (double)m->W_U[d * V + t->token];
    for (int i = 0; i < F; i++)
        c += units(t->slope[i]) * (double)last->W_in[d * F + i];
    return c;
}

// What does not depend on the residual but through neurons that are not kept.
static double constant(const Model *m, const MarginBound *b, const GroupBound *g,
                       const TokenBound *t, const Parts *p)
{
    int V = m->shape.d_vocab, F = m->shape.d_mlp, D = m->shape.d_model;
    const ModelLayer *last = &m->layer[m->shape.layers - 1];
    double sum = (double)m->b_U[b->right] - (double)m->b_U[t->token];
    for (int d = 0; d < D; d++)
        sum += (double)last->b_out[d] *
               ((double)m->W_U[d * V + b->right] - (double)m->W_U[d * V + t->token]);
    for (int i = 0; i < F; i++) {
        double u = (double)last->b_in[i];
        for (int d = 0; d < D; d++) {
            double y = p->direct[d];
            for (int h = 0; h < m->shape.heads; h++)
                y += p->head[h][d];
            u += y * (double)last->W_in[d * F + i];
        }
        sum += units(t->slope[i]) * (double)last->b_in[i];
        if (!g->kept[i])
            sum += units(t->gain[i]) * fmax(0, u) - units(t->slope[i]) * u;
    }
    return sum;
}

static void compare_parts(const Fixture *f, const MarginBound *b, const GroupBound *g,
                          const Parts *p)
{
    const double room = 1e-9;
    int D = f->model->shape.d_model;
    for (int k = 0; k < b->n_tokens; k++) {
        const TokenBound *t = &g->token[k];
        double direct = constant(f->model, b, g, t, p);
        for (int d = 0; d < D; d++)
            direct += functional(f->model, b, t, d) * p->direct[d];
        CU_ASSERT_TRUE(units(t->direct) <= direct + room);
        for (int h = 0; h < f->model->shape.heads; h++) {
            double part = 0;
            for (int d = 0; d < D; d++)
                part += functional(f->model, b, t, d) * p->head[h][d];
            CU_ASSERT_TRUE(units(t->head[h]) <= part + room);
        }
    }
}

static void the_parts_are_bounds_of_the_parts(void)
{
    for (int i = 0; i < TRIAL_MODELS; i += 3)
        for (int a = 0; a < 3; a++) {
            Fixture f = fixture_new(trial_models[i]);
            Rng rng = rng_new(12, (uint64_t)a);
            for (int round = 0; round < 6 && f.query[a]->supported; round++) {
                Arena *arena = arena_new();
                uint8_t symbols[TASK_COLUMNS_MAX];
                int tokens[TASK_POSITIONS_MAX], position = f.task->prompt + a - 1;
                const Region *region = regions_draw(arena, f.task, a, 6, &rng);
                MarginBound b, grouped;
                int right = trial_right(&f, a, region);
                CU_ASSERT_TRUE_FATAL(margin_bound(arena, f.query[a], region, right, INT64_MIN, &b));
                bool groups = trial_bound_groups(arena, f.query[a], region, &b, &grouped);
                for (int k = 0; k < 2; k++) {
                    region_sample(region, &rng, symbols);
                    fixture_tokens(&f, symbols, tokens);
                    Parts p = parts_of(&f, tokens, position);
                    compare_parts(&f, &b, fixture_group(&f, a, &b, symbols), &p);
                    if (groups)
                        compare_parts(&f, &grouped, fixture_group(&f, a, &grouped, symbols), &p);
                }
                arena_free(arena);
            }
            fixture_free(&f);
        }
}

RUN_TESTS("parts", TESTS)
