// Random changes to the addition algorithm, its invariant and its `require`. What is proved must be
// right on every input of one, two and three columns, and what is refuted wrong on the input shown,
// according to an evaluation of its own that uses nothing of src/algorithm.
//
// MUTANTS: how many changed specs to try. STRIDE: every how many-th input of three columns is
// tried.
#include "algorithm.h"

#include <string.h>

#include "eval.h"
#include "harness.h"
#include "rng.h"
#include "text.h"

static const char addition[] =
    "param n = 3\n"
    "input a, b : number of n digits\n"
    "prompt a \"+\" b \"=\"\n"
    "answer s : number of n+1 digits\n"
    "require s = a + b\n"
    "algorithm\n"
    "  scan from least significant\n"
    "    state c in 0..1, initially 0\n"
    "    digit s[i] = (a[i] + b[i] + c) mod 10\n"
    "    next c = (a[i] + b[i] + c) div 10\n"
    "    invariant value(s[..i]) + c * 10^i = value(a[..i]) + value(b[..i])\n"
    "  finally s[n] = c\n";

// --- evaluation ---

static bool holds(const Spec *spec, int **digits)
{
    SpecEnv env = {.spec = spec, .digits = (const int *const *)digits};
    mpz_t value;
    mpz_init(value);
    bool truth = spec_eval_big(spec->require, &env, value) && mpz_sgn(value) != 0;
    mpz_clear(value);
    return truth;
}

// Sets the digits of `s` (number 2) from those of `a` and `b`; false when something is out of
// range.
static bool compute(const Spec *spec, int **digits)
{
    const SpecScan *scan = &spec->scan;
    long long c = scan->states[0].initial, next, digit;
    SpecEnv env = {.spec = spec, .states = &c, .digits = (const int *const *)digits};
    for (env.column = 0; env.column < spec->numbers[0].digits; env.column++) {
        if (!spec_eval_small(scan->digits[0].rule, &env, &digit) || digit < 0 || digit > 9 ||
            !spec_eval_small(scan->states[0].next, &env, &next) || next < scan->states[0].low ||
            next > scan->states[0].high)
            return false;
        digits[2][env.column] = (int)digit;
        c = next;
    }
    for (int k = 0; k < scan->n_finals; k++) {
        if (!spec_eval_small(scan->finals[k].rule, &env, &digit) || digit < 0 || digit > 9)
            return false;
        digits[2][scan->finals[k].index] = (int)digit;
    }
    return true;
}

static void spread(int number, int *digits, int count)
{
    for (int k = 0; k < count; k++, number /= 10)
        digits[k] = number % 10;
}

static int power_of_ten(int exponent)
{
    return exponent == 0 ? 1 : 10 * power_of_ten(exponent - 1);
}

static bool right_on_all(const Spec *spec, int stride)
{
    int a[8] = {0}, b[8] = {0}, s[8] = {0}, *digits[] = {a, b, s};
    int n = spec->numbers[0].digits, count = power_of_ten(n);
    for (int input = 0; input < count * count; input += stride) {
        spread(input % count, a, n);
        spread(input / count, b, n);
        if (!compute(spec, digits) || !holds(spec, digits))
            return false;
    }
    return true;
}

static bool one_answer_each(const Spec *spec)
{
    int a[8] = {0}, b[8] = {0}, s[8] = {0}, *digits[] = {a, b, s};
    int answers = power_of_ten(spec->numbers[2].digits);
    for (int input = 0; input < 100; input++) {
        int satisfied = 0;
        a[0] = input % 10;
        b[0] = input / 10;
        for (int answer = 0; answer < answers; answer++) {
            spread(answer, s, spec->numbers[2].digits);
            satisfied += holds(spec, digits);
        }
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
    Status status =
        spec_parse(arena, "mutant.spec", text, strlen(text), &setting, n > 0, &spec, &diag);
    return status == STATUS_OK ? spec : NULL;
}

// --- changes ---

static const char *const words[] = {"+",  "-",   "*",   "div", "mod", "0",  "1", "2", "9",  "10",
                                    "8",  "a",   "b",   "s",   "c",   "n",  "i", "=", ">=", "<",
                                    "or", "and", "[i]", "^",   "",    "..", "(", ")"};
enum { WORDS = sizeof words / sizeof words[0] };

// Replaces one occurrence, drawn at random, of a word in the claims and rules by another word.
static char *mutate(Arena *arena, Rng *rng)
{
    const char *start = strstr(addition, "require");
    for (;;) {
        const char *from = words[rng_below(rng, WORDS)], *to = words[rng_below(rng, WORDS)];
        const char *at = strstr(start + rng_below(rng, (uint32_t)strlen(start)), from);
        if (at && from != to)
            return arena_printf(arena, "%.*s%s%s%s", (int)(at - addition), addition,
                                *from ? "" : " ", to, at + strlen(from));
    }
}

// --- the test ---

typedef struct Tally {
    int proved, refuted, unknown;
} Tally;

static void check_proved(Arena *arena, const char *text, bool every_width)
{
    for (int n = every_width ? 1 : 3; n <= 3; n++) {
        Spec *spec = parse(arena, text, n);
        if (!spec || right_on_all(spec, n < 3 ? 1 : STRIDE))
            continue;
        fprintf(stderr, "proved, but wrong for n = %d:\n%s\n", n, text);
        CU_FAIL("proved, but wrong");
    }
    Spec *spec = every_width ? parse(arena, text, 1) : NULL;
    CU_ASSERT(!spec || one_answer_each(spec));
}

static void check_refuted(Arena *arena, const char *text, const Counterexample *found)
{
    Spec *spec = parse(arena, text, found->columns);
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    int **digits = found->trial->digits;
    if (found->other)
        CU_ASSERT(holds(spec, digits) && holds(spec, found->other->digits))
    else
        CU_ASSERT(!compute(spec, digits) || !holds(spec, digits));
}

// False when the text is no spec, or not one that the evaluation above understands.
static bool try_mutant(const char *text, Tally *tally)
{
    AlgorithmBudget budget = {60000, 3};
    AlgorithmVerdict verdict;
    Diag diag;
    Arena *arena = arena_new();
    Spec *spec = parse(arena, text, 0);
    bool fits = spec && spec->scan.n_states == 1 && spec->scan.n_digits == 1;
    if (fits) {
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
    return fits;
}

static void no_wrong_mutant_is_proved(void)
{
    Rng rng = rng_new(2024, 0);
    Tally tally = {0};
    for (int tried = 0; tried < MUTANTS;) {
        Arena *arena = arena_new();
        tried += try_mutant(mutate(arena, &rng), &tally);
        arena_free(arena);
    }
    printf("%d proved, %d refuted, %d unknown ", tally.proved, tally.refuted, tally.unknown);
    CU_ASSERT(tally.proved > 0);
    CU_ASSERT(tally.refuted > 0);
    CU_ASSERT(tally.unknown > 0);
}

#define TESTS(X) X(no_wrong_mutant_is_proved)

RUN_TESTS("algorithm mutants", TESTS)
