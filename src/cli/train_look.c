#include "train_look.h"

#include <stdlib.h>
#include <string.h>

#include "hunt.h"
#include "proof.h"

enum {
    WEAK_MAX = 256, // cases that questions are drawn from
    TRIES = 16,     // draws for each wrong answer that is wanted from a case with one
    WRONG_SHARE = 4 // of the budget, once a wrong answer is known
};

typedef struct Look {
    Arena *arena;
    WorkPool *pool;
    const Claim *claim;
    const TrainLookOptions *options;
    Replay *replay;
    TrainLook *result;
    Diag *diag;
} Look;

typedef struct Weak {
    const EdgeCase *edge_case;
    int order;
} Weak;

static int strength(const EdgeCase *edge_case)
{
    return edge_case->proved ? 2 : edge_case->node.refuted ? 0 : 1;
}

// Refuted, then open, then closed; of each kind by the margin; then as they come.
static int by_weakness(const void *x, const void *y)
{
    const Weak *a = x, *b = y;
    int kind = strength(a->edge_case) - strength(b->edge_case);
    Fix margin_a = a->edge_case->node.margin, margin_b = b->edge_case->node.margin;
    if (kind != 0)
        return kind;
    if (margin_a != margin_b)
        return margin_a < margin_b ? -1 : 1;
    return a->order - b->order;
}

static void take_counts(const NetworkProof *proof, TrainLook *look)
{
    *look = (TrainLook){.closed = true, .regions = proof->bounds};
    for (int a = 0; a < proof->answer; a++) {
        const PositionProof *position = &proof->position[a];
        look->cases += position->n_cases;
        look->open += position->n_cases - position->n_proved;
        look->closed = look->closed && position->n_cases > 0;
    }
    look->closed = look->closed && look->open == 0;
    look->refuted = proof->refuted;
}

// Questions that are answered wrongly; the first is known.
static void draw_wrong(const EdgeCase *edge_case, int count, Falsifier *falsifier, Rng *rng,
                       Replay *replay)
{
    uint8_t symbols[TASK_COLUMNS_MAX] = {0};
    replay_add_found(replay, edge_case->node.wrong);
    for (int tries = count * TRIES, found = 1; tries > 0 && found < count; tries--) {
        region_sample(edge_case->node.region, rng, symbols);
        if (!falsifier_wrong(falsifier, symbols))
            continue;
        replay_add_found(replay, symbols);
        found++;
    }
}

static void draw(const EdgeCase *edge_case, int count, Rng *rng, Replay *replay)
{
    uint8_t symbols[TASK_COLUMNS_MAX] = {0};
    for (int i = 0; i < count; i++) {
        region_sample(edge_case->node.region, rng, symbols);
        replay_add_found(replay, symbols);
    }
}

// From all cases with a wrong answer; or if there are none, from the weakest.
static void draw_all(const Look *look, const Weak *weak, int count)
{
    Rng rng = rng_new(look->options->seed, look->options->stream);
    Falsifier *falsifier = falsifier_new(look->arena, look->claim);
    int refuted = look->result->refuted, most = count < WEAK_MAX ? count : WEAK_MAX;
    int cases = refuted > 0 && refuted < most ? refuted : most;
    for (int i = 0; i < cases; i++) {
        if (refuted > 0)
            draw_wrong(weak[i].edge_case, TRAIN_LOOK_QUESTIONS / cases, falsifier, &rng,
                       look->replay);
        else
            draw(weak[i].edge_case, TRAIN_LOOK_QUESTIONS / cases, &rng, look->replay);
    }
}

static void find(const Look *look, const NetworkProof *proof)
{
    Weak *weak = heap_alloc((size_t)look->result->cases, sizeof *weak);
    int count = 0;
    for (int a = 0; a < proof->answer; a++)
        for (int i = 0; i < proof->position[a].n_cases; i++, count++)
            weak[count] = (Weak){&proof->position[a].cases[i], count};
    qsort(weak, (size_t)count, sizeof *weak, by_weakness);
    draw_all(look, weak, count);
    free(weak);
}

static Status try_samples(const Look *look)
{
    Hunt hunt = hunt_new(look->arena, look->pool, look->claim);
    hunt_samples(&hunt, PROOF_SAMPLES);
    look->result->wrong = hunt.wrongs.count;
    look->result->more = hunt.wrongs.full;
    for (int i = 0; i < hunt.wrongs.count && i < TRAIN_LOOK_QUESTIONS; i++)
        replay_add_found(look->replay, hunt.wrongs.input[i].symbols);
    if (work_interrupted())
        return diag_set(look->diag, STATUS_INTERRUPTED, "P002", "interrupted");
    return STATUS_OK;
}

static Status try_bounds(const Look *look)
{
    NetworkProof proof;
    NetworkOptions options = {.mu = PROOF_MU,
                              .budget = look->options->regions,
                              .budget_wrong = look->options->regions / WRONG_SHARE,
                              .unsolved = true,
                              .progress = look->options->progress,
                              .context = look->options->context};
    Status status =
        network_prove(look->arena, look->pool, look->claim, &options, &proof, look->diag);
    if (status == STATUS_LIMIT)
        return STATUS_OK;
    TRY(status);
    take_counts(&proof, look->result);
    find(look, &proof);
    return STATUS_OK;
}

static Status run(Look *look, const Task *task, const Model *model)
{
    Claim *claim;
    TRY(claim_new(look->arena, task, model, &claim, look->diag));
    look->claim = claim;
    TRY(try_samples(look));
    return look->result->wrong > 0 ? STATUS_OK : try_bounds(look);
}

Status train_look(WorkPool *pool, const Task *task, const Model *model,
                  const TrainLookOptions *options, Replay *replay, TrainLook *ret_look, Diag *diag)
{
    TrainLook result = {.closed = false};
    Look look = {.arena = arena_new(),
                 .pool = pool,
                 .options = options,
                 .replay = replay,
                 .result = &result,
                 .diag = diag};
    Status status = run(&look, task, model);
    arena_free(look.arena);
    if (status == STATUS_OK)
        *ret_look = result;
    return status;
}
