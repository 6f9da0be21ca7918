// Claims, and the rules of the algorithm: that each state has one `next` and each digit of the
// answer one rule.
#include "resolver.h"

// --- claims ---

// The column that an assumption speaks of: `i`, or the one whose digits stand at `at`.
typedef struct Column {
    bool known, own;
    long long at;
} Column;

static Status note_column(const Resolver *r, const Expr *mention, Column here, Column *column)
{
    if (!column->known)
        *column = here;
    if (column->own == here.own && column->at == here.at)
        return STATUS_OK;
    spec_fault(r->spec, mention->span, r->diag, FAULT_COLUMN,
               "an assumption about more than one column");
    diag_hint(r->diag, "write one `assume` for each column");
    return STATUS_MALFORMED;
}

static Status note_columns(const Resolver *r, const Expr *expr, Column *column)
{
    Column here = {.known = true};
    if (!expr)
        return STATUS_OK;
    here.own =
        expr->kind == EXPR_COLUMN || (expr->kind == EXPR_DIGIT && expr->a->kind == EXPR_COLUMN);
    if (expr->kind == EXPR_DIGIT && !here.own)
        TRY(resolve_constant(r, expr->a, "an index", &here.at));
    if (expr->kind == EXPR_DIGIT || here.own)
        return note_column(r, expr, here, column);
    TRY(note_columns(r, expr->a, column));
    TRY(note_columns(r, expr->b, column));
    return note_columns(r, expr->c, column);
}

static Status check_one_column(const Resolver *r, const Expr *assume)
{
    Column column = {0};
    TRY(note_columns(r, assume, &column));
    if (column.known)
        return STATUS_OK;
    return spec_fault(r->spec, assume->span, r->diag, FAULT_COLUMN,
                      "an assumption about no column: it names no digit");
}

static Status resolve_assumes(const Resolver *r)
{
    Spec *spec = r->spec;
    spec->assumes = ARENA_NEW(r->arena, Expr *, (size_t)statement_count(r, LEX_ASSUME));
    for (const Statement *s = statement_find(r->first, LEX_ASSUME); s;
         s = statement_find(s->next, LEX_ASSUME)) {
        Expr **assume = &spec->assumes[spec->n_assumes++];
        TRY(resolve_expr(r, &scope_assume, s->expr, TYPE_BOOL, assume));
        TRY(check_one_column(r, *assume));
    }
    return STATUS_OK;
}

Status resolve_claims(const Resolver *r)
{
    const Statement *require;
    TRY(resolve_assumes(r));
    TRY(statement_only(r, LEX_REQUIRE, &require));
    if (!require) {
        spec_fault_nowhere(r->spec, r->diag, FAULT_MISSING, "the spec has no `require`");
        diag_hint(r->diag, "write, for example: require s = a + b");
        return STATUS_MALFORMED;
    }
    return resolve_expr(r, &scope_require, require->expr, TYPE_BOOL, &r->spec->require);
}

// --- states ---

static Status second_next(const Resolver *r, const Statement *second, const SpecState *state)
{
    return spec_fault(r->spec, second->span, r->diag, FAULT_TWO_RULES,
                      "a second `next` for `%s`; the first is in line %d", state->name,
                      spec_line(r->spec, state->next->span));
}

static Status resolve_nexts(const Resolver *r)
{
    SpecScan *scan = &r->spec->scan;
    for (const Statement *s = statement_find(r->first, LEX_NEXT); s;
         s = statement_find(s->next, LEX_NEXT)) {
        int index;
        TRY(name_expect(r, s->name, NAME_STATE, &index));
        SpecState *state = &scan->states[index];
        if (state->next)
            return second_next(r, s, state);
        TRY(resolve_expr(r, &scope_next, s->expr, TYPE_INT, &state->next));
    }
    for (int k = 0; k < scan->n_states; k++)
        if (!scan->states[k].next)
            return spec_fault(r->spec, scan->states[k].span, r->diag, FAULT_MISSING_NEXT,
                              "the state `%s` has no `next`", scan->states[k].name);
    return STATUS_OK;
}

static Status resolve_invariant(const Resolver *r)
{
    const Statement *invariant;
    TRY(statement_only(r, LEX_INVARIANT, &invariant));
    return invariant ? resolve_expr(r, &scope_invariant, invariant->expr, TYPE_BOOL,
                                    &r->spec->scan.invariant)
                     : STATUS_OK;
}

// --- digits ---

// Which rule makes which digit of an answer number.
typedef struct Makers {
    const SpecDigit *of[SPEC_DIGITS_MAX];
} Makers;

static Status note_maker(const Resolver *r, Makers *makers, const SpecDigit *rule, int digit)
{
    const SpecDigit **maker = &makers[rule->number].of[digit];
    const SpecNumber *number = &r->spec->numbers[rule->number];
    if (*maker && spec_is_choice(number))
        return spec_fault(r->spec, rule->span, r->diag, FAULT_TWO_RULES,
                          "a second rule for `%s`; the first is in line %d", number->name,
                          spec_line(r->spec, (*maker)->span));
    if (*maker)
        return spec_fault(r->spec, rule->span, r->diag, FAULT_TWO_RULES,
                          "a second rule for %s[%d]; the first is in line %d", number->name, digit,
                          spec_line(r->spec, (*maker)->span));
    *maker = rule;
    return STATUS_OK;
}

static Status check_answer(const Resolver *r, const Statement *s, int number)
{
    if (r->spec->numbers[number].answer)
        return STATUS_OK;
    return spec_fault(r->spec, s->name, r->diag, FAULT_INPUT_RULE,
                      "`%s` is an input; rules make the digits of the answer",
                      r->spec->numbers[number].name);
}

static Status begin_digit(const Resolver *r, const Scope *scope, const Statement *s,
                          SpecDigit *ret_rule)
{
    SpecDigit rule = {.span = s->span};
    TRY(name_expect(r, s->name, NAME_NUMBER, &rule.number));
    TRY(check_answer(r, s, rule.number));
    TRY(resolve_index(r, scope, s->index, &rule.position));
    TRY(resolve_expr(r, scope, s->expr, TYPE_INT, &rule.rule));
    *ret_rule = rule;
    return STATUS_OK;
}

static Status add_scan_digit(const Resolver *r, const Statement *s, Makers *makers)
{
    SpecScan *scan = &r->spec->scan;
    SpecDigit *rule = &scan->digits[scan->n_digits++];
    TRY(begin_digit(r, &scope_digit, s, rule));
    if (rule->position->kind != EXPR_COLUMN) {
        const char *name = r->spec->numbers[rule->number].name;
        spec_fault(r->spec, rule->position->span, r->diag, FAULT_COLUMN,
                   "a rule of the scan is for the digit `%s[i]`", name);
        diag_hint(r->diag, "the rule of a single digit stands behind the scan: `finally %s[...]`",
                  name);
        return STATUS_MALFORMED;
    }
    TRY(resolve_check_index(r, rule->number, r->columns - 1, rule->position->span));
    for (int column = 0; column < r->columns; column++)
        TRY(note_maker(r, makers, rule, column));
    return STATUS_OK;
}

static Status add_final_digit(const Resolver *r, const Statement *s, Makers *makers)
{
    SpecScan *scan = &r->spec->scan;
    SpecDigit *rule = &scan->finals[scan->n_finals++];
    long long index;
    TRY(begin_digit(r, &scope_final, s, rule));
    TRY(resolve_constant(r, rule->position, "an index", &index));
    TRY(resolve_check_index(r, rule->number, index, rule->position->span));
    rule->index = (int)index;
    return note_maker(r, makers, rule, rule->index);
}

// finally NAME = token
static Status add_final_choice(const Resolver *r, const Statement *s, Makers *makers)
{
    SpecScan *scan = &r->spec->scan;
    SpecDigit rule = {.span = s->span};
    if (name_find(r, s->name).kind == NAME_NUMBER) {
        spec_fault(r->spec, s->name, r->diag, FAULT_PLACE, "a rule makes one digit of a number");
        diag_hint(r->diag, "write `finally %.*s[...] = ...`", SPEC_SHOW(r->spec, s->name));
        return STATUS_MALFORMED;
    }
    TRY(name_expect(r, s->name, NAME_CHOICE, &rule.number));
    TRY(check_answer(r, s, rule.number));
    rule.position = r->spec->numbers[rule.number].length;
    TRY(resolve_choice(r, &scope_final, s->expr, rule.number, &rule.rule));
    scan->finals[scan->n_finals++] = rule;
    return note_maker(r, makers, &scan->finals[scan->n_finals - 1], 0);
}

static Status no_rule(const Resolver *r, const SpecNumber *number, int digit)
{
    if (spec_is_choice(number))
        return spec_fault(r->spec, number->span, r->diag, FAULT_NO_RULE, "no `finally` makes `%s`",
                          number->name);
    spec_fault(r->spec, number->span, r->diag, FAULT_NO_RULE, "no rule makes the digit %s[%d]",
               number->name, digit);
    if (digit < r->columns)
        diag_hint(r->diag, "write `digit %s[i] = ...` in the scan", number->name);
    else
        diag_hint(r->diag, "write `finally %s[%d] = ...` behind the scan", number->name, digit);
    return STATUS_MALFORMED;
}

static Status check_every_digit(const Resolver *r, const Makers *makers)
{
    for (int k = 0; k < r->spec->n_numbers; k++) {
        const SpecNumber *number = &r->spec->numbers[k];
        for (int digit = 0; number->answer && digit < number->digits; digit++)
            if (!makers[k].of[digit])
                return no_rule(r, number, digit);
    }
    return STATUS_OK;
}

// Choices come first: the rules of digits may speak of them.
static Status resolve_digits(const Resolver *r)
{
    SpecScan *scan = &r->spec->scan;
    Makers *makers = ARENA_NEW(r->arena, Makers, (size_t)r->spec->n_numbers);
    scan->digits = ARENA_NEW(r->arena, SpecDigit, (size_t)statement_count(r, LEX_DIGIT));
    scan->finals = ARENA_NEW(r->arena, SpecDigit, (size_t)statement_count(r, LEX_FINALLY));
    for (const Statement *s = statement_find(r->first, LEX_FINALLY); s;
         s = statement_find(s->next, LEX_FINALLY))
        if (!s->index)
            TRY(add_final_choice(r, s, makers));
    for (const Statement *s = statement_find(r->first, LEX_DIGIT); s;
         s = statement_find(s->next, LEX_DIGIT))
        TRY(add_scan_digit(r, s, makers));
    for (const Statement *s = statement_find(r->first, LEX_FINALLY); s;
         s = statement_find(s->next, LEX_FINALLY))
        if (s->index)
            TRY(add_final_digit(r, s, makers));
    return check_every_digit(r, makers);
}

// --- the whole ---

static bool is_of_scan(LexKind kind)
{
    return kind == LEX_ALGORITHM || kind == LEX_STATE || kind == LEX_DIGIT || kind == LEX_NEXT ||
           kind == LEX_INVARIANT || kind == LEX_FINALLY;
}

Status resolve_algorithm(const Resolver *r)
{
    const Statement *first = statement_find(r->first, LEX_ALGORITHM), *last = first;
    for (const Statement *s = first; s && is_of_scan(s->kind); s = s->next)
        last = s;
    r->spec->scan.span = spec_span_join(first->span, last->span);
    TRY(resolve_nexts(r));
    TRY(resolve_digits(r));
    return resolve_invariant(r);
}
