#include "paths.h"

#include "fixed.h"
#include "pool.h"

#include <string.h>

enum { COARSE = 37 }; // bits of a weight that are left out

Term paths_term(const int32_t *value, const Weight *weight, int shift)
{
    int down = COARSE + weight->shift - shift;
    down = down < 63 ? down : 63;
    return (Term){value, (int32_t)(weight->low >> down), (int32_t)(weight->high >> down) + 1};
}

// ---- stages -------------------------------------------------------------------------------------

// The states that have an edge for the symbol.
static uint64_t sources(const Trellis *t, const EdgeSet *region, int column, int symbol)
{
    uint64_t states = 0;
    for (int q = 0; q < t->states; q++)
        if (set_has(edge_set_row(t, region, column, q), symbol))
            states |= UINT64_C(1) << q;
    return states;
}

static bool leads_alike(const Trellis *t, const SymbolClass *class, uint64_t states, int symbol)
{
    int i = 0;
    for (; states; states &= states - 1, i++) {
        int q = __builtin_ctzll(states);
        if (i == class->arrows || class->from[i] != q || class->to[i] != trellis_next(t, q, symbol))
            return false;
    }
    return i == class->arrows;
}

static SymbolClass *class_new(const Trellis *t, Stage *stage, uint64_t states, int symbol)
{
    SymbolClass *class = &stage->class[stage->classes++];
    class->from = POOL_TAKE(uint8_t, t->states);
    class->to = POOL_TAKE(uint8_t, t->states);
    class->symbol = POOL_TAKE(int, t->symbols);
    for (; states; states &= states - 1) {
        int q = __builtin_ctzll(states);
        class->from[class->arrows] = (uint8_t)q;
        class->to[class->arrows++] = (uint8_t)trellis_next(t, q, symbol);
    }
    return class;
}

Stage *paths_stages(const Trellis *t, const EdgeSet *region)
{
    Stage *stages = POOL_TAKE(Stage, t->columns);
    for (int c = 0; c < t->columns; c++) {
        Stage *stage = &stages[c];
        stage->class = POOL_TAKE(SymbolClass, t->symbols);
        for (int s = 0; s < t->symbols; s++) {
            uint64_t states = sources(t, region, c, s);
            if (!states)
                continue;
            SymbolClass *class = NULL;
            for (int i = 0; i < stage->classes && !class; i++)
                if (leads_alike(t, &stage->class[i], states, s))
                    class = &stage->class[i];
            if (!class)
                class = class_new(t, stage, states, s);
            class->symbol[class->symbols++] = s;
        }
    }
    return stages;
}

// ---- the longest path ---------------------------------------------------------------------------

typedef struct Block {
    int64_t lane[LANES];
} Block;

// Of a path up to some column, in units of 2^-shift.
typedef struct Length {
    Block value, shift;
} Length;

// These are parts of paths_longest, and compiled for the same instruction set.
#define PART static inline __attribute__((always_inline))

PART void set(Block *block, int64_t value)
{
    for (int l = 0; l < LANES; l++)
        block->lane[l] = value;
}

PART int64_t divide_up(int64_t x, int64_t places)
{
    return -(-x >> (places < 63 ? places : 63));
}

PART void lengthen(Length *length, const Block *by, int64_t by_shift)
{
    for (int l = 0; l < LANES; l++) {
        int64_t own = length->shift.lane[l], shift = own < by_shift ? own : by_shift;
        length->value.lane[l] = divide_up(length->value.lane[l], own - shift) +
                                divide_up(by->lane[l], by_shift - shift);
        length->shift.lane[l] = shift;
    }
}

// The longer of two, exactly: the one in smaller units is longer if it is above the other when it is rounded up.
PART void raise(Length *length, const Length *by)
{
    for (int l = 0; l < LANES; l++) {
        int64_t own = length->shift.lane[l], other = by->shift.lane[l];
        int64_t shift = own < other ? own : other;
        int64_t x = divide_up(length->value.lane[l], own - shift);
        int64_t y = divide_up(by->value.lane[l], other - shift);
        bool longer = y > x - (own > other);
        length->value.lane[l] = longer ? by->value.lane[l] : length->value.lane[l];
        length->shift.lane[l] = longer ? other : own;
    }
}

// The greatest w (value - lambda) over some terms; the greatest of each weight interval counts.
PART Block greatest(const Term *term, int count, const int32_t *lambda, int at)
{
    Block best;
    set(&best, INT64_MIN);
    for (int n = 0; n < count; n++) {
        const int32_t *value = term[n].value + at;
        int32_t low = term[n].low, high = term[n].high;
        for (int l = 0; l < LANES; l++) {
            int32_t x = value[l] - lambda[at + l];
            int64_t product = (int64_t)x * (x > 0 ? high : low);
            best.lane[l] = best.lane[l] > product ? best.lane[l] : product;
        }
    }
    return best;
}

// What a batch adds.
PART Block gain_of(const Batch *batch, const int32_t *lambda, int at)
{
    const Term *term = batch->term;
    Block best;
    if (batch->keys == 1) // the greatest of all terms
        return greatest(term, batch->occasions * batch->terms[0], lambda, at);
    set(&best, batch->keys == 0 ? 0 : INT64_MIN);
    for (int i = 0; i < batch->occasions && batch->keys > 0; i++) {
        Block sum;
        set(&sum, 0);
        for (int k = 0; k < batch->keys; k++) {
            Block part = greatest(term, batch->terms[k], lambda, at);
            for (int l = 0; l < LANES; l++)
                sum.lane[l] += part.lane[l];
            term += batch->terms[k];
        }
        for (int l = 0; l < LANES; l++)
            best.lane[l] = best.lane[l] > sum.lane[l] ? best.lane[l] : sum.lane[l];
    }
    return best;
}

// From the lengths of the longest paths to the states before a step to those after it. Returns the set of these.
PART uint64_t pass(const Step *step, const int32_t *lambda, int at, const Length *before,
                   Length *after)
{
    uint64_t ends = 0;
    for (int i = 0; i < step->count; i++) {
        const Batch *batch = &step->batch[i];
        Block gain = gain_of(batch, lambda, at);
        for (int a = 0; a < batch->class->arrows; a++) {
            Length longer = before[batch->class->from[a]];
            int to = batch->class->to[a];
            lengthen(&longer, &gain, batch->shift);
            if (ends >> to & 1)
                raise(&after[to], &longer);
            else
                after[to] = longer;
            ends |= UINT64_C(1) << to;
        }
    }
    return ends;
}

LANES_CLONES
void paths_longest(const PathsQuestion *p, int64_t *ret)
{
    Length room[2][64];
    for (int at = 0; at < p->lanes; at += LANES) {
        Length *now = room[0], *then = room[1];
        uint64_t ends = p->start;
        for (uint64_t rest = ends; rest; rest &= rest - 1) {
            set(&now[__builtin_ctzll(rest)].value, 0);
            set(&now[__builtin_ctzll(rest)].shift, PATHS_SHIFT_MOST);
        }
        for (int i = 0; i < p->steps; i++) {
            ends = pass(&p->step[i], p->lambda, at, now, then);
            Length *swap = now;
            now = then;
            then = swap;
        }
        Length *best = &now[__builtin_ctzll(ends)];
        for (uint64_t rest = ends & (ends - 1); rest; rest &= rest - 1)
            raise(best, &now[__builtin_ctzll(rest)]);
        memcpy(ret + at, best->value.lane, sizeof best->value.lane);
    }
}
