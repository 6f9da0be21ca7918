// The way from the text of a spec to its resolved form.
#include "spec.h"

#include <string.h>

#include "file.h"
#include "resolver.h"

// Each part needs what those before it found out.
static Status resolve(Resolver *r)
{
    TRY(resolve_params(r));
    TRY(resolve_numbers(r));
    TRY(resolve_states(r));
    TRY(resolve_items(r));
    TRY(resolve_model(r));
    TRY(resolve_claims(r));
    return resolve_algorithm(r);
}

Status spec_parse(Arena *arena, const char *path, const char *text, size_t size,
                  const SpecSetting *settings, int n_settings, Spec **ret_spec, Diag *diag)
{
    Spec *spec = ARENA_NEW(arena, Spec, 1);
    spec->path = arena_strdup(arena, path);
    if (size > SPEC_FILE_MAX)
        return spec_fault_nowhere(spec, diag, FAULT_SIZE, "%zu bytes; at most %d are allowed", size,
                                  SPEC_FILE_MAX);
    spec->text = arena_strndup(arena, size ? text : "", size);
    spec->size = size;
    int copied = 0;
    Resolver resolver = {.arena = arena,
                         .spec = spec,
                         .settings = settings,
                         .n_settings = n_settings,
                         .copied = &copied,
                         .diag = diag};
    Statement *first = NULL;
    TRY(syntax_parse(arena, spec, &first, diag));
    resolver.first = first;
    TRY(resolve(&resolver));
    *ret_spec = spec;
    return STATUS_OK;
}

Status spec_parse_file(Arena *arena, const char *path, const SpecSetting *settings, int n_settings,
                       Spec **ret_spec, Diag *diag)
{
    char *text;
    size_t size;
    TRY(file_read(arena, path, SPEC_FILE_MAX, &text, &size, diag));
    return spec_parse(arena, path, text, size, settings, n_settings, ret_spec, diag);
}

int spec_columns(const Spec *spec)
{
    int k = 0;
    while (spec->numbers[k].answer || spec_is_choice(&spec->numbers[k]))
        k++;
    return spec->numbers[k].digits;
}

char *spec_text(Arena *arena, const Spec *spec, SpecSpan span)
{
    return arena_strndup(arena, spec->text + span.offset, span.length);
}
