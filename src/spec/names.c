// Statements and names: finding them.
#include <stdio.h>
#include <string.h>

#include "resolver.h"

const Statement *statement_find(const Statement *from, LexKind kind)
{
    while (from && from->kind != kind)
        from = from->next;
    return from;
}

int statement_count(const Resolver *r, LexKind kind)
{
    int count = 0;
    for (const Statement *s = statement_find(r->first, kind); s; s = statement_find(s->next, kind))
        count++;
    return count;
}

Status statement_only(const Resolver *r, LexKind kind, const Statement **ret_statement)
{
    const Statement *first = statement_find(r->first, kind);
    const Statement *second = first ? statement_find(first->next, kind) : NULL;
    if (second) {
        spec_fault(r->spec, second->word, r->diag, FAULT_REPEATED,
                   "a second %s; the first is in line %d", lex_describe(kind),
                   spec_line(r->spec, first->word));
        if (kind == LEX_REQUIRE || kind == LEX_INVARIANT)
            diag_hint(r->diag, "join the two with `and`");
        return STATUS_MALFORMED;
    }
    *ret_statement = first;
    return STATUS_OK;
}

// --- names ---

static bool is_name(const Resolver *r, SpecSpan span, const char *name)
{
    return strlen(name) == span.length &&
           memcmp(r->spec->text + span.offset, name, span.length) == 0;
}

Name name_find(const Resolver *r, SpecSpan span)
{
    const Spec *spec = r->spec;
    if (is_name(r, span, "i"))
        return (Name){.kind = NAME_COLUMN};
    for (int k = 0; k < spec->n_params; k++)
        if (is_name(r, span, spec->params[k].name))
            return (Name){NAME_PARAM, k};
    for (int k = 0; k < spec->n_numbers; k++)
        if (is_name(r, span, spec->numbers[k].name))
            return (Name){spec_is_choice(&spec->numbers[k]) ? NAME_CHOICE : NAME_NUMBER, k};
    for (int k = 0; k < spec->scan.n_states; k++)
        if (is_name(r, span, spec->scan.states[k].name))
            return (Name){NAME_STATE, k};
    return (Name){.kind = NAME_UNKNOWN};
}

static SpecSpan declaration(const Spec *spec, Name name)
{
    switch (name.kind) {
    case NAME_PARAM:
        return spec->params[name.index].span;
    case NAME_NUMBER:
    case NAME_CHOICE:
        return spec->numbers[name.index].span;
    default:
        return spec->scan.states[name.index].span;
    }
}

Status name_declare(const Resolver *r, SpecSpan span, char **ret_name)
{
    Name other = name_find(r, span);
    if (other.kind == NAME_COLUMN)
        return spec_fault(r->spec, span, r->diag, FAULT_RESERVED,
                          "`i` is the column of the scan and cannot be declared");
    if (other.kind != NAME_UNKNOWN)
        return spec_fault(r->spec, span, r->diag, FAULT_DUPLICATE,
                          "`%.*s` is declared already, in line %d", SPEC_SHOW(r->spec, span),
                          spec_line(r->spec, declaration(r->spec, other)));
    *ret_name = spec_text(r->arena, r->spec, span);
    return STATUS_OK;
}

static size_t list_name(char *list, size_t size, size_t used, const char *name)
{
    if (used + strlen(name) + 3 < size)
        used += (size_t)snprintf(list + used, size - used, "%s%s", used ? ", " : "", name);
    return used;
}

static Status unknown_name(const Resolver *r, SpecSpan span)
{
    const Spec *spec = r->spec;
    char list[200] = "";
    size_t used = 0;
    for (int k = 0; k < spec->n_params; k++)
        used = list_name(list, sizeof list, used, spec->params[k].name);
    for (int k = 0; k < spec->n_numbers; k++)
        used = list_name(list, sizeof list, used, spec->numbers[k].name);
    for (int k = 0; k < spec->scan.n_states; k++)
        used = list_name(list, sizeof list, used, spec->scan.states[k].name);
    spec_fault(spec, span, r->diag, FAULT_UNKNOWN, "nothing is named `%.*s`",
               SPEC_SHOW(spec, span));
    if (used > 0)
        diag_hint(r->diag, "declared are %s", list);
    return STATUS_MALFORMED;
}

static const char *const kinds[] = {
    "nothing", "the column of the scan", "a parameter", "a number", "a choice", "a state"};

Status name_expect(const Resolver *r, SpecSpan span, NameKind kind, int *ret_index)
{
    Name name = name_find(r, span);
    if (name.kind == NAME_UNKNOWN)
        return unknown_name(r, span);
    if (name.kind != kind && kind != NAME_UNKNOWN)
        return spec_fault(
            r->spec, span, r->diag, kind == NAME_NUMBER ? FAULT_NOT_NUMBER : FAULT_PLACE,
            "`%.*s` is %s, not %s", SPEC_SHOW(r->spec, span), kinds[name.kind], kinds[kind]);
    *ret_index = name.index;
    return STATUS_OK;
}
