#include "eval.h"

enum { BASE_BITS_MAX = 64 }; // keeps a tower of powers from filling the memory

// --- what both evaluators ask of an environment ---

static long long param_value(const SpecEnv *env, int param)
{
    return env->params ? env->params[param] : env->spec->params[param].value;
}

static int number_length(const SpecEnv *env, int number)
{
    return env->lengths ? env->lengths[number] : env->spec->numbers[number].digits;
}

static long long state_value(const SpecEnv *env, int state)
{
    CHECK(env->states);
    return env->states[state];
}

static bool look_up_digit(const SpecEnv *env, int number, long long index, int *ret_digit)
{
    if (index < 0 || index >= number_length(env, number))
        return false;
    CHECK(env->column_digits || env->digits);
    if (!env->column_digits)
        *ret_digit = env->digits[number][index];
    else if (index == env->column)
        *ret_digit = env->column_digits[number];
    else
        return false;
    return true;
}

// Leaves other than whole numbers. False when an index is out of range.
static bool eval_leaf(const Expr *expr, const SpecEnv *env, long long *ret_value)
{
    long long index;
    int digit;
    switch (expr->kind) {
    case EXPR_INT:
        *ret_value = expr->value;
        return true;
    case EXPR_PARAM:
        *ret_value = param_value(env, expr->index);
        return true;
    case EXPR_COLUMN:
        *ret_value = env->column;
        return true;
    case EXPR_STATE:
        *ret_value = state_value(env, expr->index);
        return true;
    case EXPR_LAST:
        CHECK(env->last);
        *ret_value = env->last[expr->index];
        return true;
    case EXPR_CHOICE:
        CHECK(env->column_digits || env->digits);
        *ret_value =
            env->column_digits ? env->column_digits[expr->index] : *env->digits[expr->index];
        return true;
    case EXPR_DIGIT:
        if (!spec_eval_small(expr->a, env, &index) ||
            !look_up_digit(env, expr->index, index, &digit))
            return false;
        *ret_value = digit;
        return true;
    default:
        return false;
    }
}

static bool is_leaf(ExprKind kind)
{
    return kind == EXPR_INT || kind == EXPR_PARAM || kind == EXPR_COLUMN || kind == EXPR_STATE ||
           kind == EXPR_LAST || kind == EXPR_CHOICE || kind == EXPR_DIGIT;
}

static bool compare(ExprKind kind, int order)
{
    switch (kind) {
    case EXPR_EQ:
        return order == 0;
    case EXPR_NE:
        return order != 0;
    case EXPR_LT:
        return order < 0;
    case EXPR_LE:
        return order <= 0;
    case EXPR_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

// The operands of connectives and conditions are booleans, so small, but may compare whole numbers.
typedef bool Truth(const Expr *expr, const SpecEnv *env, bool *ret_truth);

// `and`, `or`, `implies`: the right operand is looked at only if the left one does not decide.
static bool eval_connective(const Expr *expr, const SpecEnv *env, Truth *truth, bool *ret_truth)
{
    bool left;
    if (!truth(expr->a, env, &left))
        return false;
    bool decided = expr->kind == EXPR_OR ? left : !left;
    if (!decided)
        return truth(expr->b, env, ret_truth);
    *ret_truth = expr->kind != EXPR_AND;
    return true;
}

// --- small integers ---

static bool power_small(long long base, long long exponent, long long *ret_value)
{
    long long value = 1;
    if (exponent < 0 || exponent > SPEC_EXPONENT_MAX)
        return false;
    for (long long k = 0; k < exponent; k++)
        if (__builtin_mul_overflow(value, base, &value))
            return false;
    *ret_value = value;
    return true;
}

static long long floor_mod(long long a, long long divisor)
{
    long long rest = a % divisor;
    return rest < 0 ? rest + divisor : rest;
}

static long long floor_div(long long a, long long divisor)
{
    return a / divisor - (a % divisor < 0);
}

static bool operate_small(ExprKind kind, long long a, long long b, long long *ret_value)
{
    switch (kind) {
    case EXPR_ADD:
        return !__builtin_add_overflow(a, b, ret_value);
    case EXPR_SUB:
        return !__builtin_sub_overflow(a, b, ret_value);
    case EXPR_MUL:
        return !__builtin_mul_overflow(a, b, ret_value);
    case EXPR_POW:
        return power_small(a, b, ret_value);
    case EXPR_DIV:
    case EXPR_MOD:
        if (b < 1)
            return false;
        *ret_value = kind == EXPR_DIV ? floor_div(a, b) : floor_mod(a, b);
        return true;
    default:
        *ret_value = compare(kind, (a > b) - (a < b));
        return true;
    }
}

static bool truth_small(const Expr *expr, const SpecEnv *env, bool *ret_truth)
{
    long long value;
    if (!spec_eval_small(expr, env, &value))
        return false;
    *ret_truth = value != 0;
    return true;
}

static bool eval_small(const Expr *expr, const SpecEnv *env, long long *ret_value)
{
    long long a, b;
    bool truth;
    if (is_leaf(expr->kind))
        return eval_leaf(expr, env, ret_value);
    switch (expr->kind) {
    case EXPR_VALUE:
    case EXPR_PREFIX:
        CHECK(!"a whole number in a small expression");
        return false;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_IMPLIES:
        if (!eval_connective(expr, env, truth_small, &truth))
            return false;
        *ret_value = truth;
        return true;
    case EXPR_IF:
        return truth_small(expr->a, env, &truth) &&
               eval_small(truth ? expr->b : expr->c, env, ret_value);
    case EXPR_NEG:
        return eval_small(expr->a, env, &a) && operate_small(EXPR_SUB, 0, a, ret_value);
    case EXPR_NOT:
        return eval_small(expr->a, env, &a) && operate_small(EXPR_EQ, a, 0, ret_value);
    default:
        return eval_small(expr->a, env, &a) && eval_small(expr->b, env, &b) &&
               operate_small(expr->kind, a, b, ret_value);
    }
}

bool spec_eval_small(const Expr *expr, const SpecEnv *env, long long *ret_value)
{
    long long value;
    if (!eval_small(expr, env, &value))
        return false;
    *ret_value = value;
    return true;
}

// --- unbounded integers ---

// The integer that the digits of `number` below `count` make.
static bool make_number(const SpecEnv *env, int number, long long count, mpz_t value)
{
    if (count < 0 || count > number_length(env, number))
        return false;
    CHECK(env->digits || count == 0);
    mpz_set_ui(value, 0);
    for (long long k = count - 1; k >= 0; k--) {
        mpz_mul_ui(value, value, SPEC_BASE);
        mpz_add_ui(value, value, (unsigned long)env->digits[number][k]);
    }
    return true;
}

static bool power_big(const mpz_t base, const mpz_t exponent, mpz_t value)
{
    if (mpz_sgn(exponent) < 0 || mpz_cmp_ui(exponent, SPEC_EXPONENT_MAX) > 0 ||
        mpz_sizeinbase(base, 2) > BASE_BITS_MAX)
        return false;
    mpz_pow_ui(value, base, mpz_get_ui(exponent));
    return true;
}

static bool operate_big(ExprKind kind, const mpz_t a, const mpz_t b, mpz_t value)
{
    switch (kind) {
    case EXPR_ADD:
        mpz_add(value, a, b);
        return true;
    case EXPR_SUB:
        mpz_sub(value, a, b);
        return true;
    case EXPR_MUL:
        mpz_mul(value, a, b);
        return true;
    case EXPR_POW:
        return power_big(a, b, value);
    case EXPR_DIV:
    case EXPR_MOD:
        if (mpz_sgn(b) <= 0)
            return false;
        (kind == EXPR_DIV ? mpz_fdiv_q : mpz_fdiv_r)(value, a, b);
        return true;
    default:
        mpz_set_si(value, compare(kind, mpz_cmp(a, b)));
        return true;
    }
}

static bool eval_big(const Expr *expr, const SpecEnv *env, mpz_t value);

static bool truth_big(const Expr *expr, const SpecEnv *env, bool *ret_truth)
{
    mpz_t value;
    mpz_init(value);
    bool done = eval_big(expr, env, value);
    if (done)
        *ret_truth = mpz_sgn(value) != 0;
    mpz_clear(value);
    return done;
}

static bool eval_operands_big(const Expr *expr, const SpecEnv *env, mpz_t value)
{
    mpz_t a, b;
    mpz_inits(a, b, NULL);
    bool done = eval_big(expr->a, env, a) && eval_big(expr->b, env, b) &&
                operate_big(expr->kind, a, b, value);
    mpz_clears(a, b, NULL);
    return done;
}

static bool eval_whole_number(const Expr *expr, const SpecEnv *env, mpz_t value)
{
    long long count = number_length(env, expr->index);
    if (expr->kind == EXPR_PREFIX && !spec_eval_small(expr->a, env, &count))
        return false;
    return make_number(env, expr->index, count, value);
}

// As spec_eval_big, but may leave anything in `value` when it fails.
static bool eval_big(const Expr *expr, const SpecEnv *env, mpz_t value)
{
    long long small;
    bool truth;
    switch (expr->kind) {
    case EXPR_VALUE:
    case EXPR_PREFIX:
        return eval_whole_number(expr, env, value);
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_IMPLIES:
        if (!eval_connective(expr, env, truth_big, &truth))
            return false;
        mpz_set_si(value, truth);
        return true;
    case EXPR_IF:
        return truth_big(expr->a, env, &truth) && eval_big(truth ? expr->b : expr->c, env, value);
    case EXPR_NEG:
        if (!eval_big(expr->a, env, value))
            return false;
        mpz_neg(value, value);
        return true;
    case EXPR_NOT:
        if (!truth_big(expr->a, env, &truth))
            return false;
        mpz_set_si(value, !truth);
        return true;
    default:
        if (!is_leaf(expr->kind))
            return eval_operands_big(expr, env, value);
        if (!eval_leaf(expr, env, &small))
            return false;
        mpz_set_si(value, (long)small);
        return true;
    }
}

bool spec_eval_big(const Expr *expr, const SpecEnv *env, mpz_t ret_value)
{
    mpz_t value;
    mpz_init(value);
    bool done = eval_big(expr, env, value);
    if (done)
        mpz_swap(ret_value, value);
    mpz_clear(value);
    return done;
}
