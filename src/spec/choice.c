// Tokens of lists: which list a token is taken from is said by what it is compared with.
#include "expr.h"

#include <string.h>

#include "resolver.h"

int choice_list(const Expr *a, const Expr *b)
{
    return a->list >= 0 ? a->list : b->list;
}

static bool same_list(const SpecNumber *a, const SpecNumber *b)
{
    bool same = a->n_choices == b->n_choices;
    for (int k = 0; same && k < a->n_choices; k++)
        same = strcmp(a->choices[k], b->choices[k]) == 0;
    return same;
}

// The literal's place in the list.
static Status find_token(const Resolver *r, Expr *literal, const SpecNumber *choice)
{
    const char *text;
    TRY(resolve_token_text(r, literal->span, &text));
    for (int k = 0; k < choice->n_choices; k++)
        if (strcmp(choice->choices[k], text) == 0) {
            literal->value = k;
            return STATUS_OK;
        }
    return spec_fault(r->spec, literal->span, r->diag, FAULT_CHOICE,
                      "the list of `%s` has no token \"%s\"", choice->name, text);
}

Status choice_settle(const Resolver *r, Expr *expr, int list)
{
    const SpecNumber *choice = &r->spec->numbers[list];
    if (expr->list >= 0) {
        const SpecNumber *other = &r->spec->numbers[expr->list];
        return same_list(choice, other)
                   ? STATUS_OK
                   : spec_fault(r->spec, expr->span, r->diag, FAULT_TYPE,
                                "`%s` and `%s` have different lists", other->name, choice->name);
    }
    expr->list = list;
    if (expr->kind != EXPR_IF)
        return find_token(r, expr, choice);
    TRY(choice_settle(r, expr->b, list));
    return choice_settle(r, expr->c, list);
}

Status choice_settle_both(const Resolver *r, Expr *a, Expr *b)
{
    int list = choice_list(a, b);
    TRY(choice_settle(r, a, list));
    return choice_settle(r, b, list);
}

// --- a choice of the answer, within the scan ---

static Expr *copy_in_last_states(const Resolver *r, const Expr *expr)
{
    if (!expr)
        return NULL;
    Expr *copy = ARENA_NEW(r->arena, Expr, 1);
    *copy = *expr;
    copy->kind = expr->kind == EXPR_STATE ? EXPR_LAST : expr->kind;
    copy->a = copy_in_last_states(r, expr->a);
    copy->b = copy_in_last_states(r, expr->b);
    copy->c = copy_in_last_states(r, expr->c);
    return copy;
}

Status choice_in_last_states(const Resolver *r, int choice, SpecSpan span, Expr *ret_expr)
{
    const SpecScan *scan = &r->spec->scan;
    const Expr *rule = NULL;
    for (int k = 0; k < scan->n_finals; k++)
        if (scan->finals[k].number == choice)
            rule = scan->finals[k].rule;
    if (!rule)
        return spec_fault(r->spec, span, r->diag, FAULT_NO_RULE, "no `finally` makes `%s`",
                          r->spec->numbers[choice].name);
    *r->copied += expr_count(rule);
    if (*r->copied > SPEC_NODES_MAX)
        return spec_fault(r->spec, span, r->diag, FAULT_SIZE,
                          "the rules of choices, put in where the scan speaks of them, have more "
                          "than %d operations, names and integers",
                          SPEC_NODES_MAX);
    Expr *copy = copy_in_last_states(r, rule);
    *ret_expr = *copy;
    return STATUS_OK;
}
