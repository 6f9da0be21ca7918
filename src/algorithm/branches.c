#include "branches.h"

#include <string.h>

static void note_last(const Expr *expr, bool *guessed)
{
    if (!expr)
        return;
    if (expr->kind == EXPR_LAST)
        guessed[expr->index] = true;
    note_last(expr->a, guessed);
    note_last(expr->b, guessed);
    note_last(expr->c, guessed);
}

Branches branches_none(Arena *arena, const Spec *spec, int capacity)
{
    const SpecScan *scan = &spec->scan;
    Branches branches = {.guessed = ARENA_NEW(arena, bool, (size_t)scan->n_states),
                         .branch = ARENA_NEW(arena, Branch, (size_t)capacity),
                         .capacity = capacity};
    note_last(scan->invariant, branches.guessed);
    for (int k = 0; k < scan->n_digits; k++)
        note_last(scan->digits[k].rule, branches.guessed);
    return branches;
}

bool branches_need_guesses(const Spec *spec, const Branches *branches)
{
    bool needed = false;
    for (int k = 0; k < spec->scan.n_states; k++)
        needed |= branches->guessed[k];
    return needed;
}

static bool same_guess(const Spec *spec, const Branches *branches, const long long *a,
                       const long long *b)
{
    for (int k = 0; k < spec->scan.n_states; k++)
        if (branches->guessed[k] && a[k] != b[k])
            return false;
    return true;
}

static bool is_there(const Spec *spec, const Branches *branches, const int *choices,
                     const long long *states)
{
    size_t bytes = sizeof *choices * (size_t)spec->n_numbers;
    for (int k = 0; k < branches->count; k++)
        if (memcmp(branches->branch[k].choices, choices, bytes) == 0 &&
            same_guess(spec, branches, branches->branch[k].last, states))
            return true;
    return false;
}

void branches_add(Arena *arena, const Spec *spec, Branches *branches, const int *choices,
                  const long long *states)
{
    if (branches->count == branches->capacity || is_there(spec, branches, choices, states))
        return;
    int *own_choices = ARENA_NEW(arena, int, (size_t)spec->n_numbers);
    long long *last = ARENA_NEW(arena, long long, (size_t)spec->scan.n_states);
    memcpy(own_choices, choices, sizeof *choices * (size_t)spec->n_numbers);
    for (int k = 0; k < spec->scan.n_states; k++)
        last[k] = branches->guessed[k] ? states[k] : 0;
    branches->branch[branches->count++] = (Branch){own_choices, last};
}

// The next combination of tokens, the last choice running fastest. False after the last one.
static bool next_choices(const Spec *spec, int *choices)
{
    for (int k = spec->n_numbers - 1; k >= 0; k--) {
        const SpecNumber *number = &spec->numbers[k];
        if (number->answer || !spec_is_choice(number))
            continue;
        if (++choices[k] < number->n_choices)
            return true;
        choices[k] = 0;
    }
    return false;
}

void branches_add_choices(Arena *arena, const Spec *spec, Branches *branches)
{
    int *choices = ARENA_NEW(arena, int, (size_t)spec->n_numbers);
    long long *zeros = ARENA_NEW(arena, long long, (size_t)spec->scan.n_states);
    do
        branches_add(arena, spec, branches, choices, zeros);
    while (branches->count < branches->capacity && next_choices(spec, choices));
}

bool branches_confirmed(const Spec *spec, const Branches *branches, int branch,
                        const long long *states)
{
    return same_guess(spec, branches, branches->branch[branch].last, states);
}
