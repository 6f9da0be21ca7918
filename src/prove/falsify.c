#include "falsify.h"

#include <string.h>

struct Falsifier {
    const Claim *claim;
    QuestionBatch batch;
};

Falsifier *falsifier_new(Arena *arena, const Claim *claim)
{
    Falsifier *f = ARENA_NEW(arena, Falsifier, 1);
    *f = (Falsifier){claim, question_batch_new(arena, claim)};
    return f;
}

void falsifier_check(Falsifier *f, const uint8_t *symbols, int count, int *ret_position)
{
    question_batch_run(&f->batch, symbols, count);
    for (int i = 0; i < count; i++) {
        ret_position[i] = -1;
        for (int a = 0; a < f->claim->task->answer && ret_position[i] < 0; a++)
            if (!question_batch_hit(&f->batch, i, a))
                ret_position[i] = a;
    }
}

bool falsifier_wrong(Falsifier *falsifier, const uint8_t *symbols)
{
    int position;
    falsifier_check(falsifier, symbols, 1, &position);
    return position >= 0;
}

int falsifier_sample(Falsifier *falsifier, const Region *region, uint64_t seed, int samples,
                     uint8_t *ret_symbols)
{
    int columns = falsifier->claim->task->columns, found = 0;
    uint8_t symbols[FALSIFIER_BATCH * TASK_COLUMNS_MAX];
    int position[FALSIFIER_BATCH];
    Rng rng = rng_new(seed, 0);
    for (int done = 0; done < samples; done += FALSIFIER_BATCH) {
        int count = samples - done < FALSIFIER_BATCH ? samples - done : FALSIFIER_BATCH;
        for (int i = 0; i < count; i++)
            region_sample(region, &rng, symbols + i * columns);
        falsifier_check(falsifier, symbols, count, position);
        for (int i = 0; i < count; i++)
            if (position[i] >= 0 && found++ == 0)
                memcpy(ret_symbols, symbols + i * columns, (size_t)columns);
    }
    return found;
}

long falsifier_search(Falsifier *falsifier, uint64_t seed, long samples, int most,
                      uint8_t *ret_symbols)
{
    const Task *task = falsifier->claim->task;
    uint8_t symbols[FALSIFIER_BATCH * TASK_COLUMNS_MAX];
    int position[FALSIFIER_BATCH];
    long found = 0;
    Rng rng = rng_new(seed, 1);
    for (long done = 0; done < samples; done += FALSIFIER_BATCH) {
        int count = samples - done < FALSIFIER_BATCH ? (int)(samples - done) : FALSIFIER_BATCH;
        for (int i = 0; i < count; i++)
            (i % 2 ? task_sample_chained : task_sample_uniform)(task, &rng,
                                                                symbols + i * task->columns);
        falsifier_check(falsifier, symbols, count, position);
        for (int i = 0; i < count; i++)
            if (position[i] >= 0 && found++ < most)
                memcpy(ret_symbols + (found - 1) * task->columns, symbols + i * task->columns,
                       (size_t)task->columns);
    }
    return found;
}

// Tries a smaller digit of input number `which` in a column; keeps the smallest that stays wrong.
static bool lower_digit(Falsifier *f, uint8_t *symbols, int column, int which)
{
    const Task *task = f->claim->task;
    int unit = 1, original = symbols[column];
    for (int m = task->inputs - 1; m > which; m--)
        unit *= SPEC_BASE;
    int digit = task_symbol_digit(task, original, which);
    for (int d = 0; d < digit; d++) {
        int symbol = original - (digit - d) * unit;
        if (!task->allowed[column * task->symbols + symbol])
            continue;
        symbols[column] = (uint8_t)symbol;
        if (falsifier_wrong(f, symbols))
            return true;
    }
    symbols[column] = (uint8_t)original;
    return false;
}

void falsifier_shrink(Falsifier *falsifier, uint8_t *symbols)
{
    const Task *task = falsifier->claim->task;
    for (bool changed = true; changed;) {
        changed = false;
        for (int c = task->columns - 1; c >= 0; c--)
            for (int m = 0; m < task->inputs; m++)
                changed |= lower_digit(falsifier, symbols, c, m);
    }
}

void falsifier_answer(Falsifier *falsifier, const uint8_t *symbols, const char **ret_tokens)
{
    const Claim *claim = falsifier->claim;
    const Task *task = claim->task;
    int tokens[TASK_POSITIONS_MAX], answer[TASK_POSITIONS_MAX];
    task_tokens(task, claim->ids, symbols, tokens);
    inference_decode(falsifier->batch.inference, tokens, 1, task->prompt, task->answer, answer);
    for (int i = 0; i < task->answer; i++)
        ret_tokens[i] = claim->model->vocab[answer[i]];
}
