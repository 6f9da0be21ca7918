// Prompt, answer, and the path of the model.
#include <string.h>

#include "file.h"
#include "resolver.h"
#include "text.h"

// --- prompt and answer ---

Status resolve_token_text(const Resolver *r, SpecSpan quoted, const char **ret_text)
{
    SpecSpan inside = {quoted.offset + 1, quoted.length - 2};
    if (inside.length < 1 || inside.length > SPEC_TOKEN_MAX)
        return spec_fault(r->spec, quoted, r->diag, FAULT_TOKEN,
                          "a token of %zu bytes; 1 to %d are allowed", inside.length,
                          SPEC_TOKEN_MAX);
    *ret_text = spec_text(r->arena, r->spec, inside);
    return STATUS_OK;
}

static Status resolve_token(const Resolver *r, const SyntaxItem *item, SpecItem *ret_item)
{
    *ret_item = (SpecItem){.number = -1, .span = item->span};
    return resolve_token_text(r, item->span, &ret_item->token);
}

static Status resolve_item(const Resolver *r, const SyntaxItem *item, bool in_prompt,
                           SpecItem *ret_item)
{
    if (item->is_text)
        return resolve_token(r, item, ret_item);
    Name name = name_find(r, item->span);
    int number = name.index;
    if (name.kind != NAME_CHOICE)
        TRY(name_expect(r, item->span, NAME_NUMBER, &number));
    if (in_prompt && r->spec->numbers[number].answer)
        return spec_fault(r->spec, item->span, r->diag, FAULT_PROMPT,
                          "`%s` belongs to the answer and cannot stand in the prompt",
                          r->spec->numbers[number].name);
    *ret_item = (SpecItem){.number = number, .span = item->span};
    return STATUS_OK;
}

static Status resolve_list(const Resolver *r, const Statement *list, SpecItem **ret_items,
                           int *ret_count)
{
    int count = 0;
    for (const SyntaxItem *item = list->items; item; item = item->next)
        count++;
    SpecItem *items = ARENA_NEW(r->arena, SpecItem, (size_t)count), *next = items;
    for (const SyntaxItem *item = list->items; item; item = item->next)
        TRY(resolve_item(r, item, list->kind == LEX_PROMPT, next++));
    *ret_items = items;
    *ret_count = count;
    return STATUS_OK;
}

static Status check_input_shown(const Resolver *r, int number)
{
    const Spec *spec = r->spec;
    for (int k = 0; k < spec->n_prompt; k++)
        if (spec->prompt[k].number == number)
            return STATUS_OK;
    return spec_fault(spec, spec->numbers[number].span, r->diag, FAULT_PROMPT,
                      "the input `%s` does not stand in the prompt", spec->numbers[number].name);
}

Status resolve_items(const Resolver *r)
{
    Spec *spec = r->spec;
    const Statement *prompt, *answer;
    TRY(statement_only(r, LEX_PROMPT, &prompt));
    TRY(statement_only(r, LEX_ANSWER, &answer));
    if (!prompt) {
        spec_fault_nowhere(spec, r->diag, FAULT_MISSING, "the spec has no `prompt`");
        diag_hint(r->diag, "write, for example: prompt a \"+\" b \"=\"");
        return STATUS_MALFORMED;
    }
    TRY(resolve_list(r, prompt, &spec->prompt, &spec->n_prompt));
    TRY(resolve_list(r, answer, &spec->answer, &spec->n_answer));
    for (int k = 0; k < spec->n_numbers; k++)
        if (!spec->numbers[k].answer)
            TRY(check_input_shown(r, k));
    return STATUS_OK;
}

// --- the model ---

// Adds the value of the parameter whose name stands in the braces that open at `at`; returns in
// *ret_behind the place behind them.
static Status fill_in(const Resolver *r, size_t at, size_t end, Text *path, size_t *ret_behind)
{
    const char *close = memchr(r->spec->text + at, '}', end - at);
    if (!close)
        return spec_fault(r->spec, (SpecSpan){at, end - at}, r->diag, FAULT_MODEL,
                          "a brace that is not closed");
    size_t behind = (size_t)(close - r->spec->text) + 1;
    SpecSpan inside = {at + 1, behind - at - 2};
    Name name = name_find(r, inside);
    if (name.kind != NAME_PARAM)
        return spec_fault(r->spec, inside, r->diag, FAULT_MODEL,
                          "there is no parameter of this name");
    text_add(path, "%lld", r->spec->params[name.index].value);
    *ret_behind = behind;
    return STATUS_OK;
}

static Status fill_path(const Resolver *r, SpecSpan inside, Text *path)
{
    size_t at = inside.offset, end = at + inside.length;
    while (at < end)
        if (r->spec->text[at] == '{')
            TRY(fill_in(r, at, end, path, &at));
        else
            text_add_bytes(path, &r->spec->text[at++], 1);
    if (path->length == 0)
        return spec_fault(r->spec, inside, r->diag, FAULT_MODEL, "the path of the model is empty");
    return STATUS_OK;
}

Status resolve_model(const Resolver *r)
{
    const Statement *model;
    Text path = {0};
    TRY(statement_only(r, LEX_MODEL, &model));
    if (!model)
        return STATUS_OK;
    Status status = fill_path(r, (SpecSpan){model->name.offset + 1, model->name.length - 2}, &path);
    if (status == STATUS_OK)
        r->spec->model = file_beside(r->arena, r->spec->path, text_chars(&path));
    text_free(&path);
    return status;
}
