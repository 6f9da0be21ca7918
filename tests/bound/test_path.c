// What path.h makes of a region and of a head's keys: classes of symbols, weights and batches.

#include <math.h>

#include "harness.h"
#include "trellises.h"

#define TESTS(X)                                                                                   \
    X(weights_enclose_exponentials)                                                                \
    X(batches_hold_every_symbol_once)                                                              \
    X(classes_hold_every_edge_once)

typedef struct Seen { // symbols, in batches
    int times[TRELLIS_COLUMNS][TRELLIS_SYMBOLS];
    int wrong;
} Seen;

static void check_weight(const PathKey *key, int at, Seen *seen)
{
    double least = exp(-(double)key->far[at] / 0x1p50), most = exp(-(double)key->near[at] / 0x1p50);
    double low = ldexp(key->low[at], -PATH_WEIGHT_BITS - key->shift[at]);
    double high = ldexp(key->high[at], -PATH_WEIGHT_BITS - key->shift[at]);
    double unit = ldexp(1, -PATH_WEIGHT_BITS - key->shift[at]);
    seen->wrong += low > least * (1 + 1e-9) || low + 1.001 * unit < least * (1 - 1e-9);
    seen->wrong += high < most * (1 - 1e-9) || high - 1.001 * unit > most * (1 + 1e-9);
    seen->wrong += key->low[at] < 0 || key->high[at] > (1 << PATH_WEIGHT_BITS) + 2;
}

static void check_batch(const Trellis *t, int c, const PathBatch *batch, Seen *seen)
{
    int greatest = 0;
    for (int i = 0; i < batch->count; i++) {
        seen->times[c][batch->symbol[i]]++;
        for (int k = 0; k < t->head.n_keys; k++) {
            const PathKey *key = &t->head.key[k];
            for (int v = 0; key->column == c && v < key->variants; v++) {
                int at = batch->symbol[i] * key->variants + v;
                seen->wrong += key->shift[at] != batch->shift;
                greatest = key->high[at] > greatest ? key->high[at] : greatest;
                check_weight(key, at, seen);
            }
        }
    }
    seen->wrong += batch->shift < PATH_SHIFT_MAX && greatest < 1 << (PATH_WEIGHT_BITS - 1);
}

static void each_batch(uint64_t seed, Seen *seen)
{
    Trellis *t = trellis_new(seed, seed % 2);
    *seen = (Seen){.wrong = 0};
    for (int c = 0; c < TRELLIS_COLUMNS; c++)
        for (int b = 0; b < t->head.batches[c].count; b++)
            check_batch(t, c, &t->head.batches[c].batch[b], seen);
    for (int k = 0; k < t->head.n_keys; k++)
        for (int v = 0; t->head.key[k].column < 0 && v < t->head.key[k].variants; v++)
            check_weight(&t->head.key[k], v, seen);
    for (int c = 0; c < TRELLIS_COLUMNS; c++)
        for (int a = 0; a < TRELLIS_SYMBOLS; a++) {
            bool on = false;
            for (int s = 0; s < TRELLIS_STATES; s++)
                on = on || region_has(&t->region, c, s * TRELLIS_SYMBOLS + a);
            seen->times[c][a] -= on;
        }
    arena_free(t->arena);
}

static void weights_enclose_exponentials(void)
{
    for (uint64_t seed = 400; seed < 500; seed++) {
        Seen seen;
        each_batch(seed, &seen);
        CU_ASSERT_EQUAL(seen.wrong, 0);
    }
}

static void batches_hold_every_symbol_once(void)
{
    for (uint64_t seed = 500; seed < 600; seed++) {
        Seen seen;
        each_batch(seed, &seen);
        for (int c = 0; c < TRELLIS_COLUMNS; c++)
            for (int a = 0; a < TRELLIS_SYMBOLS; a++)
                CU_ASSERT_EQUAL(seen.times[c][a], 0);
    }
}

static void mark_class(const PathColumn *column, const PathClass *class, int *seen)
{
    for (int i = class->first; i < class->first + class->count; i++)
        for (int m = 0; m < class->n_moves; m++)
            seen[class->from[m] * TRELLIS_SYMBOLS + column->symbol[i]] +=
                1 + TRELLIS_STATES * class->to[m];
}

static void classes_hold_every_edge_once(void)
{
    for (uint64_t seed = 500; seed < 600; seed++) {
        Trellis *t = trellis_new(seed, false);
        for (int c = 0; c < TRELLIS_COLUMNS; c++) {
            int seen[TRELLIS_STATES * TRELLIS_SYMBOLS] = {0};
            for (int i = 0; i < t->path.column[c].n_classes; i++)
                mark_class(&t->path.column[c], &t->path.column[c].classes[i], seen);
            for (int e = 0; e < TRELLIS_STATES * TRELLIS_SYMBOLS; e++)
                CU_ASSERT_EQUAL(seen[e], region_has(&t->region, c, e)
                                             ? 1 + TRELLIS_STATES * t->task.next[e]
                                             : 0);
        }
        arena_free(t->arena);
    }
}

RUN_TESTS("path", TESTS)
