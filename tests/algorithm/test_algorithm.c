// Level A: what is right is proved, what is wrong is refuted with numbers, and what is neither
// shown nor refuted is unknown.
#include "verdicts.h"

static const char addition[] =
    "param n = 4\n"
    "input a, b : number of n digits\n"
    "prompt a \"+\" b \"=\"\n"
    "answer s : number of n+1 digits\n"
    "require s = a + b\n"
    "algorithm\n"
    "  scan from least significant\n"
    "    state c in 0..1, initially 0\n"
    "    digit s[i] = (a[i] + b[i] + c) mod 10\n"
    "    next c = (a[i] + b[i] + c) div 10\n"
    "    invariant value(s[..i]) + c * 10^i = value(a[..i]) + value(b[..i])\n"
    "  finally s[n] = c\n";

static const char comparison[] =
    "param n = 4\n"
    "input a, b : number of n digits\n"
    "prompt a \"?\" b \"=\"\n"
    "answer g : number of 1 digits\n"
    "require (a > b implies g = 1) and (a <= b implies g = 0)\n"
    "algorithm\n"
    "  scan from least significant\n"
    "    state r in 0..1, initially 0\n"
    "    next r = if a[i] > b[i] then 1 else if a[i] < b[i] then 0 else r\n"
    "    invariant (r = 1 implies value(a[..i]) > value(b[..i])) and\n"
    "              (r = 0 implies value(a[..i]) <= value(b[..i]))\n"
    "  finally g[0] = r\n";

static const char subtraction[] =
    "param n = 4\n"
    "input a, b : number of n digits\n"
    "prompt a \"-\" b \"=\"\n"
    "answer t : number of 1 digits s : number of n digits\n"
    "require s = a - b + (if t = 0 then 0 else 10^n) and t <= 1\n"
    "algorithm\n"
    "  scan from least significant\n"
    "    state c in 0..1, initially 0\n"
    "    digit s[i] = (a[i] - b[i] - c) mod 10\n"
    "    next c = -((a[i] - b[i] - c) div 10)\n"
    "    invariant value(s[..i]) = value(a[..i]) - value(b[..i]) + c * 10^i\n"
    "  finally t[0] = c\n";

// --- right ---

static void addition_is_proved_for_every_number_of_digits(void)
{
    static const char *const names[] = {"A.range", "A.base", "A.step", "A.final", "A.determines"};
    is_proved(addition, true);
    CU_ASSERT_EQUAL(verdict.n_obligations, 5);
    for (int k = 0; k < 5; k++) {
        const Obligation *o = obligation(names[k]);
        CU_ASSERT_EQUAL(o->answer, SMT_UNSAT);
        CU_ASSERT_STRING_EQUAL(o->explanation, "");
        CU_ASSERT_PTR_NOT_NULL(strstr(o->script, "(set-logic QF_LIA)"));
    }
    CU_ASSERT_EQUAL(obligation("A.step")->questions, 201); // 2 carries, 10 by 10 digits
}

static void comparison_and_subtraction_are_proved(void)
{
    is_proved(comparison, true);
    is_proved(subtraction, true);
}

static void division_by_a_power_of_ten_is_proved_for_every_number_of_digits(void)
{
    char *text = changed(addition, "n+1 digits", "n digits");
    text = changed(changed(text, "  finally s[n] = c\n", ""), "s = a + b", "s = (a + b) mod 10^n");
    is_proved(text, true);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(obligation("A.final")->script, "(mod (+ a.below b.below) |10^n|)"));
    CU_ASSERT_PTR_NOT_NULL(strstr(obligation("A.final")->script, "(set-logic QF_NIA)"));
    is_proved(changed(addition, "s = a + b",
                      "s mod 10^n = (a + b) mod 10^n and s div 10^n = (a + b) div 10^n"),
              true);
    is_refuted_like(changed(text, "mod 10^n", "mod 10^(n+1)"),
                    "wrong at * + *: the algorithm gives *, but require says *");
}

static void scripts_and_work_are_the_same_from_run_to_run(void)
{
    prove(addition);
    AlgorithmVerdict first = verdict;
    prove(addition);
    CU_ASSERT_EQUAL_FATAL(first.n_obligations, verdict.n_obligations);
    for (int k = 0; k < first.n_obligations; k++) {
        CU_ASSERT_STRING_EQUAL(first.obligations[k].script, verdict.obligations[k].script);
        CU_ASSERT_EQUAL(first.obligations[k].used, verdict.obligations[k].used);
    }
}

static void digits_at_fixed_places_may_stand_in_require(void)
{
    is_proved(changed(addition, "= a + b\n", "= a + b and s[0] = (a[0] + b[0]) mod 10\n"), true);
}

static void a_state_that_never_occurs_may_do_as_it_likes(void)
{
    char *text = changed(addition, "0..1,", "0..5,");
    is_proved(text, true);
    is_proved(changed(text, "c) div 10", "c) div 10 + (if c = 5 then 9 else 0)"), true);
}

static void an_assumption_about_every_column_is_used(void)
{
    char *text = changed(addition, "require", "assume a[i] + b[i] <= 9\nrequire");
    is_proved(changed(text, "s[n] = c", "s[n] = 0"), true);
}

// --- right for the columns of the spec ---

static void without_a_parameter_for_the_columns_one_width_is_proved(void)
{
    char *text = changed(changed(addition, "of n digits", "of 4 digits"), "n+1", "5");
    is_proved(changed(text, "s[n]", "s[4]"), false);
    CU_ASSERT_EQUAL(obligation("A.computes-4")->answer, SMT_UNSAT);
    CU_ASSERT_EQUAL(obligation("A.determines-4")->answer, SMT_UNSAT);
    CU_ASSERT_STRING_EQUAL(verdict.text,
                           "the algorithm computes what require says, with 4 columns; not proved "
                           "for every number of digits: the inputs' number of digits is not one "
                           "parameter");
}

static void assumptions_about_single_columns_are_used_for_one_width(void)
{
    char *text = changed(addition, "require", "assume a[n-1] = 0\nassume b[n-1] = 0\nrequire");
    is_proved(text, true); // true without them
    is_proved(changed(text, "s[n] = c", "s[n] = 0"), false);
}

static void what_is_wrong_for_fewer_columns_only_does_not_refute(void)
{
    is_proved(changed(addition, "s = a + b\n", "n <= 2 and s = 7 or n > 2 and s = a + b\n"), false);
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict.text, "wrong at 0 + 0 with n = 1: "));
}

// --- wrong ---

static void a_lost_carry_is_refuted(void)
{
    is_refuted_like(changed(addition, "b[i] + c) div", "b[i]) div"),
                    "wrong at * + *: the algorithm gives 0, but require says s = a + b: s = 0, "
                    "a + b = 100");
    is_refuted(changed(addition, "initially 0", "initially 1"),
               "wrong at 0 + 0: the algorithm gives 1, but require says s = a + b: s = 1, "
               "a + b = 0");
}

static void a_carry_of_two_is_refuted(void)
{
    is_refuted(changed(addition, "c) div 10", "c) div 9"),
               "wrong at 0 + 9: the algorithm gives 19, but require says s = a + b: s = 19, "
               "a + b = 9");
    is_refuted(changed(addition, "next c = (a[i] + b[i] + c) div 10",
                       "next c = if a[i] + b[i] + c = 18 then 2 else (a[i] + b[i] + c) div 10"),
               "wrong at 9 + 9: column 0 sets c to 2, outside 0..1");
    CU_ASSERT_STRING_EQUAL(obligation("A.range")->explanation,
                           "a = 9, b = 9 with c = 0 give c = 2, which is out of range");
}

static void a_wrong_digit_is_refuted(void)
{
    is_refuted(changed(addition, "c) mod 10", "c + 1) mod 10"),
               "wrong at 0 + 0: the algorithm gives 1111, but require says s = a + b: s = 1111, "
               "a + b = 0");
    is_refuted_like(changed(addition, "(a[i] + b[i] + c) mod 10", "a[i] + b[i] + c"),
                    "wrong at ? + ?: the rule for s\\[0\\] gives 10, which is no digit");
    is_refuted_like(changed(addition, "s[n] = c", "s[n] = 0"),
                    "wrong at ?000 + ?000: the algorithm gives 0, but require says s = a + b: "
                    "s = 0, a + b = 10000");
    is_refuted_like(changed(addition, "s[n] = c", "s[n] = c * 10"),
                    "wrong at * + *: the rule for s\\[[14]\\] gives 10, which is no digit");
}

static void a_wrong_require_is_refuted(void)
{
    is_refuted(changed(addition, "s = a + b\n", "s = a + b + 1\n"),
               "wrong at 0 + 0: the algorithm gives 0, but require says s = a + b + 1: s = 0, "
               "a + b + 1 = 1");
    is_refuted(changed(addition, "s = a + b\n", "s = a - b\n"),
               "wrong at 0 + 1: the algorithm gives 1, but require says s = a - b: s = 1, "
               "a - b = -1");
    is_refuted(changed(comparison, "(a <= b implies g = 0)", "(a < b implies 2 > 3)"),
               "wrong at 0 ? 1: the algorithm gives 0, but require says 2 > 3");
}

static void a_require_that_leaves_the_answer_open_is_refuted(void)
{
    is_refuted(changed(addition, "s = a + b\n", "s >= a + b\n"),
               "require leaves open what is right at 0 + 0: 0 and 1 both satisfy s >= a + b");
    CU_ASSERT_PTR_NOT_NULL(verdict.counterexample.other);
    is_refuted(changed(addition, "s = a + b\n", "s = a + b or s = 7\n"),
               "require leaves open what is right at 0 + 0: 0 and 7 both satisfy s = a + b or "
               "s = 7");
}

static void one_width_alone_is_refuted_too(void)
{
    char *text = changed(changed(addition, "of n digits", "of 4 digits"), "n+1", "5");
    is_refuted_like(changed(text, "s[n] = c", "s[4] = 0"),
                    "wrong at * + *: the algorithm gives *, but require says s = a + b: s = *, "
                    "a + b = 1????");
}

// Where no proof for all widths is asked for, a digit that leaves its range is seen too.
static void one_width_alone_is_refuted_for_a_digit_out_of_range(void)
{
    char *text = changed(changed(addition, "of n digits", "of 4 digits"), "n+1", "5");
    is_refuted_like(changed(text, "s[n] = c", "s[4] = c + 9"),
                    "wrong at * + *: the algorithm gives *");
}

// --- neither ---

static void an_invariant_that_is_not_inductive_gives_unknown_and_shows_the_step(void)
{
    is_unknown(changed(addition, " + c * 10^i =", " ="),
               "A.step: the invariant is not carried over a column where a = 1, b = 9 with c = 0 "
               "give s = 0, c = 1: it holds before with i = 0, value(a[..i]) = 0, value(b[..i]) = "
               "0, value(s[..i]) = 0, and does not hold after; 4 columns alone would be tried "
               "without an invariant");
    CU_ASSERT_EQUAL(obligation("A.step")->answer, SMT_SAT);
}

// The first step that fails does so for impossible powers only, a later one in a column that is there.
static void a_later_step_that_fails_is_found(void)
{
    is_unknown(changed(addition, "value(s[..i]) + c * 10^i =",
                       "(i < 2 or 10^i mod 4 = 0) and value(s[..i]) ="),
               "A.step: the invariant is not carried over a column where a = 1, b = 9 with c = 0 "
               "give s = 0, c = 1: it holds before with i = 0, value(a[..i]) = 0, value(b[..i]) = "
               "0, value(s[..i]) = 0, and does not hold after; 4 columns alone would be tried "
               "without an invariant");
}

static void a_late_column_that_fails_is_found(void)
{
    prove(changed(addition, "value(s[..i]) +", "i < 3 and value(s[..i]) +"));
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_UNKNOWN);
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict.text, "it holds before with i = 2, "));
}

// As it is asked without the assumption, the step may fail for want of it; the beginning may not.
static void a_beginning_that_fails_fails_whatever_is_assumed(void)
{
    prove(changed(changed(addition, "value(s[..i]) +", "i > 0 and value(s[..i]) +"), "require",
                  "assume a[0] <= 5\nrequire"));
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_UNKNOWN);
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict.text, "A.base: the invariant does not hold before"));
}

static void an_invariant_that_does_not_begin_gives_unknown(void)
{
    is_unknown(changed(addition, "value(s[..i]) +", "i > 0 and value(s[..i]) +"),
               "A.base: the invariant does not hold before the first column, with i = 0, c = 0; "
               "4 columns alone would be tried without an invariant");
}

// Its reason says why not for all widths.
static void is_proved_for_four(const char *text, const char *reason)
{
    is_proved(text, false);
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict.text, "with 4 columns; not proved for every number"));
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict.text, reason));
    CU_ASSERT_EQUAL(verdict.n_obligations, 2);
    CU_ASSERT_EQUAL(obligation("A.computes-4")->answer, SMT_UNSAT);
    CU_ASSERT_EQUAL(obligation("A.determines-4")->answer, SMT_UNSAT);
}

static void where_an_invariant_is_too_weak_one_width_is_proved(void)
{
    is_proved_for_four(
        changed(addition, "value(s[..i]) + c * 10^i = value(a[..i]) + value(b[..i])", "c <= 1"),
        "with c = 0 after the last column the invariant allows value(a[..n]) = 0, "
        "value(b[..n]) = 0, value(s[..n]) = 1, where `require` does not hold");
}

// The parity of the units is that of the whole, as 10^i is even for i > 0.
static void an_invariant_is_not_refuted_by_impossible_powers(void)
{
    is_proved_for_four("param n = 4\n"
                       "input a : number of n digits\n"
                       "prompt a \"=\"\n"
                       "answer r : number of 1 digits\n"
                       "require r = a mod 2\n"
                       "algorithm\n"
                       "  scan from least significant\n"
                       "    state p in -1..1, initially -1\n"
                       "    next p = if p < 0 then a[i] mod 2 else p\n"
                       "    invariant (p < 0 implies i = 0 and value(a[..i]) = 0) and\n"
                       "              (p >= 0 implies i > 0 and p = value(a[..i]) mod 2)\n"
                       "  finally r[0] = p\n",
                       "of powers of ten the solver knows too little");
}

static char *without_invariant(const char *text)
{
    char *line = strstr(changed(text, "", ""), "    invariant");
    line = arena_strndup(arena, line, strcspn(line, "\n") + 1);
    return changed(text, line, "");
}

static void without_an_invariant_one_width_is_proved(void)
{
    is_proved_for_four(without_invariant(addition),
                       "the spec gives no invariant, and without one nothing is known of the "
                       "digits that the scan makes");
}

// It is not positive for all n.
static void another_divisor_than_a_power_is_written_for_one_width(void)
{
    is_proved_for_four(changed(addition, "s = a + b", "s = a + b and s mod (n - 3) = 0"),
                       "`s mod (n - 3)` cannot be written for all of them at once");
}

static void nor_before_the_first_column(void)
{
    is_proved_for_four(changed(addition, "value(s[..i]) +", "10^n mod 2 = 0 and value(s[..i]) +"),
                       "of 10^n the solver knows too little");
}

static void without_an_invariant_what_is_wrong_is_refuted(void)
{
    is_refuted(changed(without_invariant(addition), "(a[i] + b[i] + c) div 10", "0"),
               "wrong at 5 + 5: the algorithm gives 0, but require says s = a + b: s = 0, "
               "a + b = 10");
}

// Wrong with one column, and too hard to decide with four.
static void what_is_wrong_for_fewer_columns_is_said(void)
{
    prove_within(changed(addition, "s = a + b",
                         "s = a + b and (10^n > 100 or a < 5) and "
                         "(a * a * a + 1) mod 7 != 4"),
                 20000);
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_UNKNOWN);
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict.text, "with fewer digits, wrong at 5 + 0 with n = 1"));
}

static void a_small_budget_gives_unknown(void)
{
    prove_within(addition, 100);
    CU_ASSERT_EQUAL(verdict.verdict, VERDICT_UNKNOWN);
    CU_ASSERT_STRING_EQUAL(verdict.text, "A.computes-4: the solver gave up: the budget is spent");
}

static void an_assumption_that_no_digits_meet_gives_unknown(void)
{
    is_unknown(changed(addition, "require", "assume a[i] > 9\nrequire"),
               "A.computes-4: its hypotheses contradict each other");
}

#define TESTS(X)                                                                                   \
    X(arena_begins)                                                                                \
    X(addition_is_proved_for_every_number_of_digits)                                               \
    X(comparison_and_subtraction_are_proved)                                                       \
    X(scripts_and_work_are_the_same_from_run_to_run)                                               \
    X(digits_at_fixed_places_may_stand_in_require)                                                 \
    X(a_state_that_never_occurs_may_do_as_it_likes)                                                \
    X(an_assumption_about_every_column_is_used)                                                    \
    X(without_a_parameter_for_the_columns_one_width_is_proved)                                     \
    X(assumptions_about_single_columns_are_used_for_one_width)                                     \
    X(what_is_wrong_for_fewer_columns_only_does_not_refute)                                        \
    X(a_lost_carry_is_refuted)                                                                     \
    X(a_carry_of_two_is_refuted)                                                                   \
    X(a_wrong_digit_is_refuted)                                                                    \
    X(a_wrong_require_is_refuted)                                                                  \
    X(a_require_that_leaves_the_answer_open_is_refuted)                                            \
    X(one_width_alone_is_refuted_for_a_digit_out_of_range)                                         \
    X(one_width_alone_is_refuted_too)                                                              \
    X(an_invariant_that_is_not_inductive_gives_unknown_and_shows_the_step)                         \
    X(a_later_step_that_fails_is_found)                                                            \
    X(a_late_column_that_fails_is_found)                                                           \
    X(a_beginning_that_fails_fails_whatever_is_assumed)                                            \
    X(an_invariant_that_does_not_begin_gives_unknown)                                              \
    X(where_an_invariant_is_too_weak_one_width_is_proved)                                          \
    X(without_an_invariant_one_width_is_proved)                                                    \
    X(without_an_invariant_what_is_wrong_is_refuted)                                               \
    X(division_by_a_power_of_ten_is_proved_for_every_number_of_digits)                             \
    X(another_divisor_than_a_power_is_written_for_one_width)                                       \
    X(an_invariant_is_not_refuted_by_impossible_powers)                                            \
    X(nor_before_the_first_column)                                                                 \
    X(what_is_wrong_for_fewer_columns_is_said)                                                     \
    X(a_small_budget_gives_unknown)                                                                \
    X(an_assumption_that_no_digits_meet_gives_unknown)                                             \
    X(arena_ends)

RUN_TESTS("algorithm", TESTS)
