// Expressions: from names to what they name, with types and with every check that needs the values
// of the parameters.
#include "eval.h"
#include "expr.h"
#include "resolver.h"

const Scope scope_length = {"the length of a number", "a length is made of integers and parameters",
                            0};
const Scope scope_assume = {"an assumption",
                            "it speaks of the inputs' digits in one column, as `a[i]` or `a[2]`; "
                            "what compares whole numbers cannot be assumed",
                            ALLOW_COLUMN | ALLOW_OWN_DIGIT | ALLOW_FIXED_DIGIT};
const Scope scope_require = {
    "`require`", "it speaks of numbers, of digits at fixed places, and of parameters",
    ALLOW_WHOLE | ALLOW_FIXED_DIGIT | ALLOW_ANSWER_DIGIT | ALLOW_CHOICE | ALLOW_ANSWER};
const Scope scope_digit = {"a rule of the scan",
                           "it speaks of the inputs' digits `a[i]`, of states and of parameters",
                           ALLOW_STATE | ALLOW_OWN_DIGIT | ALLOW_CHOICE | ALLOW_LAST};
const Scope scope_next = {"the `next` of a state",
                          "it speaks of the inputs' digits `a[i]`, of states and of parameters",
                          ALLOW_STATE | ALLOW_OWN_DIGIT | ALLOW_CHOICE};
const Scope scope_invariant = {
    "an invariant", "it speaks of `value(a[..i])`, of states, of `i` and of parameters",
    ALLOW_COLUMN | ALLOW_STATE | ALLOW_PREFIX | ALLOW_CHOICE | ALLOW_LAST};
const Scope scope_final = {"a rule after the scan", "it speaks of states and of parameters",
                           ALLOW_STATE | ALLOW_CHOICE};

static Status build(const Resolver *r, const Scope *scope, const Node *node, Expr **ret_expr);

// --- constants ---

// Made of integers and parameters only, and of `i` if that is allowed.
static bool is_constant(const Expr *expr, bool column_allowed)
{
    return !has_kind(expr, EXPR_STATE) && !has_kind(expr, EXPR_DIGIT) &&
           !has_kind(expr, EXPR_VALUE) && !has_kind(expr, EXPR_PREFIX) &&
           !has_kind(expr, EXPR_LAST) && !has_kind(expr, EXPR_CHOICE) &&
           (column_allowed || !has_kind(expr, EXPR_COLUMN));
}

static Status evaluate(const Resolver *r, const Expr *expr, int column, long long *ret_value)
{
    SpecEnv env = {.spec = r->spec, .column = column};
    if (!spec_eval_small(expr, &env, ret_value))
        return spec_fault(r->spec, expr->span, r->diag, FAULT_OVERFLOW,
                          "this constant does not fit into 64 bits");
    return STATUS_OK;
}

Status resolve_constant(const Resolver *r, const Expr *expr, const char *what, long long *ret_value)
{
    if (!is_constant(expr, false))
        return spec_fault(r->spec, expr->span, r->diag, FAULT_CONSTANT,
                          "%s has to be made of integers and parameters", what);
    return evaluate(r, expr, 0, ret_value);
}

// --- what may stand where ---

static Status check_allowed(const Resolver *r, const Scope *scope, unsigned needed, SpecSpan span,
                            const char *what)
{
    if (scope->allows & needed)
        return STATUS_OK;
    spec_fault(r->spec, span, r->diag, FAULT_PLACE, "%s may not stand in %s", what, scope->name);
    diag_hint(r->diag, "%s", scope->hint);
    return STATUS_MALFORMED;
}

static Status check_whole_allowed(const Resolver *r, const Scope *scope, int number, SpecSpan span)
{
    const char *name = r->spec->numbers[number].name;
    if (scope->allows & ALLOW_WHOLE)
        return STATUS_OK;
    spec_fault(r->spec, span, r->diag, FAULT_WHOLE, "the whole number `%s` may not stand in %s",
               name, scope->name);
    if (scope->allows & ALLOW_OWN_DIGIT && !r->spec->numbers[number].answer)
        diag_hint(r->diag, "its digit in the column that is scanned is `%s[i]`", name);
    else if (scope->allows & ALLOW_PREFIX)
        diag_hint(r->diag, "the integer that its digits below column i make is `value(%s[..i])`",
                  name);
    else
        diag_hint(r->diag, "%s", scope->hint);
    return STATUS_MALFORMED;
}

Status resolve_check_index(const Resolver *r, int number, long long index, SpecSpan span)
{
    const SpecNumber *n = &r->spec->numbers[number];
    if (index >= 0 && index < n->digits)
        return STATUS_OK;
    return spec_fault(r->spec, span, r->diag, FAULT_INDEX,
                      "`%s` has the digits %s[0] to %s[%d]; there is no %s[%lld]", n->name, n->name,
                      n->name, n->digits - 1, n->name, index);
}

// --- leaves ---

// A choice of the input or, in a claim, of the answer; in the scan, what makes the latter.
static Status build_choice(const Resolver *r, const Scope *scope, const Node *node, Expr *expr)
{
    bool answer = r->spec->numbers[expr->index].answer;
    expr->kind = EXPR_CHOICE;
    expr->type = TYPE_CHOICE;
    expr->list = expr->index;
    if (!answer || scope->allows & ALLOW_ANSWER || !(scope->allows & ALLOW_LAST))
        return check_allowed(r, scope, answer ? ALLOW_ANSWER : ALLOW_CHOICE, node->span,
                             answer ? "a choice of the answer" : "a choice");
    return choice_in_last_states(r, expr->index, node->span, expr);
}

static Status build_text(const Node *node, Expr *expr)
{
    expr->kind = EXPR_INT;
    expr->type = TYPE_CHOICE;
    expr->list = -1;
    expr->span = node->span;
    return STATUS_OK;
}

static Status build_last(const Resolver *r, const Scope *scope, const Node *node, Expr *expr)
{
    expr->kind = EXPR_LAST;
    TRY(name_expect(r, node->name, NAME_STATE, &expr->index));
    return check_allowed(r, scope, ALLOW_LAST, node->span, "the last value of a state");
}

static Status build_name(const Resolver *r, const Scope *scope, const Node *node, Expr *expr)
{
    Name name = name_find(r, node->name);
    expr->index = name.index;
    switch (name.kind) {
    case NAME_COLUMN:
        expr->kind = EXPR_COLUMN;
        return check_allowed(r, scope, ALLOW_COLUMN, node->span, "the column `i`");
    case NAME_PARAM:
        expr->kind = EXPR_PARAM;
        return STATUS_OK;
    case NAME_NUMBER:
        expr->kind = EXPR_VALUE;
        return check_whole_allowed(r, scope, name.index, node->span);
    case NAME_CHOICE:
        return build_choice(r, scope, node, expr);
    case NAME_STATE:
        expr->kind = EXPR_STATE;
        return check_allowed(r, scope, ALLOW_STATE, node->span, "a state");
    default:
        return name_expect(r, node->name, NAME_UNKNOWN, &expr->index);
    }
}

Status resolve_index(const Resolver *r, const Scope *scope, const Node *node, Expr **ret_expr)
{
    bool own = scope->allows & ALLOW_OWN_DIGIT, fixed = scope->allows & ALLOW_FIXED_DIGIT;
    Scope inside = {"this index", "it is made of integers and parameters", 0};
    if (own) {
        inside.hint = fixed ? "it is `i`, or made of integers and parameters" : "it is `i`";
        inside.allows = ALLOW_COLUMN;
    }
    return resolve_expr(r, &inside, node, TYPE_INT, ret_expr);
}

// `a[i]` where own digits are allowed, `a[2]` where fixed ones are.
static Status check_digit(const Resolver *r, const Scope *scope, const Expr *digit)
{
    const Expr *at = digit->a;
    long long index;
    if (at->kind == EXPR_COLUMN)
        return STATUS_OK;
    if (has_kind(at, EXPR_COLUMN) || !(scope->allows & ALLOW_FIXED_DIGIT)) {
        spec_fault(r->spec, digit->span, r->diag, FAULT_COLUMN,
                   "%s may not look at the digits of another column", scope->name);
        diag_hint(r->diag, "%s", scope->hint);
        return STATUS_MALFORMED;
    }
    TRY(resolve_constant(r, at, "an index", &index));
    return resolve_check_index(r, digit->index, index, at->span);
}

static Status build_digit(const Resolver *r, const Scope *scope, const Node *node, Expr *expr)
{
    expr->kind = EXPR_DIGIT;
    TRY(name_expect(r, node->name, NAME_NUMBER, &expr->index));
    TRY(check_allowed(r, scope, ALLOW_OWN_DIGIT | ALLOW_FIXED_DIGIT, node->span, "a digit"));
    if (r->spec->numbers[expr->index].answer)
        TRY(check_allowed(r, scope, ALLOW_ANSWER_DIGIT, node->span, "a digit of the answer"));
    TRY(resolve_index(r, scope, node->a, &expr->a));
    return check_digit(r, scope, expr);
}

static Status build_value(const Resolver *r, const Scope *scope, const Node *node, Expr *expr)
{
    expr->kind = EXPR_VALUE;
    TRY(name_expect(r, node->name, NAME_NUMBER, &expr->index));
    return check_whole_allowed(r, scope, expr->index, node->span);
}

// Does the scan make the digits of this answer number? Its rules are resolved before any invariant.
static bool is_scanned(const SpecScan *scan, int number)
{
    for (int k = 0; k < scan->n_digits; k++)
        if (scan->digits[k].number == number)
            return true;
    return false;
}

static Status check_prefix(const Resolver *r, const Expr *prefix)
{
    const SpecNumber *number = &r->spec->numbers[prefix->index];
    if (prefix->a->kind != EXPR_COLUMN)
        return spec_fault(r->spec, prefix->a->span, r->diag, FAULT_COLUMN,
                          "a prefix ends at the column that is scanned: `value(%s[..i])`",
                          number->name);
    if (number->answer && !is_scanned(&r->spec->scan, prefix->index))
        return spec_fault(r->spec, prefix->span, r->diag, FAULT_NO_RULE,
                          "the scan has no rule for the digits of `%s`", number->name);
    return STATUS_OK;
}

static Status build_prefix(const Resolver *r, const Scope *scope, const Node *node, Expr *expr)
{
    expr->kind = EXPR_PREFIX;
    TRY(name_expect(r, node->name, NAME_NUMBER, &expr->index));
    TRY(check_allowed(r, scope, ALLOW_PREFIX, node->span, "a prefix"));
    TRY(resolve_expr(r, scope, node->a, TYPE_INT, &expr->a));
    return check_prefix(r, expr);
}

// --- operations ---

static Status expect_type(const Resolver *r, const Expr *expr, ExprType type)
{
    static const char *const names[] = {"an integer", "a truth value", "a token"};
    if (expr->type == type)
        return STATUS_OK;
    spec_fault(r->spec, expr->span, r->diag, FAULT_TYPE, "%s where %s is needed", names[expr->type],
               names[type]);
    if (type == TYPE_BOOL)
        diag_hint(r->diag, "compare it with something, as in `x != 0`");
    else if (expr->type == TYPE_CHOICE || type == TYPE_CHOICE)
        diag_hint(r->diag, "tokens are compared with tokens, as in `op = \"+\"`");
    else
        diag_hint(r->diag, "write `if ... then 1 else 0`");
    return STATUS_MALFORMED;
}

static Status check_divisor(const Resolver *r, const Expr *expr)
{
    long long divisor;
    TRY(resolve_constant(r, expr->b, "a divisor", &divisor));
    if (divisor < 1)
        return spec_fault(r->spec, expr->b->span, r->diag, FAULT_DIVISOR,
                          "the divisor is %lld; it has to be positive", divisor);
    return STATUS_OK;
}

// In an invariant `i` runs to the number of columns, else it is one of them.
static Status check_exponent(const Resolver *r, const Scope *scope, const Expr *exponent)
{
    int last = scope->allows & ALLOW_PREFIX ? r->columns : r->columns - 1;
    if (!is_constant(exponent, true))
        return spec_fault(r->spec, exponent->span, r->diag, FAULT_CONSTANT,
                          "an exponent has to be made of integers, parameters and `i`");
    if (!has_kind(exponent, EXPR_COLUMN))
        last = 0;
    for (int column = 0; column <= last; column++) {
        long long value;
        TRY(evaluate(r, exponent, column, &value));
        if (value < 0 || value > SPEC_EXPONENT_MAX)
            return spec_fault(r->spec, exponent->span, r->diag, FAULT_EXPONENT,
                              "the exponent is %lld%s; 0 to %d are allowed", value,
                              last > 0 ? " in some column" : "", SPEC_EXPONENT_MAX);
    }
    return STATUS_OK;
}

static Status check_power(const Resolver *r, const Scope *scope, const Expr *expr)
{
    long long base;
    TRY(resolve_constant(r, expr->a, "the base of a power", &base));
    return check_exponent(r, scope, expr->b);
}

static Status expect_operands(const Resolver *r, const Expr *expr, ExprType type)
{
    TRY(expect_type(r, expr->a, type));
    return expr->b ? expect_type(r, expr->b, type) : STATUS_OK;
}

// a = b, a != b
static Status check_equation(const Resolver *r, Expr *expr)
{
    bool tokens = expr->a->type == TYPE_CHOICE || expr->b->type == TYPE_CHOICE;
    TRY(expect_operands(r, expr, tokens ? TYPE_CHOICE : TYPE_INT));
    if (!tokens)
        return STATUS_OK;
    if (choice_list(expr->a, expr->b) < 0)
        return spec_fault(r->spec, expr->span, r->diag, FAULT_TYPE,
                          "two tokens are compared, and no choice");
    return choice_settle_both(r, expr->a, expr->b);
}

static Status check_if(const Resolver *r, Expr *expr)
{
    expr->type = expr->b->type;
    TRY(expect_type(r, expr->a, TYPE_BOOL));
    TRY(expect_type(r, expr->c, expr->type));
    expr->list = choice_list(expr->b, expr->c);
    return expr->type == TYPE_CHOICE && expr->list >= 0 ? choice_settle_both(r, expr->b, expr->c)
                                                        : STATUS_OK;
}

static Status check_operation(const Resolver *r, const Scope *scope, Expr *expr)
{
    switch (expr->kind) {
    case EXPR_NOT:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_IMPLIES:
        expr->type = TYPE_BOOL;
        return expect_operands(r, expr, TYPE_BOOL);
    case EXPR_IF:
        return check_if(r, expr);
    case EXPR_EQ:
    case EXPR_NE:
        expr->type = TYPE_BOOL;
        return check_equation(r, expr);
    case EXPR_LT:
    case EXPR_LE:
    case EXPR_GT:
    case EXPR_GE:
        expr->type = TYPE_BOOL;
        return expect_operands(r, expr, TYPE_INT);
    default:
        TRY(expect_operands(r, expr, TYPE_INT));
        if (expr->kind == EXPR_DIV || expr->kind == EXPR_MOD)
            return check_divisor(r, expr);
        return expr->kind == EXPR_POW ? check_power(r, scope, expr) : STATUS_OK;
    }
}

static Status build_operation(const Resolver *r, const Scope *scope, const Node *node, Expr *expr)
{
    expr->kind = node->operation;
    TRY(build(r, scope, node->a, &expr->a));
    if (node->b)
        TRY(build(r, scope, node->b, &expr->b));
    if (node->c)
        TRY(build(r, scope, node->c, &expr->c));
    TRY(expr_set_height(r, expr));
    return check_operation(r, scope, expr);
}

// --- the whole ---

static Status build_kind(const Resolver *r, const Scope *scope, const Node *node, Expr *expr)
{
    switch (node->kind) {
    case NODE_INTEGER:
        expr->kind = EXPR_INT;
        expr->value = node->value;
        return STATUS_OK;
    case NODE_NAME:
        return build_name(r, scope, node, expr);
    case NODE_DIGIT:
        return build_digit(r, scope, node, expr);
    case NODE_VALUE:
        return build_value(r, scope, node, expr);
    case NODE_PREFIX:
        return build_prefix(r, scope, node, expr);
    case NODE_LAST:
        return build_last(r, scope, node, expr);
    case NODE_TEXT:
        return build_text(node, expr);
    default:
        return build_operation(r, scope, node, expr);
    }
}

static Status build(const Resolver *r, const Scope *scope, const Node *node, Expr **ret_expr)
{
    Expr *expr = ARENA_NEW(r->arena, Expr, 1);
    expr->type = TYPE_INT;
    expr->span = node->span;
    expr->list = -1;
    expr->height = node->height;
    TRY(build_kind(r, scope, node, expr));
    *ret_expr = expr;
    return STATUS_OK;
}

Status resolve_expr(const Resolver *r, const Scope *scope, const Node *node, ExprType type,
                    Expr **ret_expr)
{
    Expr *expr;
    TRY(build(r, scope, node, &expr));
    TRY(expect_type(r, expr, type));
    *ret_expr = expr;
    return STATUS_OK;
}

Status resolve_choice(const Resolver *r, const Scope *scope, const Node *node, int choice,
                      Expr **ret_expr)
{
    Expr *expr;
    TRY(build(r, scope, node, &expr));
    TRY(expect_type(r, expr, TYPE_CHOICE));
    TRY(choice_settle(r, expr, choice));
    *ret_expr = expr;
    return STATUS_OK;
}
