// A.final: the invariant behind the last column, where i = n, and the digits made after the scan
// imply `require`. A.determines: no two answers satisfy it.
#include "eval.h"
#include "induction_parts.h"
#include "smtlib.h"

// --- whole numbers and their digits ---

// What numbers are in `require`. In A.final the answer is what the scan has made, in automaton
// state `state`; in A.determines (state < 0) it is any number, called NAME.answer.
typedef struct WholeScope {
    TermFrame frame;
    const Induction *in;
    int state;
    const char *answer; // "value" or "other"
} WholeScope;

// The digits of an answer that are made after the scan, as an integer: those from digit `first` on.
static void add_final_digits(const WholeScope *scope, int number, int first, Text *out)
{
    const SpecScan *scan = &scope->in->symbols.spec->scan;
    SpecEnv env = automaton_environment(scope->in->symbols.automaton, scope->state);
    mpz_t sum, digit;
    mpz_inits(sum, digit, NULL);
    for (int k = 0; k < scan->n_finals; k++) {
        const SpecDigit *rule = &scan->finals[k];
        if (rule->number != number || !spec_eval_big(rule->rule, &env, digit))
            continue;
        for (int shift = first; shift < rule->index; shift++)
            mpz_mul_ui(digit, digit, SPEC_BASE);
        mpz_add(sum, sum, digit);
    }
    smtlib_add_int(out, sum);
    mpz_clears(sum, digit, NULL);
}

static TermKind add_computed(const WholeScope *scope, int number, Text *out)
{
    const Symbols *symbols = &scope->in->symbols;
    const SpecNumber *n = &symbols->spec->numbers[number];
    int above = symbols_digits_above(symbols, number);
    if (!symbols_have_prefix(symbols, number)) {
        add_final_digits(scope, number, 0, out);
        return TERM_LITERAL;
    }
    if (above == 0) {
        text_add(out, "%s.below", n->name);
        return TERM_LINEAR;
    }
    text_add(out, "(+ %s.below (* ", n->name);
    add_final_digits(scope, number, n->digits - above, out);
    text_add(out, " |10^n|))");
    return TERM_LINEAR;
}

static TermKind add_whole(const WholeScope *scope, int number, Text *out)
{
    const SpecNumber *n = &scope->in->symbols.spec->numbers[number];
    if (scope->state >= 0)
        return add_computed(scope, number, out);
    text_add(out, "%s.%s", n->name, n->answer ? scope->answer : "value");
    return TERM_LINEAR;
}

static TermKind add_choice(const WholeScope *scope, const Expr *leaf, Text *out)
{
    const SpecNumber *n = &scope->in->symbols.spec->numbers[leaf->index];
    if (scope->state >= 0 && !n->answer)
        return symbols_add_known(&scope->in->symbols, scope->state, leaf, out);
    return add_whole(scope, leaf->index, out);
}

// Digit k, where k is the same for every n. (What counts from the top is not linear.)
static TermKind add_digit(const WholeScope *scope, const Expr *leaf, Text *out)
{
    TermLinear index;
    if (!term_linear(leaf->a, scope->frame.spec, scope->frame.width, &index) || index.width != 0 ||
        index.column != 0 || index.constant < 0)
        return TERM_UNSUPPORTED;
    text_add(out, "(mod (div ");
    TermKind kind = add_whole(scope, leaf->index, out);
    text_add(out, " ");
    term_add_shifted(out, "1", index.constant);
    text_add(out, ") 10)");
    return kind;
}

static TermKind whole_leaf(const void *context, const Expr *leaf, Text *out)
{
    const WholeScope *scope = context;
    if (leaf->kind == EXPR_VALUE)
        return add_whole(scope, leaf->index, out);
    if (leaf->kind == EXPR_DIGIT)
        return add_digit(scope, leaf, out);
    if (leaf->kind == EXPR_CHOICE)
        return add_choice(scope, leaf, out);
    return term_frame_leaf(&scope->frame, leaf, out);
}

static void add_require(Induction *in, int state, const char *answer)
{
    WholeScope scope = {symbols_frame(&in->symbols, -1), in, state, answer};
    draft_term(&in->draft, in->symbols.spec->require, whole_leaf, &scope);
}

// --- A.final ---

static void begin_final(Induction *in)
{
    symbols_declare_width(&in->draft);
    symbols_declare_prefixes(&in->draft, &in->symbols, "|10^n|");
    symbols_define_invariants(&in->draft, &in->symbols);
}

static void add_final(Induction *in, int state)
{
    Text *text = &in->draft.text;
    text_add(text, "; %s\n(push 1)\n(assert ",
             automaton_show_end(in->arena, in->symbols.automaton, state));
    symbols_add_invariant(&in->draft, &in->symbols, state, "n", "|10^n|", NULL);
    text_add(text, ")\n(assert (not ");
    add_require(in, state, NULL);
    text_add(text, "))\n(check-sat)\n");
}

// The state that question `failed` was about: the failed-th that can be an end.
static int failed_state(const Induction *in, int failed)
{
    const Automaton *automaton = in->symbols.automaton;
    int state = 0;
    while (!automaton_can_end(automaton, state) || --failed > 0)
        state++;
    return state;
}

static Status explain_final(Induction *in, int state)
{
    Obligation *final = &in->obligations[INDUCTION_FINAL];
    SmtReply reply;
    if (!in->symbols.spec->scan.invariant) {
        final->explanation = "the spec gives no invariant, and without one nothing is known of the "
                             "digits that the scan makes";
        return STATUS_OK;
    }
    begin_final(in);
    add_final(in, state);
    induction_add_values(in, "n");
    text_add(&in->draft.text, "(pop 1)\n");
    const char *script = draft_finish(in->arena, &in->draft, final->name, "values");
    in->draft = (Draft){0};
    TRY(smt_run(in->arena, script, in->rlimit, &reply, in->diag));
    if (reply.answers[0] == SMT_SAT)
        final->explanation =
            arena_printf(in->arena,
                         "with %s after the last column the invariant allows %s, where `require` "
                         "does not hold",
                         automaton_show_end(in->arena, in->symbols.automaton, state),
                         induction_show_prefixes(in, &reply.values[1], "n"));
    return STATUS_OK;
}

Status induction_prove_final(Induction *in)
{
    const Automaton *automaton = in->symbols.automaton;
    begin_final(in);
    induction_ask_some_state(in, "n", "|10^n|", automaton_can_end);
    for (int q = 0; q < automaton->n_states; q++)
        if (automaton_can_end(automaton, q)) {
            add_final(in, q);
            text_add(&in->draft.text, "(pop 1)\n");
        }
    TRY(induction_ask(in, INDUCTION_FINAL));
    const Obligation *final = &in->obligations[INDUCTION_FINAL];
    return final->answer == SMT_SAT ? explain_final(in, failed_state(in, final->failed))
                                    : STATUS_OK;
}

// --- A.determines ---

static void declare_whole(Induction *in, int number, const char *suffix)
{
    const SpecNumber *n = &in->symbols.spec->numbers[number];
    bool grows = symbols_have_prefix(&in->symbols, number);
    Text *text = &in->draft.text;
    draft_declare(&in->draft, "%s.%s", n->name, suffix);
    text_add(text, "(assert (<= 0 %s.%s))\n(assert (< %s.%s ", n->name, suffix, n->name, suffix);
    if (spec_is_choice(n))
        smtlib_add_long(text, n->n_choices);
    else
        term_add_shifted(text, grows ? "|10^n|" : "1",
                         grows ? symbols_digits_above(&in->symbols, number) : n->digits);
    text_add(text, "))\n");
}

static void declare_wholes(Induction *in)
{
    const Spec *spec = in->symbols.spec;
    for (int k = 0; k < spec->n_numbers; k++) {
        declare_whole(in, k, "value");
        if (spec->numbers[k].answer)
            declare_whole(in, k, "other");
    }
}

static void add_difference(Induction *in)
{
    const Spec *spec = in->symbols.spec;
    Text *text = &in->draft.text;
    text_add(text, "(or false");
    for (int k = 0; k < spec->n_numbers; k++)
        if (spec->numbers[k].answer)
            text_add(text, " (distinct %s.value %s.other)", spec->numbers[k].name,
                     spec->numbers[k].name);
    text_add(text, ")");
}

Status induction_prove_determines(Induction *in)
{
    Text *text = &in->draft.text;
    symbols_declare_width(&in->draft);
    declare_wholes(in);
    text_add(text, "(assert ");
    add_require(in, -1, "value");
    text_add(text, ")\n(check-sat)\n(push 1)\n(assert ");
    add_require(in, -1, "other");
    text_add(text, ")\n(assert ");
    add_difference(in);
    text_add(text, ")\n(check-sat)\n(pop 1)\n");
    TRY(induction_ask(in, INDUCTION_DETERMINES));
    Obligation *determines = &in->obligations[INDUCTION_DETERMINES];
    if (determines->answer == SMT_SAT)
        determines->explanation = "two different answers can satisfy `require`";
    return STATUS_OK;
}
