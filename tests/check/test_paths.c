// The longest path against all paths, one after the other.
#include "fixed.h"
#include "paths.h"

#include <string.h>

#include "harness.h"
#include "pool.h"
#include "tasks.h"

#define TESTS(X)                                                                                   \
    X(longest_paths_are_those_of_all_paths)                                                        \
    X(coarse_weights_enclose_fine_ones)                                                            \
    X(the_largest_numbers_fit)                                                                     \
    X(a_path_may_be_zero_but_not_one_unit_long)

enum { KEYS = 2, COUNT = 2 * LANES };

// Two columns; in each of them `keys` keys with `terms` terms a symbol, and one key without a column.
typedef struct Sample {
    Trellis t;
    EdgeSet region;
    Stage *stage;
    StageKeys keys[2];
    int terms[KEYS];
    PathsQuestion question;
    int32_t lambda[COUNT];
} Sample;

static int32_t random_value(void)
{
    return (int32_t)(rand() % (1 << 22)) - (1 << 21);
}

static Term random_term(void)
{
    int32_t *value = POOL_TAKE(int32_t, COUNT);
    for (int l = 0; l < COUNT; l++)
        value[l] = random_value();
    uint64_t high = (uint64_t)rand() << 32 | (uint64_t)rand();
    Weight w = {high - high / (2 + (uint64_t)rand() % 1000), high, high, rand() % 12};
    return paths_term(value, &w, 0);
}

static StageKeys random_keys(Sample *s, int keys, int symbols)
{
    int all = 0;
    for (int k = 0; k < keys; k++)
        all += s->terms[k];
    Term *term = POOL_TAKE(Term, all * symbols + 1);
    for (int i = 0; i < all * symbols; i++)
        term[i] = random_term();
    return (StageKeys){keys, s->terms, term};
}

static int symbols_of(const Stage *stage)
{
    int symbols = 0;
    for (int i = 0; i < stage->classes; i++)
        symbols += stage->class[i].symbols;
    return symbols;
}

static void sample_init(Sample *s, int round)
{
    char text[TASK_SIZE];
    task_write(text, round % 2, 2);
    ProofFile file = task_file(text);
    trellis_read(&s->t, &file);
    s->region = edge_set_new(&s->t);
    do {
        for (int c = 0; c < 2; c++)
            for (int q = 0; q < s->t.states; q++)
                for (int i = 0; i < 100; i++)
                    if (rand() % 10 == 0)
                        edge_set_row(&s->t, &s->region, c, q)[i / 64] |= UINT64_C(1) << i % 64;
    } while (!edge_set_trim(&s->t, &s->region));
    s->stage = paths_stages(&s->t, &s->region);
    for (int k = 0; k < KEYS; k++)
        s->terms[k] = 1 + rand() % 3;
    for (int c = 0; c < 2; c++)
        s->keys[c] = random_keys(s, (round / 2 + c) % 3, symbols_of(&s->stage[c]));
    for (int l = 0; l < COUNT; l++)
        s->lambda[l] = random_value();
    s->question = (PathsQuestion){
        2, s->t.start, s->stage, s->keys, random_keys(s, round / 2 % 2, 1), COUNT, s->lambda};
}

static Wide term_worth(const Term *term, int lane, int32_t lambda, bool fine)
{
    Wide x = term->value[lane] - lambda;
    Wide low = fine ? (Wide)term->fine_low : term->low,
         high = fine ? (Wide)term->fine_high : term->high;
    return x * low > x * high ? x * low : x * high;
}

// What the keys of a column add at its i-th symbol.
static Wide keys_worth(const StageKeys *keys, int i, int lane, int32_t lambda, bool fine)
{
    Wide sum = 0;
    int all = 0, before = 0;
    for (int k = 0; k < keys->keys; k++)
        all += keys->terms[k];
    for (int k = 0; k < keys->keys; k++) {
        Wide best = 0;
        for (int n = 0; n < keys->terms[k]; n++) {
            Wide worth = term_worth(&keys->term[i * all + before + n], lane, lambda, fine);
            best = n == 0 || worth > best ? worth : best;
        }
        before += keys->terms[k];
        sum += best;
    }
    return sum;
}

// Which term a symbol has, counted through the classes.
static int place_of(const Stage *stage, int symbol)
{
    int place = 0;
    for (int i = 0; i < stage->classes; i++)
        for (int s = 0; s < stage->class[i].symbols; s++, place++)
            if (stage->class[i].symbol[s] == symbol)
                return place;
    return -1;
}

static bool has_path(const Sample *s, int a, int b)
{
    for (int q = 0; q < s->t.states; q++) {
        int r = trellis_next(&s->t, q, a);
        if (s->t.start >> q & 1 && set_has(edge_set_row(&s->t, &s->region, 0, q), a) &&
            set_has(edge_set_row(&s->t, &s->region, 1, r), b) &&
            s->t.accept >> trellis_next(&s->t, r, b) & 1)
            return true;
    }
    return false;
}

static Wide by_hand(const Sample *s, int lane, bool fine)
{
    Wide best = -((Wide)1 << 120);
    int32_t lambda = s->lambda[lane];
    Wide constant = keys_worth(&s->question.constant, 0, lane, lambda, fine);
    for (int input = 0; input < 10000; input++) {
        int a = input / 100, b = input % 100;
        if (!has_path(s, a, b))
            continue;
        Wide sum = constant +
                   keys_worth(&s->keys[0], place_of(&s->stage[0], a), lane, lambda, fine) +
                   keys_worth(&s->keys[1], place_of(&s->stage[1], b), lane, lambda, fine);
        best = sum > best ? sum : best;
    }
    return best;
}

static void longest_paths_are_those_of_all_paths(void)
{
    int held = 0;
    srand(1);
    for (int round = 0; round < 40; round++) {
        Sample s;
        int64_t longest[COUNT];
        sample_init(&s, round);
        for (int step = 0; step < 3; step++) {
            paths_longest(&s.question, longest);
            for (int l = 0; l < COUNT; l++) {
                Wide fine = by_hand(&s, l, true);
                CU_ASSERT(longest[l] == by_hand(&s, l, false));
                CU_ASSERT_EQUAL(paths_hold(&s.question, l), fine <= 0);
                CU_ASSERT(longest[l] > 0 || fine <= 0);
                held += fine <= 0;
                s.lambda[l] += 1 << 20;
            }
        }
        trellis_clear(&s.t);
        pool_release(NULL);
    }
    CU_ASSERT(held > 100);
}

static void coarse_weights_enclose_fine_ones(void)
{
    srand(2);
    for (int i = 0; i < 1000; i++) {
        Weight w = {(uint64_t)rand() << 31, 0, (uint64_t)rand() << 31 | 1, rand() % 80};
        if (w.low > w.high)
            w.low = w.high;
        Term term = paths_term(NULL, &w, 0);
        Wide scale = (Wide)1 << (w.shift < 63 ? w.shift : 63);
        CU_ASSERT((Wide)term.fine_high * scale >= w.high);
        CU_ASSERT(w.shift >= 63 || (Wide)term.fine_low * scale <= w.low);
        CU_ASSERT((Wide)term.low << 37 <= term.fine_low && (Wide)term.high << 37 >= term.fine_high);
        CU_ASSERT(term.high <= PATHS_WEIGHT_LIMIT);
    }
}

// As many keys as there may be, the greatest weights, the greatest values: nothing wraps.
static void the_largest_numbers_fit(void)
{
    static int32_t value[LANES], lambda[LANES];
    static Term term[PATHS_KEYS_MOST];
    static int terms[PATHS_KEYS_MOST];
    Weight w = {UINT64_C(3) << 61, 0, UINT64_C(3) << 61, 0};
    for (int l = 0; l < LANES; l++) {
        value[l] = (int32_t)(l % 2 ? PATHS_VALUE_LIMIT : -PATHS_VALUE_LIMIT);
        lambda[l] = -value[l];
    }
    for (int k = 0; k < PATHS_KEYS_MOST; k++) {
        term[k] = paths_term(value, &w, 0);
        terms[k] = 1;
    }
    uint8_t zero = 0;
    int symbol = 0;
    SymbolClass class = {1, 1, &zero, &zero, &symbol};
    Stage stage = {1, &class};
    StageKeys none = {0, NULL, NULL};
    PathsQuestion question = {1, 1, &stage, &none, {PATHS_KEYS_MOST, terms, term}, LANES, lambda};
    int64_t longest[LANES];
    paths_longest(&question, longest);
    for (int l = 0; l < LANES; l++) {
        CU_ASSERT_EQUAL(longest[l] > 0, l % 2);
        CU_ASSERT_EQUAL(paths_hold(&question, l), l % 2 == 0);
        if (l % 2)
            CU_ASSERT_EQUAL(longest[l], PATHS_KEYS_MOST * 2 * PATHS_VALUE_LIMIT * term[0].high);
    }
}

// By the fine weights: with one of a single unit at most, a value is as long as it exceeds lambda.
static void a_path_may_be_zero_but_not_one_unit_long(void)
{
    static int32_t value[LANES], lambda[LANES];
    Term term = {value, 0, 1, 0, 1};
    int terms = 1, symbol = 0;
    uint8_t zero = 0;
    SymbolClass class = {1, 1, &zero, &zero, &symbol};
    Stage stage = {1, &class};
    StageKeys keys = {1, &terms, &term}, none = {0, NULL, NULL};
    for (int l = 0; l < LANES; l++)
        lambda[l] = l - 2;
    for (int where = 0; where < 2; where++) {
        PathsQuestion question = {1,     1,     &stage, where ? &keys : &none, where ? none : keys,
                                  LANES, lambda};
        for (int l = 0; l < LANES; l++)
            CU_ASSERT_EQUAL(paths_hold(&question, l), l >= 2);
    }
}

RUN_TESTS("check/paths", TESTS)
