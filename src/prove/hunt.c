#include "hunt.h"

#include <stdlib.h>
#include <string.h>

enum { CASES_AT_ONCE = 256 };

Hunt hunt_new(Arena *arena, WorkPool *pool, const Claim *claim)
{
    int threads = work_pool_threads(pool);
    Hunt hunt = {.claim = claim, .pool = pool, .wrongs = wrongs_new(arena, claim->task)};
    hunt.falsifier = ARENA_NEW(arena, Falsifier *, (size_t)threads);
    for (int i = 0; i < threads; i++)
        hunt.falsifier[i] = falsifier_new(arena, claim);
    return hunt;
}

static void add(Hunt *hunt, const uint8_t *symbols)
{
    int position;
    falsifier_check(hunt->falsifier[0], symbols, 1, &position);
    if (position >= 0)
        wrongs_add(&hunt->wrongs, symbols, position);
}

// ---- samples ------------------------------------------------------------------------------------

typedef struct Sampling {
    Hunt *hunt;
    uint8_t *symbols; // [chunks][HUNT_CHUNK][columns]
    long *found;      // [chunks]
} Sampling;

static void sample_chunk(void *context, size_t chunk, int worker)
{
    Sampling *sampling = context;
    size_t columns = (size_t)sampling->hunt->claim->task->columns;
    if (!work_interrupted())
        sampling->found[chunk] =
            falsifier_search(sampling->hunt->falsifier[worker], chunk, HUNT_CHUNK, HUNT_CHUNK,
                             sampling->symbols + chunk * HUNT_CHUNK * columns);
}

void hunt_samples(Hunt *hunt, long samples)
{
    size_t chunks = (size_t)(samples + HUNT_CHUNK - 1) / HUNT_CHUNK;
    size_t columns = (size_t)hunt->claim->task->columns;
    Sampling sampling = {hunt, heap_alloc(chunks * HUNT_CHUNK, columns),
                         heap_alloc(chunks, sizeof *sampling.found)};
    work_run(hunt->pool, chunks, sample_chunk, &sampling);
    for (size_t k = 0; k < chunks; k++)
        for (long i = 0; i < sampling.found[k] && !hunt->wrongs.full; i++)
            add(hunt, sampling.symbols + (k * HUNT_CHUNK + (size_t)i) * columns);
    free(sampling.symbols);
    free(sampling.found);
}

// ---- open cases ---------------------------------------------------------------------------------

typedef struct Walk { // through all inputs of a region
    const Region *region;
    Falsifier *falsifier;
    uint8_t path[TASK_COLUMNS_MAX];
    uint8_t waiting[FALSIFIER_BATCH * TASK_COLUMNS_MAX];
    int n_waiting;
    WrongInput *found;
    size_t n_found, capacity;
} Walk;

static void walk_flush(Walk *walk)
{
    int position[FALSIFIER_BATCH];
    size_t columns = (size_t)walk->region->task->columns;
    falsifier_check(walk->falsifier, walk->waiting, walk->n_waiting, position);
    for (int i = 0; i < walk->n_waiting; i++) {
        if (position[i] < 0)
            continue;
        if (walk->n_found == walk->capacity) {
            walk->capacity = walk->capacity ? 2 * walk->capacity : 16;
            walk->found = heap_resize(walk->found, walk->capacity, sizeof *walk->found);
        }
        WrongInput *wrong = &walk->found[walk->n_found++];
        memcpy(wrong->symbols, walk->waiting + (size_t)i * columns, columns);
        wrong->position = position[i];
    }
    walk->n_waiting = 0;
}

static void walk_on(Walk *walk, int column, int state)
{
    const Task *task = walk->region->task;
    if (column == task->columns) {
        if (!task_has_state(task->accepts, state))
            return;
        memcpy(walk->waiting + walk->n_waiting++ * column, walk->path, (size_t)column);
        if (walk->n_waiting == FALSIFIER_BATCH)
            walk_flush(walk);
        return;
    }
    for (int s = 0; s < task->symbols; s++) {
        int edge = state * task->symbols + s;
        if (!region_has(walk->region, column, edge))
            continue;
        walk->path[column] = (uint8_t)s;
        walk_on(walk, column + 1, task->next[edge]);
    }
}

typedef struct Sweep { // of some open cases
    Hunt *hunt;
    const Region *region[CASES_AT_ONCE];
    Walk walk[CASES_AT_ONCE];
    size_t count;
} Sweep;

static void sweep_region(void *context, size_t piece, int worker)
{
    Sweep *sweep = context;
    Walk *walk = &sweep->walk[piece];
    *walk = (Walk){.region = sweep->region[piece], .falsifier = sweep->hunt->falsifier[worker]};
    if (work_interrupted())
        return;
    for (int q = 0; q < walk->region->task->states; q++)
        if (task_has_state(walk->region->task->starts, q))
            walk_on(walk, 0, q);
    walk_flush(walk);
}

static void sweep_run(Sweep *sweep)
{
    work_run(sweep->hunt->pool, sweep->count, sweep_region, sweep);
    for (size_t k = 0; k < sweep->count; k++) {
        Walk *walk = &sweep->walk[k];
        for (size_t i = 0; i < walk->n_found; i++)
            wrongs_add(&sweep->hunt->wrongs, walk->found[i].symbols, walk->found[i].position);
        free(walk->found);
    }
    sweep->count = 0;
}

// Inputs of a region that is to be tried whole; 0 if it is too large for what is left.
static unsigned long size_to_try(const Region *region, unsigned long left)
{
    unsigned long size = 0;
    mpz_t count;
    mpz_init(count);
    region_count(region, count);
    if (mpz_cmp_ui(count, HUNT_REGION_MAX) <= 0 && mpz_cmp_ui(count, left) <= 0)
        size = mpz_get_ui(count);
    mpz_clear(count);
    return size;
}

static void sweep_position(Sweep *sweep, const PositionProof *position, unsigned long *left,
                           bool *complete)
{
    for (int i = 0; i < position->n_cases && !sweep->hunt->wrongs.full; i++) {
        const EdgeCase *edge_case = &position->cases[i];
        if (edge_case->proved)
            continue;
        unsigned long size = size_to_try(edge_case->node.region, *left);
        *complete = *complete && size > 0;
        if (size == 0)
            continue;
        *left -= size;
        sweep->region[sweep->count++] = edge_case->node.region;
        if (sweep->count == CASES_AT_ONCE)
            sweep_run(sweep);
    }
}

void hunt_cases(Hunt *hunt, const NetworkProof *proof, bool *ret_complete)
{
    unsigned long left = HUNT_INPUTS_MAX;
    Sweep *sweep = heap_alloc(1, sizeof *sweep);
    sweep->hunt = hunt;
    *ret_complete = true;
    for (int a = 0; a < proof->answer; a++)
        for (int i = 0; i < proof->position[a].n_cases && !hunt->wrongs.full; i++)
            if (!proof->position[a].cases[i].proved && proof->position[a].cases[i].node.refuted)
                add(hunt, proof->position[a].cases[i].node.wrong);
    for (int a = 0; a < proof->answer; a++)
        sweep_position(sweep, &proof->position[a], &left, ret_complete);
    sweep_run(sweep);
    *ret_complete = *ret_complete && !hunt->wrongs.full && !work_interrupted();
    free(sweep);
}

void hunt_shrink(Hunt *hunt, uint8_t *ret_symbols)
{
    CHECK(hunt->wrongs.count > 0);
    memcpy(ret_symbols, hunt->wrongs.input[0].symbols, (size_t)hunt->claim->task->columns);
    falsifier_shrink(hunt->falsifier[0], ret_symbols);
    add(hunt, ret_symbols);
}
