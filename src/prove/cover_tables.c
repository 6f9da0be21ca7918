#include "cover_tables.h"

#include <string.h>

#include "smtlib.h"

typedef struct Writer {
    Arena *arena;
    const Task *task;
    const Spec *spec;
    Text *out;
} Writer;

static bool admitted(const Task *task, int column, int symbol)
{
    return task->allowed[column * task->symbols + symbol] != 0;
}

static bool admitted_somewhere(const Task *task, int symbol)
{
    for (int column = 0; column < task->columns; column++)
        if (admitted(task, column, symbol))
            return true;
    return false;
}

// --- the solver's part ---

static void add_admits(Writer *w, int column)
{
    const char *name = arena_printf(w->arena, "assume.%d", column);
    text_add(w->out, "(assert (or false false");
    for (int symbol = 0; symbol < w->task->symbols; symbol++) {
        text_add(w->out, " ");
        cover_add_call(w->out, w->task, name, -1, symbol);
    }
    text_add(w->out, "))\n");
}

static void add_admitted(Writer *w, int column)
{
    const char *name = arena_printf(w->arena, "assume.%d", column);
    for (int symbol = 0; symbol < w->task->symbols; symbol++) {
        text_add(w->out, "\n  (= %s ", admitted(w->task, column, symbol) ? "true" : "false");
        cover_add_call(w->out, w->task, name, -1, symbol);
        text_add(w->out, ")");
    }
}

static void add_next(Writer *w, int state, int symbol)
{
    int next = w->task->next[state * w->task->symbols + symbol];
    for (int k = 0; k < w->spec->scan.n_states; k++) {
        const char *name = arena_printf(w->arena, "next.%s", w->spec->scan.states[k].name);
        text_add(w->out, "\n  (= ");
        cover_add_call(w->out, w->task, name, state, symbol);
        text_add(w->out, " ");
        smtlib_add_long(w->out, task_state_value(w->task, next, k));
        text_add(w->out, ")");
    }
}

// The token at a position of the answer; symbol -1: after the scan.
static void add_token(Writer *w, int position, int state, int symbol)
{
    bool final;
    Place place = cover_place(w->spec, position);
    if (place.number < 0)
        return;
    char *name = cover_rule_name(w->arena, w->spec, place.number, place.digit, &final);
    if (final != (symbol < 0))
        return;
    text_add(w->out, "\n  (= ");
    cover_add_call(w->out, w->task, name, state, symbol);
    text_add(
        w->out, " %d)",
        task_source_token(w->task, &w->task->source[position], state, symbol < 0 ? 0 : symbol));
}

static void add_state(Writer *w, int state)
{
    int first = w->task->prompt, end = first + w->task->answer;
    for (int symbol = 0; symbol < w->task->symbols; symbol++) {
        if (!admitted_somewhere(w->task, symbol))
            continue;
        add_next(w, state, symbol);
        for (int p = first; p < end; p++)
            add_token(w, p, state, symbol);
    }
    for (int p = first; p < end; p++)
        add_token(w, p, state, -1);
}

static void add_initial(Writer *w)
{
    for (int k = 0; k < w->spec->scan.n_states; k++) {
        text_add(w->out, "\n  (= ");
        smtlib_add_long(w->out, w->spec->scan.states[k].initial);
        text_add(w->out, " ");
        smtlib_add_long(w->out, task_state_value(w->task, __builtin_ctzll(w->task->starts), k));
        text_add(w->out, ")");
    }
}

void cover_write_tables(Draft *draft, Arena *arena, const Task *task)
{
    Writer w = {arena, task, task->spec, &draft->text};
    cover_define_rules(draft, task);
    for (int column = 0; column < task->columns; column++)
        add_admits(&w, column);
    text_add(w.out, "(check-sat)\n(push 1)\n(assert (not (and true true");
    for (int column = 0; column < task->columns; column++)
        add_admitted(&w, column);
    add_initial(&w);
    for (int state = 0; state < task->states; state++)
        if (task->reachable[state])
            add_state(&w, state);
    text_add(w.out, ")))\n(check-sat)\n(pop 1)\n");
}

// --- the rest ---

static bool closed(const Task *task)
{
    for (int state = 0; state < task->states; state++)
        for (int symbol = 0; symbol < task->symbols; symbol++) {
            int next = task->next[state * task->symbols + symbol];
            if (task->reachable[state] && admitted_somewhere(task, symbol) &&
                (next >= task->states || !task->reachable[next]))
                return false;
        }
    return true;
}

// Whether there is one start, and every state that is reached is accepted: the scan guesses nothing.
static bool guesses_nothing(const Task *task)
{
    bool accepted = true;
    for (int state = 0; state < task->states; state++)
        accepted = accepted && (!task->reachable[state] || task_has_state(task->accepts, state));
    return accepted && __builtin_popcountll(task->starts) == 1 &&
           task->reachable[__builtin_ctzll(task->starts)];
}

// Symbol s has the digits of s written with as many digits as there are inputs.
static bool all_combinations(const Task *task)
{
    int count = 1;
    for (int m = 0; m < task->inputs; m++)
        count *= SPEC_BASE;
    for (int symbol = 0; symbol < task->symbols; symbol++) {
        int value = 0;
        for (int m = 0; m < task->inputs; m++)
            value = value * SPEC_BASE + task_symbol_digit(task, symbol, m);
        if (value != symbol)
            return false;
    }
    return count == task->symbols;
}

// Tokens 0 to 9 are the digits.
static bool digits_first(const Task *task)
{
    for (int value = 0; value < SPEC_BASE; value++)
        if (task->alphabet[value][0] != '0' + value || task->alphabet[value][1] != '\0')
            return false;
    return true;
}

static bool input_is(const Task *task, const TokenSource *source, Place place)
{
    if (source->kind != TOKEN_INPUT || source->column != place.digit ||
        cover_input(task->spec, source->which) != place.number)
        return false;
    for (int symbol = 0; symbol < task->symbols; symbol++)
        if (source->table[symbol] != task_symbol_digit(task, symbol, source->which))
            return false;
    return true;
}

// Which table it is, the solver compares.
static bool answer_is(Arena *arena, const Task *task, const TokenSource *source, Place place)
{
    bool final;
    cover_rule_name(arena, task->spec, place.number, place.digit, &final);
    return final ? source->kind == TOKEN_FINAL
                 : source->kind == TOKEN_OUTPUT && source->column == place.digit;
}

static bool position_is(Arena *arena, const Task *task, int position)
{
    const TokenSource *source = &task->source[position];
    Place place = cover_place(task->spec, position);
    if (place.number < 0)
        return source->kind == TOKEN_FIXED &&
               strcmp(task->alphabet[source->token], place.token) == 0;
    return task->spec->numbers[place.number].answer ? answer_is(arena, task, source, place)
                                                    : input_is(task, source, place);
}

bool cover_tables_consistent(const Task *task)
{
    Arena *arena = arena_new();
    bool consistent = guesses_nothing(task) && closed(task) && all_combinations(task) && digits_first(task);
    for (int p = 0; consistent && p < task->prompt + task->answer; p++)
        consistent = position_is(arena, task, p);
    arena_free(arena);
    return consistent;
}
