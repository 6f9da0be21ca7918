// Random inputs.

#include "task.h"

// The k-th (random) symbol of column c among those that pass `keep`, or -1 if there is none.
static int draw(const Task *task, Rng *rng, int column, const uint8_t *keep)
{
    const uint8_t *allowed = task->allowed + column * task->symbols;
    uint32_t count = 0;
    for (int s = 0; s < task->symbols; s++)
        count += allowed[s] && (!keep || keep[s]);
    if (count == 0)
        return -1;
    uint32_t k = rng_below(rng, count);
    for (int s = 0;; s++)
        if (allowed[s] && (!keep || keep[s]) && k-- == 0)
            return s;
}

void task_sample_uniform(const Task *task, Rng *rng, uint8_t *ret_symbols)
{
    for (int c = 0; c < task->columns; c++) {
        int symbol = draw(task, rng, c, NULL);
        CHECK(symbol >= 0);
        ret_symbols[c] = (uint8_t)symbol;
    }
}

// Passing symbols: two states that can be reached with the option lead to different ones.
static void mark_passing(const Task *task, int option, uint8_t *ret_keep)
{
    for (int s = 0; s < task->symbols; s++) {
        int first = -1;
        ret_keep[s] = 0;
        for (int q = 0; q < task->states; q++) {
            int to = task->next[q * task->symbols + s];
            if (!task->reachable[q] || to == TASK_NO_STATE || task_is_lead(task, q) ||
                task_state_option(task, q) != option)
                continue;
            to = task_state_scan(task, to);
            if (first >= 0 && to != first)
                ret_keep[s] = 1;
            first = to;
        }
    }
}

void task_sample_chained(const Task *task, Rng *rng, uint8_t *ret_symbols)
{
    uint8_t passing[TASK_SYMBOLS_MAX];
    float probability = rng_unit(rng);
    if (task->lead)
        ret_symbols[0] = (uint8_t)draw(task, rng, 0, NULL);
    mark_passing(task, task->lead ? ret_symbols[0] : 0, passing);
    for (int c = task->lead; c < task->columns; c++) {
        int symbol = -1;
        if (rng_unit(rng) < probability)
            symbol = draw(task, rng, c, passing);
        if (symbol < 0)
            symbol = draw(task, rng, c, NULL);
        CHECK(symbol >= 0);
        ret_symbols[c] = (uint8_t)symbol;
    }
}

bool task_has_inputs(const Task *task)
{
    Rng rng = rng_new(0, 0);
    for (int c = 0; c < task->columns; c++)
        if (draw(task, &rng, c, NULL) < 0)
            return false;
    return true;
}
