#include "counterexample.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

// --- making it small ---

typedef struct Pair {
    Trial *trial, *other; // `other` may be NULL
} Pair;

// A copy for `spec`: where that has more digits, zeros in front, or behind. NULL for NULL.
static Trial *copy_trial(Arena *arena, const Spec *spec, const Trial *trial, bool behind)
{
    if (!trial)
        return NULL;
    Trial *copy = trial_new(arena, spec);
    for (int k = 0; k < spec->n_numbers; k++) {
        int count = trial->spec->numbers[k].digits;
        int shift = behind ? spec->numbers[k].digits - count : 0;
        memcpy(copy->digits[k] + shift, trial->digits[k], sizeof(int) * (size_t)count);
    }
    return copy;
}

static bool refutes_with(Arena *arena, Pair pair, int *digit, int *twin, int value)
{
    *digit = value;
    if (twin)
        *twin = value;
    return trial_refutes(arena, pair.trial, pair.other);
}

// Sets the digit, and its twin in the other answer, to the least value that still refutes.
static bool lower(Arena *arena, Pair pair, int *digit, int *twin)
{
    int before = *digit;
    for (int value = 0; value < before; value++)
        if (refutes_with(arena, pair, digit, twin, value))
            return true;
    refutes_with(arena, pair, digit, twin, before);
    return false;
}

// One pass over all digits that may be chosen, the most significant first.
static bool lower_all(Arena *arena, Pair pair)
{
    const Spec *spec = pair.trial->spec;
    bool lowered = false;
    for (int d = SPEC_DIGITS_MAX - 1; d >= 0; d--)
        for (int k = 0; k < spec->n_numbers; k++) {
            int *digit = &pair.trial->digits[k][d];
            int *twin = pair.other ? &pair.other->digits[k][d] : NULL;
            if (d >= spec->numbers[k].digits || (spec->numbers[k].answer && !pair.other))
                continue;
            bool shared = !spec->numbers[k].answer;
            lowered |= lower(arena, pair, digit, shared ? twin : NULL);
            if (!shared)
                lowered |= lower(arena, pair, twin, NULL);
        }
    return lowered;
}

// --- putting it into words ---

static void add_number(Text *text, const Trial *trial, int number)
{
    const SpecNumber *n = &trial->spec->numbers[number];
    int top = n->digits - 1;
    if (spec_is_choice(n)) {
        text_add(text, "%s", n->choices[trial->digits[number][0]]);
        return;
    }
    while (top > 0 && trial->digits[number][top] == 0)
        top--;
    for (; top >= 0; top--)
        text_add(text, "%d", trial->digits[number][top]);
}

// Numbers and tokens in their order, without the "=" at the end of a prompt.
static void add_items(Text *text, const Trial *trial, const SpecItem *items, int count)
{
    if (count > 1 && items[count - 1].number < 0 && strcmp(items[count - 1].token, "=") == 0)
        count--;
    for (int k = 0; k < count; k++) {
        if (k > 0)
            text_add(text, " ");
        if (items[k].number >= 0)
            add_number(text, trial, items[k].number);
        else
            text_add(text, "%s", items[k].token);
    }
}

static bool speaks_of_answer(const Spec *spec, const Expr *expr)
{
    if (!expr)
        return false;
    bool of_number =
        expr->kind == EXPR_VALUE || expr->kind == EXPR_CHOICE || expr->kind == EXPR_DIGIT;
    return (of_number && spec->numbers[expr->index].answer) || speaks_of_answer(spec, expr->a) ||
           speaks_of_answer(spec, expr->b) || speaks_of_answer(spec, expr->c);
}

// Could `expr` hold for another answer, as far as its parts about the input alone tell?
static bool is_open(const Trial *trial, const Expr *expr)
{
    if (expr->kind == EXPR_AND)
        return is_open(trial, expr->a) && is_open(trial, expr->b);
    if (expr->kind == EXPR_OR)
        return is_open(trial, expr->a) || is_open(trial, expr->b);
    return speaks_of_answer(trial->spec, expr) || trial_truth(trial, expr);
}

static bool is_comparison(const Expr *expr)
{
    return expr->kind >= EXPR_EQ && expr->kind <= EXPR_GE;
}

// The part of a boolean that does not hold which says most: a comparison, if one alone is to blame.
static const Expr *blame(const Trial *trial, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_AND:
        return blame(trial, trial_truth(trial, expr->a) ? expr->b : expr->a);
    case EXPR_OR:
        if (is_open(trial, expr->a) == is_open(trial, expr->b))
            return expr;
        return blame(trial, is_open(trial, expr->a) ? expr->a : expr->b);
    case EXPR_IMPLIES:
        return blame(trial, expr->b);
    case EXPR_IF:
        return blame(trial, trial_truth(trial, expr->a) ? expr->b : expr->c);
    default:
        return expr;
    }
}

// A number, or a token in quotes.
static void add_value(Text *text, Arena *arena, const Trial *trial, const Expr *expr)
{
    const char *value = trial_value(arena, trial, expr);
    if (expr->type == TYPE_CHOICE)
        text_add(text, "\"%s\"", trial->spec->numbers[expr->list].choices[atoi(value)]);
    else
        text_add(text, "%s", value);
}

static void add_side(Text *text, Arena *arena, const Trial *trial, const Expr *side,
                     const char *comma)
{
    if (side->kind == EXPR_INT)
        return;
    text_add(text, "%s%s = ", comma, spec_text(arena, trial->spec, side->span));
    add_value(text, arena, trial, side);
}

static void add_wrong(Text *text, Arena *arena, const Trial *trial)
{
    const Spec *spec = trial->spec;
    const Expr *part = blame(trial, spec->require);
    text_add(text, "the algorithm gives ");
    add_items(text, trial, spec->answer, spec->n_answer);
    text_add(text, ", but require says %s", spec_text(arena, spec, part->span));
    if (is_comparison(part)) {
        add_side(text, arena, trial, part->a, ": ");
        add_side(text, arena, trial, part->b, part->a->kind == EXPR_INT ? ": " : ", ");
    }
}

static void add_range(Text *text, const Trial *trial)
{
    const SpecScan *scan = &trial->spec->scan;
    const SpecDigit *rule;
    if (trial->end == TRIAL_STATE_RANGE) {
        const SpecState *state = &scan->states[trial->rule];
        text_add(text, "column %d sets %s to %s, outside %lld..%lld", trial->column, state->name,
                 trial->value, state->low, state->high);
    } else if (trial->end == TRIAL_DIGIT_RANGE) {
        rule = &scan->digits[trial->rule];
        text_add(text, "the rule for %s[%d] gives %s, which is no digit",
                 trial->spec->numbers[rule->number].name, trial->column, trial->value);
    } else {
        rule = &scan->finals[trial->rule];
        text_add(text, "the rule for %s[%d] gives %s, which is no digit",
                 trial->spec->numbers[rule->number].name, rule->index, trial->value);
    }
}

static void add_open(Text *text, Arena *arena, const Counterexample *found)
{
    const Spec *spec = found->trial->spec;
    add_items(text, found->trial, spec->answer, spec->n_answer);
    text_add(text, " and ");
    add_items(text, found->other, spec->answer, spec->n_answer);
    text_add(text, " both satisfy %s", spec_text(arena, spec, spec->require->span));
}

static void add_all(Text *text, Arena *arena, const Counterexample *found, const char *width)
{
    const Spec *spec = found->trial->spec;
    text_add(text, found->other ? "require leaves open what is right at " : "wrong at ");
    add_items(text, found->trial, spec->prompt, spec->n_prompt);
    if (width)
        text_add(text, " with %s = %d", width, found->columns);
    text_add(text, ": ");
    if (found->other)
        add_open(text, arena, found);
    else if (found->trial->end == TRIAL_WRONG)
        add_wrong(text, arena, found->trial);
    else
        add_range(text, found->trial);
}

static Pair copy_pair(Arena *arena, const Spec *spec, Pair pair, bool behind)
{
    return (Pair){copy_trial(arena, spec, pair.trial, behind),
                  copy_trial(arena, spec, pair.other, behind)};
}

// Of two answers, the smaller one first.
static void sort_pair(Pair *pair)
{
    const Spec *spec = pair->trial->spec;
    int order = 0;
    for (int k = 0; k < spec->n_numbers && order == 0; k++)
        for (int d = spec->numbers[k].digits - 1; d >= 0 && order == 0; d--)
            order = pair->trial->digits[k][d] - pair->other->digits[k][d];
    if (order > 0)
        *pair = (Pair){pair->other, pair->trial};
}

// The same for the spec itself, if that is a counterexample too: zeros in front, or behind.
static Pair widen(Arena *arena, const Spec *spec, Pair small)
{
    for (int behind = 0; behind < 2; behind++) {
        Pair wide = copy_pair(arena, spec, small, behind != 0);
        if (trial_refutes(arena, wide.trial, wide.other))
            return wide;
    }
    CHECK(trial_refutes(arena, small.trial, small.other));
    return small;
}

Counterexample counterexample_of(Arena *arena, const Spec *spec, const Family *family, Trial *trial,
                                 Trial *other)
{
    Text text = {0};
    Pair small = copy_pair(arena, trial->spec, (Pair){trial, other}, false);
    while (lower_all(arena, small))
        continue;
    if (other)
        sort_pair(&small);
    Pair shown = widen(arena, spec, small);
    Counterexample found = {spec_columns(shown.trial->spec), shown.trial, shown.other, NULL};
    bool narrower = found.columns < spec_columns(spec);
    add_all(&text, arena, &found, narrower ? spec->params[family->param].name : NULL);
    found.text = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return found;
}
