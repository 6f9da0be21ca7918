#include "algorithm.h"

#include "induction.h"
#include "quote.h"
#include "unroll.h"

typedef struct Prover {
    Arena *arena;
    const Spec *spec;
    AlgorithmBudget budget;
    Family family;
    Automaton automaton;
    const char *obstacle; // why there is no proof for all numbers of columns, or NULL
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

static const Obligation *first_open(const Prover *p)
{
    const Obligation *obligation = p->verdict.obligations;
    while (obligation->answer == SMT_UNSAT)
        obligation++;
    return obligation;
}

// --- for every number of columns ---

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
    if (!all_hold(verdict->obligations, INDUCTION_COUNT))
        return STATUS_OK;
    verdict->verdict = VERDICT_PROVED;
    verdict->every_width = true;
    verdict->text = "the algorithm computes what require says, for every number of digits";
    return STATUS_OK;
}

// --- for one number of columns ---

// Asks both questions of a member; the first counterexample becomes the verdict.
static Status ask_member(Prover *p, const Spec *member, Obligation *ret_obligations)
{
    bool found = false;
    for (int which = 0; which < UNROLL_COUNT; which++) {
        Trial *trial, *other;
        TRY(unroll_ask(p->arena, member, which, p->budget.rlimit, &ret_obligations[which], &trial,
                       &other, p->diag));
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
            TRY(ask_member(p, member, scratch));
    }
    return STATUS_OK;
}

static Status prove_this_width(Prover *p)
{
    AlgorithmVerdict *verdict = &p->verdict;
    Obligation *asked = &verdict->obligations[verdict->n_obligations];
    const char *but = verdict->verdict == VERDICT_REFUTED ? verdict->text
                      : p->obstacle                       ? p->obstacle
                      : verdict->n_obligations > 0        ? first_open(p)->explanation
                                                          : "";
    TRY(ask_member(p, p->spec, asked));
    verdict->n_obligations += UNROLL_COUNT;
    if (!all_hold(asked, UNROLL_COUNT))
        return STATUS_OK;
    verdict->verdict = VERDICT_PROVED;
    verdict->obligations = asked; // these two are a proof; what is open of the others is not needed
    verdict->n_obligations = UNROLL_COUNT;
    verdict->text = arena_printf(p->arena,
                                 "the algorithm computes what require says, with %d columns; not "
                                 "proved for every number of digits: %s",
                                 spec_columns(p->spec), but);
    return STATUS_OK;
}

// --- the whole ---

// An invariant was given, and was asked about with all that is assumed, and does not hold.
static bool invariant_fails(const Prover *p)
{
    const Obligation *o = p->verdict.obligations;
    return p->spec->scan.invariant && p->verdict.n_obligations > 0 && !p->family.assumes_left_out &&
           (o[INDUCTION_BASE].answer == SMT_SAT || o[INDUCTION_STEP].answer == SMT_SAT);
}

// The proof for the spec's own width is no way around an invariant that does not hold. It is tried
// where none for all widths was found, nor a fault of the automaton, and where only a narrower member was refuted.
static bool width_matters(const Prover *p)
{
    if (p->verdict.verdict == VERDICT_REFUTED)
        return p->verdict.counterexample.columns < spec_columns(p->spec);
    return p->verdict.verdict == VERDICT_UNKNOWN &&
           (p->family.assumes_left_out || (!p->automaton.fault && !invariant_fails(p)));
}

static void say_what_is_open(Prover *p)
{
    const Obligation *open = first_open(p);
    p->verdict.text = arena_printf(p->arena, "%s: %s", open->name, open->explanation);
    if (invariant_fails(p))
        p->verdict.text = arena_printf(
            p->arena, "%s; without an invariant, %d column%s alone would be tried", p->verdict.text,
            spec_columns(p->spec), spec_columns(p->spec) == 1 ? "" : "s");
}

Status algorithm_prove(Arena *arena, const Spec *spec, AlgorithmBudget budget,
                       AlgorithmVerdict *ret_verdict, Diag *diag)
{
    Prover prover = {.arena = arena, .spec = spec, .budget = budget, .diag = diag};
    prover.family = family_of(arena, spec);
    prover.automaton = automaton_of(arena, spec, &prover.family);
    prover.verdict.obligations = ARENA_NEW(arena, Obligation, INDUCTION_COUNT + UNROLL_COUNT);
    TRY(prove_all_widths(&prover));
    if (prover.verdict.verdict == VERDICT_UNKNOWN && prover.family.exists)
        TRY(search_members(&prover));
    if (width_matters(&prover))
        TRY(prove_this_width(&prover));
    if (prover.verdict.verdict == VERDICT_UNKNOWN)
        say_what_is_open(&prover);
    *ret_verdict = prover.verdict;
    return STATUS_OK;
}
