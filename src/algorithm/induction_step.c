// A.base and A.step: the invariant holds before every column. One question for each transition of
// the automaton, whose states and digits are numbers, so that all products are linear.
#include "induction_parts.h"

// --- A.base ---

Status induction_prove_base(Induction *in)
{
    Text *text = &in->draft.text;
    symbols_declare_width(&in->draft);
    symbols_define_invariants(&in->draft, &in->symbols);
    text_add(text, "(check-sat)\n");
    for (int start = 0; start < in->symbols.automaton->branches.count; start++) {
        text_add(text, "(push 1)\n(assert (not ");
        symbols_add_invariant(&in->draft, &in->symbols, start, "0", "1", "0");
        text_add(text, "))\n(check-sat)\n(pop 1)\n");
    }
    TRY(induction_ask(in, INDUCTION_BASE));
    Obligation *base = &in->obligations[INDUCTION_BASE];
    if (base->answer == SMT_SAT)
        base->explanation = arena_printf(
            in->arena, "the invariant does not hold before the first column, with i = 0, %s",
            automaton_show_state(in->arena, in->symbols.automaton, base->failed - 1));
    return STATUS_OK;
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

// What 10^i is in the columns that are tried before the solver may take any number for it.
static const char *const columns[] = {"(and (= i 0) (= |10^i| 1))", "(and (= i 1) (= |10^i| 10))",
                                      "(and (= i 2) (= |10^i| 100))", "true"};
enum { COLUMNS = sizeof columns / sizeof *columns };

// "it holds before with i = 1, value(a[..i]) = 3, and does not hold after"
static const char *show_step(const Induction *in, const SmtValue *values, bool real)
{
    const char *prefixes = induction_show_prefixes(in, &values[1], "i");
    return real
               ? arena_printf(in->arena, "it holds before with i = %s, %s, and does not hold after",
                              values[0].value, prefixes)
               : arena_printf(in->arena,
                              "of 10^i the solver knows too little; with i = %s, %s and another "
                              "number for 10^i it holds before and not after",
                              values[0].value, prefixes);
}

// The transition that question `failed` was about, with values that show it: in a column that is
// really there if possible. If not, nothing is said against the invariant.
static Status explain_step(Induction *in, const Transition *t)
{
    Obligation *step = &in->obligations[INDUCTION_STEP];
    const char *what = automaton_show_transition(in->arena, in->symbols.automaton, t);
    SmtReply reply;
    begin_step(in);
    add_step(in, t);
    for (int k = 0; k < COLUMNS; k++) {
        text_add(&in->draft.text, "(push 1)\n(assert %s)\n(check-sat)\n", columns[k]);
        induction_add_values(in, "i");
        text_add(&in->draft.text, "(pop 1)\n");
    }
    const char *script = draft_finish(in->arena, &in->draft, step->name, what);
    in->draft = (Draft){0};
    TRY(smt_run(in->arena, script, in->rlimit, &reply, in->diag));
    step->explanation =
        arena_printf(in->arena, "the invariant is not carried over a column where %s", what);
    for (int k = 0, each = reply.n_values / COLUMNS; k < COLUMNS; k++) {
        const SmtValue *values = &reply.values[k * each];
        if (reply.answers[k] != SMT_SAT)
            continue;
        bool real = k < COLUMNS - 1;
        step->answer = real ? SMT_SAT : SMT_UNKNOWN;
        step->explanation =
            arena_printf(in->arena, "%s: %s", step->explanation, show_step(in, values, real));
        break;
    }
    return STATUS_OK;
}

Status induction_prove_step(Induction *in)
{
    const Automaton *automaton = in->symbols.automaton;
    begin_step(in);
    induction_ask_some_state(in, "i", "|10^i|", NULL);
    for (int k = 0; k < automaton->n_transitions; k++) {
        text_add(&in->draft.text, "; %s\n(push 1)\n",
                 automaton_show_transition(in->arena, automaton, &automaton->transition[k]));
        add_step(in, &automaton->transition[k]);
        text_add(&in->draft.text, "(check-sat)\n(pop 1)\n");
    }
    TRY(induction_ask(in, INDUCTION_STEP));
    const Obligation *step = &in->obligations[INDUCTION_STEP];
    return step->answer == SMT_SAT ? explain_step(in, &automaton->transition[step->failed - 1])
                                   : STATUS_OK;
}
