#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "simulate.h"
#include "spec_samples.h"
#include "text.h"

#define TESTS(X)                                                                                   \
    X(addition_resolves_to_what_it_says)                                                           \
    X(every_shipped_spec_resolves)                                                                 \
    X(every_shipped_spec_holds_on_random_questions)                                                \
    X(wrong_algorithms_show_on_random_questions)                                                   \
    X(settings_change_parameters)                                                                  \
    X(an_unknown_setting_is_a_usage_error)                                                         \
    X(the_path_of_the_model_is_filled_in)                                                          \
    X(operators_bind_as_the_grammar_says)                                                          \
    X(lines_go_on_where_they_are_not_complete)                                                     \
    X(statements_may_stand_in_any_order)                                                           \
    X(line_ends_of_other_systems_are_blanks)                                                       \
    X(texts_and_comments_may_hold_any_character)                                                   \
    X(spans_cover_the_source)                                                                      \
    X(too_many_statements_are_refused)                                                             \
    X(too_many_items_are_refused)                                                                  \
    X(too_many_operations_are_refused)                                                             \
    X(a_text_beyond_the_limit_is_refused)                                                          \
    X(a_file_beyond_the_limit_is_refused)                                                          \
    X(a_missing_file_is_named)                                                                     \
    X(deep_nesting_of_every_kind_is_refused)                                                       \
    X(failure_leaves_the_result_alone)                                                             \
    X(later_faults_are_placed_too)

// --- expressions as a Lisp would write them ---

static const char *const names[] = {
    [EXPR_NEG] = "-", [EXPR_NOT] = "not",        [EXPR_ADD] = "+",   [EXPR_SUB] = "-",
    [EXPR_MUL] = "*", [EXPR_DIV] = "div",        [EXPR_MOD] = "mod", [EXPR_POW] = "^",
    [EXPR_EQ] = "=",  [EXPR_NE] = "!=",          [EXPR_LT] = "<",    [EXPR_LE] = "<=",
    [EXPR_GT] = ">",  [EXPR_GE] = ">=",          [EXPR_AND] = "and", [EXPR_OR] = "or",
    [EXPR_IF] = "if", [EXPR_IMPLIES] = "implies"};

static void show(Text *text, const Spec *spec, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_INT:
        text_add(text, "%lld", expr->value);
        return;
    case EXPR_PARAM:
        text_add(text, "%s", spec->params[expr->index].name);
        return;
    case EXPR_COLUMN:
        text_add(text, "i");
        return;
    case EXPR_STATE:
        text_add(text, "%s", spec->scan.states[expr->index].name);
        return;
    case EXPR_VALUE:
        text_add(text, "%s", spec->numbers[expr->index].name);
        return;
    case EXPR_DIGIT:
    case EXPR_PREFIX:
        text_add(text, "%s[%s", spec->numbers[expr->index].name,
                 expr->kind == EXPR_PREFIX ? ".." : "");
        show(text, spec, expr->a);
        text_add(text, "]");
        return;
    default:
        break;
    }
    text_add(text, "(%s", names[expr->kind]);
    const Expr *const operands[] = {expr->a, expr->b, expr->c};
    for (int k = 0; k < 3 && operands[k]; k++) {
        text_add(text, " ");
        show(text, spec, operands[k]);
    }
    text_add(text, ")");
}

static bool shows_as(const Spec *spec, const Expr *expr, const char *expected)
{
    Text text = {0};
    show(&text, spec, expr);
    bool equal = strcmp(text_chars(&text), expected) == 0;
    if (!equal)
        printf("\n%s instead of %s\n", text_chars(&text), expected);
    text_free(&text);
    return equal;
}

// --- the whole ---

static Spec *parse_shipped(Arena *arena, const char *name, const SpecSetting *settings, int count)
{
    Spec *spec = NULL;
    Diag diag;
    char *path = arena_printf(arena, "%s/%s", SPECS_DIR, name);
    if (spec_parse_file(arena, path, settings, count, &spec, &diag) != STATUS_OK)
        diag_print(&diag, stdout, 0);
    return spec;
}

static void check_scan_of_addition(const Spec *spec)
{
    const SpecScan *scan = &spec->scan;
    CU_ASSERT_EQUAL(scan->n_states, 1);
    CU_ASSERT_STRING_EQUAL(scan->states[0].name, "c");
    CU_ASSERT_EQUAL(scan->states[0].low, 0);
    CU_ASSERT_EQUAL(scan->states[0].high, 1);
    CU_ASSERT_EQUAL(scan->states[0].initial, 0);
    CU_ASSERT_TRUE(shows_as(spec, scan->states[0].next, "(div (+ (+ a[i] b[i]) c) 10)"));
    CU_ASSERT_EQUAL(scan->n_digits, 1);
    CU_ASSERT_EQUAL(scan->digits[0].number, 2);
    CU_ASSERT_TRUE(shows_as(spec, scan->digits[0].position, "i"));
    CU_ASSERT_TRUE(shows_as(spec, scan->digits[0].rule, "(mod (+ (+ a[i] b[i]) c) 10)"));
    CU_ASSERT_TRUE(
        shows_as(spec, scan->invariant, "(= (+ s[..i] (* c (^ 10 i))) (+ a[..i] b[..i]))"));
    CU_ASSERT_EQUAL(scan->n_finals, 1);
    CU_ASSERT_EQUAL(scan->finals[0].number, 2);
    CU_ASSERT_EQUAL(scan->finals[0].index, 5);
    CU_ASSERT_TRUE(shows_as(spec, scan->finals[0].position, "n"));
    CU_ASSERT_TRUE(shows_as(spec, scan->finals[0].rule, "c"));
}

static void addition_resolves_to_what_it_says(void)
{
    Arena *arena = arena_new();
    Spec *spec = parse_shipped(arena, "addition.spec", NULL, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    CU_ASSERT_EQUAL(spec->n_params, 1);
    CU_ASSERT_EQUAL(spec->params[0].value, 5);
    CU_ASSERT_STRING_EQUAL(spec->model, SPECS_DIR "/../models/add_d5.safetensors");
    CU_ASSERT_EQUAL(spec->n_numbers, 3);
    CU_ASSERT_STRING_EQUAL(spec->numbers[1].name, "b");
    CU_ASSERT_FALSE(spec->numbers[1].answer);
    CU_ASSERT_EQUAL(spec->numbers[1].digits, 5);
    CU_ASSERT_TRUE(spec->numbers[2].answer);
    CU_ASSERT_EQUAL(spec->numbers[2].digits, 6);
    CU_ASSERT_TRUE(shows_as(spec, spec->numbers[2].length, "(+ n 1)"));
    CU_ASSERT_EQUAL(spec->n_prompt, 4);
    CU_ASSERT_EQUAL(spec->prompt[0].number, 0);
    CU_ASSERT_EQUAL(spec->prompt[1].number, -1);
    CU_ASSERT_STRING_EQUAL(spec->prompt[1].token, "+");
    CU_ASSERT_EQUAL(spec->n_answer, 1);
    CU_ASSERT_EQUAL(spec->answer[0].number, 2);
    CU_ASSERT_EQUAL(spec->n_assumes, 0);
    CU_ASSERT_TRUE(shows_as(spec, spec->require, "(= s (+ a b))"));
    check_scan_of_addition(spec);
    arena_free(arena);
}

static const char *const shipped[] = {"addition.spec", "addition-signed.spec", "subtraction.spec",
                                      "mixed.spec", "compare.spec"};
enum { SHIPPED = sizeof shipped / sizeof shipped[0] };

static void every_shipped_spec_resolves(void)
{
    for (size_t k = 0; k < SHIPPED; k++) {
        Arena *arena = arena_new();
        for (long long n = 1; n < SPEC_DIGITS_MAX; n++) {
            SpecSetting setting = {"n", n};
            CU_ASSERT_PTR_NOT_NULL(parse_shipped(arena, shipped[k], &setting, 1));
        }
        arena_free(arena);
    }
}

static void every_shipped_spec_holds_on_random_questions(void)
{
    Rng rng = rng_new(2, 0);
    for (size_t k = 0; k < SHIPPED; k++) {
        Arena *arena = arena_new();
        for (long long n = 1; n < SPEC_DIGITS_MAX; n += 9) {
            SpecSetting setting = {"n", n};
            Spec *spec = parse_shipped(arena, shipped[k], &setting, 1);
            CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
            for (int question = 0; question < 200; question++)
                CU_ASSERT_EQUAL(simulate(spec, &rng), SIMULATION_HOLDS);
        }
        arena_free(arena);
    }
}

// The first result, on a hundred random questions, that is not SIMULATION_HOLDS.
static Simulation simulate_with(const char *require, const char *rules)
{
    Rng rng = rng_new(3, 0);
    Arena *arena = arena_new();
    Spec *spec = sample_parse(arena, arena_printf(arena,
                                                  SAMPLE_HEAD "require %s\n"
                                                              "algorithm\n"
                                                              "scan from least significant\n"
                                                              "state c in 0..1, initially 0\n"
                                                              "%s\n" SAMPLE_FINAL,
                                                  require, rules));
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    Simulation result = SIMULATION_HOLDS;
    for (int k = 0; k < 100 && result == SIMULATION_HOLDS; k++)
        result = simulate(spec, &rng);
    arena_free(arena);
    return result;
}

static void wrong_algorithms_show_on_random_questions(void)
{
    static const char digit[] = "digit s[i] = (a[i] + b[i] + c) mod 10\n";
    Arena *arena = arena_new();
#define RULES(text) arena_printf(arena, "%s" text, digit)
    CU_ASSERT_EQUAL(simulate_with("s >= 0", RULES("next c = 0")), SIMULATION_HOLDS);
    CU_ASSERT_EQUAL(simulate_with("s = a + b", RULES("next c = 0")), SIMULATION_REQUIRE);
    CU_ASSERT_EQUAL(simulate_with("s >= 0", RULES("next c = a[i]")), SIMULATION_STUCK);
    CU_ASSERT_EQUAL(simulate_with("s >= 0", RULES("next c = 0\ninvariant i < 2")),
                    SIMULATION_INVARIANT);
    CU_ASSERT_EQUAL(simulate_with("s >= 0\nassume a[i] > 9", RULES("next c = 0")),
                    SIMULATION_NO_QUESTION);
#undef RULES
    arena_free(arena);
}

static void settings_change_parameters(void)
{
    static const SpecSetting settings[] = {{"n", 3}, {"n", 10}};
    Arena *arena = arena_new();
    Spec *spec = parse_shipped(arena, "addition.spec", settings, 2);
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    CU_ASSERT_EQUAL(spec->params[0].value, 10);
    CU_ASSERT_EQUAL(spec->numbers[0].digits, 10);
    CU_ASSERT_EQUAL(spec->scan.finals[0].index, 10);
    CU_ASSERT_STRING_EQUAL(spec->model, SPECS_DIR "/../models/add_d10.safetensors");
    arena_free(arena);
}

static Status status_of(const char *text, size_t size, const SpecSetting *settings, int count,
                        Diag *diag)
{
    Arena *arena = arena_new();
    Spec *spec;
    memset(diag, 0, sizeof *diag);
    Status status = spec_parse(arena, "sample.spec", text, size, settings, count, &spec, diag);
    arena_free(arena);
    return status;
}

static void an_unknown_setting_is_a_usage_error(void)
{
    static const SpecSetting setting = {"digits", 3};
    static const char text[] = SAMPLE_HEAD SAMPLE_REQUIRE SAMPLE_ALGORITHM SAMPLE_FINAL;
    Diag diag;
    CU_ASSERT_EQUAL(status_of(text, strlen(text), &setting, 1, &diag), STATUS_USAGE);
    CU_ASSERT_STRING_EQUAL(diag.code, "S024");
    CU_ASSERT_EQUAL(diag.status, STATUS_USAGE);
}

static const char *model_of(Arena *arena, const char *path, const char *model)
{
    Spec *spec = NULL;
    Diag diag;
    char *text = arena_printf(
        arena,
        "model \"%s\"\nparam width = -4\n" SAMPLE_HEAD SAMPLE_REQUIRE SAMPLE_ALGORITHM SAMPLE_FINAL,
        model);
    CU_ASSERT_EQUAL_FATAL(spec_parse(arena, path, text, strlen(text), NULL, 0, &spec, &diag),
                          STATUS_OK);
    return spec->model;
}

static void the_path_of_the_model_is_filled_in(void)
{
    Arena *arena = arena_new();
    CU_ASSERT_STRING_EQUAL(model_of(arena, "x.spec", "m"), "m");
    CU_ASSERT_STRING_EQUAL(model_of(arena, "f/x.spec", "{n}{width}{n}"), "f/3-43");
    CU_ASSERT_STRING_EQUAL(model_of(arena, "/x.spec", "../m"), "/../m");
    CU_ASSERT_STRING_EQUAL(model_of(arena, "f/x.spec", "/m}"), "/m}");
    CU_ASSERT_PTR_NULL(
        sample_parse(arena, SAMPLE_HEAD SAMPLE_REQUIRE SAMPLE_ALGORITHM SAMPLE_FINAL)->model);
    arena_free(arena);
}

// --- grammar ---

static void operators_bind_as_the_grammar_says(void)
{
    static const char *const cases[][2] = {
        {"a + b * 2 - s = 0", "(= (- (+ a (* b 2)) s) 0)"},
        {"-2^2 = 0 - -n", "(= (- (^ 2 2)) (- 0 (- n)))"},
        {"a - b - s = a - (b - s)", "(= (- (- a b) s) (- a (- b s)))"},
        {"a div 3 mod 2 * 5 = n", "(= (* (mod (div a 3) 2) 5) n)"},
        {"2^n^2 = a", "(= (^ 2 (^ n 2)) a)"},
        {"2*3^n*4 = a", "(= (* (* 2 (^ 3 n)) 4) a)"},
        {"not a = b or a < b and s > 0", "(or (not (= a b)) (and (< a b) (> s 0)))"},
        {"a = 0 implies b = 0 implies s = 0", "(implies (= a 0) (implies (= b 0) (= s 0)))"},
        {"(a = 0 implies b = 0) implies s = 0", "(implies (implies (= a 0) (= b 0)) (= s 0))"},
        {"a = 0 or b = 0 implies s >= 0", "(implies (or (= a 0) (= b 0)) (>= s 0))"},
        {"s = if a < b then a else b + 1", "(= s (if (< a b) a (+ b 1)))"},
        {"if a < b then a = 1 else b = 1", "(if (< a b) (= a 1) (= b 1))"},
        {"s[n] + value(a) != a[n-1]", "(!= (+ s[n] a) a[(- n 1)])"},
        {"(a <= b) implies not not s >= 0", "(implies (<= a b) (not (not (>= s 0))))"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        Arena *arena = arena_new();
        Spec *spec = sample_with_require(arena, cases[k][0]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
        CU_ASSERT_TRUE(shows_as(spec, spec->require, cases[k][1]));
        arena_free(arena);
    }
}

static void lines_go_on_where_they_are_not_complete(void)
{
    static const char *const cases[] = {
        "s = a +\nb",
        "s =\n\n# a comment\n   a + b",
        "s\n= a\n+ b",
        "(\ns = a + b\n)",
        "s = (a # first\n + b)",
        "s = a + b # end",
        "s = a + b\n\n\n# end",
        "s =\r\na\r\n+ b\r",
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        Arena *arena = arena_new();
        Spec *spec = sample_with_require(arena, cases[k]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
        CU_ASSERT_TRUE(shows_as(spec, spec->require, "(= s (+ a b))"));
        arena_free(arena);
    }
}

static void statements_may_stand_in_any_order(void)
{
    Arena *arena = arena_new();
    Spec *spec = sample_parse(arena, SAMPLE_ALGORITHM SAMPLE_FINAL SAMPLE_REQUIRE
                              "answer s : number of n+1 digits\n"
                              "prompt a b\n"
                              "input a, b : number of n digits\n"
                              "param n = 3");
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    CU_ASSERT_EQUAL(spec->scan.finals[0].index, 3);
    arena_free(arena);
}

static void line_ends_of_other_systems_are_blanks(void)
{
    Arena *arena = arena_new();
    CU_ASSERT_PTR_NOT_NULL(
        sample_parse(arena, "param m = 1\r\n\r\n\tparam k = 2 \r\n" SAMPLE_HEAD SAMPLE_REQUIRE
                                SAMPLE_ALGORITHM SAMPLE_FINAL));
    arena_free(arena);
}

static void texts_and_comments_may_hold_any_character(void)
{
    Arena *arena = arena_new();
    Spec *spec = sample_parse(
        arena, "param n = 3 # \xff \"\n"
               "input a, b : number of n digits\n"
               "prompt a \"\xe2\x88\x92 #\" b\n"
               "answer s : number of n+1 digits\n" SAMPLE_REQUIRE SAMPLE_ALGORITHM SAMPLE_FINAL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    CU_ASSERT_STRING_EQUAL(spec->prompt[1].token, "\xe2\x88\x92 #");
    arena_free(arena);
}

static void spans_cover_the_source(void)
{
    Arena *arena = arena_new();
    Spec *spec = sample_with_require(arena, "(s) = a + value( b )");
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    CU_ASSERT_STRING_EQUAL(spec_text(arena, spec, spec->require->span), "(s) = a + value( b )");
    CU_ASSERT_STRING_EQUAL(spec_text(arena, spec, spec->require->b->b->span), "value( b )");
    CU_ASSERT_STRING_EQUAL(spec_text(arena, spec, spec->scan.finals[0].span), "finally s[n] = c");
    CU_ASSERT_STRING_EQUAL(spec_text(arena, spec, spec->numbers[1].span), "b");
    arena_free(arena);
}

// --- limits ---

// The code that `head`, then `count` times `piece`, then `tail` gets.
static bool repeated_gets(const char *head, const char *piece, int count, const char *tail,
                          const char *code)
{
    Text text = {0};
    Diag diag;
    text_add(&text, "%s", head);
    for (int k = 0; k < count; k++)
        text_add(&text, "%s", piece);
    text_add(&text, "%s", tail);
    Status status = status_of(text_chars(&text), text.length, NULL, 0, &diag);
    text_free(&text);
    if (strcmp(diag.code, code) != 0)
        diag_print(&diag, stdout, 0);
    return status == STATUS_MALFORMED && strcmp(diag.code, code) == 0;
}

static void too_many_statements_are_refused(void)
{
    CU_ASSERT_TRUE(repeated_gets("", "param n = 1\n", 1000, "", "S021"));
    CU_ASSERT_TRUE(repeated_gets("", "param n = 1\n", 1001, "", "S013"));
    CU_ASSERT_TRUE(repeated_gets("input ", "a,\n", 80000, "a : number of 1 digits", "S013"));
}

static void too_many_items_are_refused(void)
{
    CU_ASSERT_TRUE(repeated_gets("prompt", " \"x\"", 512, "", "S060"));
    CU_ASSERT_TRUE(repeated_gets("prompt", " \"x\"", 513, "", "S013"));
}

static void too_many_operations_are_refused(void)
{
    CU_ASSERT_TRUE(repeated_gets("", "require 1 + 2 * 3\n", 999, "", "S060"));
    CU_ASSERT_TRUE(
        repeated_gets("", "require 1 + 2 * 3 - 4 div 5 mod 6 = 7 and 8 = 9\n", 999, "", "S013"));
}

static void a_text_beyond_the_limit_is_refused(void)
{
    CU_ASSERT_TRUE(repeated_gets("", "#", SPEC_FILE_MAX, "", "S060"));
    CU_ASSERT_TRUE(repeated_gets("", "#", SPEC_FILE_MAX + 1, "", "S013"));
}

static void a_file_beyond_the_limit_is_refused(void)
{
    Arena *arena = arena_new();
    Spec *spec = NULL;
    Diag diag;
    char path[] = "spec-too-large-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (int k = 0; k <= SPEC_FILE_MAX; k++)
        fputc('\n', file);
    fclose(file);
    CU_ASSERT_EQUAL(spec_parse_file(arena, path, NULL, 0, &spec, &diag), STATUS_MALFORMED);
    CU_ASSERT_STRING_EQUAL(diag.code, "F002");
    CU_ASSERT_STRING_EQUAL(diag.path, path);
    remove(path);
    arena_free(arena);
}

static void a_missing_file_is_named(void)
{
    Arena *arena = arena_new();
    Spec *spec = NULL;
    Diag diag;
    CU_ASSERT_EQUAL(spec_parse_file(arena, "no/such.spec", NULL, 0, &spec, &diag), STATUS_MISSING);
    CU_ASSERT_STRING_EQUAL(diag.path, "no/such.spec");
    arena_free(arena);
}

static void deep_nesting_of_every_kind_is_refused(void)
{
    static const char *const pieces[] = {"(",
                                         "not ",
                                         "-",
                                         "1^",
                                         "a[",
                                         "value(a[..",
                                         "if ",
                                         "if 1 then ",
                                         "if 1 then 1 else ",
                                         "1 = 1 implies ",
                                         "1 + ",
                                         "1 * 1 + ",
                                         "1 = 1 and ",
                                         "1 = 1 or "};
    for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
        int count = SPEC_FILE_MAX / 2 / (int)strlen(pieces[k]);
        CU_ASSERT_TRUE(repeated_gets("require ", pieces[k], count, "1", "S012"));
    }
}

static void failure_leaves_the_result_alone(void)
{
    Arena *arena = arena_new();
    Spec mark, *spec = &mark;
    Diag diag;
    CU_ASSERT_EQUAL(spec_parse(arena, "", "param", 5, NULL, 0, &spec, &diag), STATUS_MALFORMED);
    CU_ASSERT_PTR_EQUAL(spec, &mark);
    CU_ASSERT_EQUAL(spec_parse(arena, "", NULL, 0, NULL, 0, &spec, &diag), STATUS_MALFORMED);
    CU_ASSERT_PTR_EQUAL(spec, &mark);
    arena_free(arena);
}

static void later_faults_are_placed_too(void)
{
    Arena *arena = arena_new();
    Diag diag;
    Spec *spec = sample_with_require(arena, "s = a + b");
    CU_ASSERT_PTR_NOT_NULL_FATAL(spec);
    CU_ASSERT_EQUAL(spec_diag(spec, spec->require->b->span, &diag, STATUS_MALFORMED, "T001",
                              "the %s of a rule", "value"),
                    STATUS_MALFORMED);
    CU_ASSERT_STRING_EQUAL(diag.text, "the value of a rule");
    CU_ASSERT_STRING_EQUAL(diag.path, "sample.spec");
    CU_ASSERT_EQUAL(diag.line, 5);
    CU_ASSERT_EQUAL(diag.column, 13);
    CU_ASSERT_EQUAL(diag.length, 5);
    arena_free(arena);
}

RUN_TESTS("spec", TESTS)
