#include "equation.h"

#include <string.h>

#include "eval.h"

typedef struct Form { // constant + sum of coefficient * number
    long long constant, coefficient[SPEC_DIGITS_MAX];
} Form;

typedef struct Reader {
    const Spec *spec;
    Diag *diag;
} Reader;

static Status refuse(const Reader *r, const Expr *part, const char *why)
{
    spec_diag(r->spec, part->span, r->diag, STATUS_MALFORMED, "C001",
              "no certificate can be written for this claim: %s", why);
    diag_hint(r->diag, "certificates are about one equation between sums of whole numbers, as in "
                       "s = a + b");
    return STATUS_MALFORMED;
}

static bool is_constant(const Expr *e)
{
    if (!e)
        return true;
    bool leaf_varies = e->kind == EXPR_VALUE || e->kind == EXPR_DIGIT || e->kind == EXPR_PREFIX ||
                       e->kind == EXPR_STATE || e->kind == EXPR_COLUMN;
    return !leaf_varies && is_constant(e->a) && is_constant(e->b) && is_constant(e->c);
}

static bool fits(long long value)
{
    return value >= -EQUATION_MAX && value <= EQUATION_MAX;
}

// ret = p * a + q * b
static bool combine(const Form *a, long long p, const Form *b, long long q, int numbers, Form *ret)
{
    bool good = true;
    for (int i = -1; i < numbers; i++) {
        long long x = i < 0 ? a->constant : a->coefficient[i];
        long long y = i < 0 ? b->constant : b->coefficient[i], px, qy, sum;
        good = good && !__builtin_mul_overflow(p, x, &px) && !__builtin_mul_overflow(q, y, &qy) &&
               !__builtin_add_overflow(px, qy, &sum) && fits(sum);
        if (good)
            *(i < 0 ? &ret->constant : &ret->coefficient[i]) = sum;
    }
    return good;
}

static Status read_form(const Reader *r, const Expr *e, Form *ret_form);

static Status read_sum(const Reader *r, const Expr *e, Form *ret_form)
{
    Form a, b = {0};
    TRY(read_form(r, e->a, &a));
    if (e->b)
        TRY(read_form(r, e->b, &b));
    if (!combine(&a, e->kind == EXPR_NEG ? -1 : 1, &b, e->kind == EXPR_SUB ? -1 : 1,
                 r->spec->n_numbers, ret_form))
        return refuse(r, e, "its coefficients are too large");
    return STATUS_OK;
}

static Status read_product(const Reader *r, const Expr *e, Form *ret_form)
{
    Form a, b, zero = {0};
    TRY(read_form(r, e->a, &a));
    TRY(read_form(r, e->b, &b));
    if (!is_constant(e->a) && !is_constant(e->b))
        return refuse(r, e, "it multiplies numbers");
    const Form *number = is_constant(e->a) ? &b : &a;
    long long factor = is_constant(e->a) ? a.constant : b.constant;
    if (!combine(number, factor, &zero, 0, r->spec->n_numbers, ret_form))
        return refuse(r, e, "its coefficients are too large");
    return STATUS_OK;
}

static Status read_form(const Reader *r, const Expr *e, Form *ret_form)
{
    SpecEnv env = {.spec = r->spec};
    *ret_form = (Form){0};
    if (is_constant(e)) {
        if (!spec_eval_small(e, &env, &ret_form->constant) || !fits(ret_form->constant))
            return refuse(r, e, "its coefficients are too large");
        return STATUS_OK;
    }
    switch (e->kind) {
    case EXPR_VALUE:
        ret_form->coefficient[e->index] = 1;
        return STATUS_OK;
    case EXPR_NEG:
    case EXPR_ADD:
    case EXPR_SUB:
        return read_sum(r, e, ret_form);
    case EXPR_MUL:
        return read_product(r, e, ret_form);
    case EXPR_DIGIT:
        return refuse(r, e, "it speaks of single digits");
    default:
        return refuse(r, e, "it is not linear");
    }
}

Status equation_read(const Spec *spec, long long *ret_coefficients, Diag *diag)
{
    Reader reader = {spec, diag};
    Form left, right, whole = {0};
    if (spec->require->kind != EXPR_EQ)
        return refuse(&reader, spec->require, "it is not one equation");
    CHECK(spec->n_numbers <= SPEC_DIGITS_MAX);
    TRY(read_form(&reader, spec->require->a, &left));
    TRY(read_form(&reader, spec->require->b, &right));
    if (!combine(&right, 1, &left, -1, spec->n_numbers, &whole))
        return refuse(&reader, spec->require, "its coefficients are too large");
    if (whole.constant != 0)
        return refuse(&reader, spec->require, "it adds a constant");
    memcpy(ret_coefficients, whole.coefficient, (size_t)spec->n_numbers * sizeof *ret_coefficients);
    return STATUS_OK;
}
