#include "unroll.h"

#include <stdlib.h>

#include "eval.h"
#include "family.h"
#include "smtlib.h"

typedef struct Unroll {
    Arena *arena;
    const Spec *spec;
    int columns;
    Draft draft;
} Unroll;

// --- terms ---

// Digit k of a number is NAME.k, in the second answer NAME.k.other, and so is the place in the list
// of a choice, with k = 0; a state before column j is NAME.j, the last one that of no column.
typedef struct DigitScope {
    TermFrame frame;
    const Spec *spec;
    const char *suffix; // of the answer's digits: "" or ".other"
} DigitScope;

static void add_digit_name(const DigitScope *scope, int number, long long digit, Text *out)
{
    const SpecNumber *n = &scope->spec->numbers[number];
    text_add(out, "%s.%lld%s", n->name, digit, n->answer ? scope->suffix : "");
}

static void add_whole(const DigitScope *scope, int number, Text *out)
{
    text_add(out, "(+ 0");
    for (int k = 0; k < scope->spec->numbers[number].digits; k++) {
        Text name = {0};
        add_digit_name(scope, number, k, &name);
        text_add(out, " ");
        term_add_shifted(out, text_chars(&name), k);
        text_free(&name);
    }
    text_add(out, ")");
}

static TermKind digit_leaf(const void *context, const Expr *leaf, Text *out)
{
    const DigitScope *scope = context;
    SpecEnv env = {.spec = scope->spec, .column = scope->frame.column};
    long long index;
    switch (leaf->kind) {
    case EXPR_STATE:
        text_add(out, "%s.%lld", scope->spec->scan.states[leaf->index].name, scope->frame.column);
        return TERM_LINEAR;
    case EXPR_LAST:
        text_add(out, "%s.%d", scope->spec->scan.states[leaf->index].name,
                 spec_columns(scope->spec));
        return TERM_LINEAR;
    case EXPR_CHOICE:
        add_digit_name(scope, leaf->index, 0, out);
        return TERM_LINEAR;
    case EXPR_VALUE:
        add_whole(scope, leaf->index, out);
        return TERM_LINEAR;
    case EXPR_DIGIT:
        if (!spec_eval_small(leaf->a, &env, &index))
            return TERM_UNSUPPORTED;
        add_digit_name(scope, leaf->index, index, out);
        return TERM_LINEAR;
    default:
        return term_frame_leaf(&scope->frame, leaf, out);
    }
}

static void add_term(Unroll *u, const Expr *expr, int column, const char *suffix)
{
    DigitScope scope = {{u->spec, -1, column}, u->spec, suffix};
    draft_term(&u->draft, expr, digit_leaf, &scope);
}

static void add_range(Unroll *u, const char *name, long long low, long long high)
{
    Text *text = &u->draft.text;
    text_add(text, "(and (<= ");
    smtlib_add_long(text, low);
    text_add(text, " %s) (<= %s ", name, name);
    smtlib_add_long(text, high);
    text_add(text, "))");
}

static void declare_digits(Unroll *u, int number, const char *suffix)
{
    const SpecNumber *n = &u->spec->numbers[number];
    for (int k = 0; k < n->digits; k++) {
        char *name = arena_printf(u->arena, "%s.%d%s", n->name, k, suffix);
        draft_declare(&u->draft, "%s", name);
        text_add(&u->draft.text, "(assert ");
        add_range(u, name, 0, spec_digit_values(n) - 1);
        text_add(&u->draft.text, ")\n");
    }
}

static bool is_own(const Expr *expr) // about column `i`
{
    return expr &&
           (expr->kind == EXPR_COLUMN || is_own(expr->a) || is_own(expr->b) || is_own(expr->c));
}

static void add_inputs(Unroll *u)
{
    const Spec *spec = u->spec;
    for (int k = 0; k < spec->n_numbers; k++)
        if (!spec->numbers[k].answer)
            declare_digits(u, k, "");
    for (int k = 0; k < spec->n_assumes; k++)
        for (int j = 0; j < (is_own(spec->assumes[k]) ? u->columns : 1); j++) {
            text_add(&u->draft.text, "(assert ");
            add_term(u, spec->assumes[k], j, "");
            text_add(&u->draft.text, ")\n");
        }
}

// --- the algorithm ---

// Declares `name`, equal to what the rule gives in that column.
static void define(Unroll *u, const char *name, const Expr *rule, int column)
{
    draft_declare(&u->draft, "%s", name);
    text_add(&u->draft.text, "(assert (= %s ", name);
    add_term(u, rule, column, "");
    text_add(&u->draft.text, "))\n");
}

static char *digit_name(Unroll *u, const SpecDigit *rule, int digit)
{
    return arena_printf(u->arena, "%s.%d", u->spec->numbers[rule->number].name, digit);
}

static char *state_name(Unroll *u, int state, int column)
{
    return arena_printf(u->arena, "%s.%d", u->spec->scan.states[state].name, column);
}

static void add_states(Unroll *u)
{
    const SpecScan *scan = &u->spec->scan;
    for (int k = 0; k < scan->n_states; k++) {
        draft_declare(&u->draft, "%s", state_name(u, k, 0));
        text_add(&u->draft.text, "(assert (= %s ", state_name(u, k, 0));
        smtlib_add_long(&u->draft.text, scan->states[k].initial);
        text_add(&u->draft.text, "))\n");
    }
    for (int j = 0; j < u->columns; j++)
        for (int k = 0; k < scan->n_states; k++)
            define(u, state_name(u, k, j + 1), scan->states[k].next, j);
}

// After all states, for digits may look at the last ones.
static void add_digits(Unroll *u)
{
    const SpecScan *scan = &u->spec->scan;
    for (int j = 0; j < u->columns; j++)
        for (int k = 0; k < scan->n_digits; k++)
            define(u, digit_name(u, &scan->digits[k], j), scan->digits[k].rule, j);
    for (int k = 0; k < scan->n_finals; k++)
        define(u, digit_name(u, &scan->finals[k], scan->finals[k].index), scan->finals[k].rule,
               u->columns);
}

// Something leaves its range, or `require` does not hold.
static void add_failure(Unroll *u)
{
    const Spec *spec = u->spec;
    const SpecScan *scan = &spec->scan;
    Text *text = &u->draft.text;
    text_add(text, "(assert (not (and ");
    add_term(u, spec->require, 0, "");
    for (int k = 0; k < spec->n_numbers; k++)
        for (int d = 0; spec->numbers[k].answer && d < spec->numbers[k].digits; d++) {
            text_add(text, "\n  ");
            add_range(u, arena_printf(u->arena, "%s.%d", spec->numbers[k].name, d), 0,
                      spec_digit_values(&spec->numbers[k]) - 1);
        }
    for (int k = 0; k < scan->n_states; k++)
        for (int j = 1; j <= u->columns; j++) {
            text_add(text, "\n  ");
            add_range(u, state_name(u, k, j), scan->states[k].low, scan->states[k].high);
        }
    text_add(text, ")))\n");
}

static void write_computes(Unroll *u)
{
    add_inputs(u);
    add_states(u);
    add_digits(u);
    text_add(&u->draft.text, "(check-sat)\n(push 1)\n");
    add_failure(u);
    text_add(&u->draft.text, "(check-sat)\n");
}

// --- two answers ---

static void declare_answer(Unroll *u, const char *suffix)
{
    for (int k = 0; k < u->spec->n_numbers; k++)
        if (u->spec->numbers[k].answer)
            declare_digits(u, k, suffix);
}

static void write_determines(Unroll *u)
{
    const Spec *spec = u->spec;
    Text *text = &u->draft.text;
    add_inputs(u);
    declare_answer(u, "");
    declare_answer(u, ".other");
    text_add(text, "(assert ");
    add_term(u, spec->require, 0, "");
    text_add(text, ")\n(check-sat)\n(push 1)\n(assert ");
    add_term(u, spec->require, 0, ".other");
    text_add(text, ")\n(assert (or false");
    for (int k = 0; k < spec->n_numbers; k++)
        for (int d = 0; spec->numbers[k].answer && d < spec->numbers[k].digits; d++)
            text_add(text, " (distinct %s.%d %s.%d.other)", spec->numbers[k].name, d,
                     spec->numbers[k].name, d);
    text_add(text, "))\n(check-sat)\n");
}

// --- asking ---

static const char *const names[UNROLL_COUNT] = {"A.computes", "A.determines"};
static const char *const statements[UNROLL_COUNT] = {"the algorithm's answer satisfies `require`",
                                                     "`require` holds for one answer at most"};

static const char *write_script(Unroll *u, int which, const Obligation *obligation, bool values)
{
    const Spec *spec = u->spec;
    (which == UNROLL_COMPUTES ? write_computes : write_determines)(u);
    if (values) {
        text_add(&u->draft.text, "(get-value (");
        for (int k = 0; k < spec->n_numbers; k++)
            for (int d = 0; d < spec->numbers[k].digits; d++) {
                text_add(&u->draft.text, " %s.%d", spec->numbers[k].name, d);
                if (spec->numbers[k].answer && which == UNROLL_DETERMINES)
                    text_add(&u->draft.text, " %s.%d.other", spec->numbers[k].name, d);
            }
        text_add(&u->draft.text, "))\n");
    }
    text_add(&u->draft.text, "(pop 1)\n");
    const char *script = draft_finish(u->arena, &u->draft, obligation->name, obligation->statement);
    u->draft = (Draft){0};
    return script;
}

static void read_digits(const SmtReply *reply, const Spec *spec, bool two, Trial *trial,
                        Trial *other)
{
    const SmtValue *value = reply->values;
    for (int k = 0; k < spec->n_numbers; k++)
        for (int d = 0; d < spec->numbers[k].digits; d++) {
            int digit = (int)strtol((value++)->value, NULL, 10);
            trial->digits[k][d] = other->digits[k][d] = digit;
            if (spec->numbers[k].answer && two)
                other->digits[k][d] = (int)strtol((value++)->value, NULL, 10);
        }
}

// Asks again, now for the digits; confirms them without the solver.
static Status find(Unroll *u, int which, const Obligation *obligation, unsigned long rlimit,
                   Trial **ret_trial, Trial **ret_other, Diag *diag)
{
    SmtReply reply;
    Trial *trial = trial_new(u->arena, u->spec), *other = trial_new(u->arena, u->spec);
    bool two = which == UNROLL_DETERMINES;
    TRY(smt_run(u->arena, write_script(u, which, obligation, true), rlimit, &reply, diag));
    if (reply.answers[1] != SMT_SAT)
        return STATUS_OK;
    read_digits(&reply, u->spec, two, trial, other);
    if (!trial_refutes(u->arena, trial, two ? other : NULL))
        return diag_set(diag, STATUS_INTERNAL, "P010",
                        "exact arithmetic does not confirm what the solver found against %s",
                        obligation->name);
    *ret_trial = trial;
    *ret_other = two ? other : NULL;
    return STATUS_OK;
}

Status unroll_ask(Arena *arena, const Spec *spec, int which, unsigned long rlimit,
                  Obligation *ret_obligation, Trial **ret_trial, Trial **ret_other, Diag *diag)
{
    Unroll unroll = {.arena = arena, .spec = spec, .columns = spec_columns(spec)};
    Obligation obligation = {.name = arena_printf(arena, "%s-%d", names[which], unroll.columns),
                             .statement =
                                 arena_printf(arena, "%s, with %d column%s", statements[which],
                                              unroll.columns, unroll.columns == 1 ? "" : "s")};
    *ret_trial = *ret_other = NULL;
    obligation.script = write_script(&unroll, which, &obligation, false);
    obligation.explanation = "it cannot be written as a script";
    if (obligation.script)
        TRY(obligation_ask(arena, &obligation, rlimit, diag));
    if (obligation.answer == SMT_SAT)
        TRY(find(&unroll, which, &obligation, rlimit, ret_trial, ret_other, diag));
    *ret_obligation = obligation;
    return STATUS_OK;
}
