#include "term.h"

#include "eval.h"
#include "smtlib.h"

// --- operations ---

static const char *operator_name(ExprKind kind)
{
    switch (kind) {
    case EXPR_NEG:
    case EXPR_SUB:
        return "-";
    case EXPR_NOT:
        return "not";
    case EXPR_ADD:
        return "+";
    case EXPR_MUL:
        return "*";
    case EXPR_DIV:
        return "div";
    case EXPR_MOD:
        return "mod";
    case EXPR_EQ:
        return "=";
    case EXPR_NE:
        return "distinct";
    case EXPR_LT:
        return "<";
    case EXPR_LE:
        return "<=";
    case EXPR_GT:
        return ">";
    case EXPR_GE:
        return ">=";
    case EXPR_AND:
        return "and";
    case EXPR_OR:
        return "or";
    case EXPR_IMPLIES:
        return "=>";
    case EXPR_IF:
        return "ite";
    default:
        return NULL;
    }
}

typedef struct Writer {
    Text *out;
    TermLeaf *leaf;
    const void *context;
    const Expr *obstacle;
} Writer;

static TermKind write_term(Writer *w, const Expr *expr);

static TermKind refuse(Writer *w, const Expr *expr)
{
    w->obstacle = expr;
    return TERM_UNSUPPORTED;
}

static TermKind kind_of_operation(Writer *w, const Expr *expr, const TermKind *operands, int count)
{
    TermKind kind = TERM_LITERAL;
    for (int k = 0; k < count; k++)
        kind = operands[k] > kind ? operands[k] : kind;
    if (expr->kind == EXPR_MUL && operands[0] > TERM_LITERAL && operands[1] > TERM_LITERAL)
        return TERM_NONLINEAR;
    if ((expr->kind == EXPR_DIV || expr->kind == EXPR_MOD) && operands[1] > TERM_LITERAL)
        return expr->b->kind == EXPR_POW ? TERM_NONLINEAR : refuse(w, expr);
    return kind;
}

static TermKind write_operation(Writer *w, const Expr *expr)
{
    const Expr *operands[] = {expr->a, expr->b, expr->c};
    TermKind kinds[3];
    int count = 0;
    text_add(w->out, "(%s", operator_name(expr->kind));
    for (; count < 3 && operands[count]; count++) {
        text_add(w->out, " ");
        kinds[count] = write_term(w, operands[count]);
        if (kinds[count] == TERM_UNSUPPORTED)
            return TERM_UNSUPPORTED;
    }
    text_add(w->out, ")");
    return kind_of_operation(w, expr, kinds, count);
}

static TermKind write_term(Writer *w, const Expr *expr)
{
    if (expr->kind == EXPR_INT) {
        smtlib_add_long(w->out, expr->value);
        return TERM_LITERAL;
    }
    if (operator_name(expr->kind))
        return write_operation(w, expr);
    TermKind kind = w->leaf(w->context, expr, w->out);
    return kind == TERM_UNSUPPORTED ? refuse(w, expr) : kind;
}

TermKind term_add(Text *out, const Expr *expr, TermLeaf *leaf, const void *context,
                  const Expr **ret_obstacle)
{
    Writer writer = {out, leaf, context, NULL};
    TermKind kind = write_term(&writer, expr);
    if (kind == TERM_UNSUPPORTED)
        *ret_obstacle = writer.obstacle;
    return kind;
}

// --- columns, parameters, powers ---

bool term_mentions_param(const Expr *expr, int param)
{
    return expr && ((expr->kind == EXPR_PARAM && expr->index == param) ||
                    term_mentions_param(expr->a, param) || term_mentions_param(expr->b, param) ||
                    term_mentions_param(expr->c, param));
}

static bool linear_sum(TermLinear a, TermLinear b, TermLinear *ret_linear)
{
    return !__builtin_add_overflow(a.column, b.column, &ret_linear->column) &&
           !__builtin_add_overflow(a.width, b.width, &ret_linear->width) &&
           !__builtin_add_overflow(a.constant, b.constant, &ret_linear->constant);
}

static bool linear_multiple(TermLinear a, long long factor, TermLinear *ret_linear)
{
    return !__builtin_mul_overflow(a.column, factor, &ret_linear->column) &&
           !__builtin_mul_overflow(a.width, factor, &ret_linear->width) &&
           !__builtin_mul_overflow(a.constant, factor, &ret_linear->constant);
}

static bool linear_is_constant(TermLinear a)
{
    return a.column == 0 && a.width == 0;
}

static bool linear_operation(const Expr *expr, TermLinear a, TermLinear b, TermLinear *ret_linear)
{
    switch (expr->kind) {
    case EXPR_ADD:
        return linear_sum(a, b, ret_linear);
    case EXPR_SUB:
        return linear_multiple(b, -1, &b) && linear_sum(a, b, ret_linear);
    case EXPR_MUL:
        return linear_is_constant(a)   ? linear_multiple(b, a.constant, ret_linear)
               : linear_is_constant(b) ? linear_multiple(a, b.constant, ret_linear)
                                       : false;
    default:
        return false;
    }
}

bool term_linear(const Expr *expr, const Spec *spec, int width, TermLinear *ret_linear)
{
    TermLinear a, b;
    switch (expr->kind) {
    case EXPR_INT:
        *ret_linear = (TermLinear){0, 0, expr->value};
        return true;
    case EXPR_COLUMN:
        *ret_linear = (TermLinear){1, 0, 0};
        return true;
    case EXPR_PARAM:
        *ret_linear = expr->index == width ? (TermLinear){0, 1, 0}
                                           : (TermLinear){0, 0, spec->params[expr->index].value};
        return true;
    case EXPR_NEG:
        return term_linear(expr->a, spec, width, &a) && linear_multiple(a, -1, ret_linear);
    case EXPR_ADD:
    case EXPR_SUB:
    case EXPR_MUL:
        return term_linear(expr->a, spec, width, &a) && term_linear(expr->b, spec, width, &b) &&
               linear_operation(expr, a, b, ret_linear);
    default:
        return false;
    }
}

void term_add_shifted(Text *out, const char *factor, long long exponent)
{
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, SPEC_BASE, (unsigned long)exponent);
    if (exponent > 0) {
        text_add(out, "(* ");
        smtlib_add_int(out, power);
        text_add(out, " %s)", factor);
    } else {
        text_add(out, "%s", factor);
    }
    mpz_clear(power);
}

static void add_power(Text *out, long long base, long long exponent)
{
    mpz_t power;
    mpz_init_set_si(power, (long)base);
    mpz_pow_ui(power, power, (unsigned long)exponent);
    smtlib_add_int(out, power);
    mpz_clear(power);
}

static bool mentions_column(const Expr *expr)
{
    return expr && (expr->kind == EXPR_COLUMN || mentions_column(expr->a) ||
                    mentions_column(expr->b) || mentions_column(expr->c));
}

// The value of an expression over integers, parameters and `i`, if it has one in this frame.
static bool constant_in(const TermFrame *frame, const Expr *expr, long long *ret_value)
{
    SpecEnv env = {.spec = frame->spec, .column = frame->column};
    return !term_mentions_param(expr, frame->width) &&
           (frame->column >= 0 || !mentions_column(expr)) && spec_eval_small(expr, &env, ret_value);
}

static TermKind power_leaf(const TermFrame *frame, const Expr *leaf, Text *out)
{
    long long base, exponent;
    TermLinear e;
    if (!constant_in(frame, leaf->a, &base))
        return TERM_UNSUPPORTED;
    if (constant_in(frame, leaf->b, &exponent) && exponent >= 0 && exponent <= SPEC_EXPONENT_MAX) {
        add_power(out, base, exponent);
        return TERM_LITERAL;
    }
    if (base != SPEC_BASE || frame->column >= 0 ||
        !term_linear(leaf->b, frame->spec, frame->width, &e))
        return TERM_UNSUPPORTED;
    bool of_column = e.column == 1 && e.width == 0, of_width = e.column == 0 && e.width == 1;
    if ((!of_column && !of_width) || e.constant < 0 || e.constant > SPEC_EXPONENT_MAX)
        return TERM_UNSUPPORTED;
    term_add_shifted(out, of_column ? "|10^i|" : "|10^n|", e.constant);
    return TERM_LINEAR;
}

static TermKind symbol_or_literal(Text *out, bool is_symbol, const char *symbol, long long value)
{
    if (is_symbol)
        text_add(out, "%s", symbol);
    else
        smtlib_add_long(out, value);
    return is_symbol ? TERM_LINEAR : TERM_LITERAL;
}

TermKind term_frame_leaf(const TermFrame *frame, const Expr *leaf, Text *out)
{
    switch (leaf->kind) {
    case EXPR_PARAM:
        return symbol_or_literal(out, leaf->index == frame->width, "n",
                                 frame->spec->params[leaf->index].value);
    case EXPR_COLUMN:
        return symbol_or_literal(out, frame->column < 0, "i", frame->column);
    case EXPR_POW:
        return power_leaf(frame, leaf, out);
    default:
        return TERM_UNSUPPORTED;
    }
}
