#include "symbols.h"

#include "smtlib.h"

bool symbols_have_prefix(const Symbols *symbols, int number)
{
    const SpecNumber *n = &symbols->spec->numbers[number];
    return !spec_is_choice(n) && (!n->answer || symbols->family->scanned[number]);
}

int symbols_digits_above(const Symbols *symbols, int number)
{
    return symbols->spec->numbers[number].digits - spec_columns(symbols->spec);
}

TermFrame symbols_frame(const Symbols *symbols, long long column)
{
    return (TermFrame){symbols->spec, symbols->family->param, column};
}

// --- declarations ---

void symbols_declare_width(Draft *draft)
{
    draft_declare(draft, "n");
    draft_declare(draft, "|10^n|");
    text_add(&draft->text, "(assert (<= 1 n))\n(assert (<= 10 |10^n|))\n");
}

void symbols_declare_column(Draft *draft)
{
    draft_declare(draft, "i");
    draft_declare(draft, "|10^i|");
    text_add(&draft->text, "(assert (<= 0 i))\n(assert (< i n))\n(assert (<= 1 |10^i|))\n"
                           "(assert (<= (* 10 |10^i|) |10^n|))\n");
}

void symbols_declare_prefixes(Draft *draft, const Symbols *symbols, const char *power)
{
    for (int k = 0; k < symbols->spec->n_numbers; k++) {
        const char *name = symbols->spec->numbers[k].name;
        if (!symbols_have_prefix(symbols, k))
            continue;
        draft_declare(draft, "%s.below", name);
        text_add(&draft->text, "(assert (<= 0 %s.below))\n(assert (< %s.below %s))\n", name, name,
                 power);
    }
}

// --- the invariant ---

TermKind symbols_add_known(const Symbols *symbols, int state, const Expr *leaf, Text *out)
{
    SpecEnv env = automaton_environment(symbols->automaton, state);
    long long value;
    if (!spec_eval_small(leaf, &env, &value))
        return TERM_UNSUPPORTED;
    smtlib_add_long(out, value);
    return TERM_LITERAL;
}

typedef struct InvariantScope {
    TermFrame frame;
    const Symbols *symbols;
    int state;
} InvariantScope;

static TermKind invariant_leaf(const void *context, const Expr *leaf, Text *out)
{
    const InvariantScope *scope = context;
    const Symbols *symbols = scope->symbols;
    switch (leaf->kind) {
    case EXPR_STATE:
    case EXPR_LAST:
    case EXPR_CHOICE:
        return symbols_add_known(symbols, scope->state, leaf, out);
    case EXPR_PREFIX: // its bound is `i` in every spec
        text_add(out, "%s.below", symbols->spec->numbers[leaf->index].name);
        return leaf->a->kind == EXPR_COLUMN ? TERM_LINEAR : TERM_UNSUPPORTED;
    default:
        return term_frame_leaf(&scope->frame, leaf, out);
    }
}

static void define_invariant(Draft *draft, const Symbols *symbols, int state)
{
    InvariantScope scope = {symbols_frame(symbols, -1), symbols, state};
    text_add(&draft->text, "(define-fun inv.%d ((i Int) (|10^i| Int)", state);
    for (int k = 0; k < symbols->spec->n_numbers; k++)
        if (symbols_have_prefix(symbols, k))
            text_add(&draft->text, " (%s.below Int)", symbols->spec->numbers[k].name);
    text_add(&draft->text, ") Bool\n  ");
    if (symbols->spec->scan.invariant)
        draft_term(draft, symbols->spec->scan.invariant, invariant_leaf, &scope);
    else
        text_add(&draft->text, "true");
    text_add(&draft->text, ")\n");
}

void symbols_define_invariants(Draft *draft, const Symbols *symbols)
{
    for (int state = 0; state < symbols->automaton->n_states; state++)
        define_invariant(draft, symbols, state);
}

void symbols_add_invariant(Draft *draft, const Symbols *symbols, int state, const char *i,
                           const char *power, const char *prefix)
{
    text_add(&draft->text, "(inv.%d %s %s", state, i, power);
    for (int k = 0; k < symbols->spec->n_numbers; k++)
        if (symbols_have_prefix(symbols, k) && prefix)
            text_add(&draft->text, " %s", prefix);
        else if (symbols_have_prefix(symbols, k))
            text_add(&draft->text, " %s.below", symbols->spec->numbers[k].name);
    text_add(&draft->text, ")");
}

void symbols_add_next_invariant(Draft *draft, const Symbols *symbols, const Transition *t)
{
    text_add(&draft->text, "(inv.%d (+ i 1) (* 10 |10^i|)", t->to);
    for (int k = 0; k < symbols->spec->n_numbers; k++)
        if (symbols_have_prefix(symbols, k))
            text_add(&draft->text, " (+ %s.below (* %d |10^i|))", symbols->spec->numbers[k].name,
                     t->digits[k]);
    text_add(&draft->text, ")");
}
