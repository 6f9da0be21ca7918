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

static void ask(Truth *truth, const Fixture *f, Oracle *oracle, Enclosure *margin, Enclosure *pre,
                int a, int input)
{
    int tokens[TASK_POSITIONS_MAX], position = f->task->prompt + a - 1;
    size_t row = (size_t)a * (size_t)truth->inputs + (size_t)input;
    size_t V = (size_t)truth->V, F = (size_t)truth->F;
    fixture_tokens(f, truth_symbols(truth, input), tokens);
    oracle_margins(oracle, tokens, position, tokens[position + 1], margin);
    oracle_preactivations(oracle, tokens, position, pre);
    for (size_t t = 0; t < V; t++)
        truth->margin[row * V + t] = truth_up(margin[t].hi);
    for (size_t n = 0; n < F; n++) {
        truth->low[row * F + n] = truth_down(pre[n].lo);
        truth->high[row * F + n] = truth_up(pre[n].hi);
    }
}

// Asks about all inputs that are listed, at the answer positions first .. last.
static void ask_all(Arena *arena, Truth *truth, const Fixture *f, Oracle *oracle, int first,
                    int last)
{
    size_t rows = (size_t)truth->inputs * (size_t)f->task->answer;
    size_t V = (size_t)truth->V, F = (size_t)truth->F;
    truth->margin = ARENA_NEW(arena, Fix, rows * V);
    truth->low = ARENA_NEW(arena, Fix, rows * F);
    truth->high = ARENA_NEW(arena, Fix, rows * F);
    Enclosure *margin = enclosure_vector(arena, V, ORACLE_QUICK);
    Enclosure *pre = enclosure_vector(arena, F, ORACLE_QUICK);
    for (int a = first; a <= last; a++)
        for (int i = 0; i < truth->inputs; i++)
            ask(truth, f, oracle, margin, pre, a, i);
}

static Truth nothing_yet(const Fixture *f)
{
    return (Truth){.V = f->model->shape.d_vocab, .F = f->model->shape.d_mlp, .task = f->task};
}

Truth truth_new(Arena *arena, const Fixture *f, int stride)
{
    Truth truth = nothing_yet(f);
    Oracle *oracle = oracle_new(f->model, ORACLE_QUICK);
    list_inputs(arena, f->task, stride, &truth);
    ask_all(arena, &truth, f, oracle, 0, f->task->answer - 1);
    oracle_free(oracle);
    return truth;
}

Truth truth_sample(Arena *arena, const Fixture *f, Oracle *oracle, int answer, const Region *region,
                   int count, Rng *rng)
{
    Truth truth = nothing_yet(f);
    size_t columns = (size_t)f->task->columns;
    truth.symbols = ARENA_NEW(arena, uint8_t, (size_t)count * columns);
    for (truth.inputs = 0; truth.inputs < count; truth.inputs++)
        region_sample(region, rng, truth.symbols + (size_t)truth.inputs * columns);
    ask_all(arena, &truth, f, oracle, answer, answer);
    return truth;
}
