// A.base and A.step: the invariant holds before every column. One question for each transition of
// the automaton, whose states and digits are numbers, so that all products are linear.
#include "induction_parts.h"

// --- A.base ---

static void begin_base(Induction *in)
{
    symbols_declare_width(&in->draft);
    symbols_define_invariants(&in->draft, &in->symbols);
}

static void add_bases(Induction *in)
{
    Text *text = &in->draft.text;
    for (int start = 0; start < in->symbols.automaton->branches.count; start++) {
        text_add(text, "(push 1)\n(assert (not ");
        symbols_add_invariant(&in->draft, &in->symbols, start, "0", "1", "0");
        text_add(text, "))\n(check-sat)\n(pop 1)\n");
    }
}

static int first_sat(const SmtReply *reply)
{
    int k = 0;
    while (k < reply->n_answers && reply->answers[k] != SMT_SAT)
        k++;
    return k < reply->n_answers ? k : -1;
}

// What fails only where 10^n is no power of ten is no fault of the invariant.
static Status explain_base(Induction *in)
{
    Obligation *base = &in->obligations[INDUCTION_BASE];
    SmtReply reply;
    begin_base(in);
    induction_pin_width(in);
    add_bases(in);
    TRY(induction_ask_again(in, INDUCTION_BASE, &reply));
    int failed = first_sat(&reply);
    base->answer = failed >= 0 ? SMT_SAT : SMT_UNKNOWN;
    base->explanation =
        arena_printf(in->arena, "the invariant %s before the first column, with i = 0, %s%s",
                     failed >= 0 ? "does not hold" : "is not shown to hold",
                     automaton_show_state(in->arena, in->symbols.automaton,
                                          failed >= 0 ? failed : base->failed - 1),
                     failed >= 0 ? "" : ": of 10^n the solver knows too little");
    return STATUS_OK;
}

Status induction_prove_base(Induction *in)
{
    begin_base(in);
    text_add(&in->draft.text, "(check-sat)\n");
    add_bases(in);
    TRY(induction_ask(in, INDUCTION_BASE));
    return in->obligations[INDUCTION_BASE].answer == SMT_SAT ? explain_base(in) : STATUS_OK;
}

// --- A.step ---

static void begin_step(Induction *in)
{
    symbols_declare_width(&in->draft);
    symbols_declare_column(&in->draft);
    symbols_declare_prefixes(&in->draft, &in->symbols, "|10^i|");
    symbols_define_invariants(&in->draft, &in->symbols);
}

static void add_step(Induction *in, const Transition *t)
{
    Text *text = &in->draft.text;
    text_add(text, "(assert ");
    symbols_add_invariant(&in->draft, &in->symbols, t->from, "i", "|10^i|", NULL);
    text_add(text, ")\n(assert (not ");
    symbols_add_next_invariant(&in->draft, &in->symbols, t);
    text_add(text, "))\n");
}

static void add_steps(Induction *in)
{
    const Automaton *automaton = in->symbols.automaton;
    for (int k = 0; k < automaton->n_transitions; k++) {
        text_add(&in->draft.text, "; %s\n(push 1)\n",
                 automaton_show_transition(in->arena, automaton, &automaton->transition[k]));
        add_step(in, &automaton->transition[k]);
        text_add(&in->draft.text, "(check-sat)\n(pop 1)\n");
    }
}

// A transition that fails in a column that the spec has; -1: none is known.
static Status find_failure(Induction *in, int *ret_transition)
{
    SmtReply reply;
    begin_step(in);
    induction_pin_width(in);
    induction_pin_columns(in, 0, spec_columns(in->symbols.spec) - 1);
    add_steps(in);
    TRY(induction_ask_again(in, INDUCTION_STEP, &reply));
    *ret_transition = first_sat(&reply);
    return STATUS_OK;
}

// The first column in which the transition fails, with values that show it.
static Status show_failure(Induction *in, const Transition *t, const char *what)
{
    Obligation *step = &in->obligations[INDUCTION_STEP];
    int columns = spec_columns(in->symbols.spec);
    SmtReply reply;
    begin_step(in);
    induction_pin_width(in);
    add_step(in, t);
    for (int i = 0; i < columns; i++) {
        text_add(&in->draft.text, "(push 1)\n");
        induction_pin_columns(in, i, i);
        text_add(&in->draft.text, "(check-sat)\n");
        induction_add_values(in, "i");
        text_add(&in->draft.text, "(pop 1)\n");
    }
    TRY(induction_ask_again(in, INDUCTION_STEP, &reply));
    step->explanation =
        arena_printf(in->arena, "the invariant is not carried over a column where %s", what);
    int i = first_sat(&reply);
    if (i >= 0) {
        const SmtValue *values = &reply.values[i * (reply.n_values / columns)];
        step->explanation = arena_printf(
            in->arena, "%s: it holds before with i = %s, %s, and does not hold after",
            step->explanation, values[0].value, induction_show_prefixes(in, &values[1], "i"));
    }
    return STATUS_OK;
}

// Where none fails with the powers of ten that there are, nothing is said against the invariant.
static Status explain_step(Induction *in)
{
    const Automaton *automaton = in->symbols.automaton;
    Obligation *step = &in->obligations[INDUCTION_STEP];
    int failed;
    TRY(find_failure(in, &failed));
    const Transition *t = &automaton->transition[failed >= 0 ? failed : step->failed - 1];
    const char *what = automaton_show_transition(in->arena, automaton, t);
    if (failed >= 0)
        return show_failure(in, t, what);
    step->answer = SMT_UNKNOWN;
    step->explanation = arena_printf(in->arena,
                                     "the invariant is not shown to be carried over a column where "
                                     "%s: of powers of ten the solver knows too little",
                                     what);
    return STATUS_OK;
}

Status induction_prove_step(Induction *in)
{
    begin_step(in);
    induction_ask_some_state(in, "i", "|10^i|", NULL);
    add_steps(in);
    TRY(induction_ask(in, INDUCTION_STEP));
    return in->obligations[INDUCTION_STEP].answer == SMT_SAT ? explain_step(in) : STATUS_OK;
}
