// Parameters, numbers and states.
#include <string.h>

#include "resolver.h"

// --- parameters ---

static Status apply_setting(const Resolver *r, const SpecSetting *setting)
{
    for (int k = 0; k < r->spec->n_params; k++)
        if (strcmp(r->spec->params[k].name, setting->name) == 0) {
            r->spec->params[k].value = setting->value;
            return STATUS_OK;
        }
    diag_set(r->diag, STATUS_USAGE, spec_fault_code(FAULT_SETTING),
             "the spec has no parameter `%s` to set", setting->name);
    diag_path(r->diag, r->spec->path);
    return STATUS_USAGE;
}

Status resolve_params(const Resolver *r)
{
    Spec *spec = r->spec;
    spec->params = ARENA_NEW(r->arena, SpecParam, (size_t)statement_count(r, LEX_PARAM));
    for (const Statement *s = statement_find(r->first, LEX_PARAM); s;
         s = statement_find(s->next, LEX_PARAM)) {
        SpecParam param = {.value = s->low, .span = s->name};
        TRY(name_declare(r, s->name, &param.name));
        spec->params[spec->n_params++] = param;
    }
    for (int k = 0; k < r->n_settings; k++)
        TRY(apply_setting(r, &r->settings[k]));
    return STATUS_OK;
}

// --- numbers and choices ---

static Status declare_length(const Resolver *r, const Node *length, SpecNumber *number)
{
    long long digits;
    TRY(resolve_expr(r, &scope_length, length, TYPE_INT, &number->length));
    TRY(resolve_constant(r, number->length, "the length of a number", &digits));
    if (digits < 1 || digits > SPEC_DIGITS_MAX)
        return spec_fault(r->spec, number->length->span, r->diag, FAULT_LENGTH,
                          "`%s` has %lld digits; 1 to %d are allowed", number->name, digits,
                          SPEC_DIGITS_MAX);
    number->digits = (int)digits;
    return STATUS_OK;
}

static Status add_token(const Resolver *r, const SyntaxToken *token, SpecNumber *choice)
{
    const char *text;
    TRY(resolve_token_text(r, token->span, &text));
    for (int k = 0; k < choice->n_choices; k++)
        if (strcmp(choice->choices[k], text) == 0)
            return spec_fault(r->spec, token->span, r->diag, FAULT_DUPLICATE,
                              "the token \"%s\" stands in the list already", text);
    choice->choices[choice->n_choices++] = text;
    return STATUS_OK;
}

static Status declare_list(const Resolver *r, const SyntaxToken *tokens, SpecNumber *choice)
{
    choice->digits = 1;
    choice->length = ARENA_NEW(r->arena, Expr, 1);
    *choice->length = (Expr){.kind = EXPR_INT, .span = choice->span, .value = 1, .height = 1};
    choice->choices = ARENA_NEW(r->arena, const char *, SPEC_CHOICES_MAX);
    for (const SyntaxToken *token = tokens; token; token = token->next)
        TRY(add_token(r, token, choice));
    return STATUS_OK;
}

static Status declare(const Resolver *r, SpecSpan name, SyntaxKind kind, bool answer)
{
    SpecNumber number = {.answer = answer, .span = name};
    TRY(name_declare(r, name, &number.name));
    TRY(kind.length ? declare_length(r, kind.length, &number)
                    : declare_list(r, kind.tokens, &number));
    r->spec->numbers[r->spec->n_numbers++] = number;
    return STATUS_OK;
}

static Status check_same_length(const Resolver *r, const SpecNumber *a, const SpecNumber *b)
{
    if (a->digits == b->digits)
        return STATUS_OK;
    spec_fault(r->spec, b->span, r->diag, FAULT_LENGTHS, "`%s` has %d digits, but `%s` has %d",
               b->name, b->digits, a->name, a->digits);
    diag_hint(r->diag, "the scan goes through all inputs together, column by column");
    return STATUS_MALFORMED;
}

static int count_answer_names(const Statement *answer)
{
    int count = 0;
    for (const SyntaxItem *item = answer ? answer->items : NULL; item; item = item->next)
        count += item->is_new;
    return count;
}

static Status missing(const Resolver *r, const char *what, const char *example)
{
    spec_fault_nowhere(r->spec, r->diag, FAULT_MISSING, "the spec has no %s", what);
    diag_hint(r->diag, "write, for example: %s", example);
    return STATUS_MALFORMED;
}

static Status resolve_inputs(Resolver *r)
{
    const SpecNumber *first = NULL;
    for (const Statement *s = statement_find(r->first, LEX_INPUT); s;
         s = statement_find(s->next, LEX_INPUT))
        TRY(declare(r, s->name, s->what, false));
    for (int k = 0; k < r->spec->n_numbers; k++) {
        const SpecNumber *number = &r->spec->numbers[k];
        if (spec_is_choice(number))
            continue;
        first = first ? first : number;
        TRY(check_same_length(r, first, number));
    }
    if (!first)
        return missing(r, r->spec->n_numbers ? "`input` that is a number" : "`input`",
                       "input a, b : number of 5 digits");
    r->columns = first->digits;
    return STATUS_OK;
}

Status resolve_numbers(Resolver *r)
{
    const Statement *answer;
    TRY(statement_only(r, LEX_ANSWER, &answer));
    int count = statement_count(r, LEX_INPUT) + count_answer_names(answer);
    r->spec->numbers = ARENA_NEW(r->arena, SpecNumber, (size_t)count);
    TRY(resolve_inputs(r));
    if (!answer)
        return missing(r, "`answer`", "answer s : number of 6 digits");
    for (const SyntaxItem *item = answer->items; item; item = item->next)
        if (item->is_new)
            TRY(declare(r, item->span, item->kind, true));
    if (count_answer_names(answer) == 0)
        return spec_fault(r->spec, answer->span, r->diag, FAULT_MISSING,
                          "the answer declares no number and no choice");
    return STATUS_OK;
}

// --- states ---

static Status check_range(const Resolver *r, const Statement *state)
{
    if (state->low > state->high)
        return spec_fault(r->spec, state->range, r->diag, FAULT_RANGE, "the range is empty");
    if ((unsigned long long)state->high - (unsigned long long)state->low >= SPEC_STATE_VALUES_MAX)
        return spec_fault(r->spec, state->range, r->diag, FAULT_RANGE,
                          "the range has more than %d values", SPEC_STATE_VALUES_MAX);
    if (state->initial < state->low || state->initial > state->high)
        return spec_fault(r->spec, state->start, r->diag, FAULT_INITIAL,
                          "%lld lies outside %lld..%lld", state->initial, state->low, state->high);
    return STATUS_OK;
}

Status resolve_states(const Resolver *r)
{
    SpecScan *scan = &r->spec->scan;
    const Statement *algorithm;
    TRY(statement_only(r, LEX_ALGORITHM, &algorithm));
    if (!algorithm)
        return missing(r, "`algorithm`", "algorithm, and below it: scan from least significant");
    scan->states = ARENA_NEW(r->arena, SpecState, (size_t)statement_count(r, LEX_STATE));
    for (const Statement *s = statement_find(r->first, LEX_STATE); s;
         s = statement_find(s->next, LEX_STATE)) {
        SpecState state = {.low = s->low, .high = s->high, .initial = s->initial, .span = s->name};
        TRY(name_declare(r, s->name, &state.name));
        TRY(check_range(r, s));
        scan->states[scan->n_states++] = state;
    }
    if (scan->n_states == 0) {
        spec_fault(r->spec, algorithm->span, r->diag, FAULT_MISSING, "the scan has no state");
        diag_hint(r->diag, "write, for example: state c in 0..1, initially 0");
        return STATUS_MALFORMED;
    }
    return STATUS_OK;
}
