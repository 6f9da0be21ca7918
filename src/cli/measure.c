#include "measure.h"

#include <math.h>

#include "question_batch.h"

enum { BATCH = QUESTION_BATCH_MAX, PIECE = 16 * BATCH, ROUND = 64 }; // questions; questions; pieces

typedef struct Sampling {
    const Claim *claim;
    uint64_t seed;
    long long first, questions; // of this round; of all
    QuestionBatch *batches;     // [threads]
    Measure *slots;             // [ROUND]
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

static void add_question(const QuestionBatch *batch, int lane, long long i, Measure *measure)
{
    int V = batch->claim->model->shape.d_vocab;
    bool right = true;
    for (int a = 0; a < batch->claim->task->answer; a++) {
        float margin = measure_margin(question_batch_logits(batch, lane, a), V,
                                      question_batch_right(batch, lane, a));
        right = right && question_batch_hit(batch, lane, a);
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

static void run_batch(const Sampling *sampling, QuestionBatch *batch, long long first, int count,
                      Measure *measure)
{
    const Task *task = sampling->claim->task;
    uint8_t symbols[BATCH * TASK_COLUMNS_MAX] = {0};
    for (int b = 0; b < count; b++)
        measure_question(task, sampling->seed, first + b, symbols + b * task->columns);
    question_batch_run(batch, symbols, count);
    for (int b = 0; b < count; b++)
        add_question(batch, b, first + b, measure);
}

static void run_piece(void *context, size_t piece, int worker)
{
    Sampling *sampling = context;
    Measure *slot = &sampling->slots[piece];
    long long first = sampling->first + (long long)piece * PIECE, end = first + PIECE;
    end = end < sampling->questions ? end : sampling->questions;
    *slot = (Measure){.worst = -1};
    for (; first < end; first += BATCH)
        run_batch(sampling, &sampling->batches[worker], first,
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

static QuestionBatch *new_batches(Arena *arena, const Claim *claim, int count)
{
    QuestionBatch *batches = ARENA_NEW(arena, QuestionBatch, (size_t)count);
    for (int i = 0; i < count; i++)
        batches[i] = question_batch_new(arena, claim);
    return batches;
}

Measure measure_samples(const Claim *claim, WorkPool *pool, uint64_t seed, long long questions,
                        MeasureProgress *progress, void *context)
{
    Arena *arena = arena_new();
    Measure sum = {.worst = -1}, slots[ROUND];
    Sampling sampling = {claim, seed, 0, questions, NULL, slots};
    sampling.batches = new_batches(arena, claim, work_pool_threads(pool));
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
