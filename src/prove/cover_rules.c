#include "cover_rules.h"

#include <string.h>

#include "eval.h"
#include "smtlib.h"

Place cover_place(const Spec *spec, int position)
{
    for (int i = 0; i < spec->n_prompt + spec->n_answer; i++) {
        const SpecItem *item =
            i < spec->n_prompt ? &spec->prompt[i] : &spec->answer[i - spec->n_prompt];
        int width = item->number < 0 ? 1 : spec->numbers[item->number].digits;
        if (position < width && item->number < 0)
            return (Place){-1, -1, item->token};
        if (position < width)
            return (Place){item->number, width - 1 - position, NULL};
        position -= width;
    }
    CHECK(!"position within the sequence");
}

static bool is_input_number(const SpecNumber *number)
{
    return !number->answer && !spec_is_choice(number);
}

int cover_input(const Spec *spec, int which)
{
    int number = 0;
    while (!is_input_number(&spec->numbers[number]) || which-- > 0)
        number++;
    return number;
}

int cover_token_value(const Task *task, int number, int token)
{
    const SpecNumber *n = &task->spec->numbers[number];
    if (!spec_is_choice(n))
        return token < SPEC_BASE ? token : -1;
    for (int k = 0; k < n->n_choices; k++)
        if (strcmp(n->choices[k], task->alphabet[token]) == 0)
            return k;
    return -1;
}

char *cover_rule_name(Arena *arena, const Spec *spec, int number, int digit, bool *ret_final)
{
    const char *name = spec->numbers[number].name;
    *ret_final = false;
    for (int k = 0; k < spec->scan.n_finals; k++)
        if (spec->scan.finals[k].number == number && spec->scan.finals[k].index == digit)
            *ret_final = true;
    return *ret_final ? arena_printf(arena, "finally.%s.%d", name, digit)
                      : arena_printf(arena, "digit.%s", name);
}

// --- definitions ---

typedef struct RuleScope {
    TermFrame frame;
    const Spec *spec;
} RuleScope;

// All digits of a rule are of one column, and so are those of an assumption (S051).
static TermKind rule_leaf(const void *context, const Expr *leaf, Text *out)
{
    const RuleScope *scope = context;
    switch (leaf->kind) {
    case EXPR_STATE:
        text_add(out, "%s.i", scope->spec->scan.states[leaf->index].name);
        return TERM_LINEAR;
    case EXPR_LAST:
        text_add(out, "%s.last", scope->spec->scan.states[leaf->index].name);
        return TERM_LINEAR;
    case EXPR_CHOICE:
    case EXPR_DIGIT:
        text_add(out, "%s.i", scope->spec->numbers[leaf->index].name);
        return TERM_LINEAR;
    default:
        return term_frame_leaf(&scope->frame, leaf, out);
    }
}

static void add_rule(Draft *draft, const Spec *spec, const Expr *rule, int column)
{
    RuleScope scope = {{spec, -1, column}, spec};
    draft_term(draft, rule, rule_leaf, &scope);
}

// What rules of a kind are functions of, in this order.
enum { TAKES_STATES = 1, TAKES_LAST = 2, TAKES_CHOICES = 4, TAKES_DIGITS = 8 };

static const unsigned takes[] = {[COVER_NEXT] = TAKES_STATES | TAKES_CHOICES | TAKES_DIGITS,
                                 [COVER_DIGIT] =
                                     TAKES_STATES | TAKES_LAST | TAKES_CHOICES | TAKES_DIGITS,
                                 [COVER_FINALLY] = TAKES_STATES | TAKES_CHOICES,
                                 [COVER_ASSUME] = TAKES_DIGITS};

static bool mentions_last(const Expr *expr)
{
    return expr && (expr->kind == EXPR_LAST || mentions_last(expr->a) || mentions_last(expr->b) ||
                    mentions_last(expr->c));
}

bool cover_looks_ahead(const Spec *spec)
{
    for (int k = 0; k < spec->scan.n_digits; k++)
        if (mentions_last(spec->scan.digits[k].rule))
            return true;
    return false;
}

static void add_parameters(Text *text, const Task *task, CoverRule kind)
{
    const Spec *spec = task->spec;
    const char *space = "";
    text_add(text, "(");
    for (int k = 0; takes[kind] & TAKES_STATES && k < spec->scan.n_states; k++, space = " ")
        text_add(text, "%s(%s.i Int)", space, spec->scan.states[k].name);
    for (int k = 0; takes[kind] & TAKES_LAST && cover_looks_ahead(spec) && k < spec->scan.n_states;
         k++)
        text_add(text, " (%s.last Int)", spec->scan.states[k].name);
    for (int m = 0; takes[kind] & TAKES_CHOICES && m < task->choices; m++)
        text_add(text, " (%s.i Int)", spec->numbers[task->choice[m]].name);
    for (int m = 0; takes[kind] & TAKES_DIGITS && m < task->inputs; m++, space = " ")
        text_add(text, "%s(%s.i Int)", space, spec->numbers[cover_input(spec, m)].name);
    text_add(text, ")");
}

static void define_scan(Draft *draft, const Task *task, CoverRule kind, const char *name,
                        const Expr *rule)
{
    text_add(&draft->text, "(define-fun %s.%s ", kind == COVER_NEXT ? "next" : "digit", name);
    add_parameters(&draft->text, task, kind);
    text_add(&draft->text, " Int ");
    add_rule(draft, task->spec, rule, -1);
    text_add(&draft->text, ")\n");
}

static void define_final(Draft *draft, const Task *task, const SpecDigit *final)
{
    const Spec *spec = task->spec;
    text_add(&draft->text, "(define-fun finally.%s.%d ", spec->numbers[final->number].name,
             final->index);
    add_parameters(&draft->text, task, COVER_FINALLY);
    text_add(&draft->text, " Int ");
    add_rule(draft, spec, final->rule, -1);
    text_add(&draft->text, ")\n");
}

// Is the assumption about this column? All its digits are of one column, or of column `i`.
static bool is_about(const Spec *spec, const Expr *assume, int column)
{
    SpecEnv env = {.spec = spec, .column = column};
    long long index;
    if (!assume)
        return true;
    if (assume->kind == EXPR_DIGIT)
        return spec_eval_small(assume->a, &env, &index) && index == column;
    return is_about(spec, assume->a, column) && is_about(spec, assume->b, column) &&
           is_about(spec, assume->c, column);
}

static void define_assumption(Draft *draft, const Task *task, int column)
{
    const Spec *spec = task->spec;
    text_add(&draft->text, "(define-fun assume.%d ", column);
    add_parameters(&draft->text, task, COVER_ASSUME);
    text_add(&draft->text, " Bool (and true true");
    for (int k = 0; k < spec->n_assumes; k++)
        if (is_about(spec, spec->assumes[k], column)) {
            text_add(&draft->text, " ");
            add_rule(draft, spec, spec->assumes[k], column);
        }
    text_add(&draft->text, "))\n");
}

void cover_define_rules(Draft *draft, const Task *task)
{
    const Spec *spec = task->spec;
    const SpecScan *scan = &spec->scan;
    draft->kind = TERM_NONLINEAR; // by the letter, QF_LIA has no div and no mod
    for (int k = 0; k < scan->n_states; k++)
        define_scan(draft, task, COVER_NEXT, scan->states[k].name, scan->states[k].next);
    for (int k = 0; k < scan->n_digits; k++)
        define_scan(draft, task, COVER_DIGIT, spec->numbers[scan->digits[k].number].name,
                    scan->digits[k].rule);
    for (int k = 0; k < scan->n_finals; k++)
        define_final(draft, task, &scan->finals[k]);
    for (int column = 0; column < spec_columns(spec); column++)
        define_assumption(draft, task, column);
}

// --- applications ---

static void add_scan(Text *text, const Task *task, int scan)
{
    for (int k = 0; k < task->spec->scan.n_states; k++) {
        text_add(text, " ");
        smtlib_add_long(text, task_scan_value(task, scan, k));
    }
}

void cover_add_call(Text *text, const Task *task, CoverRule kind, const char *function,
                    CoverPoint at)
{
    text_add(text, "(%s", function);
    if (takes[kind] & TAKES_STATES)
        add_scan(text, task, task_state_scan(task, at.state));
    if (takes[kind] & TAKES_LAST && cover_looks_ahead(task->spec))
        add_scan(text, task, at.last);
    for (int m = 0; takes[kind] & TAKES_CHOICES && m < task->choices; m++)
        text_add(text, " %d", task_option_choice(task, task_state_option(task, at.state), m));
    for (int m = 0; takes[kind] & TAKES_DIGITS && m < task->inputs; m++)
        text_add(text, " %d", task_symbol_digit(task, at.symbol, m));
    text_add(text, ")");
}
