#include "cover_rules.h"

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

int cover_input(const Spec *spec, int which)
{
    int number = 0;
    while (spec->numbers[number].answer || which-- > 0)
        number++;
    return number;
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

static void add_parameters(Text *text, const Spec *spec, bool states, bool digits)
{
    const char *space = "";
    text_add(text, "(");
    for (int k = 0; states && k < spec->scan.n_states; k++, space = " ")
        text_add(text, "%s(%s.i Int)", space, spec->scan.states[k].name);
    for (int k = 0; digits && k < spec->n_numbers; k++)
        if (!spec->numbers[k].answer) {
            text_add(text, "%s(%s.i Int)", space, spec->numbers[k].name);
            space = " ";
        }
    text_add(text, ")");
}

static void define_scan(Draft *draft, const Spec *spec, const char *word, const char *name,
                        const Expr *rule)
{
    text_add(&draft->text, "(define-fun %s.%s ", word, name);
    add_parameters(&draft->text, spec, true, true);
    text_add(&draft->text, " Int ");
    add_rule(draft, spec, rule, -1);
    text_add(&draft->text, ")\n");
}

static void define_final(Draft *draft, const Spec *spec, const SpecDigit *final)
{
    text_add(&draft->text, "(define-fun finally.%s.%d ", spec->numbers[final->number].name,
             final->index);
    add_parameters(&draft->text, spec, true, false);
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

static void define_assumption(Draft *draft, const Spec *spec, int column)
{
    text_add(&draft->text, "(define-fun assume.%d ", column);
    add_parameters(&draft->text, spec, false, true);
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
        define_scan(draft, spec, "next", scan->states[k].name, scan->states[k].next);
    for (int k = 0; k < scan->n_digits; k++)
        define_scan(draft, spec, "digit", spec->numbers[scan->digits[k].number].name,
                    scan->digits[k].rule);
    for (int k = 0; k < scan->n_finals; k++)
        define_final(draft, spec, &scan->finals[k]);
    for (int column = 0; column < task->columns; column++)
        define_assumption(draft, spec, column);
}

// --- applications ---

void cover_add_call(Text *text, const Task *task, const char *function, int state, int symbol)
{
    int states = state < 0 ? 0 : task->spec->scan.n_states;
    int digits = symbol < 0 ? 0 : task->inputs;
    text_add(text, "(%s", function);
    for (int k = 0; k < states; k++) {
        text_add(text, " ");
        smtlib_add_long(text, task_state_value(task, state, k));
    }
    for (int m = 0; m < digits; m++)
        text_add(text, " %d", task_symbol_digit(task, symbol, m));
    text_add(text, ")");
}
