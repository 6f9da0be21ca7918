#include "smtquestions.h"

#include <string.h>

#include "harness.h"

static Text text;
static int count;

static void convert(const char *script)
{
    Arena *arena = arena_new();
    Diag diag;
    text_free(&text);
    CU_ASSERT_EQUAL_FATAL(smt_questions(arena, script, &text, &count, &diag), STATUS_OK);
    arena_free(arena);
}

static void is(const char *expected)
{
    CU_ASSERT_STRING_EQUAL(text_chars(&text), expected);
    text_free(&text);
}

static void each_question_is_complete(void)
{
    convert("; A.step: a title\n"
            "(set-logic QF_LRA)\n"
            "(declare-const x Real)\n"
            "(assert (> x 1.0))\n"
            "(define-fun f ((y Real)) Real (+ y 1.0))\n"
            "(check-sat)\n"
            "(push 1)\n(assert (< (f x) 1.0))\n(check-sat)\n(pop 1)\n"
            "(push 1)\n(assert (< x 0.5)) ; a comment\n(check-sat)\n(pop 1)\n");
    CU_ASSERT_EQUAL(count, 2);
    is("; A.step: a title\n"
       "; question 1 of 2\n"
       "(set-logic QF_LRA)\n"
       "(set-info :status unsat)\n"
       "(declare-const x Real)\n"
       "(define-fun f ((y Real)) Real (+ y 1.0))\n"
       "(assert (> x 1.0))\n"
       "(assert (< (f x) 1.0))\n"
       "(check-sat)\n"
       "(reset)\n"
       "; question 2 of 2\n"
       "(set-logic QF_LRA)\n"
       "(set-info :status unsat)\n"
       "(declare-const x Real)\n"
       "(define-fun f ((y Real)) Real (+ y 1.0))\n"
       "(assert (> x 1.0))\n"
       "(assert (< x 0.5))\n"
       "(check-sat)\n");
}

static void hypotheses_between_push_and_pop_end_with_them(void)
{
    convert("(set-logic QF_LRA)(declare-const x Real)\n"
            "(push 1)(assert (> x 1.0))(assert (< x 9.0))(check-sat)(pop 1)\n"
            "(push 1)(assert (> x 2.0))(push 1)(assert (< x 0.5))(check-sat)(pop 1)(pop 1)\n");
    CU_ASSERT_EQUAL(count, 1);
    is("; question 1 of 1\n"
       "(set-logic QF_LRA)\n"
       "(set-info :status unsat)\n"
       "(declare-const x Real)\n"
       "(assert (> x 2.0))\n"
       "(assert (< x 0.5))\n"
       "(check-sat)\n");
}

static void without_questions_there_is_a_title_at_most(void)
{
    convert("; title\n(set-logic QF_LRA)(declare-const x Real)(check-sat)");
    CU_ASSERT_EQUAL(count, 0);
    is("; title\n");
    convert("");
    CU_ASSERT_EQUAL(count, 0);
    is("");
}

static void what_is_no_script_is_refused(void)
{
    Arena *arena = arena_new();
    Diag diag;
    CU_ASSERT_EQUAL(smt_questions(arena, "(pop 1)", &text, &count, &diag), STATUS_INTERNAL);
    CU_ASSERT_STRING_EQUAL(diag.code, "Z001");
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(each_question_is_complete)                                                                   \
    X(hypotheses_between_push_and_pop_end_with_them)                                               \
    X(without_questions_there_is_a_title_at_most)                                                  \
    X(what_is_no_script_is_refused)

RUN_TESTS("smt/smtquestions", TESTS)
