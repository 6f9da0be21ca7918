// Level A of what has choices, or looks at the end of the scan: the shipped specs are proved for
// every number of digits, and what is false in them is refuted with numbers.
#include "file.h"
#include "induction.h"
#include "verdicts.h"

static const char maximum[] =
    "param n = 4\n"
    "input a, b : number of n digits\n"
    "prompt a \"max\" b \"=\"\n"
    "answer m : number of n digits\n"
    "require m >= a and m >= b and (m = a or m = b)\n"
    "algorithm\n"
    "  scan from least significant\n"
    "    state order in -1..1, initially 0\n"
    "    next order = if a[i] < b[i] then -1 else if a[i] > b[i] then 1 else order\n"
    "    digit m[i] = if last(order) < 0 then b[i] else a[i]\n"
    "    invariant (order < 0 implies value(a[..i]) < value(b[..i]))\n"
    "          and (order = 0 implies value(a[..i]) = value(b[..i]))\n"
    "          and (order > 0 implies value(a[..i]) > value(b[..i]))\n"
    "          and value(m[..i]) = if last(order) < 0 then value(b[..i]) else value(a[..i])\n";

static const char doubling[] = "param n = 4\n"
                               "input a : number of n digits\n"
                               "prompt \"twice\" a \"=\"\n"
                               "answer t : number of n+1 digits  odd : one of \"yes\", \"no\"\n"
                               "require t = 2 * a and (odd = \"yes\" implies 2 * a >= 10^n)\n"
                               "    and (odd = \"no\" implies 2 * a < 10^n)\n"
                               "algorithm\n"
                               "  scan from least significant\n"
                               "    state c in 0..1, initially 0\n"
                               "    next c = (2 * a[i] + c) div 10\n"
                               "    digit t[i] = (2 * a[i] + c) mod 10\n"
                               "    invariant value(t[..i]) + c * 10^i = 2 * value(a[..i])\n"
                               "  finally t[n] = c\n"
                               "  finally odd = if c = 1 then \"yes\" else \"no\"\n";

static const char echo[] =
    "param n = 3\n"
    "input a, b : number of n digits\n"
    "input op, alt : one of \"+\", \"-\", \"x\"\n"
    "prompt a op b alt\n"
    "answer r : one of \"+\", \"-\", \"x\"  m : number of n digits  \"end\"\n"
    "require r = (if a > b then op else alt) and m = if op = alt then b else a\n"
    "algorithm\n"
    "  scan from least significant\n"
    "    state order in -1..1, initially 0\n"
    "    next order = if a[i] < b[i] then -1 else if a[i] > b[i] then 1 else order\n"
    "    digit m[i] = if op = alt then b[i] else a[i]\n"
    "    invariant (order > 0 implies value(a[..i]) > value(b[..i]))\n"
    "          and (order <= 0 implies value(a[..i]) <= value(b[..i]))\n"
    "          and value(m[..i]) = if op = alt then value(b[..i]) else value(a[..i])\n"
    "  finally r = if order > 0 then op else alt\n";

// With five digits, whatever the models that there are.
static char *shipped(const char *name)
{
    char *text = NULL, *digits;
    size_t size;
    Diag diag;
    CU_ASSERT_EQUAL_FATAL(file_read(arena, arena_printf(arena, SPECS_DIR "/%s.spec", name),
                                    SPEC_FILE_MAX, &text, &size, &diag),
                          STATUS_OK);
    text = arena_strndup(arena, text, size);
    digits = strstr(text, "n = ");
    CU_ASSERT_PTR_NOT_NULL_FATAL(digits);
    digits[4] = '5';
    return text;
}

// --- right ---

static void every_shipped_spec_is_proved_for_every_number_of_digits(void)
{
    static const char *const names[] = {"addition", "addition-signed", "subtraction", "mixed",
                                        "compare"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        is_proved(shipped(names[k]), true);
        CU_ASSERT_EQUAL(verdict.n_obligations, 5);
        for (int o = 0; o < verdict.n_obligations; o++)
            CU_ASSERT_PTR_NOT_NULL(strstr(verdict.obligations[o].script, "(set-logic QF_LIA)"));
    }
}

static void the_maximum_is_proved(void)
{
    is_proved(maximum, true);
}

static void a_choice_may_stand_last(void)
{
    is_proved(doubling, true);
    is_proved(changed(shipped("subtraction"),
                      "sign : one of \"+\", \"-\"   d : number of n+1 digits",
                      "d : number of n+1 digits   sign : one of \"+\", \"-\""),
              true);
}

static void tokens_of_the_question_may_come_back_in_the_answer(void)
{
    is_proved(echo, true);
    CU_ASSERT_EQUAL(obligation("A.base")->questions, 1 + 3 * 3);
    is_refuted(changed(echo, "if order > 0", "if order >= 0"),
               "wrong at 0 + 0 -: the algorithm gives + 0 end, but require says r = (if a > b then "
               "op else alt): r = \"+\", (if a > b then op else alt) = \"-\"");
}

// One guess for each end that is possible with the tokens of the input: one order in a sum, three
// in a difference.
static void only_ends_that_are_possible_are_guessed(void)
{
    prove(shipped("mixed"));
    CU_ASSERT_EQUAL(obligation("A.base")->questions, 1 + 1 + 3);
    CU_ASSERT_EQUAL(obligation("A.step")->questions, 1 + 100 * (2 + 3 * 3));
    CU_ASSERT_EQUAL(obligation("A.final")->questions, 1 + 2 + 3);
}

static void the_solver_is_asked_whether_every_end_is_guessed(void)
{
    prove(shipped("subtraction"));
    CU_ASSERT_PTR_NOT_NULL(strstr(obligation("A.range")->script, "; the last states are guessed"));
    prove(shipped("compare"));
    CU_ASSERT_PTR_NULL(strstr(obligation("A.range")->script, "; the last states are guessed"));
}

static char *subtraction_of_two_digits(void)
{
    char *text = changed(shipped("subtraction"), "a, b : number of n", "a, b : number of 2");
    return changed(changed(text, "d : number of n+1", "d : number of 3"), "d[n]", "d[2]");
}

static void one_width_alone_is_proved_too(void)
{
    is_proved(subtraction_of_two_digits(), false);
    CU_ASSERT_EQUAL(obligation("A.computes-2")->answer, SMT_UNSAT);
    CU_ASSERT_EQUAL(obligation("A.determines-2")->answer, SMT_UNSAT);
}

// --- what was found by trying is proved ---

typedef struct Induced {
    const Spec *spec;
    Family family;
    Automaton automaton;
    Obligation obligations[INDUCTION_COUNT];
} Induced;

static Induced induce(const char *name, int branches, int states)
{
    Spec *spec;
    Diag diag;
    char *text = shipped(name);
    CU_ASSERT_EQUAL_FATAL(spec_parse(arena, "test.spec", text, strlen(text), NULL, 0, &spec, &diag),
                          STATUS_OK);
    Induced induced = {.spec = spec, .family = family_of(arena, spec)};
    induced.automaton = automaton_of(arena, spec, &induced.family);
    CU_ASSERT_EQUAL_FATAL(induced.automaton.branches.count, branches);
    CU_ASSERT_EQUAL_FATAL(induced.automaton.n_states, states);
    return induced;
}

static SmtAnswer answer_to_range(Induced *induced)
{
    const Expr *obstacle;
    Diag diag;
    CU_ASSERT_EQUAL_FATAL(induction_prove(arena, &induced->family, &induced->automaton, 1000000,
                                          induced->obligations, &obstacle, &diag),
                          STATUS_OK);
    return induced->obligations[INDUCTION_RANGE].answer;
}

static void a_forgotten_guess_is_noticed(void)
{
    Induced induced = induce("subtraction", 3, 9);
    CU_ASSERT_EQUAL(answer_to_range(&induced), SMT_UNSAT);
    induced.automaton.branches.count = 2;
    CU_ASSERT_EQUAL(answer_to_range(&induced), SMT_SAT);
}

// A sum alone, as if differences were no questions.
static void a_forgotten_token_is_noticed(void)
{
    Induced induced = induce("mixed", 4, 2 + 9);
    Automaton *automaton = &induced.automaton;
    int kept = 0;
    CU_ASSERT_EQUAL(answer_to_range(&induced), SMT_UNSAT);
    for (int q = 0; q < automaton->n_states; q++)
        if (automaton->branch[q] == 0) {
            automaton->branch[kept] = 0;
            automaton->entered[kept] = automaton->entered[q];
            automaton->state[kept++] = automaton->state[q];
        }
    CU_ASSERT_EQUAL(kept, 2);
    automaton->n_states = kept;
    automaton->n_transitions = 0;
    automaton->branches.count = 1;
    CU_ASSERT_EQUAL(answer_to_range(&induced), SMT_SAT);
}

static void a_forgotten_state_is_noticed(void)
{
    Induced induced = induce("subtraction", 3, 9);
    induced.automaton.n_states = 8;
    induced.automaton.n_transitions = 0;
    CU_ASSERT_EQUAL(answer_to_range(&induced), SMT_SAT);
}

// --- wrong ---

static void a_wrong_sign_rule_is_refuted(void)
{
    is_refuted(changed(shipped("subtraction"), "sign = if order < 0", "sign = if order <= 0"),
               "wrong at 0 - 0: the algorithm gives - 0, but require says sign = \"+\": "
               "sign = \"-\"");
    is_refuted(changed(shipped("mixed"), "sign = if order < 0", "sign = if order <= 0"),
               "wrong at 0 + 0: the algorithm gives - 0, but require says sign = \"+\": "
               "sign = \"-\"");
    is_refuted(
        changed(shipped("mixed"), "order in -1..1, initially 0", "order in -1..1, initially -1"),
        "wrong at 0 - 0: the algorithm gives - 0, but require says sign = \"+\": "
        "sign = \"-\"");
}

// The claim of subtraction.spec as two cases, one of which has to hold.
static char *difference_by_cases(void)
{
    return changed(changed(shipped("subtraction"), "(a >= b implies sign = \"+\" and d = a - b)",
                           "a >= b and sign = \"+\" and d = a - b"),
                   "and (a < b implies sign = \"-\" and d = b - a)",
                   "or a < b and sign = \"-\" and d = b - a");
}

static void a_zero_below_zero_is_refuted(void)
{
    char *allowed = changed(difference_by_cases(), "a < b and", "a <= b and");
    is_refuted(allowed,
               "require leaves open what is right at 0 - 0: + 0 and - 0 both satisfy a >= b and "
               "sign = \"+\" and d = a - b or a <= b and sign = \"-\" and d = b - a");
    is_refuted(changed(allowed, "a >= b and", "a > b and"),
               "wrong at 0 - 0: the algorithm gives + 0, but require says sign = \"-\": "
               "sign = \"+\"");
}

static void a_sign_that_nothing_determines_is_refuted(void)
{
    is_refuted(changed(changed(difference_by_cases(), "a >= b and sign = \"+\" and d = a - b",
                               "(sign = \"+\" implies d = a - b) and"),
                       "or a < b and sign = \"-\" and d = b - a",
                       "(sign = \"-\" implies d = b - a)"),
               "require leaves open what is right at 0 - 0: + 0 and - 0 both satisfy "
               "(sign = \"+\" implies d = a - b) and (sign = \"-\" implies d = b - a)");
    is_refuted(
        changed(shipped("mixed"), "implies sign = \"+\" and s = a + b", "implies s = a + b"),
        "require leaves open what is right at 0 + 0: + 0 and - 0 both satisfy (op = \"+\" "
        "implies s = a + b) and (op = \"-\" and a >= b implies sign = \"+\" and s = a - b) and "
        "(op = \"-\" and a < b implies sign = \"-\" and s = b - a)");
}

static void a_borrow_that_equal_digits_lose_is_refuted(void)
{
    is_refuted(changed(shipped("subtraction"), "then 1 else order", "then 1 else 0"),
               "wrong at 0 - 1: the algorithm gives + 99, but require says sign = \"-\": "
               "sign = \"+\"");
    is_refuted(changed(shipped("compare"), "then 1 else order", "then 1 else 0"),
               "wrong at 0 ? 1: the algorithm gives =, but require says r = \"<\": r = \"=\"");
}

static void a_borrow_that_is_not_taken_is_refuted(void)
{
    is_refuted(changed(shipped("subtraction"), "(a[i] - b[i] - (if order < 0 then 1 else 0))",
                       "(a[i] - b[i])"),
               "wrong at 10 - 1: the algorithm gives + 19, but require says d = a - b: d = 19, "
               "a - b = 9");
    is_refuted(
        changed(shipped("mixed"), "(b[i] - a[i] - (if order > 0 then 1 else 0))", "(b[i] - a[i])"),
        "wrong at 1 - 10: the algorithm gives - 19, but require says s = b - a: s = 19, "
        "b - a = 9");
}

static void a_borrow_that_is_taken_from_equal_digits_is_refuted(void)
{
    is_refuted(changed(shipped("subtraction"), "if order < 0 then 1", "if order <= 0 then 1"),
               "wrong at 0 - 0: the algorithm gives + 99999, but require says d = a - b: d = "
               "99999, a - b = 0");
}

static void a_carry_lost_among_differences_is_refuted(void)
{
    is_refuted_like(changed(shipped("mixed"), "b[i] + carry) div", "b[i]) div"),
                    "wrong at * + *: the algorithm gives + 0, but require says s = a + b: s = 0, "
                    "a + b = 100");
    is_refuted_like(changed(shipped("mixed"), "s[n] = carry", "s[n] = 0"),
                    "wrong at ?0000 + ?0000: the algorithm gives + 0, but require says s = a + b: "
                    "s = 0, a + b = 100000");
    is_refuted(changed(shipped("mixed"), "order = if op = \"+\" then 0\n                   else if",
                       "order = if"),
               "wrong at 0 + 1: the algorithm gives - 1, but require says sign = \"+\": "
               "sign = \"-\"");
}

static void digits_of_the_wrong_branch_are_refuted(void)
{
    is_refuted(changed(shipped("subtraction"), "= if sign = \"+\"", "= if sign = \"-\""),
               "wrong at 0 - 1: the algorithm gives - 99999, but require says d = b - a: "
               "d = 99999, b - a = 1");
    is_refuted(changed(shipped("mixed"), "s[i]  = if op = \"+\"", "s[i]  = if op = \"-\""),
               "wrong at 0 + 1: the algorithm gives + 9, but require says s = a + b: s = 9, "
               "a + b = 1");
    is_refuted(changed(shipped("mixed"), "s[i]  = if op = \"+\"", "s[i]  = if sign = \"+\""),
               "wrong at 1 - 1: the algorithm gives + 2, but require says s = a - b: s = 2, "
               "a - b = 0");
    is_refuted(changed(maximum, "then b[i] else a[i]", "then a[i] else b[i]"),
               "wrong at 1 max 0: the algorithm gives 0, but require says m >= a: m = 0, a = 1");
}

static void a_digit_that_looks_at_the_state_instead_of_the_last_is_refuted(void)
{
    is_refuted(changed(maximum, "if last(order) < 0", "if order < 0"),
               "wrong at 0 max 1: the algorithm gives 0, but require says m >= b: m = 0, b = 1");
}

static void a_digit_out_of_range_is_refuted(void)
{
    is_refuted(changed(shipped("subtraction"), "(if order > 0 then 1 else 0)) mod 10",
                       "(if order > 0 then 1 else 0))"),
               "wrong at 1 - 10: the rule for d[0] gives -1, which is no digit");
}

static void one_width_alone_with_choices_is_refuted_too(void)
{
    is_refuted(changed(subtraction_of_two_digits(), "sign = if order < 0", "sign = if order <= 0"),
               "wrong at 0 - 0: the algorithm gives - 0, but require says sign = \"+\": "
               "sign = \"-\"");
}

// --- neither ---

static void a_step_that_is_not_inductive_is_shown_with_its_branch(void)
{
    is_unknown(changed(shipped("mixed"), "+ carry * 10^i", ""),
               "A.step: the invariant is not carried over a column where a = 1, b = 9, op = \"+\" "
               "with carry = 0, order = 0, and order = 0 at the end, give s = 0, carry = 1, "
               "order = 0: it holds before with i = 0, value(a[..i]) = 0, value(b[..i]) = 0, "
               "value(s[..i]) = 0, and does not hold after; 5 columns alone would be tried "
               "without an invariant");
    is_unknown(changed(maximum, "and value(m[..i]) = if last(order) < 0",
                       "and value(m[..i]) = if order < 0"),
               "A.step: the invariant is not carried over a column where a = 0, b = 1 with order = "
               "0, and order = 0 at the end, give m = 0, order = -1: it holds before with i = 0, "
               "value(a[..i]) = 0, value(b[..i]) = 0, value(m[..i]) = 0, and does not hold after; "
               "4 columns alone would be tried without an invariant");
}

static void a_beginning_that_does_not_hold_is_shown_with_its_branch(void)
{
    is_unknown(changed(shipped("subtraction"), "invariant  ",
                       "invariant  (last(order) < 0 implies i > 0) and "),
               "A.base: the invariant does not hold before the first column, with i = 0, "
               "order = 0, and order = -1 at the end; 5 columns alone would be tried "
               "without an invariant");
}

static void an_invariant_that_says_too_little_of_the_end_gives_unknown(void)
{
    is_unknown(
        changed(shipped("subtraction"), "(sign = \"-\" implies value", "(i = 0 implies value"),
        "A.computes-5: the solver gave up: the budget is spent; for every number of digits, with "
        "order = -1 after the last column the invariant allows value(a[..n]) = 0, value(b[..n]) = "
        "1, value(d[..n]) = 2, where `require` does not hold");
}

// The digit is one whenever the guess comes true; but it is made before that is known.
static void a_digit_is_needed_for_guesses_that_do_not_come_true(void)
{
    is_unknown(
        "param n = 4\n"
        "input a, b : number of n digits\n"
        "prompt a b\n"
        "answer m : number of n digits\n"
        "require m = 0\n"
        "algorithm\n"
        "  scan from least significant\n"
        "    state some in 0..1, initially 0\n"
        "    next some = if a[i] > b[i] then 1 else some\n"
        "    digit m[i] = if last(some) = 0 and a[i] > b[i] then 10 else 0\n"
        "    invariant value(m[..i]) = 0\n",
        "A.range: a = 1, b = 0 with some = 0, and some = 0 at the end, give m = 10, which is "
        "out of range");
}

// Three tokens, and as many states and guesses as the state has values.
static char *counting_to(int most)
{
    return arena_printf(arena,
                        "param n = 4\n"
                        "input a : number of n digits\n"
                        "input op : one of \"x\", \"y\", \"z\"\n"
                        "prompt a op\n"
                        "answer s : number of n digits\n"
                        "require s = 0\n"
                        "algorithm\n"
                        "  scan from least significant\n"
                        "    state count in 0..%d, initially 0\n"
                        "    next count = if count = %d then %d else count + a[i] mod 2\n"
                        "    digit s[i] = if last(count) > %d then 1 else 0\n"
                        "    invariant value(s[..i]) = 0\n",
                        most, most, most, most);
}

static void many_branches_are_proved_but_not_too_many(void)
{
    is_proved(counting_to(8), true);
    CU_ASSERT_EQUAL(obligation("A.step")->questions, 1 + 10 * 3 * 9 * 9);
    is_proved(counting_to(9), false);
    CU_ASSERT_STRING_EQUAL(verdict.text,
                           "the algorithm computes what require says, with 4 columns; not proved "
                           "for every number of digits: the states take more than 256 "
                           "combinations of values");
}

#define TESTS(X)                                                                                   \
    X(arena_begins)                                                                                \
    X(every_shipped_spec_is_proved_for_every_number_of_digits)                                     \
    X(the_maximum_is_proved)                                                                       \
    X(a_choice_may_stand_last)                                                                     \
    X(tokens_of_the_question_may_come_back_in_the_answer)                                          \
    X(only_ends_that_are_possible_are_guessed)                                                     \
    X(the_solver_is_asked_whether_every_end_is_guessed)                                            \
    X(one_width_alone_is_proved_too)                                                               \
    X(a_forgotten_guess_is_noticed)                                                                \
    X(a_forgotten_token_is_noticed)                                                                \
    X(a_forgotten_state_is_noticed)                                                                \
    X(a_wrong_sign_rule_is_refuted)                                                                \
    X(a_zero_below_zero_is_refuted)                                                                \
    X(a_sign_that_nothing_determines_is_refuted)                                                   \
    X(a_borrow_that_equal_digits_lose_is_refuted)                                                  \
    X(a_borrow_that_is_not_taken_is_refuted)                                                       \
    X(a_borrow_that_is_taken_from_equal_digits_is_refuted)                                         \
    X(a_carry_lost_among_differences_is_refuted)                                                   \
    X(digits_of_the_wrong_branch_are_refuted)                                                      \
    X(a_digit_that_looks_at_the_state_instead_of_the_last_is_refuted)                              \
    X(a_digit_out_of_range_is_refuted)                                                             \
    X(one_width_alone_with_choices_is_refuted_too)                                                 \
    X(a_step_that_is_not_inductive_is_shown_with_its_branch)                                       \
    X(a_beginning_that_does_not_hold_is_shown_with_its_branch)                                     \
    X(an_invariant_that_says_too_little_of_the_end_gives_unknown)                                  \
    X(a_digit_is_needed_for_guesses_that_do_not_come_true)                                         \
    X(many_branches_are_proved_but_not_too_many)                                                   \
    X(arena_ends)

RUN_TESTS("algorithm branches", TESTS)
