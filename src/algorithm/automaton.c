#include "automaton.h"

#include <string.h>

typedef struct Builder {
    Arena *arena;
    const Spec *spec;
    const Family *family;
    bool states_only; // no digits yet, since the end is not known
    Automaton automaton;
    int inputs[AUTOMATON_INPUTS_MAX], n_inputs; // those that are numbers
    int *digits;                                // [n_numbers] of the column at hand, and choices
    int from;
    int capacity;
} Builder;

static const Branch *branch_of(const Automaton *automaton, int state)
{
    return &automaton->branches.branch[automaton->branch[state]];
}

bool automaton_can_end(const Automaton *automaton, int state)
{
    return automaton->entered[state] &&
           branches_confirmed(automaton->spec, &automaton->branches, automaton->branch[state],
                              automaton->state[state]);
}

SpecEnv automaton_environment(const Automaton *automaton, int state)
{
    const Branch *branch = branch_of(automaton, state);
    return (SpecEnv){.spec = automaton->spec,
                     .states = automaton->state[state],
                     .last = branch->last,
                     .column_digits = branch->choices};
}

// --- one column ---

static SpecEnv environment(const Builder *b)
{
    SpecEnv env = automaton_environment(&b->automaton, b->from);
    env.column_digits = b->digits;
    return env;
}

static uint8_t *copy_digits(const Builder *b)
{
    uint8_t *digits = ARENA_NEW(b->arena, uint8_t, (size_t)b->spec->n_numbers);
    for (int k = 0; k < b->spec->n_numbers; k++)
        digits[k] = (uint8_t)b->digits[k];
    return digits;
}

static bool fault(Builder *b, const char *what, long long value)
{
    b->automaton.fault = arena_printf(
        b->arena, "%s give %s = %lld, which is out of range",
        automaton_show_before(b->arena, &b->automaton, b->from, copy_digits(b)), what, value);
    return false;
}

// The value of a rule in low..high, else the automaton has a fault.
static bool evaluate(Builder *b, const Expr *rule, const char *what, long long low, long long high,
                     long long *ret_value)
{
    SpecEnv env = environment(b);
    long long value;
    if (!spec_eval_small(rule, &env, &value)) {
        b->automaton.fault = arena_printf(b->arena, "the rule for %s overflows", what);
        return false;
    }
    if (value < low || value > high)
        return fault(b, what, value);
    *ret_value = value;
    return true;
}

static bool is_assumed(const Builder *b)
{
    SpecEnv env = environment(b);
    long long holds;
    for (int k = 0; k < b->spec->n_assumes; k++)
        if (b->family->for_all[k] &&
            (!spec_eval_small(b->spec->assumes[k], &env, &holds) || !holds))
            return false;
    return true;
}

// -1 when there is no room.
static int find_state(Builder *b, int branch, const long long *values)
{
    Automaton *automaton = &b->automaton;
    size_t bytes = sizeof *values * (size_t)b->spec->scan.n_states;
    for (int k = 0; k < automaton->n_states; k++)
        if (automaton->branch[k] == branch && memcmp(automaton->state[k], values, bytes) == 0)
            return k;
    if (automaton->n_states == AUTOMATON_STATES_MAX) {
        automaton->obstacle = "the states take more than 256 combinations of values";
        return -1;
    }
    long long *copy = ARENA_NEW(b->arena, long long, (size_t)b->spec->scan.n_states);
    memcpy(copy, values, bytes);
    automaton->state[automaton->n_states] = copy;
    automaton->branch[automaton->n_states] = branch;
    return automaton->n_states++;
}

static void add_transition(Builder *b, int to)
{
    Automaton *automaton = &b->automaton;
    automaton->entered[to] = true;
    if (b->states_only)
        return;
    if (automaton->n_transitions == b->capacity) {
        b->capacity = 2 * b->capacity + 256;
        Transition *more = ARENA_NEW(b->arena, Transition, (size_t)b->capacity);
        if (automaton->n_transitions > 0)
            memcpy(more, automaton->transition, sizeof *more * (size_t)automaton->n_transitions);
        automaton->transition = more;
    }
    automaton->transition[automaton->n_transitions++] = (Transition){b->from, to, copy_digits(b)};
}

static bool make_digits(Builder *b)
{
    const SpecScan *scan = &b->spec->scan;
    for (int k = 0; k < scan->n_digits; k++) {
        const SpecDigit *rule = &scan->digits[k];
        long long digit;
        if (!evaluate(b, rule->rule, b->spec->numbers[rule->number].name, 0, SPEC_BASE - 1, &digit))
            return false;
        b->digits[rule->number] = (int)digit;
    }
    return true;
}

// False when the automaton cannot go on.
static bool step(Builder *b)
{
    const SpecScan *scan = &b->spec->scan;
    long long *values = ARENA_NEW(b->arena, long long, (size_t)scan->n_states);
    if (!is_assumed(b))
        return true;
    if (!b->states_only && !make_digits(b))
        return false;
    for (int k = 0; k < scan->n_states; k++) {
        const SpecState *s = &scan->states[k];
        if (!evaluate(b, s->next, s->name, s->low, s->high, &values[k]))
            return false;
    }
    int to = find_state(b, b->automaton.branch[b->from], values);
    if (to >= 0)
        add_transition(b, to);
    return to >= 0;
}

// --- the whole ---

static bool steps_from(Builder *b)
{
    int symbols = 1;
    const Branch *branch = branch_of(&b->automaton, b->from);
    for (int m = 0; m < b->n_inputs; m++)
        symbols *= SPEC_BASE;
    memcpy(b->digits, branch->choices, sizeof *b->digits * (size_t)b->spec->n_numbers);
    for (int symbol = 0; symbol < symbols; symbol++) {
        for (int m = b->n_inputs - 1, rest = symbol; m >= 0; m--, rest /= SPEC_BASE)
            b->digits[b->inputs[m]] = rest % SPEC_BASE;
        if (!step(b))
            return false;
    }
    return true;
}

static bool finals_of(Builder *b)
{
    const SpecScan *scan = &b->spec->scan;
    SpecEnv env = automaton_environment(&b->automaton, b->from);
    long long digit;
    for (int k = 0; k < scan->n_finals; k++) {
        const SpecDigit *rule = &scan->finals[k];
        const SpecNumber *number = &b->spec->numbers[rule->number];
        if (!spec_eval_small(rule->rule, &env, &digit) || digit < 0 ||
            digit >= spec_digit_values(number)) {
            b->automaton.fault =
                arena_printf(b->arena, "after the scan, with %s, a digit of %s is out of range",
                             automaton_show_end(b->arena, &b->automaton, b->from), number->name);
            return false;
        }
    }
    return true;
}

static bool find_inputs(Builder *b)
{
    for (int k = 0; k < b->spec->n_numbers; k++) {
        if (b->spec->numbers[k].answer || spec_is_choice(&b->spec->numbers[k]))
            continue;
        if (b->n_inputs == AUTOMATON_INPUTS_MAX) {
            b->automaton.obstacle = "there are more than three inputs";
            return false;
        }
        b->inputs[b->n_inputs++] = k;
    }
    return true;
}

static bool begin(Builder *b)
{
    const SpecScan *scan = &b->spec->scan;
    long long *initial = ARENA_NEW(b->arena, long long, (size_t)scan->n_states);
    for (int k = 0; k < scan->n_states; k++)
        initial[k] = scan->states[k].initial;
    for (int branch = 0; branch < b->automaton.branches.count; branch++)
        if (find_state(b, branch, initial) < 0)
            return false;
    return true;
}

static void build(Builder *b)
{
    if (!begin(b))
        return;
    for (b->from = 0; b->from < b->automaton.n_states; b->from++)
        if (!steps_from(b))
            return;
    for (b->from = 0; b->from < b->automaton.n_states; b->from++)
        if (b->automaton.entered[b->from] && !finals_of(b))
            return;
}

static Automaton explore(Arena *arena, const Spec *spec, const Family *family, Branches branches,
                         bool states_only, bool guesses)
{
    Builder builder = {.arena = arena, .spec = spec, .family = family, .states_only = states_only};
    builder.automaton = (Automaton){.spec = spec, .branches = branches, .guesses = guesses};
    builder.automaton.state = ARENA_NEW(arena, long long *, AUTOMATON_STATES_MAX);
    builder.automaton.branch = ARENA_NEW(arena, int, AUTOMATON_STATES_MAX);
    builder.automaton.entered = ARENA_NEW(arena, bool, AUTOMATON_STATES_MAX);
    builder.digits = ARENA_NEW(arena, int, (size_t)spec->n_numbers);
    if (find_inputs(&builder))
        build(&builder);
    return builder.automaton;
}

// The ends that the automaton finds possible, as branches.
static Branches guess(Arena *arena, const Spec *spec, const Automaton *automaton)
{
    Branches branches = branches_none(arena, spec, AUTOMATON_STATES_MAX);
    for (int q = 0; q < automaton->n_states; q++)
        if (automaton->entered[q])
            branches_add(arena, spec, &branches, branch_of(automaton, q)->choices,
                         automaton->state[q]);
    return branches;
}

Automaton automaton_of(Arena *arena, const Spec *spec, const Family *family)
{
    Branches branches = branches_none(arena, spec, AUTOMATON_STATES_MAX + 1);
    bool guesses = branches_need_guesses(spec, &branches);
    branches_add_choices(arena, spec, &branches);
    Automaton automaton = explore(arena, spec, family, branches, guesses, false);
    if (!guesses || automaton.fault || automaton.obstacle)
        return automaton;
    return explore(arena, spec, family, guess(arena, spec, &automaton), false, true);
}
