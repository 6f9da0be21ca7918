// Dinkelbach's iteration around the longest-path pass of path_kernel.h.

#include <string.h>

#include "isa.h"
#include "path_pass.h"

enum { ROUNDS = 40 }; // passes at most; mostly one, and seldom more than two
#define ROOM ((int64_t)1 << 10) // of 2^27, that lambda is raised beyond a mean

static int64_t clamp(int64_t x, int64_t most)
{
    return x > most ? most : x < -most ? -most : x;
}

static void run_pass(const PathPass *pass, int64_t *ret_value, int64_t *ret_weight)
{
#if ISA_X86_64
    if (isa_current() == ISA_AVX512) {
        path_pass_avx512(pass, ret_value, ret_weight);
        return;
    }
#endif
    path_pass_generic(pass, ret_value, ret_weight);
}

// One lane's next lambda; false if the present one is a bound. F and Z are in the same units.
static bool improve(int64_t F, int64_t Z, int64_t most, int64_t *lambda)
{
    if (F <= 0)
        return false;
    *lambda = Z > 0 ? clamp(*lambda + F / Z + ROOM, most) : most;
    return true;
}

// Lemma B3. A mean is never above the largest value.
static Fix lane_bound(int64_t F, int64_t lambda, int64_t most, int shift, Fix rad)
{
    return (F <= 0 ? lambda : most) * ((Fix)1 << shift) + rad;
}

static void bound_lanes(PathPass *pass, int32_t *lambda, Fix *ret_bound)
{
    const FunctionalTable *table = pass->table;
    int64_t value[FUNCTIONAL_LANES], weight[FUNCTIONAL_LANES], next[FUNCTIONAL_LANES];
    for (int i = 0; i < FUNCTIONAL_LANES; i++)
        next[i] = clamp(lambda[pass->lane + i], table->most[pass->lane + i]);
    for (int round = 0, moved = 1; moved; round++) {
        memcpy(pass->lambda, next, sizeof next);
        run_pass(pass, value, weight);
        moved = 0;
        for (int i = 0; i < FUNCTIONAL_LANES && round < ROUNDS; i++)
            moved |= improve(value[i], weight[i], table->most[pass->lane + i], &next[i]);
    }
    for (int i = 0; i < FUNCTIONAL_LANES; i++) {
        int at = pass->lane + i;
        lambda[at] = (int32_t)pass->lambda[i];
        ret_bound[at] = lane_bound(value[i], pass->lambda[i], table->most[at], table->shift[at],
                                   table->rad[at]);
    }
}

void path_bound(const PathRegion *path, const PathHead *head, const FunctionalTable *table,
                int sign, int32_t *lambda, Fix *ret_bound)
{
    PathPass pass = {path, head, table, 0, sign, {0}};
    for (; pass.lane < table->stride; pass.lane += FUNCTIONAL_LANES)
        bound_lanes(&pass, lambda, ret_bound);
}
