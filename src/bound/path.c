// Regions and weights made ready for the kernel in path_bound.c.

#include "path.h"

#include <string.h>

#include "fixexp.h"

// Weights of a batch are greater than 2^-(this + 1) of the greatest one.
enum { BATCH_SPREAD = 6 };

// Moves of a symbol: bit s is set if state s may be left by it in this region.
static uint64_t leaving_states(const Region *region, int column, int symbol)
{
    const Task *task = region->task;
    uint64_t states = 0;
    for (int s = 0; s < task->states; s++)
        if (region_has(region, column, s * task->symbols + symbol))
            states |= (uint64_t)1 << s;
    return states;
}

static bool same_moves(const Task *task, uint64_t states, int a, int b)
{
    for (int s = 0; s < task->states; s++)
        if (states >> s & 1 &&
            task->next[s * task->symbols + a] != task->next[s * task->symbols + b])
            return false;
    return true;
}

static void class_init(PathClass *class, const Task *task, uint64_t states, int symbol, int first)
{
    *class = (PathClass){.first = first};
    for (int s = 0; s < task->states; s++)
        if (states >> s & 1) {
            class->from[class->n_moves] = (uint8_t)s;
            class->to[class->n_moves++] = task->next[s * task->symbols + symbol];
        }
}

static void column_init(Arena *arena, const Region *region, int column, PathColumn *ret_column)
{
    const Task *task = region->task;
    uint64_t leaving[TASK_SYMBOLS_MAX];
    PathClass classes[TASK_SYMBOLS_MAX];
    int count = 0, n = 0;
    for (int a = 0; a < task->symbols; a++)
        leaving[a] = leaving_states(region, column, a);
    for (int a = 0; a < task->symbols; a++) {
        if (!leaving[a])
            continue;
        uint64_t states = leaving[a];
        PathClass *class = &classes[n++];
        class_init(class, task, states, a, count);
        for (int b = a; b < task->symbols; b++)
            if (leaving[b] == states && same_moves(task, states, a, b)) {
                ret_column->symbol[count++] = (uint8_t)b;
                leaving[b] = 0;
            }
        class->count = count - class->first;
    }
    ret_column->n_classes = n;
    ret_column->classes = ARENA_NEW(arena, PathClass, (size_t)n);
    memcpy(ret_column->classes, classes, (size_t)n * sizeof *classes);
}

void path_region_init(Arena *arena, const Region *region, PathRegion *ret_path)
{
    ret_path->task = region->task;
    ret_path->column = ARENA_NEW(arena, PathColumn, (size_t)region->task->columns);
    for (int c = 0; c < region->task->columns; c++)
        column_init(arena, region, c, &ret_path->column[c]);
}

// ---- weights ------------------------------------------------------------------------------------

// 2^50 ln 2, rounded down.
#define LN2 ((Fix)0x2c5c85fdf473d)

enum { WEIGHT_DOWN = FIX_EXP_BITS - PATH_WEIGHT_BITS };

// The greatest n with e^-gap <= 2^-n, or a smaller one.
static int shift_of(Fix gap)
{
    return (int)(gap / (LN2 + 1));
}

// Encloses 2^27 2^shift e^-x for near <= x <= far. Requires: shift <= shift_of(near). (Lemma N4)
static void weigh(Fix near, Fix far, int shift, int32_t *ret_low, int32_t *ret_high)
{
    uint64_t down = fix_exp_neg_down((uint64_t)(far - shift * LN2));
    uint64_t up = fix_exp_neg_down((uint64_t)(near - shift * (LN2 + 1))) + FIX_EXP_ERROR;
    *ret_low = (int32_t)(down >> WEIGHT_DOWN);
    *ret_high = (int32_t)(up >> WEIGHT_DOWN) + 1;
}

static int least_shift(const PathKey *key, int first)
{
    int least = shift_of(key->near[first]);
    for (int v = first + 1; v < first + key->variants; v++)
        least = shift_of(key->near[v]) < least ? shift_of(key->near[v]) : least;
    return least;
}

static void weigh_variants(PathKey *key, int first, int shift)
{
    for (int at = first; at < first + key->variants; at++) {
        key->shift[at] = (int16_t)shift;
        weigh(key->near[at], key->far[at], shift, &key->low[at], &key->high[at]);
    }
}

// By symbol of a class: shift_of the column's greatest weight there; PATH_SHIFT_MAX if the head reads nothing there.
static void class_shifts(const PathHead *head, int c, const uint8_t *symbol, int count,
                         int *ret_shift)
{
    for (int i = 0; i < count; i++) {
        ret_shift[i] = PATH_SHIFT_MAX;
        for (int k = 0; k < head->n_keys; k++)
            if (head->key[k].column == c) {
                int shift = least_shift(&head->key[k], symbol[i] * head->key[k].variants);
                ret_shift[i] = shift < ret_shift[i] ? shift : ret_shift[i];
            }
    }
}

// Takes the symbols with the greatest weights that are left, all that are not much smaller. What is left moves to the
// front of `symbol` and `shift`; returns how many.
static int take_batch(Arena *arena, uint8_t *symbol, int *shift, int count, PathBatch *ret_batch)
{
    int least = PATH_SHIFT_MAX, left = 0;
    for (int i = 0; i < count; i++)
        least = shift[i] < least ? shift[i] : least;
    ret_batch->shift = least;
    ret_batch->symbol = ARENA_NEW(arena, uint8_t, (size_t)count);
    for (int i = 0; i < count; i++)
        if (shift[i] - least <= BATCH_SPREAD) {
            ret_batch->symbol[ret_batch->count++] = symbol[i];
        } else {
            symbol[left] = symbol[i];
            shift[left++] = shift[i];
        }
    return left;
}

static void weigh_batch(PathHead *head, int c, const PathBatch *batch)
{
    for (int k = 0; k < head->n_keys; k++)
        for (int i = 0; head->key[k].column == c && i < batch->count; i++)
            weigh_variants(&head->key[k], batch->symbol[i] * head->key[k].variants, batch->shift);
}

static void weigh_column(Arena *arena, const PathColumn *column, int c, PathHead *head)
{
    PathBatches *batches = &head->batches[c];
    int symbols = 0;
    for (int i = 0; i < column->n_classes; i++)
        symbols += column->classes[i].count;
    batches->batch = ARENA_NEW(arena, PathBatch, (size_t)symbols);
    for (int i = 0; i < column->n_classes; i++) {
        const PathClass *class = &column->classes[i];
        uint8_t symbol[TASK_SYMBOLS_MAX];
        int shift[TASK_SYMBOLS_MAX], left = class->count;
        memcpy(symbol, column->symbol + class->first, (size_t)left);
        class_shifts(head, c, symbol, left, shift);
        while (left > 0) {
            PathBatch *batch = &batches->batch[batches->count++];
            batch->class = class;
            left = take_batch(arena, symbol, shift, left, batch);
            weigh_batch(head, c, batch);
        }
    }
}

void path_weigh(Arena *arena, const PathRegion *path, PathHead *head)
{
    int columns = path->task->columns;
    head->batches = ARENA_NEW(arena, PathBatches, (size_t)columns);
    for (int k = 0; k < head->n_keys; k++) {
        PathKey *key = &head->key[k];
        size_t terms = (size_t)key->variants * (size_t)(key->column < 0 ? 1 : path->task->symbols);
        key->low = ARENA_NEW(arena, int32_t, terms);
        key->high = ARENA_NEW(arena, int32_t, terms);
        key->shift = ARENA_NEW(arena, int16_t, terms);
        if (key->column < 0)
            weigh_variants(key, 0, least_shift(key, 0));
    }
    for (int c = 0; c < columns; c++)
        weigh_column(arena, &path->column[c], c, head);
}
