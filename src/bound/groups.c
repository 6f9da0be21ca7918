#include "groups.h"

#include <stdlib.h>

#include "arena.h"

// Small enough that the sum over all neurons fits.
enum { PLACE_SHIFT = FIX_BITS - 12, WEIGHT_SHIFT_DOWN = FIX_BITS - 12 };

// How far apart two cases are in what can matter.
static int64_t apart(const Neurons *n, const Fix *weight, int a, int b)
{
    int64_t sum = 0;
    for (int i = 0; i < n->F; i++) {
        if (n->kind[i] != NEURON_OPEN)
            continue;
        Fix low = n->low[a * n->F + i] - n->low[b * n->F + i];
        Fix high = n->high[a * n->F + i] - n->high[b * n->F + i];
        sum += ((llabs(low) + llabs(high)) >> PLACE_SHIFT) * (weight[i] >> WEIGHT_SHIFT_DOWN);
    }
    return sum;
}

static int farthest(const int64_t *distance, int count)
{
    int most = 0;
    for (int c = 1; c < count; c++)
        most = distance[c] > distance[most] ? c : most;
    return most;
}

// One group after another begins with the case that is farthest from all centres before; each case is a member of the
// group whose centre is nearest.
int groups_of(const Neurons *neurons, int count, int most, const Fix *weight, uint8_t *ret_group_of)
{
    int64_t *distance = heap_alloc((size_t)count, sizeof *distance);
    int groups = 0, centre = 0;
    for (int c = 0; c < count; c++)
        distance[c] = INT64_MAX;
    while (groups < most && distance[centre] > 0) {
        for (int c = 0; c < count; c++) {
            int64_t d = apart(neurons, weight, c, centre);
            if (d < distance[c]) {
                distance[c] = d;
                ret_group_of[c] = (uint8_t)groups;
            }
        }
        centre = farthest(distance, count);
        groups++;
    }
    free(distance);
    return groups;
}
