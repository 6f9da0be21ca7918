#include "smt.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <z3.h>

#include "smtcache.h"
#include "smtscript.h"
#include "smtwatch.h"
#include "text.h"
#include "work.h"

typedef struct Session {
    Arena *arena;
    SmtScript script;
    Z3_context context;
    Z3_solver solver;
    Z3_ast_vector formulas; // assertions, then an equation for each term that is asked for
    unsigned long rlimit;
    SmtReply reply;
    Diag *diag;
} Session;

// Set once for the process, before the first context. Z3 gives up at the watermark; the hard limit
// above it catches what happens between two looks.
static void start(void)
{
    char limit[32];
    Z3_global_param_set("warning", "false");                            // it would print them
    snprintf(limit, sizeof limit, "%u", (unsigned)SMT_MEMORY_MB << 20); // in bytes
    Z3_global_param_set("memory_high_watermark", limit);
    snprintf(limit, sizeof limit, "%d", 2 * SMT_MEMORY_MB); // in megabytes
    Z3_global_param_set("memory_max_size", limit);
}

// Errors are asked for after each call; without a handler Z3 would end the process.
static void keep_quiet(Z3_context context, Z3_error_code code)
{
    (void)context;
    (void)code;
}

static bool failed(const Session *s)
{
    return Z3_get_error_code(s->context) != Z3_OK;
}

static const char *first_line(Session *s, const char *text)
{
    return arena_strndup(s->arena, text, strcspn(text, "\n"));
}

static Status solver_failed(Session *s, const char *code, const char *what)
{
    Z3_error_code error = Z3_get_error_code(s->context);
    return diag_set(s->diag, error == Z3_MEMOUT_FAIL ? STATUS_LIMIT : STATUS_INTERNAL, code,
                    "%s: %s", what, first_line(s, Z3_get_error_msg(s->context, error)));
}

static void interrupt(void *context)
{
    Z3_interrupt(context);
}

static Status open_context(Session *s)
{
    Z3_config config = Z3_mk_config();
    Z3_set_param_value(config, "model", s->script.n_terms > 0 ? "true" : "false");
    s->context = Z3_mk_context_rc(config);
    Z3_del_config(config);
    if (!s->context)
        return diag_set(s->diag, STATUS_LIMIT, "Z003", "the solver does not start");
    Z3_set_error_handler(s->context, keep_quiet);
    return STATUS_OK;
}

static void close_context(Session *s)
{
    if (s->formulas)
        Z3_ast_vector_dec_ref(s->context, s->formulas);
    if (s->solver)
        Z3_solver_dec_ref(s->context, s->solver);
    Z3_del_context(s->context);
}

// All formulas in one go: the parser of this version forgets declarations from call to call, and
// Z3_eval_smtlib2_string, which would take the script whole, costs 2 ms more, puts a handler of its
// own on SIGINT behind our back (and, with several threads, leaves it dangling).
static Status parse(Session *s)
{
    const SmtScript *script = &s->script;
    s->formulas =
        Z3_parse_smtlib2_string(s->context, script->formulas, 0, NULL, NULL, 0, NULL, NULL);
    if (failed(s))
        return solver_failed(s, "Z002", "the solver cannot read the script");
    Z3_ast_vector_inc_ref(s->context, s->formulas);
    if (Z3_ast_vector_size(s->context, s->formulas) !=
        (unsigned)(script->n_asserts + script->n_terms))
        return diag_set(s->diag, STATUS_INTERNAL, "Z002",
                        "the solver has read another number of assertions than the script has");
    return STATUS_OK;
}

static void set_uint(Session *s, Z3_params params, const char *name, unsigned value)
{
    Z3_params_set_uint(s->context, params, Z3_mk_string_symbol(s->context, name), value);
}

// Once for a script: setting them again would cost 0.4 ms a question.
static void set_params(Session *s)
{
    Z3_params params = Z3_mk_params(s->context);
    Z3_params_inc_ref(s->context, params);
    Z3_params_set_bool(s->context, params, Z3_mk_string_symbol(s->context, "ctrl_c"), false);
    set_uint(s, params, "rlimit", s->rlimit < UINT_MAX ? (unsigned)s->rlimit : UINT_MAX);
    if (strcmp(s->script.logic, "QF_LRA") == 0) {
        set_uint(s, params, "arith.solver", 2);
        set_uint(s, params, "arith.propagation_mode", 0);
    }
    Z3_solver_set_params(s->context, s->solver, params);
    Z3_params_dec_ref(s->context, params);
}

// The plain incremental solver, without the tactics that stand before the others. On QF_LRA the
// older simplex (arith.solver 2) without bound propagation: of all combinations it was the quickest
// or near it on scripts with 0 to 20 ReLUs, both where the linear relaxation refutes a question and
// where phases are split, and its rlimit counts pivots, so a budget is a bound on time.
static Status open_solver(Session *s)
{
    s->solver = Z3_mk_simple_solver(s->context);
    if (failed(s))
        return solver_failed(s, "Z003", "the solver does not start");
    Z3_solver_inc_ref(s->context, s->solver);
    set_params(s);
    return failed(s) ? solver_failed(s, "Z003", "the solver refuses its options") : STATUS_OK;
}

static unsigned long units_used(Session *s)
{
    unsigned long used = 0;
    Z3_stats stats = Z3_solver_get_statistics(s->context, s->solver);
    Z3_stats_inc_ref(s->context, stats);
    for (unsigned i = 0; i < Z3_stats_size(s->context, stats); i++)
        if (strcmp(Z3_stats_get_key(s->context, stats, i), "rlimit count") == 0)
            used = Z3_stats_get_uint_value(s->context, stats, i);
    Z3_stats_dec_ref(s->context, stats);
    return used;
}

static void give_up(Session *s, const char *reason)
{
    if (!s->reply.reason[0])
        s->reply.reason = first_line(s, reason);
}

// Z3 limits each question by the whole budget; what was spent on earlier ones is added up here.
static SmtAnswer check(Session *s)
{
    if (s->reply.used >= s->rlimit) {
        give_up(s, "the budget is spent");
        return SMT_UNKNOWN;
    }
    Z3_lbool answer = Z3_solver_check(s->context, s->solver);
    if (failed(s)) { // what it would say after this is not to be trusted
        give_up(s, Z3_get_error_msg(s->context, Z3_get_error_code(s->context)));
        s->reply.used = s->rlimit;
        return SMT_UNKNOWN;
    }
    s->reply.used = units_used(s);
    if (answer == Z3_L_UNDEF || s->reply.used > s->rlimit) {
        give_up(s, s->reply.used >= s->rlimit
                       ? "the budget is spent"
                       : Z3_solver_get_reason_unknown(s->context, s->solver));
        return SMT_UNKNOWN;
    }
    return answer == Z3_L_FALSE ? SMT_UNSAT : answer == Z3_L_TRUE ? SMT_SAT : SMT_UNKNOWN;
}

// NULL when the model's value is no number and no truth value.
static const char *value_text(Session *s, Z3_model model, Z3_ast term)
{
    Z3_ast value = NULL;
    const char *text = NULL;
    if (!Z3_model_eval(s->context, model, term, true, &value) || failed(s))
        return NULL;
    Z3_inc_ref(s->context, value);
    Z3_lbool truth = Z3_get_bool_value(s->context, value);
    if (truth != Z3_L_UNDEF)
        text = truth == Z3_L_TRUE ? "true" : "false";
    else if (Z3_is_numeral_ast(s->context, value))
        text = arena_strdup(s->arena, Z3_get_numeral_string(s->context, value));
    Z3_dec_ref(s->context, value);
    return text;
}

// Term i stands on both sides of the equation behind the assertions.
static Z3_ast asked_term(Session *s, int i)
{
    unsigned at = (unsigned)(s->script.n_asserts + i);
    Z3_app equation = Z3_to_app(s->context, Z3_ast_vector_get(s->context, s->formulas, at));
    return Z3_get_app_num_args(s->context, equation) == 2 ? Z3_get_app_arg(s->context, equation, 0)
                                                          : NULL;
}

static Status get_values(Session *s, int terms)
{
    SmtReply *reply = &s->reply;
    Z3_model model = Z3_solver_get_model(s->context, s->solver);
    if (failed(s) || !model)
        return solver_failed(s, "Z003", "the solver gives no model");
    Z3_model_inc_ref(s->context, model);
    for (int i = 0; i < terms; i++) {
        Z3_ast term = asked_term(s, reply->n_values + i);
        reply->values[reply->n_values + i].value = term ? value_text(s, model, term) : NULL;
    }
    Z3_model_dec_ref(s->context, model);
    for (int i = 0; i < terms; i++)
        if (!reply->values[reply->n_values + i].value)
            return diag_set(s->diag, STATUS_INTERNAL, "Z003", "the solver gives no value for %s",
                            reply->values[reply->n_values + i].term);
    return STATUS_OK;
}

static Status run_step(Session *s, const SmtStep *step, unsigned *next_formula)
{
    SmtReply *reply = &s->reply;
    switch (step->kind) {
    case STEP_ASSERT:
        Z3_solver_assert(s->context, s->solver,
                         Z3_ast_vector_get(s->context, s->formulas, (*next_formula)++));
        break;
    case STEP_PUSH:
        Z3_solver_push(s->context, s->solver);
        break;
    case STEP_POP:
        Z3_solver_pop(s->context, s->solver, 1);
        break;
    case STEP_CHECK:
        reply->answers[reply->n_answers++] = check(s);
        if (work_interrupted())
            return diag_set(s->diag, STATUS_INTERRUPTED, "Z004", "interrupted");
        return STATUS_OK;
    case STEP_VALUE:
        if (reply->answers[reply->n_answers - 1] == SMT_SAT)
            TRY(get_values(s, step->terms));
        reply->n_values += step->terms;
        return STATUS_OK;
    }
    return failed(s) ? solver_failed(s, "Z003", "the solver fails") : STATUS_OK;
}

static Status run_steps(Session *s)
{
    unsigned next_formula = 0;
    TRY(parse(s));
    TRY(open_solver(s));
    for (int i = 0; i < s->script.n_steps; i++)
        TRY(run_step(s, &s->script.steps[i], &next_formula));
    return STATUS_OK;
}

static void prepare_reply(Session *s)
{
    const SmtScript *script = &s->script;
    s->reply.reason = "";
    s->reply.answers = ARENA_NEW(s->arena, SmtAnswer, (size_t)script->n_checks);
    s->reply.values = ARENA_NEW(s->arena, SmtValue, (size_t)script->n_terms);
    for (int i = 0; i < script->n_terms; i++)
        s->reply.values[i].term = script->terms[i];
}

static Status solve(Session *s)
{
    TRY(open_context(s));
    SmtWatch *watch = smt_watch_begin(interrupt, s->context);
    Status status = run_steps(s);
    smt_watch_end(watch);
    close_context(s);
    return status;
}

Status smt_run(Arena *arena, const char *script, unsigned long rlimit, SmtReply *ret_reply,
               Diag *diag)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    Session session = {.arena = arena, .rlimit = rlimit, .diag = diag};
    SmtCacheKey key;
    pthread_once(&once, start);
    TRY(smt_script_read(arena, script, &session.script, diag));
    prepare_reply(&session);
    smt_cache_key(script, rlimit, &key);
    if (!smt_cache_find(arena, &key, &session.script, &session.reply)) {
        if (smt_cache_only())
            return diag_set(diag, STATUS_STALE, "Z005", "the cache has no answer to `%s`",
                            first_line(&session, script));
        TRY(solve(&session));
        smt_cache_keep(&key, &session.reply);
    }
    *ret_reply = session.reply;
    return STATUS_OK;
}

const char *smt_answer_name(SmtAnswer answer)
{
    return answer == SMT_UNSAT ? "unsat" : answer == SMT_SAT ? "sat" : "unknown";
}

static char version[32];

static void read_version(void)
{
    unsigned major, minor, build, revision;
    Z3_get_version(&major, &minor, &build, &revision);
    snprintf(version, sizeof version, "Z3 %u.%u.%u.%u", major, minor, build, revision);
}

const char *smt_version(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_version);
    return version;
}
