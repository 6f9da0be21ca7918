#include "precondition.h"

#include "task.h"

// Whether the spec with these assumptions alone has an input.
static bool admits(Arena *arena, const Spec *spec, Expr **assumes, int count)
{
    Spec trial = *spec;
    Task *task;
    Diag ignored; // the rules are those of a spec that was compiled before
    trial.assumes = assumes;
    trial.n_assumes = count;
    return task_new(arena, &trial, &task, &ignored) != STATUS_OK || task_has_inputs(task);
}

int precondition_core(Arena *arena, const Spec *spec, int *ret_assumes)
{
    Expr **kept = ARENA_NEW(arena, Expr *, (size_t)spec->n_assumes + 1);
    bool *dropped = ARENA_NEW(arena, bool, (size_t)spec->n_assumes + 1);
    int core = 0;
    for (int without = 0; without < spec->n_assumes; without++) {
        int count = 0;
        for (int i = 0; i < spec->n_assumes; i++)
            if (i != without && !dropped[i])
                kept[count++] = spec->assumes[i];
        dropped[without] = !admits(arena, spec, kept, count);
    }
    for (int i = 0; i < spec->n_assumes; i++)
        if (!dropped[i])
            ret_assumes[core++] = i;
    return core;
}
