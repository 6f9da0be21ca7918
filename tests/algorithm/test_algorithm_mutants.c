// Random changes to the algorithms, the invariants and the claims of specs. What is proved must be
// right on every input of one, two and three columns, and what is refuted wrong on the input shown,
// according to an evaluation of its own that uses nothing of src/algorithm.
//
// MUTANTS: how many changed specs to try of each. STRIDE: every how many-th input of three columns
// is tried.
#include "algorithm.h"

#include <string.h>

#include "eval.h"
#include "file.h"
#include "harness.h"
#include "rng.h"

enum { NUMBERS_MAX = 8, STATES_MAX = 8, COLUMNS = 3 };

// --- evaluation ---

// Digits, least significant first, or the place in the list of a choice.
typedef struct Digits {
    int digit[NUMBERS_MAX][SPEC_DIGITS_MAX];
    const int *rows[NUMBERS_MAX];
} Digits;

static void digits_begin(Digits *digits)
{
    *digits = (Digits){0};
    for (int k = 0; k < NUMBERS_MAX; k++)
        digits->rows[k] = digits->digit[k];
}

static bool holds(const Spec *spec, const int *const *digits)
{
    SpecEnv env = {.spec = spec, .digits = digits};
    mpz_t value;
    mpz_init(value);
    bool truth = spec_eval_big(spec->require, &env, value) && mpz_sgn(value) != 0;
    mpz_clear(value);
    return truth;
}

static bool apply(const Expr *rule, const SpecEnv *env, long long low, long long high,
                  long long *ret_value)
{
    return spec_eval_small(rule, env, ret_value) && *ret_value >= low && *ret_value <= high;
}

static bool make_digits(const SpecDigit *rules, int count, bool scanned, const SpecEnv *env,
                        Digits *digits)
{
    long long value;
    for (int k = 0; k < count; k++) {
        int number = rules[k].number;
        if (!apply(rules[k].rule, env, 0, spec_digit_values(&env->spec->numbers[number]) - 1,
                   &value))
            return false;
        digits->digit[number][scanned ? env->column : rules[k].index] = (int)value;
    }
    return true;
}

// The states before each column and after the last.
static bool make_states(const Spec *spec, SpecEnv env, long long (*states)[STATES_MAX])
{
    const SpecScan *scan = &spec->scan;
    for (int k = 0; k < scan->n_states; k++)
        states[0][k] = scan->states[k].initial;
    for (env.column = 0; env.column < spec_columns(spec); env.column++) {
        env.states = states[env.column];
        for (int k = 0; k < scan->n_states; k++)
            if (!apply(scan->states[k].next, &env, scan->states[k].low, scan->states[k].high,
                       &states[env.column + 1][k]))
                return false;
    }
    return true;
}

// Sets the answer's digits from those of the input; false when something is out of range.
static bool compute(const Spec *spec, Digits *digits)
{
    const SpecScan *scan = &spec->scan;
    long long states[COLUMNS + 1][STATES_MAX];
    SpecEnv env = {.spec = spec, .digits = digits->rows};
    if (!make_states(spec, env, states))
        return false;
    env.last = states[spec_columns(spec)];
    for (env.column = 0; env.column < spec_columns(spec); env.column++) {
        env.states = states[env.column];
        if (!make_digits(scan->digits, scan->n_digits, true, &env, digits))
            return false;
    }
    env.states = env.last;
    return make_digits(scan->finals, scan->n_finals, false, &env, digits);
}

// Sets all digits of inputs, or of answers, to the index-th combination; what is left of the index.
static long set_digits(const Spec *spec, bool answers, long index, Digits *digits)
{
    for (int k = 0; k < spec->n_numbers; k++)
        for (int d = 0; spec->numbers[k].answer == answers && d < spec->numbers[k].digits; d++) {
            digits->digit[k][d] = (int)(index % spec_digit_values(&spec->numbers[k]));
            index /= spec_digit_values(&spec->numbers[k]);
        }
    return index;
}

static bool right_on_all(const Spec *spec, int stride)
{
    Digits digits;
    digits_begin(&digits);
    for (long input = 0; set_digits(spec, false, input, &digits) == 0; input += stride)
        if (!compute(spec, &digits) || !holds(spec, digits.rows))
            return false;
    return true;
}

static bool one_answer_each(const Spec *spec)
{
    Digits digits;
    digits_begin(&digits);
    for (long input = 0; set_digits(spec, false, input, &digits) == 0; input++) {
        int satisfied = 0;
        for (long answer = 0; set_digits(spec, true, answer, &digits) == 0; answer++)
            satisfied += holds(spec, digits.rows);
        if (satisfied != 1)
            return false;
    }
    return true;
}

static Spec *parse(Arena *arena, const char *text, int n)
{
    Spec *spec = NULL;
    Diag diag;
    SpecSetting setting = {"n", n};
    Status status = spec_parse(arena, "mutant.spec", text, strlen(text), &setting, 1, &spec, &diag);
    return status == STATUS_OK ? spec : NULL;
}

// --- changes ---

static const char *const words[] = {"+",
                                    "-",
                                    "*",
                                    "div",
                                    "mod",
                                    "0",
                                    "1",
                                    "2",
                                    "9",
                                    "10",
                                    "8",
                                    "a",
                                    "b",
                                    "s",
                                    "c",
                                    "n",
                                    "i",
                                    "=",
                                    ">=",
                                    "<",
                                    "or",
                                    "^",
                                    "and",
                                    "[i]",
                                    "",
                                    "d",
                                    "..",
                                    "(",
                                    ")",
                                    "order",
                                    "> 0",
                                    ">",
                                    "carry",
                                    "sign",
                                    "< 0",
                                    "",
                                    "op = \"+\"",
                                    "op = \"-\"",
                                    "sign = \"+\"",
                                    "<=",
                                    "if",
                                    "op",
                                    "not",
                                    "-1",
                                    "\"-\"",
                                    "m",
                                    "sign = \"-\"",
                                    "\"+\"",
                                    "order < 0",
                                    "last(order)"};
enum { WORDS = sizeof words / sizeof words[0] };

// Replaces one occurrence, drawn at random, of a word in the claims and rules by another word.
static char *mutate(Arena *arena, const char *text, Rng *rng)
{
    const char *start = strstr(text, "require");
    for (;;) {
        const char *from = words[rng_below(rng, WORDS)], *to = words[rng_below(rng, WORDS)];
        const char *at = strstr(start + rng_below(rng, (uint32_t)strlen(start)), from);
        if (at && from != to)
            return arena_printf(arena, "%.*s%s%s%s", (int)(at - text), text, *from ? "" : " ", to,
                                at + strlen(from));
    }
}

// --- the test ---

typedef struct Tally {
    int proved, refuted, unknown;
} Tally;

static void check_proved(Arena *arena, const char *text, bool every_width)
{
    for (int n = every_width ? 1 : COLUMNS; n <= COLUMNS; n++) {
        Spec *spec = parse(arena, text, n);
        if (!spec || right_on_all(spec, n < COLUMNS ? 1 : STRIDE))
            continue;
        fprintf(stderr, "proved, but wrong for n = %d:\n%s\n", n, text);
        CU_FAIL("proved, but wrong");
    }
    Spec *spec = every_width ? parse(arena, text, 1) : NULL;
    CU_ASSERT(!spec || one_answer_each(spec));
}

static void check_refuted(Arena *arena, const char *text, const Counterexample *found)
{
    Digits digits;
    Spec *spec = parse(arena, text, found->columns);
    const int *const *shown = (const int *const *)found->trial->digits;
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    digits_begin(&digits);
    for (int k = 0; k < spec->n_numbers; k++)
        memcpy(digits.digit[k], shown[k], sizeof(int) * (size_t)spec->numbers[k].digits);
    if (found->other)
        CU_ASSERT(holds(spec, shown) && holds(spec, (const int *const *)found->other->digits))
    else
        CU_ASSERT(!compute(spec, &digits) || !holds(spec, digits.rows));
}

// False when the text is no spec.
static bool try_mutant(const char *text, Tally *tally)
{
    AlgorithmBudget budget = {60000, COLUMNS};
    AlgorithmVerdict verdict;
    Diag diag;
    Arena *arena = arena_new();
    Spec *spec = parse(arena, text, COLUMNS);
    if (spec) {
        CU_ASSERT_EQUAL_FATAL(algorithm_prove(arena, spec, budget, &verdict, &diag), STATUS_OK);
        tally->proved += verdict.verdict == VERDICT_PROVED;
        tally->refuted += verdict.verdict == VERDICT_REFUTED;
        tally->unknown += verdict.verdict == VERDICT_UNKNOWN;
        if (verdict.verdict == VERDICT_PROVED)
            check_proved(arena, text, verdict.every_width);
        if (verdict.verdict == VERDICT_REFUTED)
            check_refuted(arena, text, &verdict.counterexample);
    }
    arena_free(arena);
    return spec;
}

static void try_mutants(const char *name, uint64_t seed)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(seed, 0);
    Tally tally = {0};
    char *text = NULL;
    size_t size;
    Diag diag;
    CU_ASSERT_EQUAL_FATAL(file_read(arena, arena_printf(arena, SPECS_DIR "/%s.spec", name),
                                    SPEC_FILE_MAX, &text, &size, &diag),
                          STATUS_OK);
    text = arena_strndup(arena, text, size);
    for (int tried = 0; tried < MUTANTS;) {
        Arena *scratch = arena_new();
        tried += try_mutant(mutate(scratch, text, &rng), &tally);
        arena_free(scratch);
    }
    printf("%d proved, %d refuted, %d unknown ", tally.proved, tally.refuted, tally.unknown);
    CU_ASSERT(tally.proved > 0);
    CU_ASSERT(tally.refuted > 0);
    CU_ASSERT(tally.unknown > 0);
    arena_free(arena);
}

static void no_wrong_addition_is_proved(void)
{
    try_mutants("addition", 1);
}

static void no_wrong_subtraction_is_proved(void)
{
    try_mutants("subtraction", 11);
}

static void no_wrong_mixture_is_proved(void)
{
    try_mutants("mixed", 21);
}

static void no_wrong_comparison_is_proved(void)
{
    try_mutants("compare", 31);
}

#define TESTS(X)                                                                                   \
    X(no_wrong_addition_is_proved)                                                                 \
    X(no_wrong_subtraction_is_proved)                                                              \
    X(no_wrong_mixture_is_proved)                                                                  \
    X(no_wrong_comparison_is_proved)

RUN_TESTS("algorithm mutants", TESTS)
