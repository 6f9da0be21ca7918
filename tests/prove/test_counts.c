// Counts of proved, refuted and open inputs, against trying every input.
#include "counts.h"
#include "harness.h"

#include <string.h>

#include "split.h"

enum { INPUTS = 10000, ANSWER = 3 };

static const char addition[] = "input a, b : number of 2 digits\n"
                               "prompt a \"+\" b \"=\"\n"
                               "answer s : number of 3 digits\n"
                               "require s = a + b\n"
                               "algorithm\n"
                               "  scan from least significant\n"
                               "    state c in 0..1, initially 0\n"
                               "    digit s[i] = (a[i] + b[i] + c) mod 10\n"
                               "    next c = (a[i] + b[i] + c) div 10\n"
                               "  finally s[2] = c\n";

static Arena *arena;
static Task *task;
static Rng rng;

static void setup(void)
{
    Spec *spec;
    Diag diag;
    arena = arena_new();
    rng = rng_new(5, 5);
    CU_ASSERT_FATAL(spec_parse(arena, "test", addition, sizeof addition - 1, NULL, 0, &spec,
                               &diag) == STATUS_OK);
    CU_ASSERT_FATAL(task_new(arena, spec, &task, &diag) == STATUS_OK);
}

// Leaves of a random tree of splits, each proved with probability 1 - open/8.
static void grow(PositionProof *position, const Region *region, int depth, uint32_t open)
{
    static const SplitKind kinds[] = {SPLIT_STATE, SPLIT_MOVE, SPLIT_DIGIT};
    Split split = {kinds[rng_below(&rng, 3)], (int)rng_below(&rng, 2), (int)rng_below(&rng, 2)};
    int labels[SPLIT_LABELS_MAX];
    if (depth == 0) {
        EdgeCase *leaf = &position->cases[position->n_cases++];
        *leaf = (EdgeCase){.node = {.region = region}, .proved = rng_below(&rng, 8) >= open};
        position->n_proved += leaf->proved;
        return;
    }
    int count = split_labels(region, &split, labels);
    for (int i = 0; i < count; i++) {
        Condition condition = {.split = split};
        label_set_add(&condition.labels, labels[i]);
        grow(position, split_part(arena, region, &condition), depth - 1, open);
    }
}

static void numbered(int i, uint8_t *ret_symbols)
{
    ret_symbols[0] = (uint8_t)(i % 100);
    ret_symbols[1] = (uint8_t)(i / 100);
}

static bool is_open(const NetworkProof *proof, int i)
{
    uint8_t symbols[2];
    numbered(i, symbols);
    for (int a = 0; a < proof->answer; a++)
        if (counts_case_contains(&proof->position[a], symbols))
            return true;
    return false;
}

static void counts_are_those_of_all_inputs(void)
{
    setup();
    for (int round = 0; round < 30; round++) {
        NetworkProof proof = {.answer = ANSWER};
        Wrongs wrongs = wrongs_new(arena, task);
        unsigned long open = 0, refuted = 0, proved = 0;
        uint32_t share = rng_below(&rng, 8);
        proof.position = ARENA_NEW(arena, PositionProof, ANSWER);
        for (int a = 0; a < ANSWER; a++) {
            proof.position[a] = (PositionProof){.cases = ARENA_NEW(arena, EdgeCase, 1000)};
            grow(&proof.position[a], region_full(arena, task), (int)rng_below(&rng, 3), share);
        }
        for (int i = 0; i < INPUTS; i++) {
            uint8_t symbols[2];
            bool wrong = rng_below(&rng, 50) == 0;
            numbered(i, symbols);
            if (wrong)
                wrongs_add(&wrongs, symbols, 0);
            refuted += wrong;
            open += !wrong && is_open(&proof, i);
            proved += !wrong && !is_open(&proof, i);
        }
        Counts *counts = counts_of(arena, task, &proof, &wrongs, true);
        CU_ASSERT(mpz_cmp_ui(counts->total, INPUTS) == 0);
        CU_ASSERT(mpz_cmp_ui(counts->open, open) == 0);
        CU_ASSERT(mpz_cmp_ui(counts->refuted, refuted) == 0);
        CU_ASSERT(mpz_cmp_ui(counts->proved, proved) == 0);
        CU_ASSERT(counts->proved_exact && counts->refuted_exact);
    }
    arena_free(arena);
}

static void without_bounds_everything_is_open(void)
{
    setup();
    Wrongs wrongs = wrongs_new(arena, task);
    uint8_t symbols[2] = {7, 7};
    wrongs_add(&wrongs, symbols, 1);
    Counts *counts = counts_of(arena, task, NULL, &wrongs, false);
    CU_ASSERT(mpz_cmp_ui(counts->open, INPUTS - 1) == 0 && mpz_sgn(counts->proved) == 0);
    CU_ASSERT(mpz_cmp_ui(counts->refuted, 1) == 0 && !counts_open_exact(counts));
    arena_free(arena);
}

static void nothing_is_proved_while_the_algorithm_is_not(void)
{
    setup();
    Wrongs wrongs = wrongs_new(arena, task);
    NetworkProof proof = {.answer = 1};
    proof.position = ARENA_NEW(arena, PositionProof, 1);
    proof.position[0].cases = ARENA_NEW(arena, EdgeCase, 1);
    grow(&proof.position[0], region_full(arena, task), 0, 0);
    Counts *counts = counts_of(arena, task, &proof, &wrongs, true);
    CU_ASSERT(mpz_cmp_ui(counts->proved, INPUTS) == 0 && mpz_sgn(counts->open) == 0);
    counts_withhold(counts);
    CU_ASSERT(mpz_cmp_ui(counts->open, INPUTS) == 0 && mpz_sgn(counts->proved) == 0);
    arena_free(arena);
}

static void wrong_inputs_are_counted_once_and_not_without_end(void)
{
    setup();
    Wrongs wrongs = wrongs_new(arena, task);
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < INPUTS; i++) {
            uint8_t symbols[2];
            numbered(i, symbols);
            wrongs_add(&wrongs, symbols, 0);
        }
    CU_ASSERT(wrongs.count == WRONGS_MAX && !wrongs.full);
    uint8_t other[2] = {100, 0};
    wrongs_add(&wrongs, other, 0);
    CU_ASSERT(wrongs.count == WRONGS_MAX && wrongs.full);
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(counts_are_those_of_all_inputs)                                                              \
    X(without_bounds_everything_is_open)                                                           \
    X(nothing_is_proved_while_the_algorithm_is_not)                                                \
    X(wrong_inputs_are_counted_once_and_not_without_end)

RUN_TESTS("prove/counts", TESTS)
