#include "edge_set.h"

#include "pool.h"

#include <string.h>

static size_t words(const Trellis *t)
{
    return (size_t)t->columns * (size_t)t->states * (size_t)t->words;
}

EdgeSet edge_set_new(const Trellis *t)
{
    return (EdgeSet){POOL_TAKE(uint64_t, words(t))};
}

void edge_set_copy(const Trellis *t, EdgeSet *to, const EdgeSet *from)
{
    memcpy(to->bits, from->bits, words(t) * sizeof *to->bits);
}

void edge_set_fill(const Trellis *t, EdgeSet *set)
{
    for (int c = 0; c < t->columns; c++)
        for (int q = 0; q < t->states; q++)
            for (int r = 0; r < t->states; r++)
                for (int w = 0; w < t->words; w++)
                    edge_set_row(t, set, c, q)[w] |=
                        t->allow[c * t->words + w] & trellis_lead(t, q, r)[w];
}

// Whether some edge of a row leads from q to r; trellis_lead: the symbols that lead so.
static bool leads(const Trellis *t, const uint64_t *row, int q, int r)
{
    const uint64_t *lead = trellis_lead(t, q, r);
    uint64_t any = 0;
    for (int w = 0; w < t->words; w++)
        any |= row[w] & lead[w];
    return any != 0;
}

// The states after a column, from those before it; edges from other states are removed.
static uint64_t forward(const Trellis *t, EdgeSet *set, int column, uint64_t before)
{
    uint64_t after = 0;
    for (int q = 0; q < t->states; q++) {
        uint64_t *row = edge_set_row(t, set, column, q);
        if (!(before >> q & 1)) {
            memset(row, 0, (size_t)t->words * sizeof *row);
            continue;
        }
        for (int r = 0; r < t->states; r++)
            if (leads(t, row, q, r))
                after |= UINT64_C(1) << r;
    }
    return after;
}

// The states before a column from which a path goes on; edges to states outside `after` are removed.
static uint64_t backward(const Trellis *t, EdgeSet *set, int column, uint64_t after)
{
    uint64_t before = 0;
    for (int q = 0; q < t->states; q++) {
        uint64_t *row = edge_set_row(t, set, column, q), any = 0;
        for (int w = 0; w < t->words; w++) {
            uint64_t keep = 0;
            for (uint64_t rest = row[w] ? after : 0; rest; rest &= rest - 1)
                keep |= trellis_lead(t, q, __builtin_ctzll(rest))[w];
            any |= row[w] &= keep;
        }
        if (any)
            before |= UINT64_C(1) << q;
    }
    return before;
}

bool edge_set_trim(const Trellis *t, EdgeSet *set)
{
    uint64_t states = t->start;
    for (int c = 0; c < t->columns; c++)
        states = forward(t, set, c, states);
    states &= t->accept;
    for (int c = t->columns - 1; c >= 0; c--)
        states = backward(t, set, c, states);
    return states != 0;
}

void edge_set_count(const Trellis *t, const EdgeSet *set, mpz_t ret_count)
{
    mpz_t *count = POOL_TAKE(mpz_t, 2 * t->states), *now = count, *then = count + t->states;
    for (int q = 0; q < 2 * t->states; q++)
        mpz_init(count[q]);
    for (int q = 0; q < t->states; q++)
        mpz_set_ui(now[q], t->start >> q & 1);
    for (int c = 0; c < t->columns; c++) {
        for (int q = 0; q < t->states; q++)
            mpz_set_ui(then[q], 0);
        for (int q = 0; q < t->states; q++)
            for (int s = 0; s < t->symbols; s++)
                if (set_has(edge_set_row(t, set, c, q), s))
                    mpz_add(then[trellis_next(t, q, s)], then[trellis_next(t, q, s)], now[q]);
        mpz_t *swap = now;
        now = then;
        then = swap;
    }
    mpz_set_ui(ret_count, 0);
    for (int q = 0; q < t->states; q++)
        mpz_add(ret_count, ret_count, now[q]);
    for (int q = 0; q < 2 * t->states; q++)
        mpz_clear(count[q]);
}
