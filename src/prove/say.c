// Splits and conditions in words.

#include "split.h"

// "s3"; a choice has no digits, and is called by its name.
static void say_number(Text *text, const SpecNumber *number, int digit)
{
    text_add(text, "%s", number->name);
    if (!spec_is_choice(number))
        text_add(text, "%d", digit);
}

void position_say(Text *text, const Task *task, int position)
{
    const Spec *spec = task->spec;
    const TokenSource *source = &task->source[position];
    int at = 0;
    if (source->kind == TOKEN_FIXED) {
        text_add(text, "\"%s\"", task->alphabet[source->token]);
        return;
    }
    for (int i = 0; i < spec->n_prompt + spec->n_answer; i++) {
        const SpecItem *item =
            i < spec->n_prompt ? &spec->prompt[i] : &spec->answer[i - spec->n_prompt];
        int digits = item->number < 0 ? 1 : spec->numbers[item->number].digits;
        if (position < at + digits) {
            say_number(text, &spec->numbers[item->number], at + digits - 1 - position);
            return;
        }
        at += digits;
    }
    CHECK(!"position within the sequence");
}

// "c = 1, order = 0"
static void say_scan(Text *text, const Task *task, int scan)
{
    for (int i = 0; i < task->spec->scan.n_states; i++)
        text_add(text, "%s%s = %lld", i > 0 ? ", " : "", task->spec->scan.states[i].name,
                 task_scan_value(task, scan, i));
}

// "op = +"
static void say_option(Text *text, const Task *task, int option)
{
    for (int m = 0; m < task->choices; m++) {
        const SpecNumber *choice = &task->spec->numbers[task->choice[m]];
        text_add(text, "%s%s = %s", m > 0 ? ", " : "", choice->name,
                 choice->choices[task_option_choice(task, option, m)]);
    }
}

// Whether some value of a declared state, at the end, confirms the guess.
static bool may_end_in(const Task *task, int guess, int which, long long value)
{
    for (int scan = 0; scan < task->scans; scan++)
        if (task->guess[scan] == guess && task_scan_value(task, scan, which) == value)
            return true;
    return false;
}

// "order = 0 or 1 at the end": the values that confirm the guess, of those states that can fail to.
static void say_guess(Text *text, const Task *task, int guess)
{
    for (int i = 0; i < task->spec->scan.n_states; i++) {
        const SpecState *state = &task->spec->scan.states[i];
        const char *word = " = ";
        bool tells = false;
        for (long long v = state->low; v <= state->high; v++)
            tells = tells || !may_end_in(task, guess, i, v);
        if (!tells)
            continue;
        text_add(text, ", %s", state->name);
        for (long long v = state->low; v <= state->high; v++)
            if (may_end_in(task, guess, i, v)) {
                text_add(text, "%s%lld", word, v);
                word = " or ";
            }
        text_add(text, " at the end");
    }
}

static void say_state(Text *text, const Task *task, int state)
{
    if (!task_is_lead(task, state)) {
        say_option(text, task, task_state_option(task, state));
        text_add(text, task->choices > 0 ? ", " : "");
        say_scan(text, task, task_state_scan(task, state));
    } else {
        text_add(text, "the beginning");
    }
    say_guess(text, task, task_state_guess(task, state));
}

// What the digits of a symbol do with an option: always the same, nothing, or something else.
static void say_effect(Text *text, const Task *task, int symbol, int option)
{
    int to = -1;
    bool constant = true, identity = true;
    for (int scan = 0; scan < task->scans; scan++) {
        int next = task->effect[symbol * task->states + task_state(task, 0, option, scan)];
        if (next == TASK_NO_STATE)
            continue;
        next = task_state_scan(task, next);
        constant = constant && (to < 0 || to == next);
        identity = identity && next == scan;
        to = next;
    }
    if (constant && to >= 0) {
        text_add(text, "leaves ");
        say_scan(text, task, to);
    } else if (identity) {
        text_add(text, "passes the state on");
    } else {
        text_add(text, "changes the state by rule %d", task->move[symbol]);
    }
}

static void say_move(Text *text, const Task *task, int move)
{
    int symbol = 0;
    while (task->move[symbol] != move)
        symbol++;
    for (int option = 0; option < task->options; option++) {
        text_add(text, option > 0 ? ", " : "");
        say_effect(text, task, symbol, option);
        if (task->options > 1) {
            text_add(text, " if ");
            say_option(text, task, option);
        }
    }
}

static void say_label(Text *text, const Task *task, const Split *split, int label)
{
    switch (split->kind) {
    case SPLIT_TOKEN:
        text_add(text, "%s", task->alphabet[label]);
        break;
    case SPLIT_STATE:
        say_state(text, task, label);
        break;
    case SPLIT_MOVE:
        say_move(text, task, label);
        break;
    case SPLIT_DIGIT:
        text_add(text, "%d", label);
        break;
    }
}

static void say_labels(Text *text, const Task *task, const Condition *condition)
{
    int label[SPLIT_LABELS_MAX], count = 0;
    for (int i = 0; i < SPLIT_LABELS_MAX; i++)
        if (condition_has(condition, i))
            label[count++] = i;
    for (int i = 0; i < count; i++) {
        text_add(text, "%s", i == 0 ? "" : i < count - 1 ? ", " : " or ");
        say_label(text, task, &condition->split, label[i]);
    }
}

static void say_digit_name(Text *text, const Task *task, const Split *split)
{
    for (int i = 0, which = 0; i < task->spec->n_numbers; i++) {
        const SpecNumber *number = &task->spec->numbers[i];
        if (!number->answer && !spec_is_choice(number) && which++ == split->which)
            say_number(text, number, split->column - task->lead);
    }
}

void condition_say(Text *text, const Task *task, const Condition *condition)
{
    const Split *split = &condition->split;
    int column = split->column - task->lead;
    if (split->kind == SPLIT_TOKEN)
        position_say(text, task, split->which);
    else if (split->kind == SPLIT_DIGIT)
        say_digit_name(text, task, split);
    else if (split->kind == SPLIT_MOVE)
        text_add(text, "column %d", column);
    if (split->kind == SPLIT_TOKEN || split->kind == SPLIT_DIGIT)
        text_add(text, " is ");
    else if (split->kind == SPLIT_MOVE)
        text_add(text, " ");
    say_labels(text, task, condition);
    if (split->kind == SPLIT_STATE)
        text_add(text, " before column %d", column);
}
