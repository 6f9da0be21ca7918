#include "smt.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "text.h"
#include "work.h"

enum { PLENTY = 100 * 1000 * 1000 };

static Arena *arena; // made by the first test, freed by the last
static Diag diag;

static SmtReply run(const char *script, unsigned long rlimit)
{
    SmtReply reply = {0};
    CU_ASSERT_EQUAL_FATAL(smt_run(arena, script, rlimit, &reply, &diag), STATUS_OK);
    return reply;
}

static void refused(const char *script, const char *code)
{
    SmtReply reply = {.n_answers = -7};
    CU_ASSERT_EQUAL(smt_run(arena, script, PLENTY, &reply, &diag), STATUS_INTERNAL);
    CU_ASSERT_STRING_EQUAL(diag.code, code);
    CU_ASSERT_EQUAL(reply.n_answers, -7);
}

static void answers_come_in_order_and_scopes_end(void)
{
    SmtReply reply = run("(set-logic QF_LRA) ; a comment with ( in it\n"
                         "(set-info :status sat)\n"
                         "(declare-const x Real)\n"
                         "(define-fun above ((b Real)) Bool (> x b))\n"
                         "(assert (above 1.5))\n"
                         "(push 1)(assert (< x 1.0))(check-sat)(pop 1)\n"
                         "(check-sat)\n"
                         "(push 1)(assert (not (above 1.25)))(check-sat)(pop 1)\n"
                         "(exit)(check-sat)",
                         PLENTY);
    CU_ASSERT_EQUAL_FATAL(reply.n_answers, 3);
    CU_ASSERT_EQUAL(reply.answers[0], SMT_UNSAT);
    CU_ASSERT_EQUAL(reply.answers[1], SMT_SAT);
    CU_ASSERT_EQUAL(reply.answers[2], SMT_UNSAT);
    CU_ASSERT_STRING_EQUAL(reply.reason, "");
    CU_ASSERT(reply.used > 0);
}

static void values_are_exact(void)
{
    SmtReply reply = run("(set-logic QF_LRA)(declare-const x Real)(declare-fun |a b| () Bool)\n"
                         "(declare-const free Real)\n"
                         "(assert (= (* 3.0 x) (- 1.0)))(assert |a b|)\n"
                         "(check-sat)(get-value (x |a b| (+ x 1.0) free))\n"
                         "(push 1)(assert (not |a b|))(check-sat)(get-value (x))(pop 1)",
                         PLENTY);
    CU_ASSERT_EQUAL_FATAL(reply.n_values, 5);
    CU_ASSERT_STRING_EQUAL(reply.values[0].term, "x");
    CU_ASSERT_STRING_EQUAL(reply.values[0].value, "-1/3");
    CU_ASSERT_STRING_EQUAL(reply.values[1].value, "true");
    CU_ASSERT_STRING_EQUAL(reply.values[2].value, "2/3");
    CU_ASSERT_PTR_NOT_NULL(reply.values[3].value);
    CU_ASSERT_EQUAL(reply.answers[1], SMT_UNSAT);
    CU_ASSERT_PTR_NULL(reply.values[4].value);
}

static void big_integers_come_through(void)
{
    SmtReply reply = run("(set-logic QF_LIA)(declare-const n Int)\n"
                         "(assert (= n (- 123456789012345678901234567890)))\n"
                         "(check-sat)(get-value (n (mod n 11)))",
                         PLENTY);
    CU_ASSERT_STRING_EQUAL(reply.values[0].value, "-123456789012345678901234567890");
    CU_ASSERT_STRING_EQUAL(reply.values[1].value, "4");
}

static void scripts_out_of_form_are_refused(void)
{
    refused("(check-sat", "Z001");
    refused("(check-sat))", "Z001");
    refused("check-sat", "Z001");
    refused("(assert \"abc)", "Z001");
    refused("(push 2)", "Z001");
    refused("(pop 1)", "Z001");
    refused("(push 1)(declare-const x Int)(pop 1)", "Z001");
    refused("(assert true)(set-logic QF_LRA)", "Z001");
    refused("(assert true false)", "Z001");
    refused("(check-sat)(push 1)(get-value (true))", "Z001");
    refused("(check-sat-assuming (true))", "Z001");
    refused("(simplify 1)", "Z001");
    refused("(reset)", "Z001");
    refused("()", "Z001");
}

static void what_the_solver_cannot_read_is_refused(void)
{
    refused("(assert (> x 1.0))(check-sat)", "Z002");
    refused("(declare-const x Rael)(check-sat)", "Z002");
    refused("(declare-const x Real)(assert x)(check-sat)", "Z002");
    refused("(declare-const x Real)(assert (+ x 1.0))(check-sat)", "Z002");
    refused("(declare-const x Real)(check-sat)(get-value (y))", "Z002");
    refused("(declare-const x Real)(declare-const x Real)(check-sat)", "Z002");
}

static void an_unset_reply_says_unknown(void)
{
    SmtReply reply = {0};
    SmtAnswer answer = {0};
    CU_ASSERT_EQUAL(answer, SMT_UNKNOWN);
    CU_ASSERT_STRING_EQUAL(smt_answer_name(answer), "unknown");
    CU_ASSERT_EQUAL(reply.n_answers, 0);
}

// More pigeons than holes: easy to say, long to refute.
static const char *pigeons(int holes)
{
    Text text = {0};
    text_add(&text, "(set-logic QF_LRA)\n");
    for (int p = 0; p <= holes; p++)
        for (int h = 0; h < holes; h++)
            text_add(&text, "(declare-const p%d_%d Bool)\n", p, h);
    for (int p = 0; p <= holes; p++) {
        text_add(&text, "(assert (or");
        for (int h = 0; h < holes; h++)
            text_add(&text, " p%d_%d", p, h);
        text_add(&text, "))\n");
    }
    for (int h = 0; h < holes; h++)
        for (int p = 0; p <= holes; p++)
            for (int q = 0; q < p; q++)
                text_add(&text, "(assert (or (not p%d_%d) (not p%d_%d)))\n", p, h, q, h);
    text_add(&text, "(check-sat)\n(check-sat)\n");
    const char *script = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return script;
}

static void a_small_budget_gives_unknown_for_this_and_the_rest(void)
{
    SmtReply reply = run(pigeons(9), 20000);
    CU_ASSERT_EQUAL_FATAL(reply.n_answers, 2);
    CU_ASSERT_EQUAL(reply.answers[0], SMT_UNKNOWN);
    CU_ASSERT_EQUAL(reply.answers[1], SMT_UNKNOWN);
    CU_ASSERT(strlen(reply.reason) > 0);
}

static void no_budget_gives_unknown(void)
{
    SmtReply reply = run("(assert false)(check-sat)", 0);
    CU_ASSERT_EQUAL(reply.answers[0], SMT_UNKNOWN);
    CU_ASSERT_STRING_EQUAL(reply.reason, "the budget is spent");
}

static void work_is_the_same_from_run_to_run(void)
{
    const char *script = pigeons(6);
    SmtReply a = run(script, PLENTY), b = run(script, PLENTY);
    CU_ASSERT_EQUAL(a.answers[0], SMT_UNSAT);
    CU_ASSERT_EQUAL(a.used, b.used);
}

typedef struct Job {
    const char *script;
    int wrong;
} Job;

static void *run_many(void *argument)
{
    Job *job = argument;
    Arena *own = arena_new();
    Diag own_diag;
    for (int i = 0; i < 20; i++) {
        SmtReply reply = {0};
        Status status = smt_run(own, job->script, PLENTY, &reply, &own_diag);
        job->wrong += status != STATUS_OK || reply.n_answers != 2 ||
                      reply.answers[0] != SMT_UNSAT || reply.answers[1] != SMT_UNSAT;
    }
    arena_free(own);
    return NULL;
}

static void threads_do_not_disturb_each_other(void)
{
    pthread_t threads[2];
    Job jobs[2] = {{pigeons(4), 0}, {pigeons(5), 0}};
    for (int i = 0; i < 2; i++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, run_many, &jobs[i]), 0);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        CU_ASSERT_EQUAL(jobs[i].wrong, 0);
    }
}

static void the_version_is_known(void)
{
    CU_ASSERT_EQUAL(strncmp(smt_version(), "Z3 4.", 5), 0);
}

static void *press_ctrl_c(void *nothing)
{
    usleep(200 * 1000);
    raise(SIGINT);
    return nothing;
}

// The last test: the flag stays set.
static void ctrl_c_stops_a_long_script(void)
{
    pthread_t thread;
    SmtReply reply = {0};
    work_catch_interrupt();
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, press_ctrl_c, NULL), 0);
    CU_ASSERT_EQUAL(smt_run(arena, pigeons(12), 4000000000, &reply, &diag), STATUS_INTERRUPTED);
    pthread_join(thread, NULL);
}

static void arena_begins(void)
{
    arena = arena_new();
    CU_ASSERT_PTR_NOT_NULL(arena);
}

static void arena_ends(void)
{
    arena_free(arena);
    arena = NULL;
    CU_ASSERT_PTR_NULL(arena);
}

#define TESTS(X)                                                                                   \
    X(arena_begins)                                                                                \
    X(answers_come_in_order_and_scopes_end)                                                        \
    X(values_are_exact)                                                                            \
    X(big_integers_come_through)                                                                   \
    X(scripts_out_of_form_are_refused)                                                             \
    X(what_the_solver_cannot_read_is_refused)                                                      \
    X(an_unset_reply_says_unknown)                                                                 \
    X(a_small_budget_gives_unknown_for_this_and_the_rest)                                          \
    X(no_budget_gives_unknown)                                                                     \
    X(work_is_the_same_from_run_to_run)                                                            \
    X(threads_do_not_disturb_each_other)                                                           \
    X(the_version_is_known)                                                                        \
    X(ctrl_c_stops_a_long_script)                                                                  \
    X(arena_ends)

RUN_TESTS("smt", TESTS)
