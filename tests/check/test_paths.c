// The longest path against all paths, one after the other, their lengths exact.
#include "fixed.h"
#include "paths.h"

#include <string.h>

#include "harness.h"
#include "pool.h"
#include "tasks.h"

#define TESTS(X)                                                                                   \
    X(longest_paths_are_those_of_all_paths)                                                        \
    X(terms_enclose_their_weights)                                                                 \
    X(the_largest_numbers_fit)                                                                     \
    X(a_path_may_be_zero_but_not_one_unit_long)                                                    \
    X(small_weights_count_where_there_are_no_others)                                               \
    X(rounding_never_hides_a_longer_path)

enum { KEYS = 2, COUNT = 2 * LANES };

// Two columns; in each of them `keys` keys with `terms` terms a symbol, and some keys without a column.
typedef struct Sample {
    Trellis t;
    EdgeSet region;
    Stage *stage;
    Step step[3];
    SymbolClass stay;
    uint8_t same[64];
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

static Batch random_batch(const Sample *s, const SymbolClass *class, int symbols, int keys,
                          int shift)
{
    int all = 0;
    for (int k = 0; k < keys; k++)
        all += s->terms[k];
    Term *term = POOL_TAKE(Term, all * symbols + 1);
    for (int i = 0; i < all * symbols; i++)
        term[i] = random_term();
    return (Batch){class, symbols, keys, keys ? shift : PATHS_SHIFT_MOST, s->terms, term};
}

// One batch a class, of any size.
static Step random_step(const Sample *s, const Stage *stage, int keys, int most)
{
    Batch *batch = POOL_TAKE(Batch, stage->classes);
    for (int i = 0; i < stage->classes; i++)
        batch[i] =
            random_batch(s, &stage->class[i], stage -> class[i].symbols, keys, rand() % (most + 1));
    return (Step){stage->classes, batch};
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
    int most = round % 4 == 3 ? 0 : 40; // of shifts
    for (int c = 0; c < 2; c++)
        s->step[c] = random_step(s, &s->stage[c], (round / 2 + c) % 3, most);
    for (int l = 0; l < COUNT; l++)
        s->lambda[l] = random_value();
    s->stay = (SymbolClass){0, 1, s->same, s->same, NULL};
    for (int q = 0; q < s->t.states; q++)
        if (s->t.accept >> q & 1)
            s->same[s->stay.arrows++] = (uint8_t)q;
    s->step[2] = random_step(s, &(Stage){1, &s->stay}, 1, most);
    s->question = (PathsQuestion){2 + round / 2 % 2, s->t.start, s->step, COUNT, s->lambda};
}

static Wide term_worth(const Term *term, int lane, int32_t lambda)
{
    Wide x = term->value[lane] - lambda;
    return x * term->low > x * term->high ? x * term->low : x * term->high;
}

// What a batch adds at its i-th symbol, in units of 2^-40.
static Wide batch_worth(const Batch *batch, int i, int lane, int32_t lambda)
{
    Wide sum = 0;
    int all = 0, before = 0;
    for (int k = 0; k < batch->keys; k++)
        all += batch->terms[k];
    for (int k = 0; k < batch->keys; k++) {
        Wide best = 0;
        for (int n = 0; n < batch->terms[k]; n++) {
            Wide worth = term_worth(&batch->term[i * all + before + n], lane, lambda);
            best = n == 0 || worth > best ? worth : best;
        }
        before += batch->terms[k];
        sum += best;
    }
    return batch->keys ? sum << (40 - batch->shift) : 0;
}

// The same for a column, whose batches are its classes.
static Wide column_worth(const Sample *s, int column, int symbol, int lane, int32_t lambda)
{
    const Step *step = &s->step[column];
    for (int i = 0; i < step->count; i++)
        for (int n = 0; n < step->batch[i].occasions; n++)
            if (step->batch[i].class->symbol[n] == symbol)
                return batch_worth(&step->batch[i], n, lane, lambda);
    return 0;
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

static Wide by_hand(const Sample *s, int lane)
{
    Wide best = -((Wide)1 << 120), constant = 0;
    int32_t lambda = s->lambda[lane];
    if (s->question.steps > 2)
        constant = batch_worth(s->step[2].batch, 0, lane, lambda);
    for (int input = 0; input < 10000; input++) {
        int a = input / 100, b = input % 100;
        if (!has_path(s, a, b))
            continue;
        Wide sum =
            constant + column_worth(s, 0, a, lane, lambda) + column_worth(s, 1, b, lane, lambda);
        best = sum > best ? sum : best;
    }
    return best;
}

// Exact where all shifts are 0. Elsewhere a length may be rounded up, by at most 2 units of the greatest weight.
static void longest_paths_are_those_of_all_paths(void)
{
    int held = 0, wrong = 0, beyond = 0, inexact = 0;
    srand(1);
    for (int round = 0; round < 60; round++) {
        Sample s;
        int64_t longest[COUNT];
        sample_init(&s, round);
        for (int step = 0; step < 3; step++) {
            paths_longest(&s.question, longest);
            for (int l = 0; l < COUNT; l++) {
                Wide exact = by_hand(&s, l);
                wrong += exact > 0 && longest[l] <= 0;
                beyond += longest[l] > 0 && exact < -((Wide)2 << 40);
                inexact += round % 4 == 3 && (Wide)longest[l] << 40 != exact;
                held += longest[l] <= 0;
                s.lambda[l] += 1 << 20;
            }
        }
        trellis_clear(&s.t);
        pool_release(NULL);
    }
    CU_ASSERT(wrong == 0 && beyond == 0 && inexact == 0);
    CU_ASSERT(held > 100);
}

static void terms_enclose_their_weights(void)
{
    srand(2);
    for (int i = 0; i < 1000; i++) {
        Weight w = {(uint64_t)rand() << 31, 0, (uint64_t)rand() << 31 | 1, rand() % 80};
        if (w.low > w.high)
            w.low = w.high;
        Term term = paths_term(NULL, &w, 0);
        int down = w.shift + 37 < 64 ? w.shift + 37 : 64;
        CU_ASSERT((Wide)term.high << down >= w.high);
        CU_ASSERT((Wide)term.low << down <= w.low);
        CU_ASSERT(term.low >= 0 && term.high <= PATHS_WEIGHT_LIMIT);
    }
}

// One column, one symbol, one state; here what all keys add.
typedef struct Alone {
    uint8_t zero;
    int symbol;
    SymbolClass class;
    Batch batch;
    Step step;
} Alone;

static PathsQuestion alone(Alone *a, int keys, const int *terms, const Term *term,
                           const int32_t *lambda)
{
    *a = (Alone){.batch = {&a->class, 1, keys, 0, terms, term}};
    a->class = (SymbolClass){1, 1, &a->zero, &a->zero, &a->symbol};
    a->step = (Step){1, &a->batch};
    return (PathsQuestion){1, 1, &a->step, LANES, lambda};
}

// As many keys as there may be, the greatest weights, the greatest values: nothing wraps.
static void the_largest_numbers_fit(void)
{
    static int32_t value[LANES], lambda[LANES];
    static Term term[PATHS_KEYS_MOST];
    static int terms[PATHS_KEYS_MOST];
    Weight w = {UINT64_C(1) << 62, 0, UINT64_C(1) << 62, 0};
    for (int l = 0; l < LANES; l++) {
        value[l] = (int32_t)(l % 2 ? PATHS_VALUE_LIMIT : -PATHS_VALUE_LIMIT);
        lambda[l] = -value[l];
    }
    for (int k = 0; k < PATHS_KEYS_MOST; k++) {
        term[k] = paths_term(value, &w, 0);
        terms[k] = 1;
    }
    Alone a;
    PathsQuestion question = alone(&a, PATHS_KEYS_MOST, terms, term, lambda);
    int64_t longest[LANES];
    paths_longest(&question, longest);
    for (int l = 0; l < LANES; l++) {
        int64_t most = PATHS_KEYS_MOST * 2 * PATHS_VALUE_LIMIT;
        CU_ASSERT_EQUAL(longest[l], l % 2 ? most * term[0].high : -most * term[0].low);
    }
}

// With a weight of a single unit at most, a value is as long as it exceeds lambda.
static void a_path_may_be_zero_but_not_one_unit_long(void)
{
    static int32_t value[LANES], lambda[LANES];
    Term term = {value, 0, 1};
    int terms = 1;
    for (int l = 0; l < LANES; l++)
        lambda[l] = l - 2;
    Alone a;
    PathsQuestion question = alone(&a, 1, &terms, &term, lambda);
    int64_t longest[LANES];
    paths_longest(&question, longest);
    for (int l = 0; l < LANES; l++)
        CU_ASSERT_EQUAL(longest[l], l >= 2 ? 0 : 2 - l);
}

// Two symbols: one weighs much and is far below lambda, the other weighs next to nothing and is off by one unit, or
// not. And a second column that weighs still less and is far above.
static void small_weights_count_where_there_are_no_others(void)
{
    static int32_t low[LANES], mean[LANES], high[LANES], lambda[LANES];
    uint8_t zero[2] = {0, 0};
    int symbol[2] = {0, 1}, terms = 1;
    SymbolClass class[2] = {{1, 1, zero, zero, &symbol[0]}, {1, 1, zero, zero, &symbol[1]}};
    Term heavy = {low, 1 << 25, 1 << 25}, light = {mean, 1 << 25, 1 << 25},
         least = {high, 1 << 25, 1 << 25};
    Batch first[2] = {{&class[0], 1, 1, 0, &terms, &heavy}, {&class[1], 1, 1, 100, &terms, &light}};
    Batch second = {&class[0], 1, 1, 160, &terms, &least};
    Step steps[2] = {{2, first}, {1, &second}};
    for (int l = 0; l < LANES; l++) {
        low[l] = -(1 << 20);
        mean[l] = l % 2 ? 1 : -1;
        high[l] = 1 << 20;
    }
    for (int order = 0; order < 2; order++) {
        PathsQuestion question = {2, 1, steps, LANES, lambda};
        int64_t longest[LANES];
        paths_longest(&question, longest);
        for (int l = 0; l < LANES; l++)
            CU_ASSERT_EQUAL(longest[l] > 0, l % 2);
        Batch swap = first[0]; // and the other way round
        first[0] = first[1];
        first[1] = swap;
    }
}

// Up to two ways at each of up to two steps, each adding x in units of 2^-shift.
typedef struct Way {
    int32_t x;
    int shift;
} Way;

static int64_t longest_of(const Way (*ways)[2], const int *count, int steps)
{
    static int32_t value[2][2][LANES], lambda[LANES];
    static Term term[2][2];
    static Batch batch[2][2];
    static Step step[2];
    const int terms = 1;
    uint8_t zero = 0;
    int symbol = 0;
    SymbolClass class = {1, 1, &zero, &zero, &symbol};
    int64_t longest[LANES];
    for (int i = 0; i < steps; i++) {
        for (int n = 0; n < count[i]; n++) {
            for (int l = 0; l < LANES; l++)
                value[i][n][l] = ways[i][n].x;
            term[i][n] = (Term){value[i][n], 1, 1};
            batch[i][n] = (Batch){&class, 1, 1, ways[i][n].shift, &terms, &term[i][n]};
        }
        step[i] = (Step){count[i], batch[i]};
    }
    paths_longest(&(PathsQuestion){steps, 1, step, LANES, lambda}, longest);
    return longest[LANES - 1];
}

static void rounding_never_hides_a_longer_path(void)
{
    const int one[2] = {1, 1}, two[2] = {2, 1};
    // 2^-10 and 0 are more than 0, 1 and -1000 * 2^-64 too, and 2^-63 - 2^-64
    CU_ASSERT(longest_of((const Way[2][2]){{{1, 10}}, {{0, 0}}}, one, 2) > 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{0, 0}}, {{1, 10}}}, one, 2) > 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{-1000, 64}}, {{1, 0}}}, one, 2) > 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{1, 0}}, {{-1000, 64}}}, one, 2) > 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{-1, 64}}, {{1, 63}}}, one, 2) > 0);
    // as -2^-10 and -1000 * 2^-64 are less, and nothing at all
    CU_ASSERT(longest_of((const Way[2][2]){{{-1, 10}}, {{0, 0}}}, one, 2) <= 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{-1000, 64}}, {{-1, 0}}}, one, 2) < 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{-1000, 64}}, {{0, PATHS_SHIFT_MOST}}}, one, 2) ==
              -1000);
    // Of -1/4 and 0 the second is the longer one, and so with 1/8 more; in either order, and as 0 and 1/4.
    CU_ASSERT(longest_of((const Way[2][2]){{{-1, 2}, {0, 0}}, {{1, 3}}}, two, 2) > 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{0, 0}, {-1, 2}}, {{1, 3}}}, two, 2) > 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{1, 2}, {0, 0}}, {{-1, 3}}}, two, 2) > 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{0, 0}, {1, 2}}, {{-1, 3}}}, two, 2) > 0);
    // Of 3/4 and 1 as well, where 3/4 would be 1 in the units of 1, and of 5/4 and 1.
    CU_ASSERT(longest_of((const Way[2][2]){{{3, 2}, {1, 0}}, {{-7, 3}}}, two, 2) > 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{1, 0}, {3, 2}}, {{-7, 3}}}, two, 2) > 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{5, 2}, {1, 0}}, {{-9, 3}}}, two, 2) > 0);
    CU_ASSERT(longest_of((const Way[2][2]){{{1, 0}, {5, 2}}, {{-9, 3}}}, two, 2) > 0);
}

RUN_TESTS("check/paths", TESTS)
