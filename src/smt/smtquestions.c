#include "smtquestions.h"

#include <string.h>

#include "smtscript.h"

typedef struct Scopes { // the assertions in force
    const char **assertion;
    int n_assertions;
    int *opened; // n_assertions when each scope was opened
    int depth;
} Scopes;

static void step(Scopes *scopes, const SmtStep *step)
{
    if (step->kind == STEP_ASSERT)
        scopes->assertion[scopes->n_assertions++] = step->text;
    else if (step->kind == STEP_PUSH)
        scopes->opened[scopes->depth++] = scopes->n_assertions;
    else if (step->kind == STEP_POP)
        scopes->n_assertions = scopes->opened[--scopes->depth];
}

static void add_question(Text *text, const SmtScript *script, const Scopes *scopes, int number)
{
    if (number > 1)
        text_add(text, "(reset)\n");
    text_add(text, "; question %d of %d\n", number, script->n_checks - 1);
    if (script->logic[0])
        text_add(text, "(set-logic %s)\n", script->logic);
    text_add(text, "(set-info :status unsat)\n%s", script->declarations);
    for (int i = 0; i < scopes->n_assertions; i++)
        text_add(text, "%s\n", scopes->assertion[i]);
    text_add(text, "(check-sat)\n");
}

static void add_title(Text *text, const char *script)
{
    for (; *script == ';'; script += strcspn(script, "\n"), script += *script == '\n')
        text_add(text, "%.*s\n", (int)strcspn(script, "\n"), script);
}

Status smt_questions(Arena *arena, const char *script_text, Text *text, int *ret_count, Diag *diag)
{
    SmtScript script;
    int checks = 0;
    TRY(smt_script_read(arena, script_text, &script, diag));
    size_t steps = (size_t)script.n_steps;
    Scopes scopes = {.assertion = ARENA_NEW(arena, const char *, steps),
                     .opened = ARENA_NEW(arena, int, steps)};
    add_title(text, script_text);
    for (int i = 0; i < script.n_steps; i++) {
        step(&scopes, &script.steps[i]);
        if (script.steps[i].kind == STEP_CHECK && checks++ > 0)
            add_question(text, &script, &scopes, checks - 1);
    }
    *ret_count = checks > 0 ? checks - 1 : 0;
    return STATUS_OK;
}
