#include "linear_form.h"

#include <string.h>

#include "eval.h"

// ---- quantities ---------------------------------------------------------------------------------

int quantity_digit(const Spec *spec, const Expr *digit)
{
    SpecEnv env = {.spec = spec};
    long long index;
    bool good = spec_eval_small(digit->a, &env, &index) && index >= 0 &&
                index < spec->numbers[digit->index].digits;
    return good ? (int)index : -1;
}

static bool mentions(const Spec *spec, const Expr *e, int number, int digit)
{
    if (!e)
        return false;
    if ((e->kind == EXPR_VALUE || e->kind == EXPR_CHOICE) && e->index == number && digit < 0)
        return true;
    if (e->kind == EXPR_DIGIT)
        return e->index == number && digit >= 0 && quantity_digit(spec, e) == digit;
    return mentions(spec, e->a, number, digit) || mentions(spec, e->b, number, digit) ||
           mentions(spec, e->c, number, digit);
}

static bool is_taken(const Spec *spec, const Quantities *all, const char *name)
{
    for (int i = 0; i < spec->n_numbers; i++)
        if (strcmp(spec->numbers[i].name, name) == 0)
            return true;
    for (int i = 0; i < all->count; i++)
        if (strcmp(all->item[i].name, name) == 0)
            return true;
    return false;
}

static const char *name_digit(const Quantities *all, const Spec *spec, int number, int digit)
{
    const char *name = arena_printf(all->arena, "%s_%d", spec->numbers[number].name, digit);
    while (is_taken(spec, all, name))
        name = arena_printf(all->arena, "%s_", name);
    return name;
}

static void clear(void *number)
{
    mpz_clear(number);
}

// Made of digits that have so many values each.
static void add_quantity(Quantities *all, const char *name, int number, int digit, int values,
                         int digits)
{
    Quantity *item = &all->item[all->count++];
    *item = (Quantity){.name = name, .number = number, .digit = digit};
    mpz_init(item->most);
    arena_on_free(all->arena, clear, item->most);
    mpz_ui_pow_ui(item->most, (unsigned long)values, (unsigned long)digits);
    mpz_sub_ui(item->most, item->most, 1);
}

Quantities quantities_of(Arena *arena, const Spec *spec, const Expr *expr)
{
    size_t most = 0;
    for (int n = 0; n < spec->n_numbers; n++)
        most += 1 + (size_t)spec->numbers[n].digits;
    Quantities all = {arena, 0, ARENA_NEW(arena, Quantity, most)};
    for (int n = 0; n < spec->n_numbers; n++) {
        const SpecNumber *number = &spec->numbers[n];
        if (mentions(spec, expr, n, -1))
            add_quantity(&all, number->name, n, -1, spec_digit_values(number), number->digits);
        for (int d = 0; d < number->digits; d++)
            if (mentions(spec, expr, n, d))
                add_quantity(&all, name_digit(&all, spec, n, d), n, d, SPEC_BASE, 1);
    }
    return all;
}

int quantity_find(const Quantities *all, int number, int digit)
{
    for (int i = 0; i < all->count; i++)
        if (all->item[i].number == number && all->item[i].digit == digit)
            return i;
    CHECK(!"every quantity was listed");
}

// Position of a number's most significant digit, or of a choice.
static int first_position(const Spec *spec, int number)
{
    int position = 0;
    for (int i = 0; i < spec->n_prompt + spec->n_answer; i++) {
        const SpecItem *item =
            i < spec->n_prompt ? &spec->prompt[i] : &spec->answer[i - spec->n_prompt];
        if (item->number == number)
            return position;
        position += item->number < 0 ? 1 : spec->numbers[item->number].digits;
    }
    CHECK(!"each number stands somewhere");
}

int quantity_positions(const Spec *spec, const Quantity *quantity,
                       int ret_position[SPEC_DIGITS_MAX])
{
    int first = first_position(spec, quantity->number), count = 0;
    int digits = spec->numbers[quantity->number].digits;
    for (int d = digits - 1; d >= 0; d--)
        if (quantity->digit < 0 || quantity->digit == d)
            ret_position[count++] = first + digits - 1 - d;
    return count;
}

// ---- forms --------------------------------------------------------------------------------------

static void clear_linear(void *object)
{
    Linear *form = object;
    mpz_clear(form->constant);
    for (int i = 0; i < form->count; i++)
        mpz_clear(form->coefficient[i]);
}

static Linear *linear_zero(const Quantities *all)
{
    Linear *form = ARENA_NEW(all->arena, Linear, 1);
    form->count = all->count;
    form->coefficient = ARENA_NEW(all->arena, mpz_t, (size_t)all->count);
    mpz_init(form->constant);
    for (int i = 0; i < form->count; i++)
        mpz_init(form->coefficient[i]);
    arena_on_free(all->arena, clear_linear, form);
    return form;
}

Linear *linear_constant(const Quantities *all, const mpz_t constant)
{
    Linear *form = linear_zero(all);
    mpz_set(form->constant, constant);
    return form;
}

Linear *linear_unit(const Quantities *all, int quantity)
{
    Linear *form = linear_zero(all);
    mpz_set_ui(form->coefficient[quantity], 1);
    return form;
}

static void combine(mpz_t ret, const mpz_t a, const mpz_t p, const mpz_t b, const mpz_t q)
{
    mpz_mul(ret, a, p);
    mpz_addmul(ret, b, q);
}

Linear *linear_combine(const Quantities *all, const Linear *a, const mpz_t p, const Linear *b,
                       const mpz_t q)
{
    Linear *form = linear_zero(all);
    combine(form->constant, a->constant, p, b->constant, q);
    for (int i = 0; i < form->count; i++)
        combine(form->coefficient[i], a->coefficient[i], p, b->coefficient[i], q);
    return form;
}

Linear *linear_combine_long(const Quantities *all, const Linear *a, long p, const Linear *b, long q)
{
    mpz_t big_p, big_q;
    mpz_init_set_si(big_p, p);
    mpz_init_set_si(big_q, q);
    Linear *form = linear_combine(all, a, big_p, b, big_q);
    mpz_clears(big_p, big_q, NULL);
    return form;
}

void linear_range(const Quantities *all, const Linear *form, mpz_t ret_least, mpz_t ret_greatest)
{
    mpz_set(ret_least, form->constant);
    mpz_set(ret_greatest, form->constant);
    for (int i = 0; i < form->count; i++)
        mpz_addmul(mpz_sgn(form->coefficient[i]) < 0 ? ret_least : ret_greatest,
                   form->coefficient[i], all->item[i].most);
}

bool linear_same(const Linear *a, const Linear *b)
{
    bool same = mpz_cmp(a->constant, b->constant) == 0;
    for (int i = 0; i < a->count && same; i++)
        same = mpz_cmp(a->coefficient[i], b->coefficient[i]) == 0;
    return same;
}

bool linear_complement(const Linear *a, const Linear *b)
{
    mpz_t sum;
    mpz_init(sum);
    mpz_add(sum, a->constant, b->constant);
    bool good = mpz_cmp_si(sum, -1) == 0;
    for (int i = 0; i < a->count && good; i++)
        good = mpz_cmpabs(a->coefficient[i], b->coefficient[i]) == 0 &&
               mpz_sgn(a->coefficient[i]) == -mpz_sgn(b->coefficient[i]);
    mpz_clear(sum);
    return good;
}
