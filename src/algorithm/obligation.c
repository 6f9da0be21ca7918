#include "obligation.h"

#include <stdarg.h>
#include <stdio.h>

void draft_term(Draft *draft, const Expr *expr, TermLeaf *leaf, const void *context)
{
    const Expr *obstacle = NULL;
    TermKind kind = term_add(&draft->text, expr, leaf, context, &obstacle);
    if (kind == TERM_UNSUPPORTED && !draft->obstacle)
        draft->obstacle = obstacle;
    if (kind > draft->kind)
        draft->kind = kind;
}

void draft_declare(Draft *draft, const char *format, ...)
{
    va_list args;
    char name[128];
    va_start(args, format);
    vsnprintf(name, sizeof name, format, args);
    va_end(args);
    text_add(&draft->text, "(declare-const %s Int)\n", name);
}

const char *draft_finish(Arena *arena, Draft *draft, const char *name, const char *statement)
{
    const char *script = NULL;
    if (!draft->obstacle)
        script = arena_printf(arena, "; %s: %s\n(set-logic %s)\n%s", name, statement,
                              draft->kind == TERM_NONLINEAR ? "QF_NIA" : "QF_LIA",
                              text_chars(&draft->text));
    text_free(&draft->text);
    return script;
}

static void judge(Arena *arena, Obligation *obligation, const SmtReply *reply)
{
    obligation->questions = reply->n_answers;
    obligation->used = reply->used;
    obligation->failed = -1;
    obligation->answer = reply->n_answers >= 2 ? SMT_UNSAT : SMT_UNKNOWN;
    for (int k = 0; k < reply->n_answers && obligation->failed < 0; k++)
        if (reply->answers[k] != (k == 0 ? SMT_SAT : SMT_UNSAT))
            obligation->failed = k;
    int failed = obligation->failed;
    obligation->explanation = obligation->answer == SMT_UNSAT ? "" : "there is nothing to ask";
    if (failed < 0)
        return;
    if (reply->answers[failed] == SMT_UNKNOWN) {
        obligation->answer = SMT_UNKNOWN;
        obligation->explanation = arena_printf(arena, "the solver gave up: %s", reply->reason);
    } else if (failed == 0) {
        obligation->answer = SMT_UNKNOWN;
        obligation->explanation = "its hypotheses contradict each other";
    } else {
        obligation->answer = SMT_SAT;
        obligation->explanation = "the solver finds a way in which it fails";
    }
}

Status obligation_ask(Arena *arena, Obligation *obligation, unsigned long rlimit, Diag *diag)
{
    SmtReply reply;
    TRY(smt_run(arena, obligation->script, rlimit, &reply, diag));
    judge(arena, obligation, &reply);
    return STATUS_OK;
}
