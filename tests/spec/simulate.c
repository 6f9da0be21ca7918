#include "simulate.h"

#include "eval.h"

enum { TRIES = 10000 };

typedef struct Run {
    const Spec *spec;
    int digits[SIMULATION_NUMBERS_MAX][SPEC_DIGITS_MAX];
    const int *rows[SIMULATION_NUMBERS_MAX];
    long long states[SIMULATION_NUMBERS_MAX], last[SIMULATION_NUMBERS_MAX];
    SpecEnv env;
} Run;

static void run_init(Run *run, const Spec *spec)
{
    CHECK(spec->n_numbers <= SIMULATION_NUMBERS_MAX);
    CHECK(spec->scan.n_states <= SIMULATION_NUMBERS_MAX);
    *run = (Run){.spec = spec};
    for (int k = 0; k < spec->n_numbers; k++)
        run->rows[k] = run->digits[k];
    run->env =
        (SpecEnv){.spec = spec, .states = run->states, .last = run->last, .digits = run->rows};
}

static bool is_true(const Expr *expr, const SpecEnv *env)
{
    mpz_t value;
    mpz_init(value);
    bool truth = spec_eval_big(expr, env, value) && mpz_sgn(value) != 0;
    mpz_clear(value);
    return truth;
}

// An assumption about `i` is about each column; one about a fixed digit says the same in each.
static bool meets_assumptions(Run *run)
{
    for (int k = 0; k < run->spec->n_assumes; k++)
        for (run->env.column = 0; run->env.column < spec_columns(run->spec); run->env.column++)
            if (!is_true(run->spec->assumes[k], &run->env))
                return false;
    return true;
}

static void draw(Run *run, Rng *rng)
{
    for (int k = 0; k < run->spec->n_numbers; k++)
        for (int i = 0; i < run->spec->numbers[k].digits; i++)
            run->digits[k][i] =
                run->spec->numbers[k].answer
                    ? 0
                    : (int)rng_below(rng, (uint32_t)spec_digit_values(&run->spec->numbers[k]));
}

// A digit rule, small and in range.
static bool apply_digit(Run *run, const SpecDigit *digit, long long index)
{
    long long value;
    if (!spec_eval_small(digit->rule, &run->env, &value) || value < 0 ||
        value >= spec_digit_values(&run->spec->numbers[digit->number]))
        return false;
    run->digits[digit->number][index] = (int)value;
    return true;
}

static void begin(Run *run)
{
    const SpecScan *scan = &run->spec->scan;
    for (int k = 0; k < scan->n_states; k++)
        run->states[k] = scan->states[k].initial;
    run->env.column = 0;
}

static bool step(Run *run)
{
    const SpecScan *scan = &run->spec->scan;
    long long next[SIMULATION_NUMBERS_MAX];
    for (int k = 0; k < scan->n_states; k++)
        if (!spec_eval_small(scan->states[k].next, &run->env, &next[k]) ||
            next[k] < scan->states[k].low || next[k] > scan->states[k].high)
            return false;
    for (int k = 0; k < scan->n_states; k++)
        run->states[k] = next[k];
    return true;
}

// The states alone: digits may look at the last ones.
static bool find_last_states(Run *run)
{
    for (begin(run); run->env.column < spec_columns(run->spec); run->env.column++)
        if (!step(run))
            return false;
    for (int k = 0; k < run->spec->scan.n_states; k++)
        run->last[k] = run->states[k];
    return true;
}

static bool apply_digits(Run *run)
{
    const SpecScan *scan = &run->spec->scan;
    for (int k = 0; k < scan->n_digits; k++)
        if (!apply_digit(run, &scan->digits[k], run->env.column))
            return false;
    return true;
}

static Simulation scan_columns(Run *run)
{
    const SpecScan *scan = &run->spec->scan;
    if (!find_last_states(run))
        return SIMULATION_STUCK;
    for (begin(run);; run->env.column++) {
        if (scan->invariant && !is_true(scan->invariant, &run->env))
            return SIMULATION_INVARIANT;
        if (run->env.column == spec_columns(run->spec))
            return SIMULATION_HOLDS;
        if (!apply_digits(run) || !step(run))
            return SIMULATION_STUCK;
    }
}

Simulation simulate(const Spec *spec, Rng *rng)
{
    Run run;
    int tries = 0;
    run_init(&run, spec);
    do
        draw(&run, rng);
    while (!meets_assumptions(&run) && ++tries < TRIES);
    if (tries == TRIES)
        return SIMULATION_NO_QUESTION;
    Simulation scanned = scan_columns(&run);
    if (scanned != SIMULATION_HOLDS)
        return scanned;
    for (int k = 0; k < spec->scan.n_finals; k++)
        if (!apply_digit(&run, &spec->scan.finals[k], spec->scan.finals[k].index))
            return SIMULATION_STUCK;
    return is_true(spec->require, &run.env) ? SIMULATION_HOLDS : SIMULATION_REQUIRE;
}
