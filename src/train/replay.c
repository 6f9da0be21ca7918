#include "replay.h"

#include <string.h>

void replay_add(Replay *replay, const uint8_t *symbols)
{
    memcpy(replay->symbols[replay->added++ % REPLAY_SIZE], symbols, TASK_COLUMNS_MAX);
}

void replay_draw(const Replay *replay, Rng *rng, uint8_t *ret_symbols)
{
    uint32_t kept = replay->added < REPLAY_SIZE ? (uint32_t)replay->added : REPLAY_SIZE;
    memcpy(ret_symbols, replay->symbols[rng_below(rng, kept)], TASK_COLUMNS_MAX);
}
