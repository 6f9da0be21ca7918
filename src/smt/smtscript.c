#include "smtscript.h"

#include <stdbool.h>
#include <string.h>

#include "text.h"

// Where the reader stands. All pieces are spans of `text`.
typedef struct Reader {
    Arena *arena;
    const char *text;
    size_t size, at;
    Text formulas, declarations, asked;
    SmtScript script;
    int capacity, terms_capacity, depth;
    bool over; // (exit) was read
    Diag *diag;
} Reader;

typedef struct Span {
    size_t start, end;
} Span;

static Status refuse(Reader *r, size_t at, const char *what)
{
    diag_set(r->diag, STATUS_INTERNAL, "Z001", "SMT script: %s", what);
    diag_place(r->diag, r->text, r->size, at, 1);
    return STATUS_INTERNAL;
}

static void skip_blank(Reader *r)
{
    while (r->at < r->size) {
        if (r->text[r->at] == ';')
            while (r->at < r->size && r->text[r->at] != '\n')
                r->at++;
        else if (strchr(" \t\r\n", r->text[r->at]))
            r->at++;
        else
            return;
    }
}

// Past a "string" or a |symbol|; false when it does not end.
static bool skip_quoted(Reader *r)
{
    char quote = r->text[r->at];
    const char *end = memchr(r->text + r->at + 1, quote, r->size - r->at - 1);
    if (!end)
        return false;
    r->at = (size_t)(end - r->text) + 1;
    return true;
}

static void skip_atom(Reader *r)
{
    while (r->at < r->size && !strchr(" \t\r\n();\"|", r->text[r->at]))
        r->at++;
}

// term = atom | "(" term* ")"
static Status read_term(Reader *r, Span *ret_span)
{
    skip_blank(r);
    size_t start = r->at;
    long depth = 0;
    do {
        skip_blank(r);
        if (r->at == r->size)
            return refuse(r, start, "'(' without ')'");
        char c = r->text[r->at];
        if (c == '(' || c == ')') {
            depth += c == '(' ? 1 : -1;
            r->at++;
        } else if (c == '"' || c == '|') {
            if (!skip_quoted(r))
                return refuse(r, r->at, "quote without end");
        } else {
            skip_atom(r);
        }
        if (depth < 0)
            return refuse(r, r->at - 1, "')' without '('");
    } while (depth > 0);
    *ret_span = (Span){start, r->at};
    return STATUS_OK;
}

static bool span_is(const Reader *r, Span span, const char *word)
{
    return span.end - span.start == strlen(word) &&
           memcmp(r->text + span.start, word, span.end - span.start) == 0;
}

static SmtStep *add_step(Reader *r, SmtStepKind kind)
{
    SmtScript *script = &r->script;
    if (script->n_steps == r->capacity) {
        r->capacity = 2 * r->capacity + 64;
        SmtStep *steps = ARENA_NEW(r->arena, SmtStep, (size_t)r->capacity);
        if (script->n_steps)
            memcpy(steps, script->steps, sizeof *steps * (size_t)script->n_steps);
        script->steps = steps;
    }
    script->steps[script->n_steps] = (SmtStep){.kind = kind};
    return &script->steps[script->n_steps++];
}

static void add_term(Reader *r, Span span)
{
    SmtScript *script = &r->script;
    if (script->n_terms == r->terms_capacity) {
        r->terms_capacity = 2 * r->terms_capacity + 16;
        char **terms = ARENA_NEW(r->arena, char *, (size_t)r->terms_capacity);
        if (script->n_terms)
            memcpy(terms, script->terms, sizeof *terms * (size_t)script->n_terms);
        script->terms = terms;
    }
    char *term = arena_strndup(r->arena, r->text + span.start, span.end - span.start);
    script->terms[script->n_terms++] = term;
    text_add(&r->asked, "(assert (= %s %s))\n", term, term);
}

// A command's span copied for the solver's parser, on lines of its own.
static void keep(Text *text, const Reader *r, Span command)
{
    text_add_bytes(text, r->text + command.start, command.end - command.start);
    text_add(text, "\n");
}

// From here on: `command` spans the whole command, and the reader stands behind its first word.

static Status end_command(Reader *r, Span command)
{
    skip_blank(r);
    if (r->at + 1 != command.end)
        return refuse(r, r->at, "too much in this command");
    r->at = command.end;
    return STATUS_OK;
}

static Status read_logic(Reader *r, Span command)
{
    Span name;
    TRY(read_term(r, &name));
    if (name.end - name.start >= sizeof r->script.logic || r->script.n_steps || r->script.logic[0])
        return refuse(r, command.start, "the logic is set once, first");
    memcpy(r->script.logic, r->text + name.start, name.end - name.start);
    return end_command(r, command);
}

static Status read_declaration(Reader *r, Span command)
{
    if (r->depth > 0)
        return refuse(r, command.start, "declarations stand before the first push");
    keep(&r->formulas, r, command);
    keep(&r->declarations, r, command);
    r->at = command.end;
    return STATUS_OK;
}

static Status read_assert(Reader *r, Span command)
{
    Span term;
    TRY(read_term(r, &term));
    TRY(end_command(r, command));
    keep(&r->formulas, r, command);
    add_step(r, STEP_ASSERT)->text =
        arena_strndup(r->arena, r->text + command.start, command.end - command.start);
    r->script.n_asserts++;
    return STATUS_OK;
}

static Status read_scope(Reader *r, Span command, SmtStepKind kind)
{
    Span levels;
    TRY(read_term(r, &levels));
    if (!span_is(r, levels, "1"))
        return refuse(r, levels.start, "push and pop go by 1");
    TRY(end_command(r, command));
    if (kind == STEP_POP && r->depth == 0)
        return refuse(r, command.start, "pop without push");
    r->depth += kind == STEP_PUSH ? 1 : -1;
    add_step(r, kind);
    return STATUS_OK;
}

static Status read_check(Reader *r, Span command)
{
    TRY(end_command(r, command));
    add_step(r, STEP_CHECK);
    r->script.n_checks++;
    return STATUS_OK;
}

static Status read_value(Reader *r, Span command)
{
    SmtStep *step = add_step(r, STEP_VALUE);
    bool after_check = r->script.n_steps > 1 && (step[-1].kind == STEP_CHECK);
    skip_blank(r);
    if (!after_check || r->text[r->at] != '(')
        return refuse(r, command.start, "get-value takes a list of terms, behind check-sat");
    for (r->at++, skip_blank(r); r->text[r->at] != ')'; skip_blank(r)) {
        Span term;
        TRY(read_term(r, &term));
        add_term(r, term);
        step->terms++;
    }
    r->at++;
    return end_command(r, command);
}

static Status read_command(Reader *r, Span command)
{
    r->at = command.start + 1;
    skip_blank(r);
    size_t start = r->at;
    skip_atom(r);
    Span word = {start, r->at};
    if (span_is(r, word, "assert"))
        return read_assert(r, command);
    if (span_is(r, word, "check-sat"))
        return read_check(r, command);
    if (span_is(r, word, "push"))
        return read_scope(r, command, STEP_PUSH);
    if (span_is(r, word, "pop"))
        return read_scope(r, command, STEP_POP);
    if (span_is(r, word, "get-value"))
        return read_value(r, command);
    if (span_is(r, word, "declare-const") || span_is(r, word, "declare-fun") ||
        span_is(r, word, "define-fun"))
        return read_declaration(r, command);
    if (span_is(r, word, "set-logic"))
        return read_logic(r, command);
    r->over = span_is(r, word, "exit");
    r->at = command.end;
    if (r->over || span_is(r, word, "set-info") || span_is(r, word, "set-option"))
        return STATUS_OK;
    return refuse(r, start, "this command is not among those that scripts are made of");
}

static Status read_commands(Reader *r)
{
    for (skip_blank(r); r->at < r->size && !r->over; skip_blank(r)) {
        Span command;
        if (r->text[r->at] != '(')
            return refuse(r, r->at, "a command begins with '('");
        TRY(read_term(r, &command));
        TRY(read_command(r, command));
    }
    return STATUS_OK;
}

Status smt_script_read(Arena *arena, const char *text, SmtScript *ret_script, Diag *diag)
{
    Reader reader = {.arena = arena, .text = text, .size = strlen(text), .diag = diag};
    Status status = read_commands(&reader);
    if (status == STATUS_OK) {
        text_add(&reader.formulas, "%s", text_chars(&reader.asked));
        reader.script.formulas = arena_strdup(arena, text_chars(&reader.formulas));
        reader.script.declarations = arena_strdup(arena, text_chars(&reader.declarations));
        *ret_script = reader.script;
    }
    text_free(&reader.formulas);
    text_free(&reader.declarations);
    text_free(&reader.asked);
    return status;
}
