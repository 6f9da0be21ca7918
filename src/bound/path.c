// Vectors of FUNCTIONAL_LANES functionals go through the trellis side by side. All arithmetic is on
// integers: weights below 2^28, |g - lambda| at most 2^28, at most 64 keys, so sums stay below 2^62.

#include "path.h"

#include <string.h>

// Vectors are passed by value only between functions that are inlined into bound_lanes.
#pragma GCC diagnostic ignored "-Wpsabi"

typedef int64_t Lanes __attribute__((vector_size(8 * FUNCTIONAL_LANES), may_alias));
typedef int32_t Half __attribute__((vector_size(4 * FUNCTIONAL_LANES), may_alias, aligned(4)));

enum { ROUNDS = 8 }; // Dinkelbach steps at most
#define NEVER (-((int64_t)1 << 62))
#define CLOSE ((int64_t)1 << 15) // lambda may stay this far (of 2^27) below the optimum

static Lanes splat(int64_t x)
{
    return (Lanes){x, x, x, x, x, x, x, x};
}

static Lanes select_lanes(Lanes mask, Lanes yes, Lanes no)
{
    return (mask & yes) | (~mask & no);
}

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
        if (states >> s & 1 && task->next[s * task->symbols + a] != task->next[s * task->symbols + b])
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

static int64_t least_variant(const PathKey *key, int symbol)
{
    const int32_t *weight = key->weight + (key->column < 0 ? 0 : symbol * key->variants);
    int64_t least = weight[0];
    for (int v = 1; v < key->variants; v++)
        least = weight[v] < least ? weight[v] : least;
    return least;
}

static int64_t least_of_class(const PathColumn *column, const PathClass *class,
                              const PathHead *head, int c)
{
    int64_t least = INT64_MAX;
    for (int i = class->first; i < class->first + class->count; i++) {
        int64_t sum = 0;
        for (int k = 0; k < head->n_keys; k++)
            if (head->key[k].column == c)
                sum += least_variant(&head->key[k], column->symbol[i]);
        least = sum < least ? sum : least;
    }
    return least;
}

bool path_least_weight(const PathRegion *path, PathHead *head)
{
    const Task *task = path->task;
    int64_t now[TASK_STATES_MAX], after[TASK_STATES_MAX], best = INT64_MAX;
    for (int s = 0; s < task->states; s++)
        now[s] = s == task->initial ? 0 : INT64_MAX;
    for (int c = 0; c < task->columns; c++) {
        const PathColumn *column = &path->column[c];
        for (int s = 0; s < task->states; s++)
            after[s] = INT64_MAX;
        for (int i = 0; i < column->n_classes; i++) {
            const PathClass *class = &column->classes[i];
            int64_t least = least_of_class(column, class, head, c);
            for (int m = 0; m < class->n_moves; m++)
                if (now[class->from[m]] != INT64_MAX &&
                    now[class->from[m]] + least < after[class->to[m]])
                    after[class->to[m]] = now[class->from[m]] + least;
        }
        memcpy(now, after, sizeof now);
    }
    for (int s = 0; s < task->states; s++)
        best = now[s] < best ? now[s] : best;
    if (best == INT64_MAX)
        return false;
    for (int k = 0; k < head->n_keys; k++)
        if (head->key[k].column < 0)
            best += least_variant(&head->key[k], 0);
    head->least = best;
    return true;
}

// Values (and weights, for the next lambda) of partial paths, lane by lane.
typedef struct Best {
    Lanes value, weight;
} Best;

static inline void keep_larger(Best *best, Best other)
{
    Lanes larger = (Lanes)(other.value > best->value);
    best->value = select_lanes(larger, other.value, best->value);
    best->weight = select_lanes(larger, other.weight, best->weight);
}

// The largest e^s (sign g - lambda) over a key's variants.
static inline Best key_best(const PathKey *key, const int32_t *g, int stride, int symbol, int sign,
                            Lanes lambda, int64_t slack)
{
    Best best = {splat(NEVER), splat(0)};
    int at = key->column < 0 ? 0 : symbol * key->variants;
    for (int v = at; v < at + key->variants; v++) {
        Half row;
        memcpy(&row, g + (size_t)key->config[v] * (size_t)stride, sizeof row);
        Lanes t = __builtin_convertvector(row, Lanes);
        t = (sign > 0 ? t : -t) - lambda;
        Lanes positive = t & (Lanes)(t > 0);
        Lanes weight = splat(key->weight[v]);
        keep_larger(&best, (Best){weight * t + slack * positive, weight});
    }
    return best;
}

static inline Best class_best(const PathColumn *column, const PathClass *class,
                              const PathHead *head, const FunctionalTable *table, int lane, int c,
                              int sign, Lanes lambda)
{
    Best best = {splat(NEVER), splat(0)};
    for (int i = class->first; i < class->first + class->count; i++) {
        Best sum = {splat(0), splat(0)};
        for (int k = 0; k < head->n_keys; k++) {
            if (head->key[k].column != c)
                continue;
            Best one = key_best(&head->key[k], table->g[k] + lane, table->stride,
                                column->symbol[i], sign, lambda, head->slack);
            sum.value += one.value;
            sum.weight += one.weight;
        }
        keep_larger(&best, sum);
    }
    return best;
}

static bool column_has_keys(const PathHead *head, int c)
{
    for (int k = 0; k < head->n_keys; k++)
        if (head->key[k].column == c)
            return true;
    return false;
}

static inline void column_step(const PathRegion *path, const PathHead *head,
                               const FunctionalTable *table, int lane, int c, int sign,
                               Lanes lambda, Best *now)
{
    const PathColumn *column = &path->column[c];
    Best after[TASK_STATES_MAX];
    bool keys = column_has_keys(head, c);
    for (int s = 0; s < path->task->states; s++)
        after[s] = (Best){splat(NEVER), splat(0)};
    for (int i = 0; i < column->n_classes; i++) {
        const PathClass *class = &column->classes[i];
        Best best = {splat(0), splat(0)};
        if (keys)
            best = class_best(column, class, head, table, lane, c, sign, lambda);
        for (int m = 0; m < class->n_moves; m++) {
            Best from = now[class->from[m]];
            if (from.value[0] == NEVER)
                continue;
            keep_larger(&after[class->to[m]],
                        (Best){from.value + best.value, from.weight + best.weight});
        }
    }
    memcpy(now, after, (size_t)path->task->states * sizeof *now);
}

// F and Z at its maximiser.
static inline Best longest_path(const PathRegion *path, const PathHead *head,
                                const FunctionalTable *table, int lane, int sign, Lanes lambda)
{
    Best now[TASK_STATES_MAX], best = {splat(NEVER), splat(0)};
    for (int s = 0; s < path->task->states; s++)
        now[s] = (Best){splat(s == path->task->initial ? 0 : NEVER), splat(0)};
    for (int c = 0; c < path->task->columns; c++)
        column_step(path, head, table, lane, c, sign, lambda, now);
    for (int s = 0; s < path->task->states; s++)
        keep_larger(&best, now[s]);
    for (int k = 0; k < head->n_keys; k++)
        if (head->key[k].column < 0) {
            Best one = key_best(&head->key[k], table->g[k] + lane, table->stride, 0, sign, lambda,
                                head->slack);
            best.value += one.value;
            best.weight += one.weight;
        }
    return best;
}

static int64_t divide_up(int64_t a, int64_t b)
{
    return a / b + (a % b > 0);
}

static int64_t clamp(int64_t x, int64_t most)
{
    return x > most ? most : x < -most ? -most : x;
}

// One lane's next lambda; false if the present one is close enough.
static bool improve(int64_t F, int64_t Z, int64_t least, int64_t most, int64_t *lambda)
{
    if (F >= 0 && (least <= 0 || F / least <= CLOSE))
        return false;
    int64_t better = clamp(*lambda + (Z > 0 ? F / Z : 0) - (F < 0), most);
    bool moved = better != *lambda;
    *lambda = better;
    return moved;
}

static Fix lane_bound(int64_t F, int64_t lambda, int64_t least, int64_t most, int shift, Fix rad)
{
    int64_t bound = most; // a mean is never above the largest value
    if (F <= 0)
        bound = lambda;
    else if (least > 0)
        bound = lambda + divide_up(F, least);
    bound = bound > most ? most : bound;
    return (Fix)((uint64_t)bound << shift) + rad;
}

__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), flatten)) static void
bound_lanes(const PathRegion *path, const PathHead *head, const FunctionalTable *table, int lane,
            int sign, int32_t *lambda, Fix *ret_bound)
{
    Lanes l, f = splat(0);
    for (int i = 0; i < FUNCTIONAL_LANES; i++)
        l[i] = clamp(lambda[lane + i], table->most[lane + i]);
    for (int round = 0;; round++) {
        Best best = sign > 0 ? longest_path(path, head, table, lane, 1, l)
                             : longest_path(path, head, table, lane, -1, l);
        Lanes next = l;
        bool moved = false;
        f = best.value;
        for (int i = 0; i < FUNCTIONAL_LANES && round < ROUNDS; i++) {
            int64_t x = next[i];
            moved |= improve(f[i], best.weight[i], head->least, table->most[lane + i], &x);
            next[i] = x;
        }
        if (!moved)
            break;
        l = next;
    }
    for (int i = 0; i < FUNCTIONAL_LANES; i++) {
        int at = lane + i;
        lambda[at] = (int32_t)l[i];
        ret_bound[at] = lane_bound(f[i], l[i], head->least, table->most[at], table->shift[at],
                                   table->rad[at]);
    }
}

void path_bound(const PathRegion *path, const PathHead *head, const FunctionalTable *table,
                int sign, int32_t *lambda, Fix *ret_bound)
{
    for (int lane = 0; lane < table->stride; lane += FUNCTIONAL_LANES)
        bound_lanes(path, head, table, lane, sign, lambda, ret_bound);
}
