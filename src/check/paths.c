#include "paths.h"

#include "fixed.h"
#include "pool.h"

#include <string.h>

Term paths_term(const int32_t *value, const Weight *weight, int shift)
{
    int down = weight->shift - shift < 63 ? weight->shift - shift : 63;
    uint64_t low = weight->low >> down, high = (weight->high >> down) + 1;
    return (Term){value, low, high, (int32_t)(low >> 37), (int32_t)(high >> 37) + 1};
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

// These are parts of paths_longest, and compiled for the same instruction set.
#define PART static inline __attribute__((always_inline))

PART void set(Block *block, int64_t value)
{
    for (int l = 0; l < LANES; l++)
        block->lane[l] = value;
}

PART void raise(Block *block, const Block *by)
{
    for (int l = 0; l < LANES; l++)
        block->lane[l] = block->lane[l] > by->lane[l] ? block->lane[l] : by->lane[l];
}

PART void add(Block *block, const Block *by)
{
    for (int l = 0; l < LANES; l++)
        block->lane[l] += by->lane[l];
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

// What a class adds: the greatest over its symbols of the sum over the keys. Passes over its terms.
PART Block greatest_of_class(const StageKeys *keys, int symbols, const Term **term,
                             const int32_t *lambda, int at)
{
    Block best;
    if (keys->keys == 1) { // the greatest of all terms
        best = greatest(*term, symbols * keys->terms[0], lambda, at);
        *term += symbols * keys->terms[0];
        return best;
    }
    set(&best, keys->keys == 0 ? 0 : INT64_MIN);
    for (int s = 0; s < symbols && keys->keys > 0; s++) {
        Block sum;
        set(&sum, 0);
        for (int k = 0; k < keys->keys; k++) {
            Block part = greatest(*term, keys->terms[k], lambda, at);
            add(&sum, &part);
            *term += keys->terms[k];
        }
        raise(&best, &sum);
    }
    return best;
}

// From the lengths of the longest paths to the states before a column to those after it.
PART void pass(const Stage *stage, const StageKeys *keys, const int32_t *lambda, int at,
               const Block *before, Block *after)
{
    const Term *term = keys->term;
    for (int i = 0; i < stage->classes; i++)
        for (int a = 0; a < stage->class[i].arrows; a++)
            set(&after[stage->class[i].to[a]], INT64_MIN);
    for (int i = 0; i < stage->classes; i++) {
        const SymbolClass *class = &stage->class[i];
        Block gain = greatest_of_class(keys, class->symbols, &term, lambda, at);
        for (int a = 0; a < class->arrows; a++) {
            Block sum = gain;
            add(&sum, &before[class->from[a]]);
            raise(&after[class->to[a]], &sum);
        }
    }
}

// The states of the last stage's arrows are those in which paths end.
PART Block end(const Stage *stage, const Block *length)
{
    Block best;
    set(&best, INT64_MIN);
    for (int i = 0; i < stage->classes; i++)
        for (int a = 0; a < stage->class[i].arrows; a++)
            raise(&best, &length[stage->class[i].to[a]]);
    return best;
}

LANES_CLONES
void paths_longest(const PathsQuestion *p, int64_t *ret)
{
    Block room[2][64];
    for (int at = 0; at < p->lanes; at += LANES) {
        const Term *constant = p->constant.term;
        Block *now = room[0], *then = room[1];
        Block always = greatest_of_class(&p->constant, 1, &constant, p->lambda, at);
        for (uint64_t rest = p->start; rest; rest &= rest - 1)
            now[__builtin_ctzll(rest)] = always;
        for (int c = 0; c < p->columns; c++) {
            pass(&p->stage[c], &p->keys[c], p->lambda, at, now, then);
            Block *swap = now;
            now = then;
            then = swap;
        }
        Block best = end(&p->stage[p->columns - 1], now);
        memcpy(ret + at, best.lane, sizeof best.lane);
    }
}

// ---- one lane, with fine weights ----------------------------------------------------------------

// The same as `greatest` and `greatest_of_class` above. A path is at most 64 * 2^63 * 2^30 long.
static Wide fine_greatest(const Term *term, int count, int32_t lambda, int lane)
{
    Wide best = 0;
    for (int n = 0; n < count; n++) {
        int64_t x = (int64_t)term[n].value[lane] - lambda;
        Wide product = (Wide)x * (x > 0 ? term[n].fine_high : term[n].fine_low);
        best = n == 0 || product > best ? product : best;
    }
    return best;
}

static Wide fine_class(const StageKeys *keys, int symbols, const Term **term, int32_t lambda,
                       int lane)
{
    Wide best = 0;
    for (int s = 0; s < symbols; s++) {
        Wide sum = 0;
        for (int k = 0; k < keys->keys; k++) {
            sum += fine_greatest(*term, keys->terms[k], lambda, lane);
            *term += keys->terms[k];
        }
        best = s == 0 || sum > best ? sum : best;
    }
    return best;
}

bool paths_hold(const PathsQuestion *p, int lane)
{
    Wide room[2][64], *now = room[0], *then = room[1];
    const Wide none = -((Wide)1 << 120);
    const Term *term = p->constant.term;
    int32_t lambda = p->lambda[lane];
    Wide always = fine_class(&p->constant, 1, &term, lambda, lane);
    for (uint64_t rest = p->start; rest; rest &= rest - 1)
        now[__builtin_ctzll(rest)] = always;
    for (int c = 0; c < p->columns; c++) {
        term = p->keys[c].term;
        for (int q = 0; q < 64; q++)
            then[q] = none;
        for (int i = 0; i < p->stage[c].classes; i++) {
            const SymbolClass *class = &p->stage[c].class[i];
            Wide gain = fine_class(&p->keys[c], class->symbols, &term, lambda, lane);
            for (int a = 0; a < class->arrows; a++) {
                Wide sum = now[class->from[a]] + gain;
                then[class->to[a]] = sum > then[class->to[a]] ? sum : then[class->to[a]];
            }
        }
        Wide *swap = now;
        now = then;
        then = swap;
    }
    for (int q = 0; q < 64; q++)
        if (now[q] > 0)
            return false;
    return true;
}
