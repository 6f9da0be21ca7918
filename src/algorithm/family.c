#include "family.h"

typedef struct Finder {
    Arena *arena;
    const Spec *spec;
    Family family;
    bool *scanned, *for_all;
} Finder;

static void note_scanned(Finder *f)
{
    const SpecScan *scan = &f->spec->scan;
    f->scanned = ARENA_NEW(f->arena, bool, (size_t)f->spec->n_numbers);
    for (int k = 0; k < scan->n_digits; k++)
        f->scanned[scan->digits[k].number] = true;
    f->family.scanned = f->scanned;
}

// An assumption about `a[i]` alone, without `i` elsewhere and without n.
static bool is_alike(const Expr *expr, int param)
{
    if (!expr)
        return true;
    if (expr->kind == EXPR_DIGIT)
        return expr->a->kind == EXPR_COLUMN;
    if (expr->kind == EXPR_COLUMN || (expr->kind == EXPR_PARAM && expr->index == param))
        return false;
    return is_alike(expr->a, param) && is_alike(expr->b, param) && is_alike(expr->c, param);
}

static void note_assumes(Finder *f)
{
    f->for_all = ARENA_NEW(f->arena, bool, (size_t)f->spec->n_assumes);
    for (int k = 0; k < f->spec->n_assumes; k++) {
        f->for_all[k] = is_alike(f->spec->assumes[k], f->family.param);
        f->family.assumes_left_out |= !f->for_all[k];
    }
    f->family.for_all = f->for_all;
}

// Each check returns what stands in the way, or NULL.

static const char *find_param(Finder *f)
{
    f->family.param = -1;
    for (int k = 0; k < f->spec->n_numbers; k++) {
        const SpecNumber *number = &f->spec->numbers[k];
        if (number->answer || spec_is_choice(number))
            continue;
        if (number->length->kind != EXPR_PARAM ||
            (f->family.param >= 0 && number->length->index != f->family.param))
            return "the inputs' number of digits is not one parameter";
        f->family.param = number->length->index;
    }
    return NULL;
}

// `expr` is (1 or 0) * n + a constant that is at least `least`.
static bool follows(const Finder *f, const Expr *expr, bool with_n, long long least)
{
    TermLinear linear;
    return term_linear(expr, f->spec, f->family.param, &linear) && linear.column == 0 &&
           linear.width == with_n && linear.constant >= least;
}

static const char *check_lengths(const Finder *f)
{
    for (int k = 0; k < f->spec->n_numbers; k++)
        if (f->spec->numbers[k].answer && !follows(f, f->spec->numbers[k].length, f->scanned[k], 0))
            return "the length of an answer does not follow the number of columns evenly";
    return NULL;
}

static const char *check_finals(const Finder *f)
{
    const SpecScan *scan = &f->spec->scan;
    for (int k = 0; k < scan->n_finals; k++)
        if (!follows(f, scan->finals[k].position, f->scanned[scan->finals[k].number], 0))
            return "a rule after the scan is for a digit that does not move with the number of "
                   "columns";
    return NULL;
}

static const char *check_rules(const Finder *f)
{
    const SpecScan *scan = &f->spec->scan;
    bool found = false;
    for (int k = 0; k < scan->n_states; k++)
        found |= term_mentions_param(scan->states[k].next, f->family.param);
    for (int k = 0; k < scan->n_digits; k++)
        found |= term_mentions_param(scan->digits[k].rule, f->family.param);
    for (int k = 0; k < scan->n_finals; k++)
        found |= term_mentions_param(scan->finals[k].rule, f->family.param);
    return found ? "a rule looks at the number of columns" : NULL;
}

static const char *find_obstacle(Finder *f)
{
    const char *obstacle = find_param(f);
    if (!obstacle)
        obstacle = check_lengths(f);
    if (!obstacle)
        obstacle = check_finals(f);
    return obstacle ? obstacle : check_rules(f);
}

Family family_of(Arena *arena, const Spec *spec)
{
    Finder finder = {.arena = arena, .spec = spec};
    note_scanned(&finder);
    finder.family.obstacle = find_obstacle(&finder);
    finder.family.exists = !finder.family.obstacle;
    note_assumes(&finder);
    return finder.family;
}

Status family_member(Arena *arena, const Spec *spec, const Family *family, int columns,
                     const Spec **ret_member, Diag *diag)
{
    Spec *member;
    SpecSetting *settings = ARENA_NEW(arena, SpecSetting, (size_t)spec->n_params);
    for (int k = 0; k < spec->n_params; k++)
        settings[k] = (SpecSetting){spec->params[k].name,
                                    k == family->param ? columns : spec->params[k].value};
    TRY(spec_parse(arena, spec->path, spec->text, spec->size, settings, spec->n_params, &member,
                   diag));
    *ret_member = member;
    return STATUS_OK;
}
