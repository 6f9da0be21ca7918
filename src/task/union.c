// Counting the inputs that lie in at least one of several regions (docs/lemmas/cover.md, Lemma C3).
//
// The scan carries, besides its state, the set of regions that the input has not left yet. Inputs
// with the same state and set are counted together. Few sets occur in practice; when they do not
// fit, the sum of the single counts is given as a bound.

#include <stdlib.h>
#include <string.h>

#include "region.h"

typedef struct Bucket { // one hash-table entry: inputs so far with this state and alive set
    int state;          // -1 when free
    uint64_t *alive;
    mpz_t count;
} Bucket;

typedef struct Table {
    Bucket *buckets;
    size_t size, used, words; // size is a power of two; words of one alive set
} Table;

static void table_init(Table *table, size_t words)
{
    *table = (Table){.size = 2 * REGION_UNION_MAX, .words = words};
    table->buckets = heap_alloc(table->size, sizeof *table->buckets);
    for (size_t i = 0; i < table->size; i++)
        table->buckets[i].state = -1;
}

static void table_clear(Table *table)
{
    for (size_t i = 0; i < table->size; i++)
        if (table->buckets[i].state >= 0) {
            free(table->buckets[i].alive);
            mpz_clear(table->buckets[i].count);
        }
    free(table->buckets);
}

static size_t hash(int state, const uint64_t *alive, size_t words)
{
    uint64_t h = (uint64_t)state + 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < words; i++)
        h = (h ^ alive[i]) * 0xbf58476d1ce4e5b9u, h ^= h >> 29;
    return (size_t)h;
}

static bool table_add(Table *table, int state, const uint64_t *alive, const mpz_t count)
{
    size_t i = hash(state, alive, table->words) & (table->size - 1);
    for (;; i = (i + 1) & (table->size - 1)) {
        Bucket *b = &table->buckets[i];
        if (b->state == state && memcmp(b->alive, alive, table->words * sizeof *alive) == 0) {
            mpz_add(b->count, b->count, count);
            return true;
        }
        if (b->state >= 0)
            continue;
        if (table->used++ == REGION_UNION_MAX)
            return false;
        b->state = state;
        b->alive = heap_alloc(table->words, sizeof *alive);
        memcpy(b->alive, alive, table->words * sizeof *alive);
        mpz_init_set(b->count, count);
        return true;
    }
}

static bool any_alive(const uint64_t *alive, size_t words)
{
    for (size_t i = 0; i < words; i++)
        if (alive[i])
            return true;
    return false;
}

// For each edge of a column, the set of regions that keep it: [edges][words].
static uint64_t *keepers(const Region *const *regions, int count, int column, size_t words)
{
    int edges = region_edges(regions[0]);
    uint64_t *keep = heap_alloc((size_t)edges * words, sizeof *keep);
    for (int r = 0; r < count; r++)
        for (int e = 0; e < edges; e++)
            if (region_has(regions[r], column, e))
                keep[(size_t)e * words + (size_t)r / 64] |= (uint64_t)1 << (r % 64);
    return keep;
}

static void intersect(const uint64_t *a, const uint64_t *b, uint64_t *ret_set, size_t words)
{
    for (size_t i = 0; i < words; i++)
        ret_set[i] = a[i] & b[i];
}

static bool advance(const Region *const *regions, int count, int column, const Table *now,
                    Table *after)
{
    const Task *task = regions[0]->task;
    uint64_t *alive = heap_alloc(now->words, sizeof *alive);
    uint64_t *keep = keepers(regions, count, column, now->words);
    bool fits = true;
    for (size_t i = 0; fits && i < now->size; i++) {
        const Bucket *b = &now->buckets[i];
        for (int s = 0; fits && b->state >= 0 && s < task->symbols; s++) {
            int edge = b->state * task->symbols + s;
            intersect(b->alive, keep + (size_t)edge * now->words, alive, now->words);
            if (any_alive(alive, now->words))
                fits = table_add(after, task->next[edge], alive, b->count);
        }
    }
    free(keep);
    free(alive);
    return fits;
}

static void start(Table *table, const Task *task, int count)
{
    uint64_t *alive = heap_alloc(table->words, sizeof *alive);
    mpz_t one;
    mpz_init_set_ui(one, 1);
    for (int r = 0; r < count; r++)
        alive[r / 64] |= (uint64_t)1 << (r % 64);
    for (int q = 0; q < task->states; q++)
        if (task_has_state(task->starts, q))
            table_add(table, q, alive, one);
    mpz_clear(one);
    free(alive);
}

static void sum_table(const Table *table, const Task *task, mpz_t ret_count)
{
    mpz_set_ui(ret_count, 0);
    for (size_t i = 0; i < table->size; i++)
        if (table->buckets[i].state >= 0 && task_has_state(task->accepts, table->buckets[i].state))
            mpz_add(ret_count, ret_count, table->buckets[i].count);
}

static void sum_counts(const Region *const *regions, int count, mpz_t ret_count)
{
    mpz_t one;
    mpz_init(one);
    mpz_set_ui(ret_count, 0);
    for (int r = 0; r < count; r++) {
        region_count(regions[r], one);
        mpz_add(ret_count, ret_count, one);
    }
    mpz_clear(one);
}

void region_union_count(const Region *const *regions, int count, mpz_t ret_count, bool *ret_exact)
{
    Table now, after;
    mpz_set_ui(ret_count, 0);
    *ret_exact = true;
    if (count == 0)
        return;
    table_init(&now, ((size_t)count + 63) / 64);
    start(&now, regions[0]->task, count);
    for (int c = 0; *ret_exact && c < regions[0]->task->columns; c++) {
        table_init(&after, now.words);
        *ret_exact = advance(regions, count, c, &now, &after);
        table_clear(&now);
        now = after;
    }
    if (*ret_exact)
        sum_table(&now, regions[0]->task, ret_count);
    else
        sum_counts(regions, count, ret_count);
    table_clear(&now);
}
