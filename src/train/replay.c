#include "replay.h"

#include <string.h>

void replay_add(Replay *replay, const uint8_t *symbols)
{
    memcpy(replay->symbols[replay->added++ % REPLAY_SIZE], symbols, TASK_COLUMNS_MAX);
}

void replay_add_found(Replay *replay, const uint8_t *symbols)
{
    memcpy(replay->found[replay->n_found++ % REPLAY_FOUND_SIZE], symbols, TASK_COLUMNS_MAX);
}

void replay_draw(const Replay *replay, Rng *rng, uint8_t *ret_symbols)
{
    if (replay->n_found > 0 && rng_below(rng, 2) == 0) {
        uint32_t kept =
            replay->n_found < REPLAY_FOUND_SIZE ? (uint32_t)replay->n_found : REPLAY_FOUND_SIZE;
        memcpy(ret_symbols, replay->found[rng_below(rng, kept)], TASK_COLUMNS_MAX);
        return;
    }
    uint32_t kept = replay->added < REPLAY_SIZE ? (uint32_t)replay->added : REPLAY_SIZE;
    memcpy(ret_symbols, replay->symbols[rng_below(rng, kept)], TASK_COLUMNS_MAX);
}
