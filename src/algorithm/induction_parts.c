#include "induction_parts.h"

#include "quote.h"

// A.step has a question for each transition, and gets the budget for each hundred of them.
static unsigned long budget_of(const Induction *in, int which)
{
    unsigned long transitions = (unsigned long)in->symbols.automaton->n_transitions;
    return which == INDUCTION_STEP ? in->rlimit * (1 + transitions / 100) : in->rlimit;
}

Status induction_ask(Induction *in, int which)
{
    Obligation *obligation = &in->obligations[which];
    const Expr *obstacle = in->draft.obstacle;
    obligation->script =
        draft_finish(in->arena, &in->draft, obligation->name, obligation->statement);
    in->draft = (Draft){0};
    if (obligation->script)
        return obligation_ask(in->arena, obligation, budget_of(in, which), in->diag);
    obligation->explanation =
        arena_printf(in->arena, "`%s` cannot be written for all numbers of columns at once",
                     quote_span(in->arena, in->symbols.spec, obstacle->span));
    in->obstacle = in->obstacle ? in->obstacle : obstacle;
    return STATUS_OK;
}

Status induction_ask_again(Induction *in, int which, SmtReply *ret_reply)
{
    const Obligation *o = &in->obligations[which];
    const char *script = draft_finish(in->arena, &in->draft, o->name, "what fails, and where");
    in->draft = (Draft){0};
    return smt_run(in->arena, script, budget_of(in, which), ret_reply, in->diag);
}

void induction_pin_width(Induction *in)
{
    int n = spec_columns(in->symbols.spec);
    text_add(&in->draft.text, "(assert (= n %d))\n(assert (= |10^n| ", n);
    term_add_shifted(&in->draft.text, "1", n);
    text_add(&in->draft.text, "))\n");
}

void induction_pin_columns(Induction *in, int first, int last)
{
    text_add(&in->draft.text, "(assert (or false");
    for (int i = first; i <= last; i++) {
        text_add(&in->draft.text, " (and (= i %d) (= |10^i| ", i);
        term_add_shifted(&in->draft.text, "1", i);
        text_add(&in->draft.text, "))");
    }
    text_add(&in->draft.text, "))\n");
}

void induction_ask_some_state(Induction *in, const char *i, const char *power,
                              InductionStates *asked)
{
    const Automaton *automaton = in->symbols.automaton;
    Text *text = &in->draft.text;
    text_add(text, "(push 1)\n(assert (or false");
    for (int q = 0; q < automaton->n_states; q++)
        if (!asked || asked(automaton, q)) {
            text_add(text, " ");
            symbols_add_invariant(&in->draft, &in->symbols, q, i, power, NULL);
        }
    text_add(text, "))\n(check-sat)\n(pop 1)\n");
}

void induction_add_values(Induction *in, const char *first)
{
    const Spec *spec = in->symbols.spec;
    text_add(&in->draft.text, "(get-value (%s", first);
    for (int k = 0; k < spec->n_numbers; k++)
        if (symbols_have_prefix(&in->symbols, k))
            text_add(&in->draft.text, " %s.below", spec->numbers[k].name);
    text_add(&in->draft.text, "))\n");
}

char *induction_show_prefixes(const Induction *in, const SmtValue *values, const char *bound)
{
    const Spec *spec = in->symbols.spec;
    Text text = {0};
    for (int k = 0; k < spec->n_numbers; k++)
        if (symbols_have_prefix(&in->symbols, k))
            text_add(&text, "%svalue(%s[..%s]) = %s", text.length > 0 ? ", " : "",
                     spec->numbers[k].name, bound, (values++)->value);
    char *shown = arena_strdup(in->arena, text_chars(&text));
    text_free(&text);
    return shown;
}
