#include "smtlib.h"

#include "arena.h"
#include "harness.h"
#include "rng.h"
#include "smt.h"

static void reads_as(const char *value, const char *expected)
{
    Text text = {0};
    mpq_t q;
    mpq_init(q);
    CU_ASSERT_EQUAL_FATAL(mpq_set_str(q, value, 10), 0);
    mpq_canonicalize(q);
    smtlib_add_real(&text, q);
    CU_ASSERT_STRING_EQUAL(text_chars(&text), expected);
    mpq_clear(q);
    text_free(&text);
}

static void reals_are_exact_decimals_or_quotients(void)
{
    reads_as("0", "0.0");
    reads_as("7", "7.0");
    reads_as("-7", "(- 7.0)");
    reads_as("5/8", "0.625");
    reads_as("-5/8", "(- 0.625)");
    reads_as("1/1024", "0.0009765625");
    reads_as("13/10", "1.3");
    reads_as("1/3", "(/ 1.0 3.0)");
    reads_as("-22/7", "(- (/ 22.0 7.0))");
    reads_as("1000001/1000000", "1.000001");
}

static void integers_are_exact(void)
{
    Text text = {0};
    mpz_t big;
    mpz_init(big);
    mpz_ui_pow_ui(big, 10, 30);
    smtlib_add_int(&text, big);
    mpz_neg(big, big);
    text_add(&text, " ");
    smtlib_add_int(&text, big);
    text_add(&text, " ");
    smtlib_add_long(&text, -9223372036854775807LL - 1);
    text_add(&text, " ");
    smtlib_add_long(&text, 0);
    CU_ASSERT_STRING_EQUAL(text_chars(&text), "1000000000000000000000000000000 "
                                              "(- 1000000000000000000000000000000) "
                                              "(- 9223372036854775808) 0");
    mpz_clear(big);
    text_free(&text);
}

// What the solver reads is the number that was written.
static void the_solver_reads_them_back(void)
{
    Arena *arena = arena_new();
    Rng rng = rng_new(7, 0);
    Diag diag;
    mpq_t q, back;
    mpq_inits(q, back, NULL);
    for (int i = 0; i < 30; i++) {
        Text script = {0};
        SmtReply reply = {0};
        long numerator = (long)(rng_next(&rng) >> 20) - (1L << 43);
        mpq_set_si(q, numerator, i % 2 ? 1UL << rng_below(&rng, 50) : 1 + rng_below(&rng, 1000));
        mpq_canonicalize(q);
        text_add(&script, "(set-logic QF_LRA)(declare-const x Real)(assert (= x ");
        smtlib_add_real(&script, q);
        text_add(&script, "))(check-sat)(get-value (x))");
        CU_ASSERT_EQUAL_FATAL(smt_run(arena, text_chars(&script), 1000000, &reply, &diag),
                              STATUS_OK);
        CU_ASSERT_EQUAL_FATAL(reply.answers[0], SMT_SAT);
        CU_ASSERT_EQUAL(mpq_set_str(back, reply.values[0].value, 10), 0);
        CU_ASSERT(mpq_equal(q, back));
        text_free(&script);
    }
    mpq_clears(q, back, NULL);
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(reals_are_exact_decimals_or_quotients) X(integers_are_exact) X(the_solver_reads_them_back)

RUN_TESTS("smtlib", TESTS)
