#include "split.h"

Split split_by_token(const Task *task, int position)
{
    const TokenSource *source = &task->source[position];
    CHECK(source->kind != TOKEN_FIXED);
    return (Split){SPLIT_TOKEN, task_source_column(task, source), position};
}

int split_label(const Task *task, const Split *split, int edge)
{
    int symbol = edge % task->symbols;
    switch (split->kind) {
    case SPLIT_TOKEN:
        return task_edge_token(task, &task->source[split->which], edge);
    case SPLIT_STATE:
        return edge / task->symbols;
    case SPLIT_MOVE:
        return task->move[symbol];
    case SPLIT_DIGIT:
        break;
    }
    return task_symbol_digit(task, symbol, split->which);
}

int split_labels(const Region *region, const Split *split, int *ret_labels)
{
    bool seen[SPLIT_LABELS_MAX] = {false};
    int count = 0;
    for (int e = 0; e < region_edges(region); e++)
        if (region_has(region, split->column, e))
            seen[split_label(region->task, split, e)] = true;
    for (int label = 0; label < SPLIT_LABELS_MAX; label++)
        if (seen[label])
            ret_labels[count++] = label;
    return count;
}

Region *split_part(Arena *arena, const Region *region, const Condition *condition)
{
    Region *part = region_copy(arena, region);
    for (int e = 0; e < region_edges(part); e++)
        if (region_has(part, condition->split.column, e) &&
            !condition_has(condition, split_label(part->task, &condition->split, e)))
            region_drop(part, condition->split.column, e);
    return region_trim(part) ? part : NULL;
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
            text_add(text, "%s%d", spec->numbers[item->number].name, at + digits - 1 - position);
            return;
        }
        at += digits;
    }
    CHECK(!"position within the sequence");
}

static void say_state(Text *text, const Task *task, int state)
{
    const SpecScan *scan = &task->spec->scan;
    for (int i = 0; i < scan->n_states; i++)
        text_add(text, "%s%s = %lld", i > 0 ? ", " : "", scan->states[i].name,
                 task_state_value(task, state, i));
}

// What the symbols of a class do: always the same, nothing, or something else.
static void say_move(Text *text, const Task *task, int move)
{
    int symbol = 0, to = -1;
    bool constant = true, identity = true;
    while (task->move[symbol] != move)
        symbol++;
    for (int q = 0; q < task->states; q++) {
        int next = task->effect[symbol * task->states + q];
        if (next == TASK_NO_STATE)
            continue;
        constant = constant && (to < 0 || to == next);
        identity = identity && next == q;
        to = next;
    }
    constant = constant && to >= 0;
    if (constant) {
        text_add(text, "leaves ");
        say_state(text, task, to);
    } else if (identity) {
        text_add(text, "passes the state on");
    } else {
        text_add(text, "changes the state by rule %d", move);
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
    for (int i = 0, which = 0; i < task->spec->n_numbers; i++)
        if (!task->spec->numbers[i].answer && which++ == split->which)
            text_add(text, "%s%d", task->spec->numbers[i].name, split->column);
}

void condition_say(Text *text, const Task *task, const Condition *condition)
{
    const Split *split = &condition->split;
    if (split->kind == SPLIT_TOKEN)
        position_say(text, task, split->which);
    else if (split->kind == SPLIT_DIGIT)
        say_digit_name(text, task, split);
    else if (split->kind == SPLIT_MOVE)
        text_add(text, "column %d", split->column);
    if (split->kind == SPLIT_TOKEN || split->kind == SPLIT_DIGIT)
        text_add(text, " is ");
    else if (split->kind == SPLIT_MOVE)
        text_add(text, " ");
    say_labels(text, task, condition);
    if (split->kind == SPLIT_STATE)
        text_add(text, " before column %d", split->column);
}
