#include "train_look.h"

#include <stdlib.h>
#include <string.h>

#include "proof.h"

enum {
    WEAK_MAX = 256, // cases that questions are drawn from
    QUESTIONS = REPLAY_FOUND_MAX / WEAK_MAX,
};

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

static void draw(const EdgeCase *edge_case, Rng *rng, Replay *replay)
{
    uint8_t symbols[TASK_COLUMNS_MAX] = {0};
    const Node *node = &edge_case->node;
    if (node->refuted)
        replay_add_found(replay, node->wrong);
    for (int i = node->refuted; i < QUESTIONS; i++) {
        region_sample(node->region, rng, symbols);
        replay_add_found(replay, symbols);
    }
}

static void find(const NetworkProof *proof, int cases, Rng rng, Replay *replay)
{
    Weak *weak = heap_alloc((size_t)cases, sizeof *weak);
    int count = 0;
    for (int a = 0; a < proof->answer; a++)
        for (int i = 0; i < proof->position[a].n_cases; i++, count++)
            weak[count] = (Weak){&proof->position[a].cases[i], count};
    qsort(weak, (size_t)count, sizeof *weak, by_weakness);
    for (int i = 0; i < count && i < WEAK_MAX; i++)
        draw(weak[i].edge_case, &rng, replay);
    free(weak);
}

static Status look(Arena *arena, WorkPool *pool, const Claim *claim,
                   const TrainLookOptions *options, Replay *replay, TrainLook *ret_look, Diag *diag)
{
    NetworkProof proof;
    NetworkOptions how = {.mu = PROOF_MU,
                          .budget = options->regions,
                          .budget_wrong = PROOF_BUDGET_WRONG,
                          .unsolved = true,
                          .progress = options->progress,
                          .context = options->context};
    Status status = network_prove(arena, pool, claim, &how, &proof, diag);
    replay_forget_found(replay);
    if (status == STATUS_LIMIT) {
        *ret_look = (TrainLook){.closed = false};
        return STATUS_OK;
    }
    TRY(status);
    take_counts(&proof, ret_look);
    find(&proof, ret_look->cases, rng_new(options->seed, options->stream), replay);
    return STATUS_OK;
}

Status train_look(WorkPool *pool, const Task *task, const Model *model,
                  const TrainLookOptions *options, Replay *replay, TrainLook *ret_look, Diag *diag)
{
    Arena *arena = arena_new();
    Claim *claim;
    Status status = claim_new(arena, task, model, &claim, diag);
    if (status == STATUS_OK)
        status = look(arena, pool, claim, options, replay, ret_look, diag);
    arena_free(arena);
    return status;
}
