#include "cover_tables.h"

#include <string.h>

#include "smtlib.h"

typedef struct Writer {
    Arena *arena;
    const Task *task;
    const Spec *spec;
    Text *out;
} Writer;

// `column` of digits.
static bool admitted(const Task *task, int column, int symbol)
{
    return task->allowed[(task->lead + column) * task->symbols + symbol] != 0;
}

static bool admitted_somewhere(const Task *task, int symbol)
{
    for (int column = 0; column < spec_columns(task->spec); column++)
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
        cover_add_call(w->out, w->task, COVER_ASSUME, name, (CoverPoint){.symbol = symbol});
    }
    text_add(w->out, "))\n");
}

static void add_admitted(Writer *w, int column)
{
    const char *name = arena_printf(w->arena, "assume.%d", column);
    for (int symbol = 0; symbol < w->task->symbols; symbol++) {
        text_add(w->out, "\n  (= %s ", admitted(w->task, column, symbol) ? "true" : "false");
        cover_add_call(w->out, w->task, COVER_ASSUME, name, (CoverPoint){.symbol = symbol});
        text_add(w->out, ")");
    }
}

static void add_next(Writer *w, int state, int symbol)
{
    int next = w->task->next[state * w->task->symbols + symbol];
    for (int k = 0; k < w->spec->scan.n_states; k++) {
        const char *name = arena_printf(w->arena, "next.%s", w->spec->scan.states[k].name);
        text_add(w->out, "\n  (= ");
        cover_add_call(w->out, w->task, COVER_NEXT, name, (CoverPoint){state, symbol, 0});
        text_add(w->out, " ");
        smtlib_add_long(w->out, task_state_value(w->task, next, k));
        text_add(w->out, ")");
    }
}

static void add_token(Writer *w, CoverRule kind, const char *name, int position, CoverPoint at)
{
    Place place = cover_place(w->spec, position);
    int token = task_source_token(w->task, &w->task->source[position], at.state, at.symbol);
    text_add(w->out, "\n  (= ");
    cover_add_call(w->out, w->task, kind, name, at);
    text_add(w->out, " %d)", cover_token_value(w->task, place.number, token));
}

// The digit at a position that the scan makes, for all ends that the guess allows.
static void add_digit(Writer *w, const char *name, int position, int state, int symbol)
{
    int guess = task_state_guess(w->task, state);
    bool ahead = cover_looks_ahead(w->spec);
    for (int last = 0; last < (ahead ? w->task->scans : 1); last++)
        if (w->task->guess[last] == guess)
            add_token(w, COVER_DIGIT, name, position, (CoverPoint){state, symbol, last});
}

// Whether a position before this one has the same rule and the same table.
static bool seen_before(const Task *task, int position)
{
    const TokenSource *source = &task->source[position];
    size_t size = (size_t)task->states * (source->kind == TOKEN_OUTPUT ? (size_t)task->symbols : 1);
    for (int p = task->prompt; p < position; p++)
        if (task->source[p].kind == source->kind && task->source[p].which == source->which &&
            memcmp(task->source[p].table, source->table, size) == 0)
            return true;
    return false;
}

// The token at a position of the answer; symbol -1: after the scan.
static void add_position(Writer *w, int position, int state, int symbol)
{
    bool final;
    Place place = cover_place(w->spec, position);
    if (place.number < 0)
        return;
    char *name = cover_rule_name(w->arena, w->spec, place.number, place.digit, &final);
    if (final != (symbol < 0) || seen_before(w->task, position))
        return;
    if (final)
        add_token(w, COVER_FINALLY, name, position, (CoverPoint){state, 0, 0});
    else
        add_digit(w, name, position, state, symbol);
}

static void add_state(Writer *w, int state)
{
    int first = w->task->prompt, end = first + w->task->answer;
    for (int symbol = 0; symbol < w->task->symbols; symbol++) {
        if (!admitted_somewhere(w->task, symbol))
            continue;
        add_next(w, state, symbol);
        for (int p = first; p < end; p++)
            add_position(w, p, state, symbol);
    }
    for (int p = first; p < end; p++)
        add_position(w, p, state, -1);
}

static void add_initial(Writer *w)
{
    for (int k = 0; k < w->spec->scan.n_states; k++) {
        text_add(w->out, "\n  (= ");
        smtlib_add_long(w->out, w->spec->scan.states[k].initial);
        text_add(w->out, " ");
        smtlib_add_long(w->out, task_scan_value(w->task, w->task->initial, k));
        text_add(w->out, ")");
    }
}

void cover_write_tables(Draft *draft, Arena *arena, const Task *task)
{
    Writer w = {arena, task, task->spec, &draft->text};
    int columns = spec_columns(task->spec);
    cover_define_rules(draft, task);
    for (int column = 0; column < columns; column++)
        add_admits(&w, column);
    text_add(w.out, "(check-sat)\n(push 1)\n(assert (not (and true true");
    for (int column = 0; column < columns; column++)
        add_admitted(&w, column);
    add_initial(&w);
    for (int state = 0; state < task->states; state++)
        if (task->reachable[state] && !task_is_lead(task, state))
            add_state(&w, state);
    text_add(w.out, ")))\n(check-sat)\n(pop 1)\n");
}

// --- the rest ---

// Where an edge may lead: the digits change the declared states alone, the lead settles the option.
static bool follows(const Task *task, int state, int symbol, int next)
{
    if (next >= task->states || !task->reachable[next] || task_is_lead(task, next) ||
        task_state_guess(task, next) != task_state_guess(task, state))
        return false;
    return task_is_lead(task, state)
               ? task_state_option(task, next) == symbol &&
                     task_state_scan(task, next) == task->initial
               : task_state_option(task, next) == task_state_option(task, state);
}

static bool has_edge(const Task *task, int state, int symbol)
{
    return task_is_lead(task, state) ? symbol < task->options : admitted_somewhere(task, symbol);
}

static bool closed(const Task *task)
{
    for (int state = 0; state < task->states; state++)
        for (int symbol = 0; symbol < task->symbols; symbol++)
            if (task->reachable[state] && has_edge(task, state, symbol) &&
                !follows(task, state, symbol, task->next[state * task->symbols + symbol]))
                return false;
    return true;
}

// One start for each guess, and accepted is what confirms it.
static bool ends_match(const Task *task)
{
    for (int state = 0; state < task->states; state++) {
        bool lead = task_is_lead(task, state);
        bool first = lead || (!task->lead && task_state_scan(task, state) == task->initial);
        bool confirmed =
            !lead && task->guess[task_state_scan(task, state)] == task_state_guess(task, state);
        if (task_has_state(task->starts, state) != first ||
            task_has_state(task->accepts, state) != confirmed || (first && !task->reachable[state]))
            return false;
    }
    return true;
}

// The symbols of the lead are the options, and these all combinations of places in the lists.
static bool all_options(const Task *task)
{
    for (int symbol = 0; task->lead && symbol < task->symbols; symbol++)
        if (task->allowed[symbol] != (symbol < task->options))
            return false;
    int count = 1;
    for (int m = 0; m < task->choices; m++)
        count *= task->spec->numbers[task->choice[m]].n_choices;
    for (int option = 0; option < task->options; option++) {
        int value = 0;
        for (int m = 0; m < task->choices; m++)
            value = value * task->spec->numbers[task->choice[m]].n_choices +
                    task_option_choice(task, option, m);
        if (value != option)
            return false;
    }
    return count == task->options && task->lead == (task->choices > 0);
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

static bool choice_is(const Task *task, const TokenSource *source, Place place)
{
    int which = source->which - task->inputs;
    if (source->kind != TOKEN_INPUT || source->column != 0 || which < 0 || which >= task->choices ||
        task->choice[which] != place.number)
        return false;
    for (int option = 0; option < task->options; option++)
        if (cover_token_value(task, place.number, source->table[option]) !=
            task_option_choice(task, option, which))
            return false;
    return true;
}

static bool input_is(const Task *task, const TokenSource *source, Place place)
{
    if (spec_is_choice(&task->spec->numbers[place.number]))
        return choice_is(task, source, place);
    if (source->kind != TOKEN_INPUT || source->column != task->lead + place.digit ||
        source->which >= task->inputs || cover_input(task->spec, source->which) != place.number)
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
                 : source->kind == TOKEN_OUTPUT && source->column == task->lead + place.digit;
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
    bool consistent = ends_match(task) && closed(task) && all_options(task) &&
                      all_combinations(task) && digits_first(task);
    for (int p = 0; consistent && p < task->prompt + task->answer; p++)
        consistent = position_is(arena, task, p);
    arena_free(arena);
    return consistent;
}
