// The specification language on any bytes at all. What resolves is evaluated too, on digits and
// states that any value will do for; where the small evaluator gives a value, the big one must give
// the same.
#include "eval.h"
#include "fuzz.h"

enum { NUMBERS = 1600, STATES = 1000 }; // more than a spec can have

static const int digits[SPEC_DIGITS_MAX] = {7, 0, 9, 3, 1};
static const int *numbers[NUMBERS];
static const long long states[STATES] = {1, -2, 63};

static void evaluate_at(const Expr *expr, const SpecEnv *env, bool small)
{
    long long value;
    mpz_t big;
    mpz_init(big);
    bool has_big = spec_eval_big(expr, env, big);
    if (small && spec_eval_small(expr, env, &value))
        CHECK(has_big && mpz_cmp_si(big, (long)value) == 0);
    mpz_clear(big);
}

static void evaluate(const Spec *spec, const Expr *expr, bool small)
{
    SpecEnv env = {.spec = spec, .states = states, .digits = numbers};
    if (expr)
        for (env.column = 0; env.column <= spec->numbers[0].digits; env.column += 3)
            evaluate_at(expr, &env, small);
}

static void evaluate_all(const Spec *spec)
{
    const SpecScan *scan = &spec->scan;
    CHECK(spec->n_numbers <= NUMBERS && scan->n_states <= STATES);
    for (int k = 0; k < spec->n_numbers; k++)
        numbers[k] = digits;
    evaluate(spec, spec->require, false);
    evaluate(spec, scan->invariant, false);
    for (int k = 0; k < spec->n_assumes; k++)
        evaluate(spec, spec->assumes[k], true);
    for (int k = 0; k < scan->n_states; k++)
        evaluate(spec, scan->states[k].next, true);
    for (int k = 0; k < scan->n_digits; k++)
        evaluate(spec, scan->digits[k].rule, true);
    for (int k = 0; k < scan->n_finals; k++)
        evaluate(spec, scan->finals[k].rule, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new();
    Spec *spec;
    Diag diag;
    if (spec_parse(arena, "fuzz.spec", (const char *)data, size, NULL, 0, &spec, &diag) ==
        STATUS_OK)
        evaluate_all(spec);
    arena_free(arena);
    return 0;
}
