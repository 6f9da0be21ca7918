// The specification language on any bytes at all; what resolves is also evaluated.
#include "eval.h"
#include "fuzz.h"

enum { DIGITS = 16, STATES = 1000 };

// Digits and states that no table has checked: any value must do.
static void evaluate(const Spec *spec, const Expr *expr)
{
    static int digits[SPEC_DIGITS_MAX];
    static long long states[STATES];
    const int *numbers[1000];
    mpz_t value;
    if (!expr || spec->n_numbers > 1000)
        return;
    for (int k = 0; k < spec->n_numbers; k++)
        numbers[k] = digits;
    SpecEnv env = {.spec = spec, .states = states, .digits = numbers};
    mpz_init(value);
    for (env.column = 0; env.column < spec->numbers[0].digits; env.column++)
        (void)!spec_eval_big(expr, &env, value);
    mpz_clear(value);
}

static void evaluate_all(const Spec *spec)
{
    evaluate(spec, spec->require);
    evaluate(spec, spec->scan.invariant);
    for (int k = 0; k < spec->n_assumes; k++)
        evaluate(spec, spec->assumes[k]);
    for (int k = 0; k < spec->scan.n_states; k++)
        evaluate(spec, spec->scan.states[k].next);
    for (int k = 0; k < spec->scan.n_digits; k++)
        evaluate(spec, spec->scan.digits[k].rule);
    for (int k = 0; k < spec->scan.n_finals; k++)
        evaluate(spec, spec->scan.finals[k].rule);
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
