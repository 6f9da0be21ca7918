// By induction over the columns: for each state, the least value that a literal can have on a path that has come so
// far. Each position counts in the column of its edge, fixed ones before column 0.
#include "level_a.h"

#include "pool.h"

// Digits of literals times edges: so many can be looked at in half a minute, be the numbers as long as they may.
static const int64_t steps_most = INT64_C(1) << 28;

// A digit of a quantity that a literal names.
typedef struct Digit {
    int position;
    const int *value; // [token]
    mpz_t worth;      // what 1 counts there
} Digit;

typedef struct Sum {
    int digits;
    Digit *digit;
    mpz_t *now, *then; // [state]: the least value before a column, and after it
} Sum;

static int count_digits(const Trellis *t, const Literal *literal)
{
    int count = 0;
    for (int k = 0; k < t->quantities; k++)
        count += literal->coefficient[k] ? t->quantity[k].digits : 0;
    return count;
}

static void sum_init(Sum *sum, const Trellis *t, const Literal *literal)
{
    *sum = (Sum){0, POOL_TAKE(Digit, count_digits(t, literal)), POOL_TAKE(mpz_t, t->states),
                 POOL_TAKE(mpz_t, t->states)};
    for (int q = 0; q < t->states; q++)
        mpz_inits(sum->now[q], sum->then[q], NULL);
    for (int k = 0; k < t->quantities; k++) {
        const Quantity *x = &t->quantity[k];
        for (int d = x->digits - 1; literal->coefficient[k] && d >= 0; d--) {
            Digit *digit = &sum->digit[sum->digits++];
            *digit = (Digit){.position = x->position[d], .value = x->value};
            if (d == x->digits - 1)
                mpz_init_set_str(digit->worth, literal->coefficient[k], 10);
            else {
                mpz_init(digit->worth);
                mpz_mul_ui(digit->worth, digit[-1].worth, 10);
            }
        }
    }
}

static void sum_clear(Sum *sum, const Trellis *t)
{
    for (int d = 0; d < sum->digits; d++)
        mpz_clear(sum->digit[d].worth);
    for (int q = 0; q < t->states; q++)
        mpz_clears(sum->now[q], sum->then[q], NULL);
}

// Adds what the positions of a column (-1: the fixed ones) count on one of its edges.
static void add_edge(mpz_t value, const Sum *sum, const Trellis *t, int column, int q, int s)
{
    for (int d = 0; d < sum->digits; d++) {
        const Digit *digit = &sum->digit[d];
        if (t->spot[digit->position].column == column)
            mpz_addmul_ui(value, digit->worth,
                          (unsigned long)digit->value[trellis_token(t, digit->position, q, s)]);
    }
}

static void pass_column(Sum *sum, const Trellis *t, int column)
{
    uint64_t reached = 0;
    mpz_t value, *swap = sum->now;
    mpz_init(value);
    for (int q = 0; q < t->states; q++)
        for (int s = 0; s < t->symbols; s++) {
            if (!trellis_edge(t, column, q, s))
                continue;
            int to = trellis_next(t, q, s);
            mpz_set(value, sum->now[q]);
            add_edge(value, sum, t, column, q, s);
            if (!(reached >> to & 1) || mpz_cmp(value, sum->then[to]) < 0)
                mpz_set(sum->then[to], value);
            reached |= UINT64_C(1) << to;
        }
    mpz_clear(value);
    sum->now = sum->then;
    sum->then = swap;
}

// The last states on whose paths the literal holds; of those that no path ends in, any.
static uint64_t holds_in(const Trellis *t, const Literal *literal)
{
    PoolMark mark = pool_mark();
    Sum sum;
    uint64_t states = 0;
    sum_init(&sum, t, literal);
    for (int q = 0; q < t->states; q++) {
        mpz_set_str(sum.now[q], literal->constant, 10);
        add_edge(sum.now[q], &sum, t, -1, 0, 0);
    }
    for (int c = 0; c < t->columns; c++)
        pass_column(&sum, t, c);
    for (int q = 0; q < t->states; q++)
        if (mpz_sgn(sum.now[q]) >= 0)
            states |= UINT64_C(1) << q;
    sum_clear(&sum, t);
    pool_release(mark);
    return states;
}

static uint64_t last_states(const Trellis *t)
{
    uint64_t states = 0;
    for (int q = 0; q < t->states; q++)
        for (int s = 0; s < t->symbols; s++)
            if (trellis_edge(t, t->columns - 1, q, s))
                states |= UINT64_C(1) << trellis_next(t, q, s);
    return states;
}

void level_a_check(const Trellis *t, Place place)
{
    int64_t steps = 0;
    for (int l = 0; l < t->literals; l++)
        steps += (int64_t)count_digits(t, &t->literal[l]) * t->columns * t->states * t->symbols;
    if (steps > steps_most)
        reject(place, "a longer claim than this checker reckons with");
    for (int k = 0; k < t->clauses; k++) {
        uint64_t open = last_states(t);
        for (int l = 0; open && l < t->clause[k].literals; l++)
            open &= ~holds_in(t, &t->literal[t->clause[k].first + l]);
        if (open)
            reject(place, "clause %d of the claim does not hold on every path (K4, level A)", k);
    }
}
