#include "expr.h"

#include "resolver.h"

bool has_kind(const Expr *expr, ExprKind kind)
{
    return expr && (expr->kind == kind || has_kind(expr->a, kind) || has_kind(expr->b, kind) ||
                    has_kind(expr->c, kind));
}

int expr_count(const Expr *expr)
{
    return expr ? 1 + expr_count(expr->a) + expr_count(expr->b) + expr_count(expr->c) : 0;
}

static int height_of(const Expr *expr)
{
    return expr ? expr->height : 0;
}

Status expr_set_height(const Resolver *r, Expr *expr)
{
    const Expr *operands[] = {expr->a, expr->b, expr->c};
    expr->height = 1;
    for (int k = 0; k < 3; k++)
        if (height_of(operands[k]) >= expr->height)
            expr->height = height_of(operands[k]) + 1;
    if (expr->height > SPEC_HEIGHT_MAX)
        return spec_fault(r->spec, expr->span, r->diag, FAULT_NESTING,
                          "an expression of more than %d levels", SPEC_HEIGHT_MAX);
    return STATUS_OK;
}
