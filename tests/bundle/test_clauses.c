// What clauses.h makes of `require`, against the evaluation of the expression itself on random numbers.
#include "clauses.h"

#include <string.h>

#include "eval.h"
#include "harness.h"
#include "rng.h"
#include "task_samples.h"

#define TESTS(X)                                                                                   \
    X(clauses_say_what_require_says)                                                               \
    X(equations_become_two_clauses)                                                                \
    X(literals_that_decide_nothing_are_left_out)                                                   \
    X(digits_have_names_of_their_own)                                                              \
    X(what_is_not_linear_is_C001)                                                                  \
    X(what_is_too_much_is_C002)

enum { N = 2, DIGITS = 3, ROUNDS = 4000 };

// sample_addition with another claim.
static const Spec *spec_with(Arena *arena, const char *require)
{
    const char *at = strstr(sample_addition, "require"), *end = strchr(at, '\n');
    char *text = arena_printf(arena, "%.*srequire %s%s", (int)(at - sample_addition),
                              sample_addition, require, end);
    return sample_task(arena, text, N)->spec;
}

// ---- both evaluations ---------------------------------------------------------------------------

typedef struct Question { // digits of a, b, s
    int digits[3][DIGITS];
} Question;

static void set_number(int *digits, int count, int value)
{
    for (int i = 0; i < count; i++, value /= 10)
        digits[i] = value % 10;
}

// s is random, or near something that claims speak of.
static Question random_question(Rng *rng)
{
    Question q;
    int a = (int)rng_below(rng, 100), b = rng_below(rng, 4) ? (int)rng_below(rng, 100) : a;
    const int near[] = {a + b,
                        a / 2 + b,
                        a,
                        b,
                        a > b ? a : b,
                        a > b ? a - b : b - a,
                        (a + b) % 100,
                        (a - b + 100) % 100,
                        0,
                        1,
                        (int)rng_below(rng, 1000)};
    int s = near[rng_below(rng, sizeof near / sizeof *near)] + (int)rng_below(rng, 3) / 2;
    set_number(q.digits[0], N, a);
    set_number(q.digits[1], N, b);
    set_number(q.digits[2], N + 1, s);
    return q;
}

static bool require_holds(const Spec *spec, const Question *q)
{
    const int *digits[3] = {q->digits[0], q->digits[1], q->digits[2]};
    SpecEnv env = {.spec = spec, .digits = digits};
    mpz_t value;
    mpz_init(value);
    CU_ASSERT_TRUE_FATAL(spec_eval_big(spec->require, &env, value));
    bool holds = mpz_sgn(value) != 0;
    mpz_clear(value);
    return holds;
}

static long quantity_value(const Spec *spec, const Quantity *item, const Question *q)
{
    const int *digits = q->digits[item->number];
    long value = 0;
    if (item->digit >= 0)
        return digits[item->digit];
    for (int d = spec->numbers[item->number].digits - 1; d >= 0; d--)
        value = 10 * value + digits[d];
    return value;
}

static bool literal_holds(const Spec *spec, const Clauses *clauses, const Linear *form,
                          const Question *q)
{
    mpz_t sum;
    mpz_init_set(sum, form->constant);
    for (int i = 0; i < form->count; i++)
        mpz_addmul_ui(sum, form->coefficient[i],
                      (unsigned long)quantity_value(spec, &clauses->quantities.item[i], q));
    bool holds = mpz_sgn(sum) >= 0;
    mpz_clear(sum);
    return holds;
}

static bool clauses_hold(const Spec *spec, const Clauses *clauses, const Question *q)
{
    for (int k = 0; k < clauses->count; k++) {
        bool some = false;
        for (int l = 0; l < clauses->clause[k].count; l++)
            some = some || literal_holds(spec, clauses, clauses->clause[k].literal[l], q);
        if (!some)
            return false;
    }
    return true;
}

static const char *const claims[] = {
    "s = a + b",
    "s != a + b",
    "s >= a + b",
    "s < a + b",
    "s > a and s <= a + b",
    "s + 1 = 1 + a + b or s = a",
    "not (s = a or not s = b)",
    "a > b implies s = a - b",
    "(a = b implies s = 0) and (s = 0 implies a = b)",
    "not (a = b implies s = 0)",
    "2 * s = a * (n - 1) + b + b",
    "-s = -(a + b)",
    "s - (a - b) * (2 - 3) >= -(3 - 2 * b)",
    "s = (a + b) mod 10^n",
    "s = (a - b) mod 10^n",
    "s != (a + b) mod 10^n",
    "s mod 100 = (a + b) mod 100",
    "s div 100 = (a + b) div 100",
    "s[n] = (a + b) div 10^n and s[0] = (a[0] + b[0]) mod 10",
    "s = if a >= b then a else b",
    "s = (if a > b then a else b) - (if a > b then b else a)",
    "s = if a > b then a - b else if a = b then 0 else b - a",
    "if a = b then s = 0 else s > 0",
    "not (if a = b then s = 0 else s > 0)",
    "s = if (if a > b then a > 50 else b > 50) then 1 else 0",
    "s[0] = if a[0] > b[0] then a[0] else b[0]",
    "s[2] * 100 + s[1] * 10 + s[0] = a + b",
    "s = if a mod 20 < 10 and b div 50 = 1 then a else (a + b) mod 100",
    "s = ((a + b) mod 100 + a) mod 50",
    "s div 64 = (a - 2 * b) div 64",
    "s * 10^90 = (a + b) * 10^90",
};

static bool agrees(const char *require, Rng *rng, int *ret_true, int *ret_false)
{
    Arena *arena = arena_new();
    const Spec *spec = spec_with(arena, require);
    Clauses clauses;
    Diag diag;
    bool same = clauses_of(arena, spec, &clauses, &diag) == STATUS_OK;
    *ret_true = *ret_false = 0;
    for (int i = 0; i < ROUNDS && same; i++) {
        Question q = random_question(rng);
        bool holds = require_holds(spec, &q);
        same = clauses_hold(spec, &clauses, &q) == holds;
        ++*(holds ? ret_true : ret_false);
    }
    arena_free(arena);
    return same;
}

static void clauses_say_what_require_says(void)
{
    Rng rng = rng_new(1, 0);
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        int held, failed;
        CU_ASSERT_TRUE(agrees(claims[i], &rng, &held, &failed));
        CU_ASSERT_TRUE(held > 20 && failed > 20);
        if (held <= 20 || failed <= 20)
            printf("%s: %d true, %d false\n", claims[i], held, failed);
    }
}

// ---- what they look like ------------------------------------------------------------------------

// "1 a + -1 s + 3", all literals of a clause, one clause a line.
static char *shown(Arena *arena, const char *require)
{
    Clauses clauses;
    Diag diag;
    char *text = arena_strdup(arena, "");
    CU_ASSERT_EQUAL_FATAL(clauses_of(arena, spec_with(arena, require), &clauses, &diag), STATUS_OK);
    for (int k = 0; k < clauses.count; k++) {
        for (int l = 0; l < clauses.clause[k].count; l++) {
            const Linear *form = clauses.clause[k].literal[l];
            text = arena_printf(arena, "%s%s%ld", text, l ? " | " : "", mpz_get_si(form->constant));
            for (int i = 0; i < form->count; i++)
                if (mpz_sgn(form->coefficient[i]) != 0)
                    text = arena_printf(arena, "%s %ld %s", text, mpz_get_si(form->coefficient[i]),
                                        clauses.quantities.item[i].name);
        }
        text = arena_printf(arena, "%s\n", text);
    }
    return text;
}

static void equations_become_two_clauses(void)
{
    Arena *arena = arena_new();
    CU_ASSERT_STRING_EQUAL(shown(arena, "s = a + b"), "0 1 a 1 b -1 s\n0 -1 a -1 b 1 s\n");
    CU_ASSERT_STRING_EQUAL(shown(arena, "a > b implies s = a - b"),
                           "0 -1 a 1 b | 0 1 a -1 b -1 s\n0 -1 a 1 b | 0 -1 a 1 b 1 s\n");
    CU_ASSERT_STRING_EQUAL(shown(arena, "s != a"), "-1 1 a -1 s | -1 -1 a 1 s\n");
    CU_ASSERT_STRING_EQUAL(shown(arena, "s < a + 3"), "2 1 a -1 s\n");
    arena_free(arena);
}

// a + b is at most 198, so that it is less than 200 div 10^2 times 10^2; the same condition stands once.
static void literals_that_decide_nothing_are_left_out(void)
{
    Arena *arena = arena_new();
    CU_ASSERT_STRING_EQUAL(shown(arena, "s = (a + b) mod 200"),
                           "0 1 a 1 b -1 s\n0 -1 a -1 b 1 s\n");
    CU_ASSERT_STRING_EQUAL(shown(arena, "(s >= 0 and s = a) or a > 99"),
                           "0 1 a -1 s\n0 -1 a 1 s\n");
    CU_ASSERT_STRING_EQUAL(shown(arena, "s >= a or s >= a or b < 7"), "0 -1 a 1 s | 6 -1 b\n");
    CU_ASSERT_STRING_EQUAL(shown(arena, "(s >= a or s < a) and b < 7"), "6 -1 b\n");
    CU_ASSERT_STRING_EQUAL(shown(arena, "if 1 < n then b < 7 else s = a"), "6 -1 b\n");
    arena_free(arena);
}

static void digits_have_names_of_their_own(void)
{
    Arena *arena = arena_new();
    CU_ASSERT_STRING_EQUAL(shown(arena, "s[n] <= 1 and s[0] + s[n-2] <= a"),
                           "1 -1 s_2\n0 1 a -2 s_0\n");
    const char *text =
        "param n = 2\ninput s_1_ : number of n digits\nprompt s_1_ \"=\"\n"
        "answer s_1 : number of n digits s : number of n digits\n"
        "require s[1] <= s_1 and s = s_1_\nalgorithm\n  scan from least significant\n"
        "    state c in 0..0, initially 0\n    digit s_1[i] = 9\n"
        "    digit s[i] = s_1_[i]\n    next c = 0\n";
    Clauses clauses;
    Diag diag;
    const Spec *spec = sample_task(arena, text, 2)->spec;
    CU_ASSERT_EQUAL_FATAL(clauses_of(arena, spec, &clauses, &diag), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(clauses.quantities.count, 4);
    CU_ASSERT_STRING_EQUAL(clauses.quantities.item[3].name, "s_1__");
    arena_free(arena);
}

// ---- refusals -----------------------------------------------------------------------------------

typedef struct Refusal {
    const char *require, *why;
    const char *source; // NULL: too long to be shown
} Refusal;

static void refused(const char *code, const Refusal *refusal)
{
    Arena *arena = arena_new();
    Clauses clauses = {.count = 7};
    Diag diag;
    const char *source = refusal->source;
    CU_ASSERT_EQUAL(clauses_of(arena, spec_with(arena, refusal->require), &clauses, &diag),
                    STATUS_MALFORMED);
    CU_ASSERT_STRING_EQUAL(diag.code, code);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.text, refusal->why));
    CU_ASSERT_EQUAL(clauses.count, 7);
    CU_ASSERT_TRUE(!source || diag.length == (int)strlen(source));
    CU_ASSERT_TRUE(!source || strncmp(diag.source + diag.caret, source, strlen(source)) == 0);
    arena_free(arena);
}

static void what_is_not_linear_is_C001(void)
{
    static const Refusal refusals[] = {
        {"s = a * b", "it multiplies numbers", "a * b"},
        {"s = a and s <= b * (b + 1)", "it multiplies numbers", "b * (b + 1)"},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        refused("C001", &refusals[i]);
}

// Every `if` doubles what there is to read.
static char *nested(Arena *arena, int depth)
{
    char *text = arena_strdup(arena, "a > b");
    for (int i = 0; i < depth; i++)
        text = arena_printf(arena, "if %s then s > %d else s < %d", text, 2 * i, 3 * i + 7);
    return text;
}

static void what_is_too_much_is_C002(void)
{
    Arena *arena = arena_new();
    const char *sum =
        "s = (if a > 1 then a else b) + (if a > 2 then a else b) + (if a > 3 then a else b)"
        " + (if a > 4 then a else b) + (if a > 5 then a else b) + (if a > 6 then a else b)"
        " + (if a > 7 then a else b) + (if a > 8 then a else b) + (if a > 9 then a else b)";
    const char *deep = nested(arena, 25);
    const Refusal refusals[] = {
        {"s = a div 6", "this division can have too many results", "a div 6"},
        {"s = (a - b) mod 10", "this division can have too many results", "(a - b) mod 10"},
        {"s >= 0", "it is always true", "s >= 0"},
        {"s = a or s != a", "it is always true", "s = a or s != a"},
        {"s = a + 1000", "it is never true", "s = a + 1000"},
        {"s * 10^100 = a * 10^100", "its coefficients are too large", "s * 10^100 = a * 10^100"},
        {sum, "it has too many cases", NULL},
        {deep, "it has too many cases", NULL},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        refused("C002", &refusals[i]);
    arena_free(arena);
}

RUN_TESTS("bundle/clauses", TESTS)
