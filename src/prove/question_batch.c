#include "question_batch.h"

#include <string.h>

QuestionBatch question_batch_new(Arena *arena, const Claim *claim)
{
    size_t length = (size_t)claim_length(claim), V = (size_t)claim->model->shape.d_vocab;
    size_t answer = (size_t)claim->task->answer;
    return (QuestionBatch){
        .claim = claim,
        .inference = inference_new(arena, claim->model, (int)length),
        .tokens = ARENA_NEW(arena, int, QUESTION_BATCH_MAX *(length + 1)),
        .read = ARENA_NEW(arena, int, QUESTION_BATCH_MAX *length),
        .logits = ARENA_NEW(arena, float, QUESTION_BATCH_MAX *answer *V),
    };
}

void question_batch_run(QuestionBatch *batch, const uint8_t *symbols, int count)
{
    CHECK(count <= QUESTION_BATCH_MAX);
    const Claim *claim = batch->claim;
    const Task *task = claim->task;
    int length = claim_length(claim);
    for (int i = 0; i < count; i++) {
        int *tokens = batch->tokens + i * (length + 1);
        task_tokens(task, claim->ids, symbols + i * task->columns, tokens);
        memcpy(batch->read + i * length, tokens, (size_t)length * sizeof *tokens);
    }
    inference_logits(batch->inference, batch->read, count, length, task->prompt - 1, batch->logits);
}

const float *question_batch_logits(const QuestionBatch *batch, int question, int a)
{
    const Claim *claim = batch->claim;
    size_t row = (size_t)(question * claim->task->answer + a);
    return batch->logits + row * (size_t)claim->model->shape.d_vocab;
}

int question_batch_right(const QuestionBatch *batch, int question, int a)
{
    const Task *task = batch->claim->task;
    return batch->tokens[question * (task->prompt + task->answer) + task->prompt + a];
}

bool question_batch_hit(const QuestionBatch *batch, int question, int a)
{
    const float *logits = question_batch_logits(batch, question, a);
    return inference_argmax(logits, batch->claim->model->shape.d_vocab) ==
           question_batch_right(batch, question, a);
}
