#include "cover_script.h"

#include <string.h>

#include "smtlib.h"

typedef struct Writer {
    Arena *arena;
    const CoverSource *source;
    const Task *task;
    const Spec *spec;
    int columns;      // of digits
    bool fixed_parts; // state.COLUMN takes the option and the guess, too
    Text *out;
    Text ranges; // terms: a state, and a digit of the answer, is one of its values
} Writer;

// --- atoms ---

static void add_digit_atom(Text *out, const Spec *spec, int number, int digit, int value)
{
    text_add(out, "%s.%d=%d", spec->numbers[number].name, digit, value);
}

// `column` of digits, as everywhere below.
static void add_state_atom(Text *out, const Task *task, int state, int column)
{
    const Spec *spec = task->spec;
    text_add(out, "|");
    for (int k = 0; k < spec->scan.n_states; k++)
        text_add(out, "%s%s=%lld", k > 0 ? " " : "", spec->scan.states[k].name,
                 task_state_value(task, state, k));
    for (int m = 0; m < task->choices; m++)
        text_add(out, " %s=%d", spec->numbers[task->choice[m]].name,
                 task_option_choice(task, task_state_option(task, state), m));
    if (task->guesses > 1)
        text_add(out, " guess=%d", task_state_guess(task, state));
    text_add(out, " before %d|", column);
}

static bool has_atom(const Task *task, int state)
{
    return task->reachable[state] && !task_is_lead(task, state);
}

static void add_move_atom(Text *out, int move, int column)
{
    text_add(out, "|column %d in class %d|", column, move);
}

static void add_token_atom(Text *out, const Task *task, int position, int token)
{
    Place place = cover_place(task->spec, position);
    int value = place.number < 0 ? -1 : cover_token_value(task, place.number, token);
    if (place.number < 0)
        text_add(out, strcmp(place.token, task->alphabet[token]) == 0 ? "true" : "false");
    else if (value < 0)
        text_add(out, "false");
    else
        add_digit_atom(out, task->spec, place.number, place.digit, value);
}

// What never occurs has no atom.
static void add_label_atom(Text *out, const Task *task, const Split *split, int label)
{
    int most = split->kind == SPLIT_TOKEN   ? task->n_alphabet
               : split->kind == SPLIT_STATE ? task->states
               : split->kind == SPLIT_MOVE  ? task->moves
                                            : SPEC_BASE;
    int column = split->column - task->lead;
    if (label >= most || (column < 0 && split->kind != SPLIT_TOKEN) ||
        (split->kind == SPLIT_STATE && !has_atom(task, label)))
        text_add(out, "false");
    else if (split->kind == SPLIT_TOKEN)
        add_token_atom(out, task, split->which, label);
    else if (split->kind == SPLIT_STATE)
        add_state_atom(out, task, label, column);
    else if (split->kind == SPLIT_MOVE)
        add_move_atom(out, label, column);
    else
        add_digit_atom(out, task->spec, cover_input(task->spec, split->which), column, label);
}

static void add_condition(Text *out, const Task *task, const Condition *condition)
{
    int count = 0;
    for (int label = 0; label < SPLIT_LABELS_MAX; label++)
        count += condition_has(condition, label);
    text_add(out, count > 1 ? "(or" : count == 0 ? "false" : "");
    for (int label = 0; label < SPLIT_LABELS_MAX; label++)
        if (condition_has(condition, label)) {
            text_add(out, count > 1 ? " " : "");
            add_label_atom(out, task, &condition->split, label);
        }
    text_add(out, count > 1 ? ")" : "");
}

// --- groups of atoms: the values of one thing ---

typedef struct Group {
    char *atom[TASK_STATES_MAX];
    int count;
} Group;

static void group_add(Writer *w, Group *group, Text *atom)
{
    group->atom[group->count++] = arena_strdup(w->arena, text_chars(atom));
    text_free(atom);
}

static Group digit_group(Writer *w, int number, int digit)
{
    Group group = {0};
    for (int value = 0; value < spec_digit_values(&w->spec->numbers[number]); value++) {
        Text atom = {0};
        add_digit_atom(&atom, w->spec, number, digit, value);
        group_add(w, &group, &atom);
    }
    return group;
}

static Group state_group(Writer *w, int column)
{
    Group group = {0};
    for (int q = 0; q < w->task->states; q++)
        if (has_atom(w->task, q)) {
            Text atom = {0};
            add_state_atom(&atom, w->task, q, column);
            group_add(w, &group, &atom);
        }
    return group;
}

static void add_some(Text *out, const Group *group)
{
    text_add(out, "(or false");
    for (int i = 0; i < group->count; i++)
        text_add(out, " %s", group->atom[i]);
    text_add(out, ")");
}

static void add_range(Writer *w, const Group *group)
{
    text_add(&w->ranges, "\n  ");
    add_some(&w->ranges, group);
}

static void declare(Writer *w, const Group *group)
{
    for (int i = 0; i < group->count; i++)
        text_add(w->out, "(declare-const %s Bool)\n", group->atom[i]);
    for (int i = 0; i < group->count; i++)
        for (int k = i + 1; k < group->count; k++)
            text_add(w->out, "(assert (not (and %s %s)))\n", group->atom[i], group->atom[k]);
}

// --- what is declared ---

static void declare_input(Writer *w, int number, int digit)
{
    Group group = digit_group(w, number, digit);
    declare(w, &group);
    text_add(w->out, "(assert ");
    add_some(w->out, &group);
    text_add(w->out, ")\n");
}

// A digit of the answer, and the function that says of a value that it is this digit's.
static void declare_answer(Writer *w, int number, int digit)
{
    Group group = digit_group(w, number, digit);
    declare(w, &group);
    add_range(w, &group);
    text_add(w->out, "(define-fun is.%s.%d ((x.i Int)) Bool (and true",
             w->spec->numbers[number].name, digit);
    for (int value = 0; value < group.count; value++)
        text_add(w->out, " (=> (= x.i %d) %s)", value, group.atom[value]);
    text_add(w->out, "))\n");
}

// The state before a column, and the function that says of values that they are this state's.
static void declare_state(Writer *w, int column)
{
    const SpecScan *scan = &w->spec->scan;
    Group group = state_group(w, column);
    declare(w, &group);
    add_range(w, &group);
    text_add(w->out, "(define-fun state.%d (", column);
    for (int k = 0; k < scan->n_states; k++)
        text_add(w->out, "%s(%s.i Int)", k > 0 ? " " : "", scan->states[k].name);
    if (w->fixed_parts)
        text_add(w->out, " (option.i Int) (guess.i Int)");
    text_add(w->out, ") Bool (and true");
    for (int q = 0, i = 0; q < w->task->states; q++) {
        if (!has_atom(w->task, q))
            continue;
        text_add(w->out, " (=> (and true true");
        for (int k = 0; k < scan->n_states; k++) {
            text_add(w->out, " (= %s.i ", scan->states[k].name);
            smtlib_add_long(w->out, task_state_value(w->task, q, k));
            text_add(w->out, ")");
        }
        if (w->fixed_parts)
            text_add(w->out, " (= option.i %d) (= guess.i %d)", task_state_option(w->task, q),
                     task_state_guess(w->task, q));
        text_add(w->out, ") %s)", group.atom[i++]);
    }
    text_add(w->out, "))\n");
}

static void declare_answers(Writer *w)
{
    for (int k = 0; k < w->spec->n_numbers; k++)
        for (int digit = 0; w->spec->numbers[k].answer && digit < w->spec->numbers[k].digits;
             digit++)
            declare_answer(w, k, digit);
}

static void declare_all(Writer *w)
{
    for (int m = 0; m < w->task->choices; m++)
        declare_input(w, w->task->choice[m], 0);
    for (int column = 0; column < w->columns; column++)
        for (int m = 0; m < w->task->inputs; m++)
            declare_input(w, cover_input(w->spec, m), column);
    for (int column = 0; column <= w->columns; column++)
        declare_state(w, column);
    declare_answers(w);
}

// --- the scan ---

static void add_symbol(Writer *w, int column, int symbol)
{
    for (int m = 0; m < w->task->inputs; m++) {
        text_add(w->out, " ");
        add_digit_atom(w->out, w->spec, cover_input(w->spec, m), column,
                       task_symbol_digit(w->task, symbol, m));
    }
}

// What no column changes.
static void add_fixed_parts(Writer *w, int option, int guess)
{
    if (w->fixed_parts)
        text_add(w->out, " %d %d", option, guess);
}

// state.COLUMN of what the `next` rules give.
static void add_state_after(Writer *w, int column, int state, int symbol)
{
    const SpecScan *scan = &w->spec->scan;
    text_add(w->out, "(state.%d", column);
    for (int k = 0; k < scan->n_states; k++) {
        text_add(w->out, " ");
        cover_add_call(w->out, w->task, COVER_NEXT,
                       arena_printf(w->arena, "next.%s", scan->states[k].name),
                       (CoverPoint){state, symbol, 0});
    }
    add_fixed_parts(w, task_state_option(w->task, state), task_state_guess(w->task, state));
    text_add(w->out, ")");
}

// state.0 of the initial values.
static void add_first_state(Writer *w, int option, int guess)
{
    const SpecScan *scan = &w->spec->scan;
    text_add(w->out, "(state.0");
    for (int k = 0; k < scan->n_states; k++) {
        text_add(w->out, " ");
        smtlib_add_long(w->out, scan->states[k].initial);
    }
    add_fixed_parts(w, option, guess);
    text_add(w->out, ")");
}

// With each option the state before the first column of digits is the initial one, with some guess.
static void add_beginning(Writer *w)
{
    for (int option = 0; option < w->task->options; option++) {
        text_add(w->out, "(assert ");
        if (w->task->lead) {
            text_add(w->out, "(=> (and true");
            for (int m = 0; m < w->task->choices; m++) {
                text_add(w->out, " ");
                add_digit_atom(w->out, w->spec, w->task->choice[m], 0,
                               task_option_choice(w->task, option, m));
            }
            text_add(w->out, ") ");
        }
        text_add(w->out, w->task->guesses > 1 ? "(or" : "");
        for (int guess = 0; guess < w->task->guesses; guess++) {
            text_add(w->out, w->task->guesses > 1 ? " " : "");
            add_first_state(w, option, guess);
        }
        text_add(w->out, "%s%s)\n", w->task->guesses > 1 ? ")" : "", w->task->lead ? ")" : "");
    }
}

static void add_edge(Writer *w, int column, int state, int symbol)
{
    const SpecScan *scan = &w->spec->scan;
    text_add(w->out, "(assert (=> (and ");
    add_state_atom(w->out, w->task, state, column);
    add_symbol(w, column, symbol);
    text_add(w->out, ") (and true ");
    add_state_after(w, column + 1, state, symbol);
    for (int k = 0; k < scan->n_digits; k++) {
        const char *name = w->spec->numbers[scan->digits[k].number].name;
        text_add(w->out, " (is.%s.%d ", name, column);
        cover_add_call(w->out, w->task, COVER_DIGIT, arena_printf(w->arena, "digit.%s", name),
                       (CoverPoint){state, symbol,
                                    task_guess_member(w->task, task_state_guess(w->task, state))});
        text_add(w->out, ")");
    }
    text_add(w->out, ")))\n");
}

static void add_assumption(Writer *w, int column, int symbol)
{
    text_add(w->out, "(assert (=> (and true");
    add_symbol(w, column, symbol);
    text_add(w->out, ") ");
    cover_add_call(w->out, w->task, COVER_ASSUME, arena_printf(w->arena, "assume.%d", column),
                   (CoverPoint){.symbol = symbol});
    text_add(w->out, "))\n");
}

static void add_column(Writer *w, int column)
{
    text_add(w->out, "; column %d\n", column);
    for (int symbol = 0; symbol < w->task->symbols; symbol++) {
        if (w->spec->n_assumes > 0)
            add_assumption(w, column, symbol);
        for (int state = 0; state < w->task->states; state++)
            if (has_atom(w->task, state))
                add_edge(w, column, state, symbol);
    }
}

static void add_finals(Writer *w, int state)
{
    const SpecScan *scan = &w->spec->scan;
    for (int k = 0; k < scan->n_finals; k++) {
        const char *name = w->spec->numbers[scan->finals[k].number].name;
        int digit = scan->finals[k].index;
        text_add(w->out, "(assert (=> ");
        add_state_atom(w->out, w->task, state, w->columns);
        text_add(w->out, " (is.%s.%d ", name, digit);
        cover_add_call(w->out, w->task, COVER_FINALLY,
                       arena_printf(w->arena, "finally.%s.%d", name, digit),
                       (CoverPoint){.state = state});
        text_add(w->out, ")))\n");
    }
}

// A guess that does not come true is none that an input has.
static void add_wrong_guess(Writer *w, int state)
{
    text_add(w->out, "(assert (not ");
    add_state_atom(w->out, w->task, state, w->columns);
    text_add(w->out, "))\n");
}

static void add_end(Writer *w)
{
    for (int state = 0; state < w->task->states; state++)
        if (has_atom(w->task, state) && task_has_state(w->task->accepts, state))
            add_finals(w, state);
        else if (has_atom(w->task, state))
            add_wrong_guess(w, state);
}

static void add_scan(Writer *w)
{
    add_beginning(w);
    for (int column = 0; column < w->columns; column++)
        add_column(w, column);
    text_add(w->out, "; after the last column\n");
    add_end(w);
}

// --- classes of symbols, where conditions name them ---

static void define_class(Writer *w, int column, int move)
{
    text_add(w->out, "(declare-const ");
    add_move_atom(w->out, move, column);
    text_add(w->out, " Bool)\n");
    for (int symbol = 0; symbol < w->task->symbols; symbol++) {
        bool member = w->task->move[symbol] == move;
        text_add(w->out, "(assert (=> (and true");
        add_symbol(w, column, symbol);
        text_add(w->out, member ? ") " : ") (not ");
        add_move_atom(w->out, move, column);
        text_add(w->out, member ? "))\n" : ")))\n");
    }
}

static void define_classes(Writer *w)
{
    LabelSet used[TASK_COLUMNS_MAX] = {0};
    for (int i = 0; i < w->source->n_cases; i++) {
        const Node *node = &w->source->cases[i].node;
        for (int k = 0; k < node->n_conditions; k++) {
            const Condition *c = &node->condition[k];
            for (int label = 0; c->split.kind == SPLIT_MOVE && label < w->task->moves; label++)
                if (condition_has(c, label) && c->split.column >= w->task->lead)
                    label_set_add(&used[c->split.column - w->task->lead], label);
        }
    }
    for (int column = 0; column < w->columns; column++)
        for (int move = 0; move < w->task->moves; move++)
            if (label_set_has(&used[column], move))
                define_class(w, column, move);
}

// --- questions ---

static void begin_question(Writer *w, const char *what)
{
    text_add(w->out, "; %s\n(push 1)\n", what);
}

static void add_values(Writer *w, int number, int digit)
{
    for (int value = 0; value < spec_digit_values(&w->spec->numbers[number]); value++) {
        text_add(w->out, " ");
        add_digit_atom(w->out, w->spec, number, digit, value);
    }
}

static void check(Writer *w, bool values)
{
    text_add(w->out, "(check-sat)\n");
    if (!values)
        return;
    text_add(w->out, "(get-value (");
    for (int m = 0; m < w->task->choices; m++)
        add_values(w, w->task->choice[m], 0);
    for (int column = 0; column < w->columns; column++)
        for (int m = 0; m < w->task->inputs; m++)
            add_values(w, cover_input(w->spec, m), column);
    text_add(w->out, "))\n");
}

static void end_question(Writer *w, bool values)
{
    check(w, values);
    text_add(w->out, "(pop 1)\n");
}

// First a question, then known.
static void ask_ranges(Writer *w, bool values)
{
    const char *ranges = text_chars(&w->ranges);
    begin_question(w, "can the scan leave its states, or make no digit?");
    text_add(w->out, "(assert (not (and true%s)))\n", ranges);
    end_question(w, values);
    text_add(w->out, "(assert (and true%s))\n", ranges);
}

static void define_cases(Writer *w)
{
    for (int i = 0; i < w->source->n_cases; i++) {
        const Node *node = &w->source->cases[i].node;
        text_add(w->out, "(define-fun case.%d () Bool (and true true", i);
        for (int k = 0; k < node->n_conditions; k++) {
            text_add(w->out, " ");
            add_condition(w->out, w->task, &node->condition[k]);
        }
        text_add(w->out, "))\n");
    }
}

static void ask_missed(Writer *w, bool values)
{
    begin_question(w, "can an input lie in no case?");
    for (int i = 0; i < w->source->n_cases; i++)
        text_add(w->out, "(assert (not case.%d))\n", i);
    end_question(w, values);
}

static void ask_token(Writer *w, int token, bool values)
{
    begin_question(w, "can the token of a case be another one?");
    text_add(w->out, "(assert (not ");
    add_token_atom(w->out, w->task, w->source->position, token);
    text_add(w->out, "))\n(assert (or false");
    for (int i = 0; i < w->source->n_cases; i++)
        if (w->source->cases[i].node.right == token)
            text_add(w->out, " case.%d", i);
    text_add(w->out, "))\n");
    end_question(w, values);
}

int cover_tokens(const CoverSource *source, int ret_tokens[TASK_TOKENS_MAX])
{
    int count = 0;
    for (int token = 0; token < source->task->n_alphabet; token++) {
        bool found = false;
        for (int i = 0; i < source->n_cases; i++)
            found = found || source->cases[i].node.right == token;
        if (found)
            ret_tokens[count++] = token;
    }
    return count;
}

void cover_write_script(Draft *draft, Arena *arena, const CoverSource *source, bool values)
{
    Writer w = {.arena = arena,
                .source = source,
                .task = source->task,
                .spec = source->task->spec,
                .columns = spec_columns(source->task->spec),
                .fixed_parts = source->task->options * source->task->guesses > 1,
                .out = &draft->text};
    int tokens[TASK_TOKENS_MAX], count = cover_tokens(source, tokens);
    cover_define_rules(draft, w.task);
    declare_all(&w);
    add_scan(&w);
    define_classes(&w);
    check(&w, values);
    define_cases(&w);
    ask_ranges(&w, values);
    ask_missed(&w, values);
    for (int i = 0; i < count; i++)
        ask_token(&w, tokens[i], values);
    text_free(&w.ranges);
}

// Which of so many atoms is true.
static int read_value(const SmtValue **value, int count)
{
    int which = 0;
    while (which < count - 1 && strcmp((*value)[which].value, "true") != 0)
        which++;
    *value += count;
    return which;
}

void cover_read_symbols(const Task *task, const SmtReply *reply, int question, uint8_t *ret_symbols)
{
    const Spec *spec = task->spec;
    int option = 0, per_question = task->inputs * SPEC_BASE * spec_columns(spec);
    for (int m = 0; m < task->choices; m++)
        per_question += spec->numbers[task->choice[m]].n_choices;
    const SmtValue *value = reply->values + question * per_question;
    for (int m = 0; m < task->choices; m++) {
        int count = spec->numbers[task->choice[m]].n_choices;
        option = option * count + read_value(&value, count);
    }
    if (task->lead)
        ret_symbols[0] = (uint8_t)option;
    for (int column = task->lead; column < task->columns; column++) {
        int symbol = 0;
        for (int m = 0; m < task->inputs; m++)
            symbol = symbol * SPEC_BASE + read_value(&value, SPEC_BASE);
        ret_symbols[column] = (uint8_t)symbol;
    }
}
