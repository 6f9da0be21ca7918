#include "algorithm.h"

#include <string.h>

#include "induction.h"
#include "quote.h"
#include "unroll.h"

enum { WIDTH_SHARE = 5 }; // of the budget, for the one width that is claimed

typedef struct Prover {
    Arena *arena;
    const Spec *spec;
    AlgorithmBudget budget;
    Family family;
    Automaton automaton;
    const char *obstacle; // why there is no proof for all numbers of columns, or NULL
    bool invariant_fails; // for the spec's own columns, whatever the assumptions
    AlgorithmVerdict verdict;
    Diag *diag;
} Prover;

static bool all_hold(const Obligation *obligations, int count)
{
    for (int k = 0; k < count; k++)
        if (obligations[k].answer != SMT_UNSAT)
            return false;
    return count > 0;
}

static const Obligation *first_open(const Obligation *obligation)
{
    while (obligation->answer == SMT_UNSAT)
        obligation++;
    return obligation;
}

static const char *show_columns(const Prover *p)
{
    int columns = spec_columns(p->spec);
    return arena_printf(p->arena, "%d column%s", columns, columns == 1 ? "" : "s");
}

// --- for every number of columns ---

// Where assumptions are left out, the step may fail for want of them.
static bool invariant_fails(const Prover *p)
{
    const Obligation *o = p->verdict.obligations;
    return o[INDUCTION_BASE].answer == SMT_SAT ||
           (o[INDUCTION_STEP].answer == SMT_SAT && !p->family.assumes_left_out);
}

static Status prove_all_widths(Prover *p)
{
    const Expr *part = NULL;
    AlgorithmVerdict *verdict = &p->verdict;
    p->obstacle = p->family.obstacle;
    if (!p->obstacle)
        p->obstacle = p->automaton.obstacle;
    if (p->obstacle)
        return STATUS_OK;
    verdict->n_obligations = INDUCTION_COUNT;
    TRY(induction_prove(p->arena, &p->family, &p->automaton, p->budget.rlimit, verdict->obligations,
                        &part, p->diag));
    if (part)
        p->obstacle = arena_printf(p->arena, "`%s` cannot be written for all of them at once",
                                   quote_span(p->arena, p->spec, part->span));
    if (!all_hold(verdict->obligations, INDUCTION_COUNT)) {
        p->invariant_fails = p->spec->scan.invariant && invariant_fails(p);
        return STATUS_OK;
    }
    verdict->verdict = VERDICT_PROVED;
    verdict->every_width = true;
    verdict->text = "the algorithm computes what require says, for every number of digits";
    return STATUS_OK;
}

// --- for one number of columns ---

// Asks both questions of a member; the first counterexample becomes the verdict.
static Status ask_member(Prover *p, const Spec *member, unsigned long rlimit,
                         Obligation *ret_obligations)
{
    bool found = false;
    for (int which = 0; which < UNROLL_COUNT; which++) {
        Trial *trial, *other;
        TRY(unroll_ask(p->arena, member, which, rlimit, &ret_obligations[which], &trial, &other,
                       p->diag));
        if (!trial || found)
            continue;
        found = true;
        p->verdict.verdict = VERDICT_REFUTED;
        p->verdict.counterexample = counterexample_of(p->arena, p->spec, &p->family, trial, other);
        p->verdict.text = p->verdict.counterexample.text;
    }
    return STATUS_OK;
}

// Members with few columns first: their counterexamples are the simplest.
static Status search_members(Prover *p)
{
    int columns = spec_columns(p->spec);
    int most = columns < p->budget.columns ? columns : p->budget.columns;
    for (int k = 1; k <= most && p->verdict.verdict == VERDICT_UNKNOWN; k++) {
        Obligation scratch[UNROLL_COUNT];
        const Spec *member;
        Diag ignored; // a spec that speaks of digit 3 has no member with two columns
        if (family_member(p->arena, p->spec, &p->family, k, &member, &ignored) == STATUS_OK)
            TRY(ask_member(p, member, p->budget.rlimit, scratch));
    }
    return STATUS_OK;
}

// What is wrong for fewer columns only does not refute the spec.
static void forget_narrower(Prover *p)
{
    if (p->verdict.verdict == VERDICT_REFUTED &&
        p->verdict.counterexample.columns < spec_columns(p->spec))
        p->verdict.verdict = VERDICT_UNKNOWN;
}

static Status prove_this_width(Prover *p)
{
    AlgorithmVerdict *verdict = &p->verdict;
    Obligation *asked = &verdict->obligations[verdict->n_obligations];
    const char *but = verdict->verdict == VERDICT_REFUTED ? verdict->text
                      : p->obstacle                       ? p->obstacle
                      : verdict->n_obligations > 0 ? first_open(verdict->obligations)->explanation
                                                   : "";
    TRY(ask_member(p, p->spec, WIDTH_SHARE * p->budget.rlimit, asked));
    verdict->n_obligations += UNROLL_COUNT;
    if (!all_hold(asked, UNROLL_COUNT)) {
        forget_narrower(p);
        return STATUS_OK;
    }
    verdict->verdict = VERDICT_PROVED;
    verdict->obligations = asked; // these two are a proof; what is open of the others is not needed
    verdict->n_obligations = UNROLL_COUNT;
    verdict->text = arena_printf(p->arena,
                                 "the algorithm computes what require says, with %s; not "
                                 "proved for every number of digits: %s",
                                 show_columns(p), but);
    return STATUS_OK;
}

// --- the whole ---

// The proof for the spec's own width is no way around an invariant that does not hold, nor around a
// state or digit that leaves its range where the language forbids that. It is tried where something
// else stands in the way of a proof for all widths, and where only a narrower member was refuted.
static bool width_matters(const Prover *p)
{
    if (p->verdict.verdict == VERDICT_REFUTED)
        return p->verdict.counterexample.columns < spec_columns(p->spec);
    bool fault = p->automaton.fault && !p->obstacle && !p->family.assumes_left_out;
    return p->verdict.verdict == VERDICT_UNKNOWN && !fault && !p->invariant_fails;
}

static void add_text(Prover *p, const char *before, const char *text)
{
    p->verdict.text = arena_printf(p->arena, "%s; %s%s", p->verdict.text, before, text);
}

// What stands in the way: for this width, if it was asked for, and for all.
static void say_what_is_open(Prover *p, const Obligation *all, int n_all)
{
    AlgorithmVerdict *verdict = &p->verdict;
    bool this = verdict->n_obligations > n_all;
    const Obligation *open = first_open(this ? all + n_all : all);
    verdict->text = arena_printf(p->arena, "%s: %s", open->name, open->explanation);
    if (this && n_all > 0 && strcmp(open->explanation, first_open(all)->explanation) != 0)
        add_text(p, "for every number of digits, ", first_open(all)->explanation);
    if (verdict->counterexample.text)
        add_text(p, "with fewer digits, ", verdict->counterexample.text);
    if (p->invariant_fails)
        add_text(p, show_columns(p), " alone would be tried without an invariant");
}

Status algorithm_prove(Arena *arena, const Spec *spec, AlgorithmBudget budget,
                       AlgorithmVerdict *ret_verdict, Diag *diag)
{
    Prover prover = {.arena = arena, .spec = spec, .budget = budget, .diag = diag};
    prover.family = family_of(arena, spec);
    prover.automaton = automaton_of(arena, spec, &prover.family);
    prover.verdict.obligations = ARENA_NEW(arena, Obligation, INDUCTION_COUNT + UNROLL_COUNT);
    TRY(prove_all_widths(&prover));
    const Obligation *all = prover.verdict.obligations;
    int n_all = prover.verdict.n_obligations;
    if (prover.verdict.verdict == VERDICT_UNKNOWN && prover.family.exists)
        TRY(search_members(&prover));
    if (width_matters(&prover))
        TRY(prove_this_width(&prover));
    if (prover.verdict.verdict == VERDICT_UNKNOWN)
        say_what_is_open(&prover, all, n_all);
    *ret_verdict = prover.verdict;
    return STATUS_OK;
}
