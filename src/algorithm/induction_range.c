// A.range: in every state that occurs, every rule gives a digit, and the next state occurs too. The
// list of states was found by trying (automaton.h); that it is closed is proved here, and that every
// way in which a scan can end is guessed by a branch.
#include "induction_parts.h"
#include "smtlib.h"

typedef struct RuleScope {
    TermFrame frame;
    const Spec *spec;
} RuleScope;

static TermKind rule_leaf(const void *context, const Expr *leaf, Text *out)
{
    const RuleScope *scope = context;
    switch (leaf->kind) {
    case EXPR_STATE:
        text_add(out, "%s.before", scope->spec->scan.states[leaf->index].name);
        return TERM_LINEAR;
    case EXPR_LAST:
        text_add(out, "%s.last", scope->spec->scan.states[leaf->index].name);
        return TERM_LINEAR;
    case EXPR_CHOICE:
        text_add(out, "%s.choice", scope->spec->numbers[leaf->index].name);
        return TERM_LINEAR;
    case EXPR_DIGIT:
        text_add(out, "%s.digit", scope->spec->numbers[leaf->index].name);
        return leaf->a->kind == EXPR_COLUMN ? TERM_LINEAR : TERM_UNSUPPORTED;
    default:
        return term_frame_leaf(&scope->frame, leaf, out);
    }
}

static RuleScope rule_scope(const Induction *in)
{
    return (RuleScope){symbols_frame(&in->symbols, -1), in->symbols.spec};
}

static void add_equal(Text *text, const char *name, const char *suffix, long long value)
{
    text_add(text, " (= %s.%s ", name, suffix);
    smtlib_add_long(text, value);
    text_add(text, ")");
}

// The choices of the input are those of a branch.
static void add_choices(Induction *in, int branch)
{
    const Automaton *automaton = in->symbols.automaton;
    const Spec *spec = automaton->spec;
    for (int k = 0; k < spec->n_numbers; k++)
        if (spec_is_choice(&spec->numbers[k]) && !spec->numbers[k].answer)
            add_equal(&in->draft.text, spec->numbers[k].name, "choice",
                      automaton->branches.branch[branch].choices[k]);
}

// The states that a branch guesses, called NAME.suffix, are as it says.
static void add_guess(Induction *in, int branch, const char *suffix)
{
    const Automaton *automaton = in->symbols.automaton;
    const SpecScan *scan = &automaton->spec->scan;
    for (int k = 0; automaton->guesses && k < scan->n_states; k++)
        if (automaton->branches.guessed[k])
            add_equal(&in->draft.text, scan->states[k].name, suffix,
                      automaton->branches.branch[branch].last[k]);
}

// The states, called NAME.suffix, take one of the combinations that occur, in their branch.
static void add_occurs(Induction *in, const char *suffix, bool entered_only)
{
    const Automaton *automaton = in->symbols.automaton;
    const SpecScan *scan = &automaton->spec->scan;
    Text *text = &in->draft.text;
    text_add(text, "(or false");
    for (int q = 0; q < automaton->n_states; q++) {
        if (entered_only && !automaton->entered[q])
            continue;
        text_add(text, "\n    (and true");
        add_choices(in, automaton->branch[q]);
        add_guess(in, automaton->branch[q], "last");
        for (int k = 0; k < scan->n_states; k++)
            add_equal(text, scan->states[k].name, suffix, automaton->state[q][k]);
        text_add(text, ")");
    }
    text_add(text, ")");
}

static void declare_column_of_digits(Induction *in)
{
    const Spec *spec = in->symbols.spec;
    RuleScope scope = rule_scope(in);
    Text *text = &in->draft.text;
    for (int k = 0; k < spec->scan.n_states; k++)
        draft_declare(&in->draft, "%s.before", spec->scan.states[k].name);
    for (int k = 0; k < spec->scan.n_states; k++)
        if (in->symbols.automaton->branches.guessed[k])
            draft_declare(&in->draft, "%s.last", spec->scan.states[k].name);
    for (int k = 0; k < spec->n_numbers; k++) {
        const char *name = spec->numbers[k].name;
        if (spec->numbers[k].answer)
            continue;
        const char *suffix = spec_is_choice(&spec->numbers[k]) ? "choice" : "digit";
        draft_declare(&in->draft, "%s.%s", name, suffix);
        text_add(text, "(assert (and (<= 0 %s.%s) (<= %s.%s %d)))\n", name, suffix, name, suffix,
                 spec_digit_values(&spec->numbers[k]) - 1);
    }
    for (int k = 0; k < spec->n_assumes; k++) {
        if (!in->symbols.family->for_all[k])
            continue;
        text_add(text, "(assert ");
        draft_term(&in->draft, spec->assumes[k], rule_leaf, &scope);
        text_add(text, ")\n");
    }
}

static void define_after(Induction *in)
{
    const SpecScan *scan = &in->symbols.spec->scan;
    RuleScope scope = rule_scope(in);
    for (int k = 0; k < scan->n_states; k++) {
        text_add(&in->draft.text, "(define-fun %s.after () Int ", scan->states[k].name);
        draft_term(&in->draft, scan->states[k].next, rule_leaf, &scope);
        text_add(&in->draft.text, ")\n");
    }
}

// Is there a way for the rule to give no digit?
static void ask_digit(Induction *in, const SpecDigit *rule, bool entered_only)
{
    RuleScope scope = rule_scope(in);
    Text *text = &in->draft.text;
    const SpecNumber *number = &in->symbols.spec->numbers[rule->number];
    text_add(text, "; the %s of %s\n(push 1)\n(assert ",
             spec_is_choice(number) ? "choice" : "digit", number->name);
    add_occurs(in, "before", entered_only);
    text_add(text, ")\n(assert (let ((digit ");
    draft_term(&in->draft, rule->rule, rule_leaf, &scope);
    text_add(text, ")) (or (< digit 0) (< %d digit))))\n(check-sat)\n(pop 1)\n",
             spec_digit_values(number) - 1);
}

static void ask_states(Induction *in)
{
    Text *text = &in->draft.text;
    text_add(text, "; the next states\n(push 1)\n(assert ");
    add_occurs(in, "before", false);
    text_add(text, ")\n(assert (not ");
    add_occurs(in, "after", false);
    text_add(text, "))\n(check-sat)\n(pop 1)\n");
}

// Can a scan end in a way that no branch of its input guesses?
static void ask_guesses(Induction *in)
{
    const Automaton *automaton = in->symbols.automaton;
    Text *text = &in->draft.text;
    text_add(text, "; the last states are guessed\n(push 1)\n(assert ");
    add_occurs(in, "before", true);
    text_add(text, ")\n(assert (not (or false");
    for (int branch = 0; branch < automaton->branches.count; branch++) {
        text_add(text, "\n    (and true");
        add_choices(in, branch);
        add_guess(in, branch, "before");
        text_add(text, ")");
    }
    text_add(text, ")))\n(check-sat)\n(pop 1)\n");
}

// A digit in front of a prefix keeps it below the next power of ten.
static void ask_prefix(Induction *in)
{
    Text *text = &in->draft.text;
    text_add(text, "; a digit in front of a prefix\n"
                   "(push 1)\n(assert (and (<= 0 prefix) (< prefix power)))\n");
    for (int digit = 0; digit < SPEC_BASE; digit++)
        text_add(text,
                 "(push 1)\n(assert (let ((sum (+ prefix (* %d power)))) "
                 "(or (< sum 0) (<= (* 10 power) sum))))\n(check-sat)\n(pop 1)\n",
                 digit);
    text_add(text, "(pop 1)\n");
}

Status induction_prove_range(Induction *in)
{
    const SpecScan *scan = &in->symbols.spec->scan;
    declare_column_of_digits(in);
    define_after(in);
    draft_declare(&in->draft, "prefix");
    draft_declare(&in->draft, "power");
    text_add(&in->draft.text, "(push 1)\n(assert ");
    add_occurs(in, "before", false);
    text_add(&in->draft.text, ")\n(check-sat)\n(pop 1)\n");
    for (int k = 0; k < scan->n_digits; k++)
        ask_digit(in, &scan->digits[k], false);
    ask_states(in);
    for (int k = 0; k < scan->n_finals; k++)
        ask_digit(in, &scan->finals[k], true);
    if (in->symbols.automaton->guesses)
        ask_guesses(in);
    ask_prefix(in);
    TRY(induction_ask(in, INDUCTION_RANGE));
    if (in->symbols.automaton->fault) { // the automaton ends there: nothing else can be asked
        Obligation *range = &in->obligations[INDUCTION_RANGE];
        range->answer = range->answer == SMT_UNSAT ? SMT_UNKNOWN : range->answer;
        range->explanation = in->symbols.automaton->fault;
    }
    return STATUS_OK;
}
