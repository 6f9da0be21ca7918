// Passes over two columns with weights made by hand: whatever the sizes of what is added up,
// rounding is upwards.

#include "path_pass.h"

#include <string.h>

#include "harness.h"
#include "isa.h"

#define TESTS(X) X(rounding_never_hides_a_longer_path)

// Up to two ways at each of two columns, each adding x in units of 2^-shift.
typedef struct Way {
    int32_t x;
    int shift;
} Way;

static int64_t longest_of(Way a, Way b, int ways, Way c)
{
    static uint8_t next[2], symbols[2] = {0, 1};
    static int32_t rows[3][FUNCTIONAL_LANES], config[2][2] = {{0, 1}, {2, 2}}, one[2] = {1, 1};
    int16_t shift[2][2] = {{(int16_t)a.shift, (int16_t)b.shift}, {(int16_t)c.shift, 0}};
    Task task = {.columns = 2, .symbols = 2, .states = 1, .starts = 1, .accepts = 1, .next = next};
    PathClass class = {.count = 1, .n_moves = 1};
    PathBatch first[2] = {{&class, a.shift, 1, &symbols[0]}, {&class, b.shift, 1, &symbols[1]}};
    PathBatch second = {&class, c.shift, 1, &symbols[0]};
    PathBatches batches[2] = {{ways, first}, {1, &second}};
    PathKey key[2];
    int32_t *g[2] = {rows[0], rows[0]};
    FunctionalTable table = {.n = FUNCTIONAL_LANES, .stride = FUNCTIONAL_LANES, .g = g};
    PathRegion path = {&task, NULL};
    PathHead head = {2, key, batches};
    PathPass pass = {&path, &head, &table, 0, 1, {0}};
    int64_t value[ISA_COUNT][FUNCTIONAL_LANES], weight[FUNCTIONAL_LANES];
    for (int k = 0; k < 2; k++)
        key[k] = (PathKey){.column = k,
                           .variants = 1,
                           .config = config[k],
                           .low = one,
                           .high = one,
                           .shift = shift[k]};
    for (int i = 0; i < FUNCTIONAL_LANES; i++) {
        rows[0][i] = a.x;
        rows[1][i] = b.x;
        rows[2][i] = c.x;
    }
    path_pass_generic(&pass, value[0], weight);
#if ISA_X86_64
    if (isa_available(ISA_AVX512)) {
        path_pass_avx512(&pass, value[1], weight);
        CU_ASSERT_EQUAL(memcmp(value[0], value[1], sizeof value[0]), 0);
    }
#endif
    return value[0][FUNCTIONAL_LANES - 1];
}

static int64_t sum_of_ways(Way a, Way c)
{
    return longest_of(a, a, 1, c);
}

static int64_t longer_of(Way a, Way b, Way c)
{
    int64_t value = longest_of(a, b, 2, c);
    CU_ASSERT_EQUAL(value > 0, longest_of(b, a, 2, c) > 0);
    return value;
}

static void rounding_never_hides_a_longer_path(void)
{
    CU_ASSERT(sum_of_ways((Way){1, 10}, (Way){0, 0}) > 0);
    CU_ASSERT(sum_of_ways((Way){0, 0}, (Way){1, 10}) > 0);
    CU_ASSERT(sum_of_ways((Way){-1000, 64}, (Way){1, 0}) > 0);
    CU_ASSERT(sum_of_ways((Way){1, 0}, (Way){-1000, 64}) > 0);
    CU_ASSERT(sum_of_ways((Way){-1, 64}, (Way){1, 63}) > 0);
    CU_ASSERT(sum_of_ways((Way){-1, 10}, (Way){0, 0}) <= 0);
    CU_ASSERT(sum_of_ways((Way){-1000, 64}, (Way){-1, 0}) < 0);
    CU_ASSERT(sum_of_ways((Way){-1000, 64}, (Way){0, PATH_SHIFT_MAX}) == -1000);
    CU_ASSERT(longer_of((Way){-1, 2}, (Way){0, 0}, (Way){1, 3}) > 0);
    CU_ASSERT(longer_of((Way){1, 2}, (Way){0, 0}, (Way){-1, 3}) > 0);
    CU_ASSERT(longer_of((Way){3, 2}, (Way){1, 0}, (Way){-7, 3}) > 0);
    CU_ASSERT(longer_of((Way){5, 2}, (Way){1, 0}, (Way){-9, 3}) > 0);
    CU_ASSERT(longer_of((Way){-5, 2}, (Way){-1, 0}, (Way){1, 0}) <= 0);
}

RUN_TESTS("path_pass", TESTS)
