// From the resolved spec to finite tables.

#include "task.h"

#include <string.h>

#include "task_builder.h"

Status task_fail(Builder *b, SpecSpan span, const char *code, const char *text)
{
    return spec_diag(b->spec, span, b->diag, STATUS_MALFORMED, code, "%s", text);
}

// ---- sizes --------------------------------------------------------------------------------------

static Status add_number(Builder *b, int number)
{
    Task *task = b->task;
    b->input[task->inputs++] = number;
    task->symbols *= SPEC_BASE;
    if (task->symbols > TASK_SYMBOLS_MAX)
        return task_fail(b, b->spec->numbers[number].span, "T001",
                         "more than two input numbers are not supported");
    return STATUS_OK;
}

static Status add_choice(Builder *b, int number)
{
    Task *task = b->task;
    b->choice[task->choices++] = number;
    task->options *= b->spec->numbers[number].n_choices;
    task->lead = 1;
    if (task->options > TASK_OPTIONS_MAX)
        return task_fail(b, b->spec->numbers[number].span, "T001",
                         "the choices of the input combine to more than 10");
    return STATUS_OK;
}

static Status count_symbols(Builder *b)
{
    Task *task = b->task;
    if (b->spec->n_numbers > SPEC_DIGITS_MAX)
        return task_fail(b, b->spec->numbers[0].span, "T001", "more than 64 numbers");
    task->symbols = task->options = 1;
    for (int i = 0; i < b->spec->n_numbers; i++)
        if (!b->spec->numbers[i].answer)
            TRY(spec_is_choice(&b->spec->numbers[i]) ? add_choice(b, i) : add_number(b, i));
    task->columns = task->lead + spec_columns(b->spec);
    int *choice = ARENA_NEW(b->arena, int, (size_t)task->choices);
    for (int m = 0; m < task->choices; m++)
        choice[m] = b->choice[m];
    task->choice = choice;
    return STATUS_OK;
}

static Status count_scans(Builder *b)
{
    const SpecScan *scan = &b->spec->scan;
    long long count = 1;
    for (int i = 0; i < scan->n_states; i++) {
        count *= scan->states[i].high - scan->states[i].low + 1;
        if (count > TASK_STATES_MAX)
            return task_fail(b, scan->states[i].span, "T002", "the states combine to more than 64");
    }
    b->task->scans = (int)count;
    return STATUS_OK;
}

static Status count_states(Builder *b)
{
    Task *task = b->task;
    task->states = task->guesses * (task->options * task->scans + task->lead);
    if (task->states > TASK_STATES_MAX)
        return task_fail(b, b->spec->scan.states[0].span, "T002",
                         "the states, the choices of the input and what rules look for at the end "
                         "combine to more than 64");
    return STATUS_OK;
}

// ---- states -------------------------------------------------------------------------------------

int task_state(const Task *task, int guess, int option, int scan)
{
    return (guess * task->options + option) * task->scans + scan;
}

static int first_start(const Task *task)
{
    return task->guesses * task->options * task->scans;
}

bool task_is_lead(const Task *task, int state)
{
    return state >= first_start(task);
}

int task_state_guess(const Task *task, int state)
{
    return task_is_lead(task, state) ? state - first_start(task)
                                     : state / (task->options * task->scans);
}

int task_state_option(const Task *task, int state)
{
    CHECK(!task_is_lead(task, state));
    return state / task->scans % task->options;
}

int task_state_scan(const Task *task, int state)
{
    CHECK(!task_is_lead(task, state));
    return state % task->scans;
}

int task_scan_number(const Task *task, const long long *values)
{
    const SpecScan *scan = &task->spec->scan;
    int number = 0;
    for (int i = 0; i < scan->n_states; i++) {
        const SpecState *s = &scan->states[i];
        number = number * (int)(s->high - s->low + 1) + (int)(values[i] - s->low);
    }
    return number;
}

void task_scan_values(const Task *task, int scan, long long *ret_values)
{
    const SpecScan *spec = &task->spec->scan;
    for (int i = spec->n_states - 1; i >= 0; i--) {
        const SpecState *s = &spec->states[i];
        int range = (int)(s->high - s->low + 1);
        ret_values[i] = s->low + scan % range;
        scan /= range;
    }
}

long long task_scan_value(const Task *task, int scan, int which)
{
    long long values[TASK_STATES_MAX];
    task_scan_values(task, scan, values);
    return values[which];
}

long long task_state_value(const Task *task, int state, int which)
{
    return task_scan_value(task, task_state_scan(task, state), which);
}

static int initial_scan(const Task *task)
{
    long long values[TASK_STATES_MAX];
    for (int i = 0; i < task->spec->scan.n_states; i++)
        values[i] = task->spec->scan.states[i].initial;
    return task_scan_number(task, values);
}

// ---- ends ---------------------------------------------------------------------------------------

// Every guess is begun with, and accepted where it turns out to be right.
static void set_ends(Task *task)
{
    for (int g = 0; g < task->guesses; g++) {
        int start = task->lead ? first_start(task) + g : task_state(task, g, 0, task->initial);
        task->starts |= UINT64_C(1) << start;
        for (int option = 0; option < task->options; option++)
            for (int scan = 0; scan < task->scans; scan++)
                if (task->guess[scan] == g)
                    task->accepts |= UINT64_C(1) << task_state(task, g, option, scan);
    }
}

Status task_new(Arena *arena, const Spec *spec, Task **ret_task, Diag *diag)
{
    Builder b = {.arena = arena, .spec = spec, .diag = diag, .task = ARENA_NEW(arena, Task, 1)};
    b.task->spec = spec;
    TRY(count_symbols(&b));
    TRY(count_scans(&b));
    b.task->initial = initial_scan(b.task);
    TRY(task_apply_assumes(&b));
    TRY(task_find_guesses(&b));
    TRY(count_states(&b));
    set_ends(b.task);
    TRY(task_fill_tables(&b));
    task_classify_moves(&b);
    TRY(task_lay_out(&b));
    *ret_task = b.task;
    return STATUS_OK;
}
