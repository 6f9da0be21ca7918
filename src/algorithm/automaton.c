#include "automaton.h"

#include <string.h>

#include "eval.h"

typedef struct Builder {
    Arena *arena;
    const Spec *spec;
    const Family *family;
    Automaton automaton;
    int inputs[AUTOMATON_INPUTS_MAX], n_inputs;
    int *digits; // [n_numbers] of the column at hand
    int from;
    int capacity;
} Builder;

// --- words ---

static void add_states(Text *text, const Spec *spec, const long long *values)
{
    for (int k = 0; k < spec->scan.n_states; k++)
        text_add(text, "%s%s = %lld", k > 0 ? ", " : "", spec->scan.states[k].name, values[k]);
}

static void add_digits(Text *text, const Spec *spec, const uint8_t *digits, const bool *shown)
{
    const char *comma = "";
    for (int k = 0; k < spec->n_numbers; k++)
        if (shown[k]) {
            text_add(text, "%s%s = %d", comma, spec->numbers[k].name, digits[k]);
            comma = ", ";
        }
}

static char *keep(Arena *arena, Text *text)
{
    char *copy = arena_strdup(arena, text_chars(text));
    text_free(text);
    return copy;
}

char *automaton_show_state(Arena *arena, const Automaton *automaton, int state)
{
    Text text = {0};
    if (automaton->spec->scan.n_states == 0)
        return arena_strdup(arena, "no state");
    add_states(&text, automaton->spec, automaton->state[state]);
    return keep(arena, &text);
}

// Which digits of a column go in, and which come out.
static bool *numbers_shown(Arena *arena, const Spec *spec, bool answers)
{
    bool *shown = ARENA_NEW(arena, bool, (size_t)spec->n_numbers);
    for (int k = 0; k < spec->n_numbers; k++)
        shown[k] = !answers && !spec->numbers[k].answer;
    for (int k = 0; answers && k < spec->scan.n_digits; k++)
        shown[spec->scan.digits[k].number] = true;
    return shown;
}

static void add_before(Text *text, Arena *arena, const Automaton *automaton, int from,
                       const uint8_t *digits)
{
    const Spec *spec = automaton->spec;
    add_digits(text, spec, digits, numbers_shown(arena, spec, false));
    if (spec->scan.n_states > 0)
        text_add(text, " with ");
    add_states(text, spec, automaton->state[from]);
}

char *automaton_show_transition(Arena *arena, const Automaton *automaton, const Transition *t)
{
    Text text = {0};
    const Spec *spec = automaton->spec;
    add_before(&text, arena, automaton, t->from, t->digits);
    text_add(&text, " give ");
    add_digits(&text, spec, t->digits, numbers_shown(arena, spec, true));
    if (spec->scan.n_digits > 0 && spec->scan.n_states > 0)
        text_add(&text, ", ");
    add_states(&text, spec, automaton->state[t->to]);
    return keep(arena, &text);
}

// --- building ---

static SpecEnv environment(const Builder *b)
{
    return (SpecEnv){
        .spec = b->spec, .states = b->automaton.state[b->from], .column_digits = b->digits};
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
    Text text = {0};
    add_before(&text, b->arena, &b->automaton, b->from, copy_digits(b));
    text_add(&text, " give %s = %lld, which is out of range", what, value);
    b->automaton.fault = keep(b->arena, &text);
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

static int find_state(Builder *b, const long long *values)
{
    Automaton *automaton = &b->automaton;
    size_t bytes = sizeof *values * (size_t)b->spec->scan.n_states;
    for (int k = 0; k < automaton->n_states; k++)
        if (bytes == 0 || memcmp(automaton->state[k], values, bytes) == 0)
            return k;
    if (automaton->n_states == AUTOMATON_STATES_MAX) {
        automaton->obstacle = "the states take more than 64 combinations of values";
        return -1;
    }
    automaton->state[automaton->n_states] =
        ARENA_NEW(b->arena, long long, (size_t)b->spec->scan.n_states);
    if (bytes > 0)
        memcpy(automaton->state[automaton->n_states], values, bytes);
    return automaton->n_states++;
}

static void add_transition(Builder *b, int to)
{
    Automaton *automaton = &b->automaton;
    if (automaton->n_transitions == b->capacity) {
        b->capacity = 2 * b->capacity + 256;
        Transition *more = ARENA_NEW(b->arena, Transition, (size_t)b->capacity);
        if (automaton->n_transitions > 0)
            memcpy(more, automaton->transition, sizeof *more * (size_t)automaton->n_transitions);
        automaton->transition = more;
    }
    automaton->transition[automaton->n_transitions++] = (Transition){b->from, to, copy_digits(b)};
    automaton->entered[to] = true;
}

// False when the automaton cannot go on.
static bool step(Builder *b)
{
    const SpecScan *scan = &b->spec->scan;
    long long *values = ARENA_NEW(b->arena, long long, (size_t)scan->n_states);
    if (!is_assumed(b))
        return true;
    for (int k = 0; k < scan->n_digits; k++) {
        const SpecDigit *rule = &scan->digits[k];
        long long digit;
        if (!evaluate(b, rule->rule, b->spec->numbers[rule->number].name, 0, SPEC_BASE - 1, &digit))
            return false;
        b->digits[rule->number] = (int)digit;
    }
    for (int k = 0; k < scan->n_states; k++) {
        const SpecState *s = &scan->states[k];
        if (!evaluate(b, s->next, s->name, s->low, s->high, &values[k]))
            return false;
    }
    int to = find_state(b, values);
    if (to >= 0)
        add_transition(b, to);
    return to >= 0;
}

static bool steps_from(Builder *b)
{
    int symbols = 1;
    for (int m = 0; m < b->n_inputs; m++)
        symbols *= SPEC_BASE;
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
    long long digit;
    for (int k = 0; k < scan->n_finals; k++) {
        const SpecDigit *rule = &scan->finals[k];
        SpecEnv env = environment(b);
        if (!spec_eval_small(rule->rule, &env, &digit) || digit < 0 || digit >= SPEC_BASE) {
            b->automaton.fault =
                arena_printf(b->arena, "after the scan, with %s, a digit of %s is out of range",
                             automaton_show_state(b->arena, &b->automaton, b->from),
                             b->spec->numbers[rule->number].name);
            return false;
        }
    }
    return true;
}

static bool find_inputs(Builder *b)
{
    for (int k = 0; k < b->spec->n_numbers; k++) {
        if (b->spec->numbers[k].answer)
            continue;
        if (b->n_inputs == AUTOMATON_INPUTS_MAX) {
            b->automaton.obstacle = "there are more than three inputs";
            return false;
        }
        b->inputs[b->n_inputs++] = k;
    }
    return true;
}

static void build(Builder *b)
{
    const SpecScan *scan = &b->spec->scan;
    long long *initial = ARENA_NEW(b->arena, long long, (size_t)scan->n_states);
    for (int k = 0; k < scan->n_states; k++)
        initial[k] = scan->states[k].initial;
    find_state(b, initial);
    for (b->from = 0; b->from < b->automaton.n_states; b->from++)
        if (!steps_from(b))
            return;
    for (b->from = 0; b->from < b->automaton.n_states; b->from++)
        if (b->automaton.entered[b->from] && !finals_of(b))
            return;
}

Automaton automaton_of(Arena *arena, const Spec *spec, const Family *family)
{
    Builder builder = {.arena = arena, .spec = spec, .family = family};
    builder.automaton.spec = spec;
    builder.automaton.state = ARENA_NEW(arena, long long *, AUTOMATON_STATES_MAX);
    builder.automaton.entered = ARENA_NEW(arena, bool, AUTOMATON_STATES_MAX);
    builder.digits = ARENA_NEW(arena, int, (size_t)spec->n_numbers);
    if (find_inputs(&builder))
        build(&builder);
    return builder.automaton;
}
