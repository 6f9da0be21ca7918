#include "trial.h"

#include "eval.h"
#include "family.h"

typedef struct Machine {
    Arena *arena;
    Trial *trial;
    SpecEnv env;
    long long **states; // [columns + 1] -> values before each column, and after the last
} Machine;

Trial *trial_new(Arena *arena, const Spec *spec)
{
    Trial *trial = ARENA_NEW(arena, Trial, 1);
    trial->spec = spec;
    trial->digits = ARENA_NEW(arena, int *, (size_t)spec->n_numbers);
    for (int k = 0; k < spec->n_numbers; k++)
        trial->digits[k] = ARENA_NEW(arena, int, (size_t)spec->numbers[k].digits);
    return trial;
}

static SpecEnv environment(const Trial *trial)
{
    return (SpecEnv){.spec = trial->spec, .digits = (const int *const *)trial->digits};
}

// --- claims ---

static bool truth(const Expr *expr, const SpecEnv *env)
{
    mpz_t value;
    mpz_init(value);
    bool holds = spec_eval_big(expr, env, value) && mpz_sgn(value) != 0;
    mpz_clear(value);
    return holds;
}

bool trial_truth(const Trial *trial, const Expr *expr)
{
    SpecEnv env = environment(trial);
    return truth(expr, &env);
}

static bool assumes_hold(const Trial *trial)
{
    const Spec *spec = trial->spec;
    SpecEnv env = environment(trial);
    for (env.column = 0; env.column < spec_columns(spec); env.column++)
        for (int k = 0; k < spec->n_assumes; k++)
            if (!truth(spec->assumes[k], &env))
                return false;
    return true;
}

char *trial_value(Arena *arena, const Trial *trial, const Expr *expr)
{
    SpecEnv env = environment(trial);
    char *text = arena_strdup(arena, "?");
    mpz_t value;
    mpz_init(value);
    if (spec_eval_big(expr, &env, value)) {
        text = arena_alloc(arena, mpz_sizeinbase(value, 10) + 2, 1);
        mpz_get_str(text, 10, value);
    }
    mpz_clear(value);
    return text;
}

// --- the scan ---

static bool stop(Machine *m, TrialEnd end, int rule, const mpz_t value)
{
    Trial *trial = m->trial;
    trial->end = end;
    trial->column = (int)m->env.column;
    trial->rule = rule;
    trial->value = arena_alloc(m->arena, mpz_sizeinbase(value, 10) + 2, 1);
    mpz_get_str(trial->value, 10, value);
    return false;
}

// Sets *ret_value, in low..high; else ends the trial and returns false.
static bool compute(Machine *m, const Expr *rule, int which, TrialEnd end, long long low,
                    long long high, long long *ret_value)
{
    mpz_t value;
    mpz_init(value);
    bool fine = spec_eval_big(rule, &m->env, value);
    if (!fine)
        stop(m, TRIAL_NO_VALUE, which, value);
    else if (mpz_cmp_si(value, (long)low) < 0 || mpz_cmp_si(value, (long)high) > 0)
        fine = stop(m, end, which, value);
    if (fine)
        *ret_value = mpz_get_si(value);
    mpz_clear(value);
    return fine;
}

static void enter_column(Machine *m, int column)
{
    m->env.column = column;
    m->env.states = m->states[column];
}

static bool run_states(Machine *m)
{
    const SpecScan *scan = &m->trial->spec->scan;
    for (int k = 0; k < scan->n_states; k++)
        m->states[0][k] = scan->states[k].initial;
    for (int column = 0; column < spec_columns(m->trial->spec); column++) {
        enter_column(m, column);
        for (int k = 0; k < scan->n_states; k++) {
            const SpecState *state = &scan->states[k];
            if (!compute(m, state->next, k, TRIAL_STATE_RANGE, state->low, state->high,
                         &m->states[column + 1][k]))
                return false;
        }
    }
    return true;
}

// Requires: the states are known in all columns.
static bool run_digits(Machine *m)
{
    const SpecScan *scan = &m->trial->spec->scan;
    int columns = spec_columns(m->trial->spec);
    long long digit;
    m->env.last = m->states[columns];
    for (int column = 0; column < columns; column++) {
        enter_column(m, column);
        for (int k = 0; k < scan->n_digits; k++) {
            const SpecDigit *rule = &scan->digits[k];
            if (!compute(m, rule->rule, k, TRIAL_DIGIT_RANGE, 0, SPEC_BASE - 1, &digit))
                return false;
            m->trial->digits[rule->number][column] = (int)digit;
        }
    }
    return true;
}

static bool run_finals(Machine *m)
{
    const SpecScan *scan = &m->trial->spec->scan;
    long long digit;
    enter_column(m, spec_columns(m->trial->spec));
    for (int k = 0; k < scan->n_finals; k++) {
        const SpecDigit *rule = &scan->finals[k];
        int values = spec_digit_values(&m->trial->spec->numbers[rule->number]);
        if (!compute(m, rule->rule, k, TRIAL_FINAL_RANGE, 0, values - 1, &digit))
            return false;
        m->trial->digits[rule->number][rule->index] = (int)digit;
    }
    return true;
}

static TrialEnd judge(const Trial *trial)
{
    SpecEnv env = environment(trial);
    TrialEnd end = TRIAL_NO_VALUE;
    mpz_t value;
    mpz_init(value);
    if (spec_eval_big(trial->spec->require, &env, value))
        end = mpz_sgn(value) != 0 ? TRIAL_RIGHT : TRIAL_WRONG;
    mpz_clear(value);
    return end;
}

void trial_run(Arena *arena, Trial *trial)
{
    const Spec *spec = trial->spec;
    int columns = spec_columns(spec);
    Machine m = {.arena = arena, .trial = trial, .env = environment(trial)};
    trial->end = TRIAL_NOT_ASSUMED;
    if (!assumes_hold(trial))
        return;
    m.states = ARENA_NEW(arena, long long *, (size_t)columns + 1);
    for (int column = 0; column <= columns; column++)
        m.states[column] = ARENA_NEW(arena, long long, (size_t)spec->scan.n_states);
    if (run_states(&m) && run_digits(&m) && run_finals(&m))
        trial->end = judge(trial);
}

static bool same_digits(const Trial *a, const Trial *b, bool answers)
{
    for (int k = 0; k < a->spec->n_numbers; k++)
        for (int d = 0; d < a->spec->numbers[k].digits; d++)
            if (a->spec->numbers[k].answer == answers && a->digits[k][d] != b->digits[k][d])
                return false;
    return true;
}

bool trial_refutes(Arena *arena, Trial *trial, const Trial *other)
{
    if (!other) {
        trial_run(arena, trial);
        return trial->end != TRIAL_RIGHT && trial->end != TRIAL_NOT_ASSUMED &&
               trial->end != TRIAL_NO_VALUE;
    }
    return same_digits(trial, other, false) && !same_digits(trial, other, true) &&
           assumes_hold(trial) && judge(trial) == TRIAL_RIGHT && judge(other) == TRIAL_RIGHT;
}
