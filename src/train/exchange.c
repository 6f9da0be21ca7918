#include "exchange.h"

#include <string.h>

#include "clones.h"

// Each question's partner, the next one with the same target that is free yet; itself if there is none.
static void pair(const int *targets, int *ret_partner)
{
    for (int i = 0; i < LANES; i++)
        ret_partner[i] = i;
    for (int i = 0; i < LANES; i++)
        for (int j = i + 1; j < LANES && ret_partner[i] == i; j++)
            if (ret_partner[j] == j && targets[j] == targets[i]) {
                ret_partner[i] = j;
                ret_partner[j] = i;
            }
}

// Bit i of `coins` decides for the pair whose first question is i.
static void toss(const int *partner, uint64_t coins, uint8_t *ret_from)
{
    for (int i = 0; i < LANES; i++) {
        int first = partner[i] < i ? partner[i] : i;
        ret_from[i] = (uint8_t)(coins >> first & 1 ? partner[i] : i);
    }
}

void exchange_draw(Rng *rng, int neurons, int answer, const int *targets, uint8_t *ret_from)
{
    for (int slot = 0; slot < answer; slot++) {
        int partner[LANES];
        pair(targets + slot * LANES, partner);
        for (int i = 0; i < neurons; i++)
            toss(partner, rng_next(rng) >> 32, ret_from + (i * answer + slot) * LANES);
    }
}

void exchange_apply(const uint8_t *from, int neurons, int answer, float *h)
{
    float before[LANES];
    for (int i = 0; i < neurons * answer; i++, h += LANES, from += LANES) {
        memcpy(before, h, sizeof before);
        for (int lane = 0; lane < LANES; lane++)
            h[lane] = before[from[lane]];
    }
}
