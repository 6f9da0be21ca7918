#include "truth.h"

#include <string.h>

static Fix units(mpfr_srcptr x, mpfr_rnd_t direction)
{
    mpfr_t y;
    mpfr_init2(y, 300);
    mpfr_mul_2ui(y, x, FIX_BITS, MPFR_RNDN);
    CHECK(mpfr_fits_slong_p(y, direction));
    Fix fix = mpfr_get_si(y, direction);
    mpfr_clear(y);
    return fix;
}

Fix truth_down(mpfr_srcptr x)
{
    return units(x, MPFR_RNDD);
}

Fix truth_up(mpfr_srcptr x)
{
    return units(x, MPFR_RNDU);
}

static int count_inputs(const Task *task)
{
    int count = 1;
    for (int c = 0; c < task->columns; c++)
        count *= task->symbols;
    return count;
}

// The symbols of a number; false if the precondition rules them out.
static bool set_symbols(const Task *task, int number, uint8_t *ret_symbols)
{
    for (int c = 0; c < task->columns; c++, number /= task->symbols) {
        ret_symbols[c] = (uint8_t)(number % task->symbols);
        if (!task->allowed[c * task->symbols + ret_symbols[c]])
            return false;
    }
    return true;
}

static void list_inputs(Arena *arena, const Task *task, int stride, Truth *truth)
{
    int all = count_inputs(task);
    size_t columns = (size_t)task->columns;
    truth->symbols = ARENA_NEW(arena, uint8_t, ((size_t)(all / stride) + 1) * columns);
    for (int i = 0; i < all; i += stride)
        if (set_symbols(task, i, truth->symbols + (size_t)truth->inputs * columns))
            truth->inputs++;
}

Truth truth_new(Arena *arena, const Fixture *f, int stride)
{
    ModelShape s = f->model->shape;
    Truth truth = {.V = s.d_vocab, .F = s.d_mlp, .task = f->task};
    list_inputs(arena, f->task, stride, &truth);
    size_t rows = (size_t)truth.inputs * (size_t)f->task->answer;
    truth.margin = ARENA_NEW(arena, Fix, rows * (size_t)s.d_vocab);
    truth.low = ARENA_NEW(arena, Fix, rows * (size_t)s.d_mlp);
    truth.high = ARENA_NEW(arena, Fix, rows * (size_t)s.d_mlp);
    Oracle *oracle = oracle_new(f->model, ORACLE_QUICK);
    Enclosure *margin = enclosure_vector(arena, (size_t)s.d_vocab, ORACLE_QUICK);
    Enclosure *pre = enclosure_vector(arena, (size_t)s.d_mlp, ORACLE_QUICK);
    for (int a = 0; a < f->task->answer; a++)
        for (int i = 0; i < truth.inputs; i++) {
            int tokens[TASK_POSITIONS_MAX], position = f->task->prompt + a - 1;
            size_t row = (size_t)a * (size_t)truth.inputs + (size_t)i;
            fixture_tokens(f, truth_symbols(&truth, i), tokens);
            oracle_margins(oracle, tokens, position, tokens[position + 1], margin);
            oracle_preactivations(oracle, tokens, position, pre);
            for (int t = 0; t < s.d_vocab; t++)
                truth.margin[row * (size_t)s.d_vocab + (size_t)t] = truth_up(margin[t].hi);
            for (int n = 0; n < s.d_mlp; n++) {
                truth.low[row * (size_t)s.d_mlp + (size_t)n] = truth_down(pre[n].lo);
                truth.high[row * (size_t)s.d_mlp + (size_t)n] = truth_up(pre[n].hi);
            }
        }
    oracle_free(oracle);
    return truth;
}
