#include "induction_parts.h"

static const Obligation statements[INDUCTION_COUNT] = {
    {.name = "A.range", .statement = "states and digits stay in their ranges"},
    {.name = "A.base", .statement = "the invariant holds before the first column"},
    {.name = "A.step", .statement = "the invariant is carried over each column"},
    {.name = "A.final", .statement = "after the last column the invariant implies `require`"},
    {.name = "A.determines", .statement = "`require` holds for one answer at most"},
};

Status induction_prove(Arena *arena, const Family *family, const Automaton *automaton,
                       unsigned long rlimit, Obligation *ret_obligations, const Expr **ret_obstacle,
                       Diag *diag)
{
    Induction in = {.arena = arena,
                    .symbols = {automaton->spec, family, automaton},
                    .rlimit = rlimit,
                    .obligations = ret_obligations,
                    .diag = diag};
    for (int k = 0; k < INDUCTION_COUNT; k++) {
        ret_obligations[k] = statements[k];
        ret_obligations[k].explanation = "not asked, because A.range does not hold";
    }
    TRY(induction_prove_range(&in));
    TRY(induction_prove_determines(&in));
    if (!automaton->fault) {
        TRY(induction_prove_base(&in));
        TRY(induction_prove_step(&in));
        TRY(induction_prove_final(&in));
    }
    *ret_obstacle = in.obstacle;
    return STATUS_OK;
}
