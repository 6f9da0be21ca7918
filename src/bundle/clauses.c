// First the expression becomes a formula of `and` and `or` over literals f >= 0; negations are pushed down on the way.
// An integer expression has a list of branches: a linear form for each way in which its `if`, `div` and `mod` can
// turn out, with a formula that says when it is another one that counts. Then the formula is multiplied out.
#include "clauses.h"

#include <string.h>

#include "eval.h"

enum { STEPS_MAX = 1 << 18 };

typedef enum FormulaKind { TRUE, FALSE, LITERAL, AND, OR } FormulaKind;

typedef struct Formula {
    FormulaKind kind;
    const Linear *form; // of a literal
    const struct Formula *a, *b;
} Formula;

typedef struct Branch {
    const Formula *unless; // true where the value is that of another branch
    const Linear *form;
} Branch;

typedef struct Branches {
    int count;
    Branch *branch;
} Branches;

typedef struct Reader {
    Arena *arena;
    const Spec *spec;
    Diag *diag;
    Quantities all;
    int steps; // taken so far; conditions are read twice, so that nesting them doubles the work
} Reader;

static const Formula always = {.kind = TRUE}, never = {.kind = FALSE};

static Status refuse(Reader *r, const Expr *part, const char *code, const char *why)
{
    spec_diag(r->spec, part->span, r->diag, STATUS_MALFORMED, code,
              "no certificate can be written for this claim: %s", why);
    if (strcmp(code, "C001") == 0)
        diag_hint(r->diag, "certificates compare sums of numbers, digits and constants, as in "
                           "s = a + b");
    return STATUS_MALFORMED;
}

static Status too_large(Reader *r, const Expr *part)
{
    return refuse(r, part, "C002", "it has too many cases");
}

// ---- formulas -----------------------------------------------------------------------------------

// a and b, or (not both) a or b.
static const Formula *formula_join(Reader *r, bool both, const Formula *a, const Formula *b)
{
    const Formula *neutral = both ? &always : &never, *decided = both ? &never : &always;
    if (a == neutral || b == decided)
        return b;
    if (b == neutral || a == decided)
        return a;
    Formula *joined = ARENA_NEW(r->arena, Formula, 1);
    *joined = (Formula){.kind = both ? AND : OR, .a = a, .b = b};
    return joined;
}

// form + constant >= 0, or what it always is.
static const Formula *formula_literal(Reader *r, const Linear *form, long constant)
{
    Linear *moved = linear_combine_long(&r->all, form, 1, form, 0);
    mpz_t least, greatest;
    mpz_inits(least, greatest, NULL);
    if (constant < 0)
        mpz_sub_ui(moved->constant, moved->constant, (unsigned long)-constant);
    else
        mpz_add_ui(moved->constant, moved->constant, (unsigned long)constant);
    linear_range(&r->all, moved, least, greatest);
    int low = mpz_sgn(least), high = mpz_sgn(greatest);
    mpz_clears(least, greatest, NULL);
    if (low >= 0 || high < 0)
        return low >= 0 ? &always : &never;
    Formula *literal = ARENA_NEW(r->arena, Formula, 1);
    *literal = (Formula){.kind = LITERAL, .form = moved};
    return literal;
}

// ---- reading ------------------------------------------------------------------------------------

static Status read_formula(Reader *r, const Expr *e, bool positive, const Formula **ret_formula);
static Status read_branches(Reader *r, const Expr *e, Branches *ret_branches);

static bool is_constant(const Expr *e)
{
    if (!e)
        return true;
    bool varies = e->kind == EXPR_VALUE || e->kind == EXPR_DIGIT || e->kind == EXPR_PREFIX ||
                  e->kind == EXPR_CHOICE || e->kind == EXPR_STATE || e->kind == EXPR_LAST ||
                  e->kind == EXPR_COLUMN;
    return !varies && is_constant(e->a) && is_constant(e->b) && is_constant(e->c);
}

static Status read_constant(Reader *r, const Expr *e, mpz_t ret_value)
{
    SpecEnv env = {.spec = r->spec};
    if (!spec_eval_big(e, &env, ret_value))
        return refuse(r, e, "C002", "its coefficients are too large");
    return STATUS_OK;
}

static Status one_branch(Reader *r, const Linear *form, Branches *ret)
{
    *ret = (Branches){1, ARENA_NEW(r->arena, Branch, 1)};
    ret->branch[0] = (Branch){&never, form};
    return STATUS_OK;
}

static Status read_number(Reader *r, const Expr *e, Branches *ret)
{
    mpz_t value;
    mpz_init(value);
    Status status = read_constant(r, e, value);
    if (status == STATUS_OK)
        status = one_branch(r, linear_constant(&r->all, value), ret);
    mpz_clear(value);
    return status;
}

static Status read_digit(Reader *r, const Expr *e, Branches *ret)
{
    int digit = quantity_digit(r->spec, e);
    if (digit < 0)
        return refuse(r, e, "C001", "there is no such digit");
    return one_branch(r, linear_unit(&r->all, quantity_find(&r->all, e->index, digit)), ret);
}

// p x + q y for all branches of both.
static Status read_sum(Reader *r, const Expr *e, long p, const Expr *x, long q, const Expr *y,
                       Branches *ret)
{
    Branches a, b;
    TRY(read_branches(r, x, &a));
    TRY(read_branches(r, y, &b));
    if (a.count * b.count > CLAUSES_BRANCHES_MAX)
        return too_large(r, e);
    Branches all = {0, ARENA_NEW(r->arena, Branch, (size_t)(a.count * b.count))};
    for (int i = 0; i < a.count; i++)
        for (int j = 0; j < b.count; j++)
            all.branch[all.count++] =
                (Branch){formula_join(r, false, a.branch[i].unless, b.branch[j].unless),
                         linear_combine_long(&r->all, a.branch[i].form, p, b.branch[j].form, q)};
    *ret = all;
    return STATUS_OK;
}

static Status read_negative(Reader *r, const Expr *e, Branches *ret)
{
    TRY(read_branches(r, e->a, ret));
    for (int i = 0; i < ret->count; i++) {
        Branch *branch = &ret->branch[i];
        branch->form = linear_combine_long(&r->all, branch->form, -1, branch->form, 0);
    }
    return STATUS_OK;
}

static Status read_product(Reader *r, const Expr *e, Branches *ret)
{
    const Expr *factor = is_constant(e->a) ? e->a : e->b, *other = factor == e->a ? e->b : e->a;
    mpz_t value, zero;
    if (!is_constant(factor))
        return refuse(r, e, "C001", "it multiplies numbers");
    TRY(read_branches(r, other, ret));
    mpz_inits(value, zero, NULL);
    Status status = read_constant(r, factor, value);
    for (int i = 0; i < ret->count && status == STATUS_OK; i++) {
        Branch *branch = &ret->branch[i];
        branch->form = linear_combine(&r->all, branch->form, value, branch->form, zero);
    }
    mpz_clears(value, zero, NULL);
    return status;
}

static Status read_if(Reader *r, const Expr *e, Branches *ret)
{
    Branches part[2];
    const Formula *unless[2];
    TRY(read_formula(r, e->a, false, &unless[0]));
    TRY(read_formula(r, e->a, true, &unless[1]));
    TRY(read_branches(r, e->b, &part[0]));
    TRY(read_branches(r, e->c, &part[1]));
    if (part[0].count + part[1].count > CLAUSES_BRANCHES_MAX)
        return too_large(r, e);
    Branches all = {0, ARENA_NEW(r->arena, Branch, (size_t)(part[0].count + part[1].count))};
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < part[k].count; i++) {
            const Branch *branch = &part[k].branch[i];
            all.branch[all.count++] =
                (Branch){formula_join(r, false, unless[k], branch->unless), branch->form};
        }
    *ret = all;
    return STATUS_OK;
}

// The branch of x in which x div m is q: unless x < q m or x > q m + m - 1.
static Branch divide(Reader *r, const Expr *e, const Branch *x, const mpz_t m, const mpz_t q)
{
    mpz_t minus, one;
    mpz_init(minus);
    mpz_init_set_ui(one, 1);
    mpz_neg(minus, m);
    Linear *quotient = linear_constant(&r->all, q);
    Linear *rest = linear_combine(&r->all, x->form, one, quotient, minus);
    Linear *modulus = linear_constant(&r->all, m);
    const Formula *below = formula_literal(r, linear_combine_long(&r->all, rest, -1, rest, 0), -1);
    const Formula *above =
        formula_literal(r, linear_combine_long(&r->all, rest, 1, modulus, -1), 0);
    mpz_clears(minus, one, NULL);
    return (Branch){formula_join(r, false, x->unless, formula_join(r, false, below, above)),
                    e->kind == EXPR_DIV ? quotient : rest};
}

// Adds the branches for all quotients; false if there are too many.
static bool divide_all(Reader *r, const Expr *e, const Branch *x, const mpz_t m, Branches *all)
{
    mpz_t q, last;
    mpz_inits(q, last, NULL);
    linear_range(&r->all, x->form, q, last);
    mpz_fdiv_q(q, q, m);
    mpz_fdiv_q(last, last, m);
    int count = 0;
    for (; mpz_cmp(q, last) <= 0 && count < CLAUSES_QUOTIENTS_MAX &&
           all->count < CLAUSES_BRANCHES_MAX;
         count++, mpz_add_ui(q, q, 1))
        all->branch[all->count++] = divide(r, e, x, m, q);
    bool complete = mpz_cmp(q, last) > 0;
    mpz_clears(q, last, NULL);
    return complete;
}

static Status read_division(Reader *r, const Expr *e, Branches *ret)
{
    Branches x, all = {0, ARENA_NEW(r->arena, Branch, CLAUSES_BRANCHES_MAX)};
    mpz_t m;
    if (!is_constant(e->b))
        return refuse(r, e, "C001", "it divides by what is not constant");
    TRY(read_branches(r, e->a, &x));
    mpz_init(m);
    Status status = read_constant(r, e->b, m);
    if (status == STATUS_OK && mpz_sgn(m) <= 0)
        status = refuse(r, e, "C001", "it divides by what is not positive");
    for (int i = 0; i < x.count && status == STATUS_OK; i++)
        if (!divide_all(r, e, &x.branch[i], m, &all))
            status = refuse(r, e, "C002", "this division can have too many results");
    mpz_clear(m);
    *ret = all;
    return status;
}

static Status read_branches(Reader *r, const Expr *e, Branches *ret_branches)
{
    if (r->steps++ > STEPS_MAX)
        return too_large(r, e);
    if (is_constant(e))
        return read_number(r, e, ret_branches);
    switch (e->kind) {
    case EXPR_VALUE:
    case EXPR_CHOICE:
        return one_branch(r, linear_unit(&r->all, quantity_find(&r->all, e->index, -1)),
                          ret_branches);
    case EXPR_DIGIT:
        return read_digit(r, e, ret_branches);
    case EXPR_NEG:
        return read_negative(r, e, ret_branches);
    case EXPR_ADD:
        return read_sum(r, e, 1, e->a, 1, e->b, ret_branches);
    case EXPR_SUB:
        return read_sum(r, e, 1, e->a, -1, e->b, ret_branches);
    case EXPR_MUL:
        return read_product(r, e, ret_branches);
    case EXPR_DIV:
    case EXPR_MOD:
        return read_division(r, e, ret_branches);
    case EXPR_IF:
        return read_if(r, e, ret_branches);
    default:
        return refuse(r, e, "C001", "it is not linear");
    }
}

// What a comparison says of f, the difference right - left.
static const Formula *compare(Reader *r, ExprKind kind, const Linear *f)
{
    const Linear *g = linear_combine_long(&r->all, f, -1, f, 0);
    switch (kind) {
    case EXPR_EQ:
        return formula_join(r, true, formula_literal(r, f, 0), formula_literal(r, g, 0));
    case EXPR_NE:
        return formula_join(r, false, formula_literal(r, f, -1), formula_literal(r, g, -1));
    case EXPR_LT:
        return formula_literal(r, f, -1);
    case EXPR_LE:
        return formula_literal(r, f, 0);
    case EXPR_GT:
        return formula_literal(r, g, -1);
    default:
        return formula_literal(r, g, 0);
    }
}

static ExprKind opposite(ExprKind kind)
{
    CHECK(kind >= EXPR_EQ && kind <= EXPR_GE);
    static const ExprKind opposites[] = {
        [EXPR_EQ] = EXPR_NE, [EXPR_NE] = EXPR_EQ, [EXPR_LT] = EXPR_GE,
        [EXPR_LE] = EXPR_GT, [EXPR_GT] = EXPR_LE, [EXPR_GE] = EXPR_LT};
    return opposites[kind];
}

static Status read_comparison(Reader *r, const Expr *e, bool positive, const Formula **ret)
{
    Branches difference;
    const Formula *all = &always;
    TRY(read_sum(r, e, -1, e->a, 1, e->b, &difference));
    for (int i = 0; i < difference.count; i++) {
        const Branch *branch = &difference.branch[i];
        const Formula *here = compare(r, positive ? e->kind : opposite(e->kind), branch->form);
        all = formula_join(r, true, all, formula_join(r, false, branch->unless, here));
    }
    *ret = all;
    return STATUS_OK;
}

static Status read_pair(Reader *r, const Expr *e, bool positive, const Formula **ret)
{
    const Formula *a, *b;
    TRY(read_formula(r, e->a, positive != (e->kind == EXPR_IMPLIES), &a));
    TRY(read_formula(r, e->b, positive, &b));
    *ret = formula_join(r, (e->kind == EXPR_AND) == positive, a, b);
    return STATUS_OK;
}

// (not p or b) and (p or c), in either sense of b and c.
static Status read_choice(Reader *r, const Expr *e, bool positive, const Formula **ret)
{
    const Formula *p, *not_p, *b, *c;
    TRY(read_formula(r, e->a, true, &p));
    TRY(read_formula(r, e->a, false, &not_p));
    TRY(read_formula(r, e->b, positive, &b));
    TRY(read_formula(r, e->c, positive, &c));
    *ret = formula_join(r, true, formula_join(r, false, not_p, b), formula_join(r, false, p, c));
    return STATUS_OK;
}

static Status read_truth(Reader *r, const Expr *e, bool positive, const Formula **ret)
{
    mpz_t value;
    mpz_init(value);
    Status status = read_constant(r, e, value);
    *ret = (mpz_sgn(value) != 0) == positive ? &always : &never;
    mpz_clear(value);
    return status;
}

static Status read_formula(Reader *r, const Expr *e, bool positive, const Formula **ret_formula)
{
    if (r->steps++ > STEPS_MAX)
        return too_large(r, e);
    if (is_constant(e))
        return read_truth(r, e, positive, ret_formula);
    switch (e->kind) {
    case EXPR_NOT:
        return read_formula(r, e->a, !positive, ret_formula);
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_IMPLIES:
        return read_pair(r, e, positive, ret_formula);
    case EXPR_IF:
        return read_choice(r, e, positive, ret_formula);
    default:
        return read_comparison(r, e, positive, ret_formula);
    }
}

// ---- multiplying out ----------------------------------------------------------------------------

static bool has(const ClaimClause *clause, const Linear *form,
                bool (*relation)(const Linear *, const Linear *))
{
    for (int i = 0; i < clause->count; i++)
        if (relation(clause->literal[i], form))
            return true;
    return false;
}

// Adds the clause of all literals of both, unless it is always true. False if that is too much.
static bool add_clause(Reader *r, Clauses *to, const ClaimClause *a, const ClaimClause *b)
{
    ClaimClause all = {0, ARENA_NEW(r->arena, const Linear *, (size_t)(a->count + b->count))};
    for (int i = 0; i < a->count + b->count; i++) {
        const Linear *form = i < a->count ? a->literal[i] : b->literal[i - a->count];
        if (has(&all, form, linear_complement))
            return true;
        if (!has(&all, form, linear_same))
            all.literal[all.count++] = form;
    }
    to->literals += all.count;
    if (to->literals > CLAUSES_LITERALS_MAX || r->steps++ > STEPS_MAX)
        return false;
    to->clause[to->count++] = all;
    return true;
}

static Clauses clauses_new(Reader *r, int room)
{
    room = room < CLAUSES_LITERALS_MAX ? room : CLAUSES_LITERALS_MAX;
    return (Clauses){r->all, 0, 0, ARENA_NEW(r->arena, ClaimClause, (size_t)room)};
}

// Both are conjunctions; `and` of them is all clauses, `or` every clause of one with every one of the other.
static bool multiply_out(Reader *r, const Formula *formula, Clauses *ret)
{
    static const ClaimClause empty = {0};
    Clauses a, b;
    if (formula->kind == LITERAL) {
        const Linear *form = formula->form;
        *ret = clauses_new(r, 1);
        return add_clause(r, ret, &(ClaimClause){1, &form}, &empty);
    }
    if (!multiply_out(r, formula->a, &a) || !multiply_out(r, formula->b, &b))
        return false;
    bool fits = true;
    if (formula->kind == AND) {
        *ret = clauses_new(r, a.count + b.count);
        for (int i = 0; i < a.count + b.count && fits; i++)
            fits = add_clause(r, ret, i < a.count ? &a.clause[i] : &b.clause[i - a.count], &empty);
        return fits;
    }
    *ret = clauses_new(r, a.count * b.count);
    for (int i = 0; i < a.count && fits; i++)
        for (int j = 0; j < b.count && fits; j++)
            fits = add_clause(r, ret, &a.clause[i], &b.clause[j]);
    return fits;
}

static bool is_long(const mpz_t number)
{
    return mpz_sizeinbase(number, 10) > CLAUSES_DIGITS_MAX;
}

static bool has_long(const Clauses *clauses)
{
    bool found = false;
    for (int k = 0; k < clauses->count; k++)
        for (int l = 0; l < clauses->clause[k].count; l++) {
            const Linear *form = clauses->clause[k].literal[l];
            found = found || is_long(form->constant);
            for (int i = 0; i < form->count; i++)
                found = found || is_long(form->coefficient[i]);
        }
    return found;
}

Status clauses_of(Arena *arena, const Spec *spec, Clauses *ret_clauses, Diag *diag)
{
    Reader r = {arena, spec, diag, quantities_of(arena, spec, spec->require), 0};
    const Formula *formula;
    Clauses clauses;
    TRY(read_formula(&r, spec->require, true, &formula));
    if (formula->kind == TRUE || formula->kind == FALSE)
        return refuse(&r, spec->require, "C002",
                      formula->kind == TRUE ? "it is always true" : "it is never true");
    if (!multiply_out(&r, formula, &clauses))
        return too_large(&r, spec->require);
    if (clauses.count == 0)
        return refuse(&r, spec->require, "C002", "it is always true");
    if (has_long(&clauses))
        return refuse(&r, spec->require, "C002", "its coefficients are too large");
    *ret_clauses = clauses;
    return STATUS_OK;
}
