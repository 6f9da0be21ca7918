#include "counts.h"

typedef struct OpenRegions {
    const Region **region;
    int count, positions; // positions that have one
    bool everything;      // one of the positions leaves everything open
} OpenRegions;

static void clear(void *counts)
{
    Counts *c = counts;
    mpz_clears(c->total, c->proved, c->refuted, c->open, NULL);
}

static Counts *counts_new(Arena *arena)
{
    Counts *counts = ARENA_NEW(arena, Counts, 1);
    mpz_inits(counts->total, counts->proved, counts->refuted, counts->open, NULL);
    arena_on_free(arena, clear, counts);
    return counts;
}

static void gather(const PositionProof *position, const mpz_t total, OpenRegions *open)
{
    mpz_t sum, one;
    if (position->n_cases == position->n_proved)
        return;
    mpz_inits(sum, one, NULL);
    for (int i = 0; i < position->n_cases; i++) {
        if (position->cases[i].proved)
            continue;
        open->region[open->count++] = position->cases[i].node.region;
        region_count(position->cases[i].node.region, one);
        mpz_add(sum, sum, one);
    }
    open->positions++;
    open->everything = open->everything || mpz_cmp(sum, total) == 0;
    mpz_clears(sum, one, NULL);
}

static void sum_counts(const OpenRegions *open, mpz_t ret_sum)
{
    mpz_t one;
    mpz_init(one);
    mpz_set_ui(ret_sum, 0);
    for (int i = 0; i < open->count; i++) {
        region_count(open->region[i], one);
        mpz_add(ret_sum, ret_sum, one);
    }
    mpz_clear(one);
}

// Inputs that lie in an open case. The cases of one position are disjoint, so their counts add up.
static void count_union(const OpenRegions *open, const mpz_t total, mpz_t ret_count,
                        bool *ret_exact)
{
    *ret_exact = true;
    if (open->everything) {
        mpz_set(ret_count, total);
    } else if (open->positions <= 1) {
        sum_counts(open, ret_count);
    } else if (open->count <= COUNTS_REGIONS_MAX) {
        region_union_count(open->region, open->count, ret_count, ret_exact);
    } else {
        sum_counts(open, ret_count);
        *ret_exact = false;
    }
    if (mpz_cmp(ret_count, total) > 0)
        mpz_set(ret_count, total);
}

static void count_open(Arena *arena, const NetworkProof *proof, Counts *counts)
{
    OpenRegions open = {0};
    int cases = 0;
    for (int a = 0; a < proof->answer; a++)
        cases += proof->position[a].n_cases - proof->position[a].n_proved;
    open.region = ARENA_NEW(arena, const Region *, (size_t)cases);
    for (int a = 0; a < proof->answer; a++)
        gather(&proof->position[a], counts->total, &open);
    count_union(&open, counts->total, counts->open, &counts->proved_exact);
}

bool counts_case_contains(const PositionProof *position, const uint8_t *symbols)
{
    for (int i = 0; i < position->n_cases; i++)
        if (!position->cases[i].proved && region_contains(position->cases[i].node.region, symbols))
            return true;
    return false;
}

static bool lies_in_open_case(const NetworkProof *proof, const uint8_t *symbols)
{
    for (int a = 0; a < proof->answer; a++)
        if (counts_case_contains(&proof->position[a], symbols))
            return true;
    return false;
}

Counts *counts_of(Arena *arena, const Task *task, const NetworkProof *proof, const Wrongs *wrongs,
                  bool complete)
{
    Counts *c = counts_new(arena);
    region_count(region_full(arena, task), c->total);
    mpz_set(c->open, c->total);
    c->proved_exact = true;
    c->refuted_exact = complete;
    if (proof)
        count_open(arena, proof, c);
    mpz_sub(c->proved, c->total, c->open);
    for (int i = 0; i < wrongs->count; i++) {
        bool open = !proof || lies_in_open_case(proof, wrongs->input[i].symbols);
        mpz_add_ui(c->refuted, c->refuted, 1);
        if (open)
            mpz_sub_ui(c->open, c->open, 1);
        else
            mpz_sub_ui(c->proved, c->proved, 1);
    }
    return c;
}

void counts_withhold(Counts *counts)
{
    mpz_add(counts->open, counts->open, counts->proved);
    mpz_set_ui(counts->proved, 0);
    counts->proved_exact = true;
}
