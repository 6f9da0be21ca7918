#include "measure.h"

#include <math.h>
#include <string.h>

#include "inference.h"

enum { BATCH = 64, PIECE = 16 * BATCH, ROUND = 64 }; // questions; questions; pieces

typedef struct Worker {
    Inference *inference;
    int *tokens; // [BATCH][length]
    int *next;   // [BATCH][length] the token that follows
    float *logits;
} Worker;

typedef struct Sampling {
    const Claim *claim;
    uint64_t seed;
    long long first, questions; // of this round; of all
    Worker *workers;
    Measure *slots; // [ROUND]
} Sampling;

void measure_question(const Task *task, uint64_t seed, long long i, uint8_t *ret_symbols)
{
    Rng rng = rng_new(seed, (uint64_t)i);
    if (i % 2 == 0)
        task_sample_uniform(task, &rng, ret_symbols);
    else
        task_sample_chained(task, &rng, ret_symbols);
}

float measure_margin(const float *logits, int V, int right)
{
    float other = -INFINITY;
    for (int v = 0; v < V; v++) {
        if (isnan(logits[v]))
            return -INFINITY;
        if (v != right && logits[v] > other)
            other = logits[v];
    }
    float margin = logits[right] - other;
    return isnan(margin) ? -INFINITY : margin;
}

static void add_question(const Sampling *sampling, const Worker *worker, int lane, long long i,
                         Measure *measure)
{
    const Task *task = sampling->claim->task;
    int V = sampling->claim->model->shape.d_vocab, length = claim_length(sampling->claim);
    bool right = true;
    for (int p = 0; p < task->answer; p++) {
        const float *logits = worker->logits + (size_t)(lane * task->answer + p) * (size_t)V;
        int wanted = worker->next[lane * length + task->prompt - 1 + p];
        float margin = measure_margin(logits, V, wanted);
        right = right && inference_argmax(logits, V) == wanted;
        if (measure->worst < 0 || margin < measure->worst_margin) {
            measure->worst = i;
            measure->worst_margin = margin;
        }
    }
    measure->questions++;
    measure->right += right;
    if (!right && measure->n_wrong < MEASURE_WRONG_MAX)
        measure->wrong[measure->n_wrong++] = i;
}

static void run_batch(const Sampling *sampling, Worker *worker, long long first, int count,
                      Measure *measure)
{
    const Claim *claim = sampling->claim;
    int length = claim_length(claim);
    for (int b = 0; b < count; b++) {
        uint8_t symbols[TASK_COLUMNS_MAX];
        int tokens[TASK_POSITIONS_MAX];
        measure_question(claim->task, sampling->seed, first + b, symbols);
        task_tokens(claim->task, claim->ids, symbols, tokens);
        memcpy(worker->tokens + b * length, tokens, (size_t)length * sizeof(int));
        memcpy(worker->next + b * length, tokens + 1, (size_t)length * sizeof(int));
    }
    inference_logits(worker->inference, worker->tokens, count, length, claim->task->prompt - 1,
                     worker->logits);
    for (int b = 0; b < count; b++)
        add_question(sampling, worker, b, first + b, measure);
}

static void run_piece(void *context, size_t piece, int worker)
{
    Sampling *sampling = context;
    Measure *slot = &sampling->slots[piece];
    long long first = sampling->first + (long long)piece * PIECE, end = first + PIECE;
    end = end < sampling->questions ? end : sampling->questions;
    *slot = (Measure){.worst = -1};
    for (; first < end; first += BATCH)
        run_batch(sampling, &sampling->workers[worker], first,
                  end - first < BATCH ? (int)(end - first) : BATCH, slot);
}

static void merge(Measure *sum, const Measure *part)
{
    sum->questions += part->questions;
    sum->right += part->right;
    for (int i = 0; i < part->n_wrong && sum->n_wrong < MEASURE_WRONG_MAX; i++)
        sum->wrong[sum->n_wrong++] = part->wrong[i];
    if (part->worst >= 0 && (sum->worst < 0 || part->worst_margin < sum->worst_margin)) {
        sum->worst = part->worst;
        sum->worst_margin = part->worst_margin;
    }
}

static Worker *new_workers(Arena *arena, const Claim *claim, int count)
{
    Worker *workers = ARENA_NEW(arena, Worker, (size_t)count);
    size_t length = (size_t)claim_length(claim), V = (size_t)claim->model->shape.d_vocab;
    for (int i = 0; i < count; i++) {
        workers[i].inference = inference_new(arena, claim->model, (int)length);
        workers[i].tokens = ARENA_NEW(arena, int, BATCH *length);
        workers[i].next = ARENA_NEW(arena, int, BATCH *length);
        workers[i].logits = ARENA_NEW(arena, float, BATCH *(size_t)claim->task->answer *V);
    }
    return workers;
}

Measure measure_samples(const Claim *claim, WorkPool *pool, uint64_t seed, long long questions,
                        MeasureProgress *progress, void *context)
{
    Arena *arena = arena_new();
    Measure sum = {.worst = -1}, slots[ROUND];
    Sampling sampling = {claim, seed, 0, questions, NULL, slots};
    sampling.workers = new_workers(arena, claim, work_pool_threads(pool));
    while (sampling.first < questions && progress(context, sampling.first)) {
        long long pieces = (questions - sampling.first + PIECE - 1) / PIECE;
        pieces = pieces < ROUND ? pieces : ROUND;
        work_run(pool, (size_t)pieces, run_piece, &sampling);
        for (long long i = 0; i < pieces; i++)
            merge(&sum, &slots[i]);
        sampling.first += pieces * PIECE;
    }
    arena_free(arena);
    return sum;
}
