#include "network.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH = 64,                    // nodes refined between two looks at the budget
    HOPELESS = REFINE_SAMPLES / 8, // so many wrong samples: more splitting would only list them
};

typedef struct Driver {
    Arena *arena;
    const NetworkOptions *options;
    NetworkProof *proof;
    RefineContext context;
    Falsifier **falsifier; // [threads]
    Node *node;            // the level at hand, then the next
    size_t n_nodes, capacity;
    Node *next;
    size_t n_next, next_capacity;
    unsigned long limit; // of the regions bounded
    bool wrong_known;
} Driver;

typedef struct Job {
    Arena *arena;
    const Node *node;
    Refinement refinement;
    Status status;
    Diag diag;
} Job;

typedef struct Batch {
    Driver *driver;
    Job job[BATCH];
} Batch;

static void run_job(void *context, size_t piece, int worker)
{
    Batch *batch = context;
    Job *job = &batch->job[piece];
    job->status = refine(job->arena, &batch->driver->context, batch->driver->falsifier[worker],
                         job->node, &job->refinement, &job->diag);
}

static Node keep_node(Arena *arena, const Node *node)
{
    Node copy = *node;
    copy.region = region_copy(arena, node->region);
    copy.condition = ARENA_NEW(arena, Condition, (size_t)node->n_conditions);
    if (node->n_conditions > 0)
        memcpy(copy.condition, node->condition, (size_t)node->n_conditions * sizeof(Condition));
    return copy;
}

// Margin over what rounding takes from it, rounded down; at most 1000.
static Fix rounding_ratio(const Node *node)
{
    Wide taken = node->exact - node->margin, most = 1000 * FIX_ONE;
    if (taken <= 0)
        return (Fix)most;
    Wide ratio = (Wide)node->exact * FIX_ONE / taken;
    return (Fix)(ratio > most ? most : ratio);
}

static void take_margin(PositionProof *p, const Node *node)
{
    Fix taken = node->exact - node->margin, ratio = rounding_ratio(node);
    p->margin = node->margin < p->margin ? node->margin : p->margin;
    p->rounding = taken > p->rounding ? taken : p->rounding;
    p->ratio = ratio < p->ratio ? ratio : p->ratio;
}

// `proved`: the part that the solver proved, or NULL.
static void add_case(Driver *d, const Node *node, const Part *proved)
{
    PositionProof *p = &d->proof->position[node->answer];
    EdgeCase edge_case = {.node = keep_node(d->arena, node), .proved = proved != NULL};
    if (p->n_cases == p->capacity) {
        EdgeCase *old = p->cases;
        p->capacity = p->capacity ? 2 * p->capacity : 64;
        p->cases = ARENA_NEW(d->arena, EdgeCase, (size_t)p->capacity);
        if (old)
            memcpy(p->cases, old, (size_t)p->n_cases * sizeof *old);
    }
    if (proved) {
        Choices *choices = ARENA_NEW(d->arena, Choices, 1);
        *choices = choices_copy(d->arena, &proved->choices);
        edge_case.choices = choices;
        edge_case.n_scripts = proved->n_scripts;
        edge_case.script = ARENA_NEW(d->arena, const char *, (size_t)proved->n_scripts);
        for (int g = 0; g < proved->n_scripts; g++)
            edge_case.script[g] = arena_strdup(d->arena, proved->script[g]);
        edge_case.unstable = proved->unstable;
        take_margin(p, node);
    }
    p->cases[p->n_cases++] = edge_case;
    p->n_proved += edge_case.proved;
    d->proof->refuted += !proved && node->refuted;
}

static void add_next(Driver *d, const Node *node)
{
    if (d->n_next == d->next_capacity) {
        d->next_capacity = d->next_capacity ? 2 * d->next_capacity : 256;
        d->next = heap_resize(d->next, d->next_capacity, sizeof *d->next);
    }
    d->next[d->n_next++] = keep_node(d->arena, node);
}

// A wrong answer is known.
static void lower_limit(Driver *d)
{
    unsigned long limit = d->proof->bounds + d->options->budget_wrong;
    if (!d->wrong_known && limit < d->limit)
        d->limit = limit;
    d->wrong_known = true;
}

// A part that is not proved is split further unless the inference fails on much of it.
static void collect(Driver *d, const Job *job)
{
    const Refinement *r = &job->refinement;
    d->proof->bounds += r->bounds;
    d->proof->queries += r->queries;
    d->proof->bound_seconds += r->bound_seconds;
    d->proof->solver_seconds += r->solver_seconds;
    if (r->n_parts == 0)
        add_case(d, job->node, NULL);
    for (int i = 0; i < r->n_parts; i++) {
        const Part *part = &r->part[i];
        bool supported = d->proof->position[part->node.answer].supported;
        if (part->node.refuted)
            lower_limit(d);
        if (part->proved || !supported || part->node.wrong_samples >= HOPELESS)
            add_case(d, &part->node, part->proved ? part : NULL);
        else
            add_next(d, &part->node);
    }
}

static Status run_batch(Driver *d, WorkPool *pool, const Node *nodes, size_t count, Diag *diag)
{
    Batch *batch = heap_alloc(1, sizeof *batch);
    Status status = STATUS_OK;
    batch->driver = d;
    for (size_t i = 0; i < count; i++) {
        batch->job[i].arena = arena_new();
        batch->job[i].node = &nodes[i];
    }
    work_run(pool, count, run_job, batch);
    for (size_t i = 0; i < count; i++) {
        Job *job = &batch->job[i];
        if (status == STATUS_OK && job->status != STATUS_OK) {
            status = job->status;
            *diag = job->diag;
        }
        if (status == STATUS_OK)
            collect(d, job);
        arena_free(job->arena);
    }
    free(batch);
    if (status == STATUS_OK && work_interrupted())
        status = diag_set(diag, STATUS_INTERRUPTED, "P002", "interrupted");
    return status;
}

static void report(const Driver *d, size_t waiting)
{
    int cases = 0, proved = 0;
    if (!d->options->progress)
        return;
    for (int a = 0; a < d->proof->answer; a++) {
        cases += d->proof->position[a].n_cases;
        proved += d->proof->position[a].n_proved;
    }
    d->options->progress(d->options->context, cases, proved, (int)waiting);
}

static Status run_level(Driver *d, WorkPool *pool, Diag *diag)
{
    d->n_next = 0;
    for (size_t at = 0; at < d->n_nodes; at += BATCH) {
        size_t count = d->n_nodes - at < BATCH ? d->n_nodes - at : BATCH;
        d->proof->budget_met = d->proof->bounds >= d->limit;
        for (size_t i = at; d->proof->budget_met && i < d->n_nodes; i++)
            add_case(d, &d->node[i], NULL);
        if (d->proof->budget_met)
            return STATUS_OK;
        TRY(run_batch(d, pool, d->node + at, count, diag));
        report(d, d->n_nodes - at - count + d->n_next);
    }
    return STATUS_OK;
}

static Status run_levels(Driver *d, WorkPool *pool, Diag *diag)
{
    while (d->n_nodes > 0) {
        TRY(run_level(d, pool, diag));
        Node *spent = d->node;
        size_t capacity = d->capacity;
        d->node = d->next;
        d->n_nodes = d->proof->budget_met ? 0 : d->n_next;
        d->capacity = d->next_capacity;
        for (size_t i = 0; d->proof->budget_met && i < d->n_next; i++)
            add_case(d, &d->next[i], NULL);
        d->next = spent;
        d->next_capacity = capacity;
    }
    return STATUS_OK;
}

static void plant_roots(Driver *d)
{
    const Task *task = d->context.claim->task;
    const Region *full = region_full(d->arena, task);
    for (int a = 0; a < d->proof->answer; a++)
        if (d->proof->position[a].selected)
            add_next(d, &(Node){.region = full,
                                .answer = a,
                                .right = region_token(full, &task->source[task->prompt + a]),
                                .margin = -FIX_MAX});
    d->node = d->next;
    d->n_nodes = d->n_next;
    d->capacity = d->next_capacity;
    d->next = NULL;
    d->n_next = d->next_capacity = 0;
}

static Status name_positions(Driver *d, const Task *task, Diag *diag)
{
    bool any = false;
    d->proof->answer = task->answer;
    d->proof->position = ARENA_NEW(d->arena, PositionProof, (size_t)task->answer);
    for (int a = 0; a < task->answer; a++) {
        PositionProof *p = &d->proof->position[a];
        Text name = {0};
        position_say(&name, task, task->prompt + a);
        *p = (PositionProof){
            .name = arena_strdup(d->arena, text_chars(&name)), .margin = FIX_MAX, .ratio = FIX_MAX};
        p->selected = !d->options->only || fnmatch(d->options->only, p->name, 0) == 0;
        any = any || p->selected;
        text_free(&name);
    }
    if (any)
        return STATUS_OK;
    return diag_set(diag, STATUS_USAGE, "P003", "no answer position matches \"%s\"",
                    d->options->only ? d->options->only : "*");
}

static void name_keys(Driver *d, const Query *query, PositionProof *p)
{
    p->n_keys = query->n_keys;
    p->key_position = ARENA_NEW(d->arena, int, (size_t)query->n_keys);
    p->key_column = ARENA_NEW(d->arena, int, (size_t)query->n_keys);
    for (int k = 0; k < query->n_keys; k++) {
        p->key_position[k] = query->key[k].table->position;
        p->key_column[k] = query->key[k].column;
    }
}

static Status prepare_queries(Driver *d, WorkPool *pool, const Claim *claim, Diag *diag)
{
    const Task *task = claim->task;
    FixModel *model;
    TokenOptions *options = ARENA_NEW(d->arena, TokenOptions, 1);
    ResidualTables *tables;
    Query **query = ARENA_NEW(d->arena, Query *, (size_t)task->answer);
    TRY(fix_model_new(d->arena, claim->model, &model, diag));
    *options = token_options(d->arena, task, claim->ids);
    Cone *cones = cones_new(d->arena, claim->model, options);
    uint8_t *needed = ARENA_NEW(d->arena, uint8_t, (size_t)options->positions);
    memset(needed, 1, (size_t)claim_length(claim));
    TRY(residual_tables_new(d->arena, pool, model, options, cones, needed, &tables, diag));
    for (int a = 0; a < task->answer; a++) {
        TRY(query_new(d->arena, tables, task, task->prompt + a - 1, &query[a], diag));
        d->proof->position[a].supported = query[a]->supported;
        if (query[a]->supported)
            name_keys(d, query[a], &d->proof->position[a]);
    }
    d->context.query = query;
    return STATUS_OK;
}

Status network_prove(Arena *arena, WorkPool *pool, const Claim *claim,
                     const NetworkOptions *options, NetworkProof *ret_proof, Diag *diag)
{
    NetworkProof proof = {0};
    Driver d = {.arena = arena, .options = options, .proof = &proof, .limit = options->budget};
    double start = work_seconds();
    d.context = (RefineContext){.claim = claim,
                                .mu = options->mu,
                                .rlimit = options->rlimit,
                                .unsolved = options->unsolved};
    TRY(name_positions(&d, claim->task, diag));
    TRY(prepare_queries(&d, pool, claim, diag));
    proof.bound_seconds += work_seconds() - start;
    d.falsifier = ARENA_NEW(arena, Falsifier *, (size_t)work_pool_threads(pool));
    for (int i = 0; i < work_pool_threads(pool); i++)
        d.falsifier[i] = falsifier_new(arena, claim);
    plant_roots(&d);
    Status status = run_levels(&d, pool, diag);
    free(d.node);
    free(d.next);
    if (status == STATUS_OK)
        *ret_proof = proof;
    return status;
}
