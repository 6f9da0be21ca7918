// Scripts of edge cases, as the solver sees them: what the bounds prove it refutes, what is true of
// an input it cannot refute, and no kind of hypothesis is there for show.

#include "query_script.h"

#include <gmp.h>
#include <math.h>
#include <string.h>

#include "harness.h"
#include "parts.h"
#include "regions.h"
#include "smt.h"
#include "truth.h"

#define TESTS(X)                                                                                   \
    X(what_bounds_prove_the_solver_refutes)                                                        \
    X(hypotheses_hold_for_every_input)                                                             \
    X(questions_hold_for_an_input_with_that_margin)                                                \
    X(numbers_are_rounded_in_the_safe_direction)                                                   \
    X(loosening_a_bound_turns_the_answer)                                                          \
    X(every_kind_of_hypothesis_is_needed_somewhere)                                                \
    X(scripts_say_what_they_are_about)

enum {
    PLENTY = 20 * 1000 * 1000, // units of rlimit
    SINGLE = 0,                // depth of a region of one input
};

static const FixtureOptions models[] = {
    {FIXTURE_ADDITION, 2, 2, 2, 8, 3, 12, FIXTURE_RECIPE, 0.4f, 0.4f, 0.37f, 1},
    {FIXTURE_ADDITION, 2, 2, 3, 8, 3, 16, FIXTURE_RANDOM, 0.4f, 0.4f, 0.5f, 2},
    {FIXTURE_ADDITION, 2, 2, 2, 8, 4, 12, FIXTURE_SINGLE, 0.5f, 0.5f, 0.5f, 5},
    {FIXTURE_DIFFERENCE, 2, 2, 2, 8, 3, 8, FIXTURE_RECIPE, 0.4f, 0.4f, 0.37f, 8},
};
enum { MODELS = sizeof models / sizeof *models };

// ---- edge cases ---------------------------------------------------------------------------------

typedef struct EdgeCaseAt { // a region of a model, bounded
    Arena *arena;
    const Fixture *f;
    int answer, position;
    const Region *region;
    MarginBound bound;
    int group;
} EdgeCaseAt;

static const GroupBound *group_at(const EdgeCaseAt *e)
{
    return &e->bound.group[e->group];
}

static int group_of(const EdgeCaseAt *e, const uint8_t *symbols)
{
    return (int)(fixture_group(e->f, e->answer, &e->bound, symbols) - e->bound.group);
}

static EdgeCaseAt edge_case_new(const Fixture *f, int answer, int depth, Rng *rng)
{
    EdgeCaseAt e = {.arena = arena_new(), .f = f, .answer = answer};
    e.position = f->task->prompt + answer - 1;
    e.region = regions_draw(e.arena, f->task, answer, depth, rng);
    if (depth == SINGLE) {
        uint8_t symbols[TASK_COLUMNS_MAX];
        region_sample(e.region, rng, symbols);
        e.region = regions_single(e.arena, f->task, symbols);
    }
    int right = f->ids[region_token(e.region, &f->task->source[e.position + 1])];
    CU_ASSERT_TRUE_FATAL(
        margin_bound(e.arena, f->query[answer], e.region, right, INT64_MIN, &e.bound));
    CU_ASSERT_TRUE_FATAL(e.bound.complete);
    return e;
}

typedef void TryCase(EdgeCaseAt *e, Rng *rng);

static int grouped; // groups of several that were tried

// Each group by itself, where one for all does not suffice.
static void try_groups(EdgeCaseAt *e, Rng *rng, TryCase *try)
{
    MarginBound one = e->bound;
    CU_ASSERT_TRUE_FATAL(margin_bound(e->arena, e->f->query[e->answer], e->region, one.right,
                                      one.margin, &e->bound));
    if (!e->bound.complete || e->bound.n_groups == 1)
        return;
    for (int g = 0; g < e->bound.n_groups; g++, grouped++) {
        e->group = g;
        try(e, rng);
    }
}

// Tries a few edge cases of each model; the deeper, the fewer neurons are left to the solver.
static void try_cases(int rounds, int depth, bool in_groups, TryCase *try)
{
    for (int i = 0; i <= MODELS; i++) {
        Fixture f = i < MODELS ? fixture_new(models[i]) : fixture_read(SMALL_D2, 2);
        Rng rng = rng_new(21, (uint64_t)i);
        for (int round = 0; round < rounds; round++) {
            int answer = (int)rng_below(&rng, (uint32_t)f.task->answer);
            if (!f.query[answer]->supported)
                continue;
            EdgeCaseAt e = edge_case_new(&f, answer, depth, &rng);
            try(&e, &rng);
            if (in_groups)
                try_groups(&e, &rng, try);
            arena_free(e.arena);
        }
        fixture_free(&f);
    }
}

static void each_case(int rounds, int depth, TryCase *try)
{
    try_cases(rounds, depth, false, try);
}

// A few regions also in groups.
static void each_group(int rounds, int depth, TryCase *try)
{
    grouped = 0;
    try_cases(rounds, depth, true, try);
    CU_ASSERT_TRUE(grouped > rounds);
}

static char *script_of(const EdgeCaseAt *e, Fix mu)
{
    Text text = {0};
    query_script(&text, e->f->query[e->answer], group_at(e), mu, "a test");
    char *script = arena_strdup(e->arena, text_chars(&text));
    text_free(&text);
    return script;
}

static SmtReply run(const EdgeCaseAt *e, const char *script)
{
    SmtReply reply = {0};
    Diag diag;
    CU_ASSERT_EQUAL_FATAL(smt_run(e->arena, script, PLENTY, &reply, &diag), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(reply.n_answers, e->bound.n_tokens + 1);
    return reply;
}

static bool all_unsat(const SmtReply *reply)
{
    for (int i = 1; i < reply->n_answers; i++)
        if (reply->answers[i] != SMT_UNSAT)
            return false;
    return true;
}

// ---- Z3 and the bounds --------------------------------------------------------------------------

static void refute_below_the_margin(EdgeCaseAt *e, Rng *rng)
{
    (void)rng;
    SmtReply reply = run(e, script_of(e, group_at(e)->margin - FIX_ONE / 8));
    CU_ASSERT_EQUAL(reply.answers[0], SMT_SAT);
    CU_ASSERT_TRUE(all_unsat(&reply));
}

static void what_bounds_prove_the_solver_refutes(void)
{
    each_group(10, 6, refute_below_the_margin);
}

// ---- concrete inputs ----------------------------------------------------------------------------

// Text of the script with `extra` before its first push.
static char *with_facts(Arena *arena, const char *script, const Text *extra)
{
    const char *push = strstr(script, "(push 1)");
    CU_ASSERT_PTR_NOT_NULL_FATAL(push);
    return arena_printf(arena, "%.*s%s%s", (int)(push - script), script, text_chars(extra), push);
}

static void add_fact(Text *text, const char *name, const mpq_t value)
{
    mpq_t size;
    mpq_init(size);
    mpq_abs(size, value);
    char *numerator = mpz_get_str(NULL, 10, mpq_numref(size));
    char *denominator = mpz_get_str(NULL, 10, mpq_denref(size));
    text_add(text, "(assert (= %s (%s (/ %s.0 %s.0))))\n", name, mpq_sgn(value) < 0 ? "-" : "+",
             numerator, denominator);
    free(numerator);
    free(denominator);
    mpq_clear(size);
}

static void add_units(mpq_t sum, Fix x)
{
    mpq_t y;
    mpq_init(y);
    mpq_set_si(y, x, 1);
    mpq_div_2exp(y, y, FIX_BITS);
    mpq_add(sum, sum, y);
    mpq_clear(y);
}

// sum -= x y, in units.
static void subtract_product(mpq_t sum, Fix x, Fix y)
{
    mpq_t a, b;
    mpq_inits(a, b, NULL);
    add_units(a, x);
    add_units(b, y);
    mpq_mul(a, a, b);
    mpq_sub(sum, sum, a);
    mpq_clears(a, b, NULL);
}

// c . part for the token's functional c, in doubles.
static double functional_of(const EdgeCaseAt *e, const TokenBound *t, const double *part)
{
    const Model *m = e->f->model;
    int V = m->shape.d_vocab, F = m->shape.d_mlp, D = m->shape.d_model;
    double sum = 0;
    for (int d = 0; d < D; d++) {
        double c = (double)m->W_U[d * V + e->bound.right] - (double)m->W_U[d * V + t->token];
        for (int i = 0; i < F; i++)
            c += (double)t->slope[i] * 0x1p-50 *
                 (double)m->layer[m->shape.layers - 1].W_in[d * F + i];
        sum += c * part[d];
    }
    return sum;
}

// The values of a token's parts on an input: heads as they are, and the rest of its linear part.
// Margins and pre-activations are within two units of the truth.
static void add_token_facts(Text *text, const EdgeCaseAt *e, const TokenBound *t,
                            const Parts *parts, const Fix *margin, const Fix *u)
{
    mpq_t direct, head;
    char name[64];
    mpq_inits(direct, head, NULL);
    add_units(direct, margin[t->token]);
    for (int i = 0; i < e->f->model->shape.d_mlp; i++)
        if (group_at(e)->kept[i]) {
            subtract_product(direct, t->gain[i], u[i] > 0 ? u[i] : 0);
            subtract_product(direct, -t->slope[i], u[i]);
        }
    for (int h = 0; h < e->f->model->shape.heads; h++) {
        mpq_set_d(head, functional_of(e, t, parts->head[h]));
        mpq_sub(direct, direct, head);
        snprintf(name, sizeof name, "head%d_%d", t->token, h);
        add_fact(text, name, head);
    }
    snprintf(name, sizeof name, "direct%d", t->token);
    add_fact(text, name, direct);
    mpq_clears(direct, head, NULL);
}

static void add_neuron_facts(Text *text, const EdgeCaseAt *e, const Fix *u)
{
    for (int i = 0; i < e->f->model->shape.d_mlp; i++) {
        char name[32];
        mpq_t value;
        if (!group_at(e)->kept[i])
            continue;
        mpq_init(value);
        add_units(value, u[i]);
        snprintf(name, sizeof name, "u%d", i);
        add_fact(text, name, value);
        mpq_set_ui(value, 0, 1);
        add_units(value, u[i] > 0 ? u[i] : 0);
        snprintf(name, sizeof name, "h%d", i);
        add_fact(text, name, value);
        mpq_clear(value);
    }
}

// The true values at a random input of the region, to whose group the edge case is set; its margins and
// pre-activations too.
static Truth input_facts(EdgeCaseAt *e, Rng *rng, Text *ret_text)
{
    int tokens[TASK_POSITIONS_MAX];
    Oracle *oracle = oracle_new(e->f->model, ORACLE_QUICK);
    Truth truth = truth_sample(e->arena, e->f, oracle, e->answer, e->region, 1, rng);
    const Fix *u = truth_low(&truth, e->answer, 0);
    oracle_free(oracle);
    e->group = group_of(e, truth_symbols(&truth, 0));
    fixture_tokens(e->f, truth_symbols(&truth, 0), tokens);
    Parts parts = parts_of(e->f, tokens, e->position);
    add_neuron_facts(ret_text, e, u);
    for (int t = 0; t < e->bound.n_tokens; t++)
        add_token_facts(ret_text, e, &group_at(e)->token[t], &parts,
                        truth_margin(&truth, e->answer, 0), u);
    return truth;
}

// All values of an input put in: the hypotheses hold, and the question of each token does as soon as
// mu is its margin.
static void put_an_input(EdgeCaseAt *e, Rng *rng)
{
    Text facts = {0};
    Truth truth = input_facts(e, rng, &facts);
    const Fix *margin = truth_margin(&truth, e->answer, 0);
    for (int k = 0; k < 3; k++) {
        int t = (int)rng_below(rng, (uint32_t)e->bound.n_tokens);
        Fix mu = margin[group_at(e)->token[t].token] + (FIX_ONE >> 30);
        SmtReply reply = run(e, with_facts(e->arena, script_of(e, mu), &facts));
        CU_ASSERT_EQUAL(reply.answers[0], SMT_SAT);
        CU_ASSERT_EQUAL(reply.answers[1 + t], SMT_SAT);
    }
    text_free(&facts);
}

static void hypotheses_hold_for_every_input(void)
{
    each_group(6, 6, put_an_input);
}

// Without its values: the solver must not refute a margin that some input has.
static void ask_for_a_true_margin(EdgeCaseAt *e, Rng *rng)
{
    Oracle *oracle = oracle_new(e->f->model, ORACLE_QUICK);
    Truth truth = truth_sample(e->arena, e->f, oracle, e->answer, e->region, 2, rng);
    oracle_free(oracle);
    for (int i = 0; i < truth.inputs; i++) {
        int t = (int)rng_below(rng, (uint32_t)e->bound.n_tokens);
        e->group = group_of(e, truth_symbols(&truth, i));
        Fix mu = truth_margin(&truth, e->answer, i)[group_at(e)->token[t].token];
        SmtReply reply = run(e, script_of(e, mu));
        CU_ASSERT_EQUAL(reply.answers[1 + t], SMT_SAT);
    }
}

static void questions_hold_for_an_input_with_that_margin(void)
{
    each_group(6, 6, ask_for_a_true_margin);
}

// ---- rounding (Lemma B7) ------------------------------------------------------------------------

enum { NEURONS = 2 };

// An edge case of one wrong token without heads, with numbers that have to be rounded: two kept
// neurons at values u, gains off by their radius, the joint bound met exactly.
typedef struct MadeUp {
    Model model;
    FixModel fix;
    Query query;
    NeuronBound neuron[NEURONS];
    bool kept[NEURONS];
    Fix gain[NEURONS], slope[NEURONS], u[NEURONS], head[1];
    TokenBound token;
    GroupBound bound;
    Fix margin; // the true one, rounded up
} MadeUp;

static void make_up_neuron(MadeUp *m, Rng *rng, int i, int round)
{
    const Fix low = -1 - (Fix)rng_below(rng, 1u << 31) * 1000;
    const Fix high = 1 + (Fix)rng_below(rng, 1u << 31) * 1000;
    m->neuron[i] = (NeuronBound){low, high, NEURON_OPEN};
    m->kept[i] = true;
    m->gain[i] = ((Fix)rng_below(rng, 1u << 31) - (1 << 30)) * 4000000 + 12345;
    m->slope[i] = ((Fix)rng_below(rng, 1u << 31) - (1 << 30)) * 2000000 + 54321;
    m->u[i] = round % 3 == 0 ? low : round % 3 == 1 ? high : low / 2;
}

static void make_up(MadeUp *m, Rng *rng, int round)
{
    const Fix L = FIX_ONE + 1, gain_rad = 7 * (FIX_ONE >> 10);
    Wide linear = 0, margin = 0;
    *m = (MadeUp){.model.shape = {.layers = 1, .d_mlp = NEURONS, .d_vocab = 2}};
    m->fix.model = &m->model;
    m->query.model = &m->fix;
    for (int i = 0; i < NEURONS; i++) {
        make_up_neuron(m, rng, i, round);
        Fix h = m->u[i] > 0 ? m->u[i] : 0;
        linear += (Wide)m->slope[i] * m->u[i];
        margin += (Wide)(m->gain[i] + (round % 2 ? -gain_rad : gain_rad)) * h;
    }
    m->margin = L + (Fix)fix_ceil(margin);
    m->token = (TokenBound){.token = 1, .gain = m->gain, .gain_rad = gain_rad, .slope = m->slope};
    m->token.linear = m->token.direct = L + (Fix)(linear >> FIX_BITS);
    m->token.head = m->head;
    m->bound =
        (GroupBound){.neuron = m->neuron, .kept = m->kept, .n_kept = NEURONS, .token = &m->token};
}

static void numbers_are_rounded_in_the_safe_direction(void)
{
    Rng rng = rng_new(22, 0);
    for (int round = 0; round < 40; round++) {
        Arena *arena = arena_new();
        MadeUp m;
        Text text = {0}, facts = {0};
        SmtReply reply;
        Diag diag;
        make_up(&m, &rng, round);
        query_script(&text, &m.query, &m.bound, m.margin, "rounding");
        for (int i = 0; i < NEURONS; i++) {
            mpq_t value;
            mpq_init(value);
            add_units(value, m.u[i]);
            add_fact(&facts, i == 0 ? "u0" : "u1", value);
            mpq_clear(value);
        }
        const char *script = with_facts(arena, text_chars(&text), &facts);
        CU_ASSERT_EQUAL_FATAL(smt_run(arena, script, PLENTY, &reply, &diag), STATUS_OK);
        CU_ASSERT_TRUE(reply.n_answers == 2 && reply.answers[0] == SMT_SAT);
        CU_ASSERT_EQUAL(reply.answers[1], SMT_SAT);
        text_free(&text);
        text_free(&facts);
        arena_free(arena);
    }
}

// ---- no decoration ------------------------------------------------------------------------------

// The script with (assert (>= direct5 X)) become (assert (>= direct5 (- X by))), for the first line
// after `from` that starts with `prefix`; NULL if there is none.
static char *lower_line(Arena *arena, const char *script, const char *from, const char *prefix,
                        long by)
{
    const char *line = strstr(from, prefix);
    if (!line)
        return NULL;
    const char *bound = line + strlen(prefix), *end = strstr(bound, "))\n");
    return arena_printf(arena, "%.*s(- %.*s %ld.0)%s", (int)(bound - script), script,
                        (int)(end - bound), bound, by, end);
}

// The questions of token t: text from its push on.
static const char *question(const char *script, int t)
{
    const char *at = strstr(script, "(push 1)");
    for (int i = 0; i <= t; i++)
        at = strstr(at + 1, "(push 1)");
    return at;
}

static int worst_token(const EdgeCaseAt *e)
{
    int t = 0;
    while (group_at(e)->token[t].margin != group_at(e)->margin)
        CU_ASSERT_TRUE_FATAL(++t < e->bound.n_tokens);
    return t;
}

static int turned; // questions that a change turned from unsat to sat

// A bound is lowered until the margin would be below mu; just before, the answer stays.
static void lower_direct(EdgeCaseAt *e, Rng *rng)
{
    (void)rng;
    if (group_at(e)->n_kept > 0)
        return;
    int t = worst_token(e);
    const char *script = script_of(e, group_at(e)->margin - 4 * FIX_ONE);
    char *prefix = arena_printf(e->arena, "(assert (>= direct%d ", group_at(e)->token[t].token);
    for (long by = 1; by <= 8; by++) {
        char *loose = lower_line(e->arena, script, question(script, t), prefix, by);
        CU_ASSERT_PTR_NOT_NULL_FATAL(loose);
        SmtReply reply = run(e, loose);
        CU_ASSERT_EQUAL(reply.answers[0], SMT_SAT);
        if (by != 4) // where rounding decides
            CU_ASSERT_EQUAL(reply.answers[1 + t], by < 4 ? SMT_UNSAT : SMT_SAT);
        turned += by == 5 && reply.answers[1 + t] == SMT_SAT;
    }
}

static void loosening_a_bound_turns_the_answer(void)
{
    turned = 0;
    each_case(10, SINGLE, lower_direct);
}

// The script without the assertions in which `mark` stands.
static char *without(Arena *arena, const char *script, const char *mark)
{
    Text text = {0};
    for (const char *line = script, *end; *line; line = end) {
        end = strchr(line, '\n') + 1;
        const char *found = strstr(line, mark);
        bool question_line = strncmp(line, "(assert (<= (+", 14) == 0;
        if (question_line || !found || found >= end || strncmp(line, "(assert", 7) != 0)
            text_add_bytes(&text, line, (size_t)(end - line));
    }
    char *result = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return result;
}

// Bounds of `direct` and of heads, the joint bound, and what ties h to u, from which the range of u
// follows.
static const char *const kinds[] = {"(>= direct", "(>= head", "(>= (+ direct", " h"};
enum { KINDS = sizeof kinds / sizeof *kinds };
static int needed[KINDS];

static void leave_out_a_kind(EdgeCaseAt *e, Rng *rng)
{
    (void)rng;
    // The largest mu that the solver still refutes, to an eighth: nothing is given away.
    Fix mu = group_at(e)->margin - FIX_ONE / 8;
    SmtReply reply = run(e, script_of(e, mu));
    for (Fix step = 8 * FIX_ONE; step >= FIX_ONE / 8; step /= 2) {
        SmtReply more = run(e, script_of(e, mu + step));
        mu += all_unsat(&more) ? step : 0;
    }
    for (int kind = 0; kind < KINDS; kind++) {
        reply = run(e, without(e->arena, script_of(e, mu), kinds[kind]));
        needed[kind] += !all_unsat(&reply);
    }
}

static void every_kind_of_hypothesis_is_needed_somewhere(void)
{
    memset(needed, 0, sizeof needed);
    each_case(2, SINGLE, leave_out_a_kind);
    each_case(3, 12, leave_out_a_kind);
    for (int kind = 0; kind < KINDS; kind++)
        CU_ASSERT_TRUE(needed[kind] > 0);
}

// ---- form ---------------------------------------------------------------------------------------

static void check_form(EdgeCaseAt *e, Rng *rng)
{
    (void)rng;
    const char *script = script_of(e, 0);
    char name[32];
    CU_ASSERT_EQUAL(strncmp(script, "; a test\n(set-logic QF_LRA)\n", 28), 0);
    for (int i = 0; i < e->f->model->shape.d_mlp; i++) {
        snprintf(name, sizeof name, "declare-const u%d ", i);
        CU_ASSERT_EQUAL(strstr(script, name) != NULL, group_at(e)->kept[i]);
    }
    for (int t = 0; t < e->bound.n_tokens; t++) {
        snprintf(name, sizeof name, "declare-const direct%d ", group_at(e)->token[t].token);
        CU_ASSERT_PTR_NOT_NULL(strstr(script, name));
    }
}

static void scripts_say_what_they_are_about(void)
{
    each_group(2, 6, check_form);
}

RUN_TESTS("script", TESTS)
