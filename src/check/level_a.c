// By induction over the columns: for each state, the least and the greatest sum of a path that has come so
// far. Each position counts in the column of its edge, with the coefficient and power of ten of every
// number that it belongs to; fixed ones count before column 0.
#include "level_a.h"

#include "pool.h"

#include <stdlib.h>
#include <string.h>

typedef struct Span {
    mpz_t least, greatest;
    bool reached;
} Span;

static int digit_of(const Trellis *t, int token, Place place)
{
    const char *text = t->text[token];
    if (strlen(text) != 1 || *text < '0' || *text > '9')
        reject(place, "\"%s\" stands where a number has a digit (K4)", text);
    return *text - '0';
}

// What a digit at each position is worth.
static mpz_t *find_worth(const Trellis *t, Place place)
{
    mpz_t *worth = POOL_TAKE(mpz_t, t->length), power;
    bool *used = POOL_TAKE(bool, t->length);
    for (int i = 0; i < t->length; i++)
        mpz_init(worth[i]);
    mpz_init(power);
    for (int k = 0; k < t->numbers; k++) {
        const Number *x = &t->number[k];
        mpz_set_si(power, x->coefficient);
        for (int i = x->digits - 1; i >= 0; i--) {
            mpz_add(worth[x->position[i]], worth[x->position[i]], power);
            mpz_mul_ui(power, power, 10);
            used[x->position[i]] = true;
        }
    }
    mpz_clear(power);
    for (int i = 0; i < t->length; i++) {
        for (int o = 0; used[i] && o < t->options[i]; o++)
            digit_of(t, t->option[i][o], place);
        if (i >= t->prompt && !used[i])
            reject(place, "position %d of the answer belongs to no number (K4)", i);
    }
    return worth;
}

// sum = what the positions of a column (-1: the fixed ones) are worth on one of its edges.
static void sum_of_edge(mpz_t sum, const Trellis *t, mpz_t *worth, int column, int q, int s)
{
    mpz_set_ui(sum, 0);
    for (int i = 0; i < t->length; i++)
        if (t->spot[i].column == column && mpz_sgn(worth[i]) != 0)
            mpz_addmul_ui(sum, worth[i],
                          (unsigned long)(*t->text[trellis_token(t, i, q, s)] - '0'));
}

static void widen(Span *to, const Span *from, const mpz_t sum)
{
    mpz_t low, high;
    mpz_inits(low, high, NULL);
    mpz_add(low, from->least, sum);
    mpz_add(high, from->greatest, sum);
    if (!to->reached || mpz_cmp(low, to->least) < 0)
        mpz_set(to->least, low);
    if (!to->reached || mpz_cmp(high, to->greatest) > 0)
        mpz_set(to->greatest, high);
    to->reached = true;
    mpz_clears(low, high, NULL);
}

static void pass_column(const Trellis *t, mpz_t *worth, int column, const Span *before, Span *after)
{
    mpz_t sum;
    mpz_init(sum);
    for (int q = 0; q < t->states; q++)
        after[q].reached = false;
    for (int q = 0; q < t->states; q++)
        for (int s = 0; s < t->symbols; s++)
            if (trellis_edge(t, column, q, s)) {
                sum_of_edge(sum, t, worth, column, q, s);
                widen(&after[trellis_next(t, q, s)], &before[q], sum);
            }
    mpz_clear(sum);
}

static bool all_zero(const Trellis *t, const Span *span)
{
    for (int q = 0; q < t->states; q++)
        if (span[q].reached && (mpz_sgn(span[q].least) != 0 || mpz_sgn(span[q].greatest) != 0))
            return false;
    return true;
}

void level_a_check(const Trellis *t, Place place)
{
    mpz_t *worth = find_worth(t, place);
    Span *span = POOL_TAKE(Span, 2 * t->states), *now = span, *then = span + t->states;
    for (int q = 0; q < 2 * t->states; q++)
        mpz_inits(span[q].least, span[q].greatest, NULL);
    sum_of_edge(now[t->start].least, t, worth, -1, 0, 0);
    mpz_set(now[t->start].greatest, now[t->start].least);
    now[t->start].reached = true;
    for (int c = 0; c < t->columns; c++) {
        pass_column(t, worth, c, now, then);
        Span *swap = now;
        now = then;
        then = swap;
    }
    if (!all_zero(t, now))
        reject(place, "the claim does not hold on every path (K4, level A)");
    for (int q = 0; q < 2 * t->states; q++)
        mpz_clears(span[q].least, span[q].greatest, NULL);
    for (int i = 0; i < t->length; i++)
        mpz_clear(worth[i]);
}
