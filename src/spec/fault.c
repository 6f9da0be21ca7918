#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

#define FAULT_CODE(name, code) code,
static const char *const codes[] = {SPEC_FAULTS(FAULT_CODE)};
#undef FAULT_CODE

enum { TEXT_MAX = sizeof((Diag *)0)->text };

const char *spec_fault_code(SpecFault fault)
{
    return codes[fault];
}

static Status place(const Spec *spec, SpecSpan span, Diag *diag, Status status, const char *code,
                    const char *text)
{
    diag_set(diag, status, code, "%s", text);
    diag_path(diag, spec->path);
    diag_place(diag, spec->text, spec->size, span.offset, span.length);
    return status;
}

Status spec_diag(const Spec *spec, SpecSpan span, Diag *diag, Status status, const char *code,
                 const char *format, ...)
{
    char text[TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return place(spec, span, diag, status, code, text);
}

Status spec_fault(const Spec *spec, SpecSpan span, Diag *diag, SpecFault fault, const char *format,
                  ...)
{
    char text[TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return place(spec, span, diag, STATUS_MALFORMED, codes[fault], text);
}

Status spec_fault_nowhere(const Spec *spec, Diag *diag, SpecFault fault, const char *format, ...)
{
    char text[TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    diag_set(diag, STATUS_MALFORMED, codes[fault], "%s", text);
    diag_path(diag, spec->path);
    return STATUS_MALFORMED;
}

int spec_line(const Spec *spec, SpecSpan span)
{
    int line = 1;
    for (size_t k = 0; k < span.offset; k++)
        line += spec->text[k] == '\n';
    return line;
}

SpecSpan spec_span_join(SpecSpan first, SpecSpan last)
{
    return (SpecSpan){first.offset, last.offset + last.length - first.offset};
}
