// From specs to tables: tokens, preconditions, questions as a person writes them, faults.
#include <string.h>

#include "harness.h"
#include "task_samples.h"
#include "text.h"

static Arena *arena;
static Task *task;
static Diag diag;

static void begin(const char *text, long long n)
{
    arena = arena_new();
    task = sample_task(arena, text, n);
}

static void end(void)
{
    arena_free(arena);
    arena = NULL;
}

static long long power(int n)
{
    return n == 0 ? 1 : 10 * power(n - 1);
}

// The symbols of a and b, and the other way round.
static void to_symbols(long long a, long long b, uint8_t *ret_symbols)
{
    for (int c = 0; c < task->columns; c++, a /= 10, b /= 10)
        ret_symbols[c] = (uint8_t)(10 * (a % 10) + b % 10);
}

// --- tokens ---

// Whether tokens first.. are the digits of the value, most significant first.
static bool reads(const int *tokens, int first, int digits, long long value)
{
    for (int d = digits - 1; d >= 0; d--, value /= 10)
        if (tokens[first + d] != value % 10)
            return false;
    return value == 0;
}

static void the_tokens_of_every_sum_are_right(void)
{
    enum { N = 3 };
    int tokens[TASK_POSITIONS_MAX], wrong = 0;
    uint8_t symbols[N];
    begin(sample_addition, N);
    for (long long a = 0; a < power(N); a++)
        for (long long b = 0; b < power(N); b++) {
            to_symbols(a, b, symbols);
            task_tokens(task, NULL, symbols, tokens);
            wrong += !reads(tokens, 0, N, a) || !reads(tokens, N + 1, N, b) ||
                     !reads(tokens, 2 * N + 2, N + 1, a + b);
        }
    CU_ASSERT_EQUAL(wrong, 0);
    end();
}

static void the_tokens_of_every_difference_are_right(void)
{
    int tokens[TASK_POSITIONS_MAX], wrong = 0;
    uint8_t symbols[2];
    begin(sample_difference, 2);
    for (long long a = 0; a < 100; a++)
        for (long long b = 0; b < 100; b++) {
            to_symbols(a, b, symbols);
            task_tokens(task, NULL, symbols, tokens);
            wrong += !reads(tokens, 6, 1, a < b) || !reads(tokens, 8, 2, (a - b + 100) % 100);
        }
    CU_ASSERT_EQUAL(wrong, 0);
    end();
}

static void tokens_are_laid_out_as_the_spec_says(void)
{
    int tokens[TASK_POSITIONS_MAX], ids[TASK_TOKENS_MAX];
    static const char *const texts[] = {"0", "7", "-", "1", "2", "=", "1", "|", "9", "5"};
    begin(sample_difference, 2);
    CU_ASSERT_EQUAL_FATAL(task->prompt, 6);
    CU_ASSERT_EQUAL_FATAL(task->answer, 4);
    task_tokens(task, NULL, (uint8_t[]){72, 01}, tokens);
    for (int p = 0; p < 10; p++)
        CU_ASSERT_STRING_EQUAL(task->alphabet[tokens[p]], texts[p]);
    for (int k = 0; k < task->n_alphabet; k++)
        ids[k] = 100 + k;
    task_tokens(task, ids, (uint8_t[]){72, 01}, tokens);
    CU_ASSERT_EQUAL(tokens[1], 107);
    end();
}

static void every_source_says_what_its_token_is(void)
{
    static const TokenKind kinds[] = {TOKEN_INPUT,  TOKEN_INPUT, TOKEN_FIXED, TOKEN_INPUT,
                                      TOKEN_INPUT,  TOKEN_FIXED, TOKEN_FINAL, TOKEN_FIXED,
                                      TOKEN_OUTPUT, TOKEN_OUTPUT};
    static const int columns[] = {1, 0, -1, 1, 0, -1, -1, -1, 1, 0};
    begin(sample_difference, 2);
    for (int p = 0; p < 10; p++) {
        CU_ASSERT_EQUAL(task->source[p].kind, kinds[p]);
        CU_ASSERT_EQUAL(task->source[p].column, columns[p]);
    }
    CU_ASSERT_EQUAL(task->source[0].which, 0);
    CU_ASSERT_EQUAL(task->source[4].which, 1);
    CU_ASSERT_EQUAL(task_source_token(task, &task->source[4], 0, 72), 2);
    CU_ASSERT_EQUAL(task_source_token(task, &task->source[9], 1, 72), 4);
    CU_ASSERT_EQUAL(task_source_token(task, &task->source[6], 1, 0), 1);
    end();
}

// Carries that columns always leave, never leave, or pass on.
static void symbols_are_classed_by_their_effect(void)
{
    int wrong = 0;
    begin(sample_addition, 3);
    CU_ASSERT_EQUAL(task->moves, 3);
    for (int s = 0; s < 100; s++) {
        int sum = s / 10 + s % 10;
        for (int c = 0; c < 2; c++) {
            wrong += task->next[100 * c + s] != (sum + c >= 10);
            wrong += task->effect[2 * s + c] != (sum + c >= 10);
        }
        for (int t = 0; t < 100; t++) {
            int other = t / 10 + t % 10;
            bool alike = (sum < 9) == (other < 9) && (sum > 9) == (other > 9);
            wrong += (task->move[s] == task->move[t]) != alike;
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
    end();
}

static void states_combine_to_one_number(void)
{
    begin("input a : number of 2 digits\nprompt a\nanswer s : number of 2 digits\nrequire s = a\n"
          "algorithm\nscan from least significant\n"
          "state x in -1..1, initially 1\nstate y in 2..5, initially 4\n"
          "digit s[i] = a[i]\nnext x = x\nnext y = if a[i] = 0 then 2 else y\n",
          0);
    CU_ASSERT_EQUAL(task->states, 12);
    CU_ASSERT_EQUAL(task_state_value(task, __builtin_ctzll(task->starts), 0), 1);
    CU_ASSERT_EQUAL(task_state_value(task, __builtin_ctzll(task->starts), 1), 4);
    int reachable = 0;
    for (int q = 0; q < task->states; q++) {
        CU_ASSERT_EQUAL(task_state_value(task, q, 0), q / 4 - 1);
        CU_ASSERT_EQUAL(task_state_value(task, q, 1), q % 4 + 2);
        reachable += task->reachable[q];
    }
    CU_ASSERT_EQUAL(reachable, 2);
    end();
}

// In states that never occur, rules may be nonsense.
static void a_rule_need_not_make_sense_where_it_is_not_used(void)
{
    begin("input a : number of 2 digits\nprompt a\nanswer s : number of 2 digits\nrequire s = a\n"
          "algorithm\nscan from least significant\n"
          "state x in 0..3, initially 0\n"
          "digit s[i] = a[i] + 7 * x\nnext x = 2 * x\n",
          0);
    CU_ASSERT_TRUE(task->reachable[0]);
    CU_ASSERT_FALSE(task->reachable[1] || task->reachable[2] || task->reachable[3]);
    CU_ASSERT_EQUAL(task->effect[1], 2);
    CU_ASSERT_EQUAL(task->effect[2], TASK_NO_STATE);
    end();
}

// --- preconditions ---

static bool assumed_all(int column, int a, int b)
{
    (void)column;
    return a + b <= 9;
}

static bool assumed_fixed(int column, int a, int b)
{
    return column != 0 || (a == 5 && b != 5);
}

static bool assumed_last(int column, int a, int b)
{
    return column != 2 || (b != 0 && a >= b);
}

static bool assumed_by_number(int column, int a, int b)
{
    return column != 2 || (a != 0 && b != 0);
}

static bool assumed_together(int column, int a, int b)
{
    return a != b && (column != 1 || a == 3) && a + b >= column;
}

static const struct {
    const char *text;
    bool (*admits)(int column, int a, int b);
} assumptions[] = {
    {"assume a[i] + b[i] <= 9\n", assumed_all},
    {"assume a[0] = 5 and b[0] != 5\n", assumed_fixed},
    {"assume b[n-1] != 0 and a[n-1] >= b[n-1]\n", assumed_last},
    {"assume i = n-1 and i > 0 implies a[i] != 0 and b[i] != 0\n", assumed_by_number},
    {"assume a[i] != b[i]\nassume a[n-2] = 3\nassume a[i] + b[i] >= i\n", assumed_together},
};

static void assumptions_restrict_the_columns_that_they_name(void)
{
    for (size_t k = 0; k < sizeof assumptions / sizeof *assumptions; k++) {
        Arena *text = arena_new();
        int wrong = 0;
        begin(arena_printf(text, "%s%s", sample_addition, assumptions[k].text), 3);
        for (int c = 0; c < 3; c++)
            for (int s = 0; s < 100; s++)
                wrong += task->allowed[100 * c + s] != assumptions[k].admits(c, s / 10, s % 10);
        CU_ASSERT_EQUAL(wrong, 0);
        CU_ASSERT_TRUE(task_has_inputs(task));
        end();
        arena_free(text);
    }
}

static void samples_meet_the_precondition(void)
{
    Arena *text = arena_new();
    Rng rng = rng_new(1, 0);
    int outside = 0;
    bool seen[3][100] = {{false}};
    begin(arena_printf(text, "%s%s", sample_addition, assumptions[4].text), 3);
    for (int i = 0; i < 20000; i++) {
        uint8_t symbols[3];
        (i % 2 ? task_sample_uniform : task_sample_chained)(task, &rng, symbols);
        for (int c = 0; c < 3; c++) {
            outside += !task->allowed[100 * c + symbols[c]];
            seen[c][symbols[c]] = true;
        }
    }
    CU_ASSERT_EQUAL(outside, 0);
    CU_ASSERT_EQUAL(memcmp(seen, task->allowed, sizeof seen), 0);
    end();
    arena_free(text);
}

static void chains_of_every_length_are_sampled(void)
{
    enum { N = 6 };
    int of_length[N + 1] = {0};
    Rng rng = rng_new(2, 0);
    begin(sample_addition, N);
    for (int i = 0; i < 2000; i++) {
        uint8_t symbols[N];
        int length = 0;
        task_sample_chained(task, &rng, symbols);
        while (length < N && symbols[length] / 10 + symbols[length] % 10 == 9)
            length++;
        of_length[length]++;
    }
    for (int length = 0; length <= N; length++)
        CU_ASSERT_TRUE(of_length[length] > 20);
    end();
}

static void a_contradiction_leaves_no_input(void)
{
    static const char *const texts[] = {"assume a[i] < b[i]\nassume b[1] = 0\n",
                                        "assume a[i] != a[i]\n",
                                        "assume i < n-1 and b[i] = b[i]\n"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        Arena *text = arena_new();
        begin(arena_printf(text, "%s%s", sample_addition, texts[k]), 3);
        CU_ASSERT_FALSE(task_has_inputs(task));
        end();
        arena_free(text);
    }
}

// --- questions as a person writes them ---

static void questions_are_read(void)
{
    static const struct {
        const char *text;
        long long a, b;
    } good[] = {{"12 + 345", 12, 345}, {"12+345=", 12, 345},       {"  12  +345 = ", 12, 345},
                {"0 + 0", 0, 0},       {"000012 + 0999", 12, 999}, {"999+999", 999, 999},
                {"\t7 + 8 =\n", 7, 8}};
    begin(sample_addition, 3);
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        uint8_t symbols[3], expected[3];
        CU_ASSERT_EQUAL(task_read_prompt(task, good[k].text, symbols, &diag), STATUS_OK);
        to_symbols(good[k].a, good[k].b, expected);
        CU_ASSERT_EQUAL(memcmp(symbols, expected, sizeof symbols), 0);
    }
    end();
}

static void what_is_no_question_is_refused(void)
{
    static const char *const bad[] = {
        "",         "12",       "12 +",    "+ 12",        "12 - 3",     "1234 + 1",
        "1 + 1234", "12 + 3 4", "1 2 + 3", "12 + 3 = 15", "12 + 3 + 4", "a + b",
        "12 + -3",  "12 + 3 x", "12 ++ 3", "1.5 + 2",     "12 3"};
    begin(sample_addition, 3);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        uint8_t symbols[3];
        CU_ASSERT_EQUAL(task_read_prompt(task, bad[k], symbols, &diag), STATUS_USAGE);
        CU_ASSERT_STRING_EQUAL(diag.code, "T009");
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.hint, "\"0 + 0 =\", numbers of at most 3 digits"));
    }
    end();
}

static void a_question_outside_the_precondition_is_refused(void)
{
    Arena *text = arena_new();
    uint8_t symbols[3];
    begin(arena_printf(text, "%sassume a[2] > 4\n", sample_addition), 3);
    CU_ASSERT_EQUAL(task_read_prompt(task, "512 + 3", symbols, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(task_read_prompt(task, "412 + 3", symbols, &diag), STATUS_USAGE);
    CU_ASSERT_STRING_EQUAL(diag.code, "T009");
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.text, "precondition"));
    end();
    arena_free(text);
}

static void questions_and_answers_are_shown_without_zeros_in_front(void)
{
    uint8_t symbols[3];
    static const char *const tokens[] = {"0", "0", "9", "1"};
    begin(sample_addition, 3);
    to_symbols(12, 345, symbols);
    CU_ASSERT_STRING_EQUAL(task_show_prompt(arena, task, symbols), "12 + 345 =");
    CU_ASSERT_STRING_EQUAL(task_show_right(arena, task, symbols), "357");
    CU_ASSERT_STRING_EQUAL(task_show_answer(arena, task, tokens), "91");
    to_symbols(0, 0, symbols);
    CU_ASSERT_STRING_EQUAL(task_show_prompt(arena, task, symbols), "0 + 0 =");
    CU_ASSERT_STRING_EQUAL(task_show_right(arena, task, symbols), "0");
    end();
    begin(sample_difference, 2);
    to_symbols(7, 12, symbols);
    CU_ASSERT_STRING_EQUAL(task_show_right(arena, task, symbols), "1 | 95");
    end();
}

// --- vocabularies ---

static char *vocabulary[] = {"=", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0", "+", "-"};

static void tokens_are_found_in_a_vocabulary(void)
{
    int ids[TASK_TOKENS_MAX];
    begin(sample_addition, 3);
    CU_ASSERT_EQUAL(task_bind(task, vocabulary, 13, ids, &diag), STATUS_OK);
    for (int k = 0; k < task->n_alphabet; k++)
        CU_ASSERT_STRING_EQUAL(vocabulary[ids[k]], task->alphabet[k]);
    CU_ASSERT_EQUAL(task_bind(task, vocabulary, 11, ids, &diag), STATUS_MALFORMED);
    CU_ASSERT_STRING_EQUAL(diag.code, "T006");
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.text, "\"+\""));
    end();
}

// --- faults ---

static void is_refused(const char *text, const char *code, int line)
{
    Task *none;
    Status status = sample_compile(arena, text, 0, &none, &diag);
    CU_ASSERT_EQUAL(status, STATUS_MALFORMED);
    CU_ASSERT_STRING_EQUAL(diag.code, code);
    CU_ASSERT_EQUAL(diag.line, line);
}

// A spec whose rules are given.
static char *with_rules(const char *state, const char *digit, const char *next, const char *final)
{
    return arena_printf(arena,
                        "input a, b : number of 2 digits\n"
                        "prompt a b\n"
                        "answer s : number of 3 digits\n"
                        "require s = a\n"
                        "algorithm\n"
                        "scan from least significant\n"
                        "state c in %s\n"
                        "digit s[i] = %s\n"
                        "next c = %s\n"
                        "finally s[2] = %s\n",
                        state, digit, next, final);
}

static void what_is_too_large_is_refused(void)
{
    Text tokens = {0};
    arena = arena_new();
    for (int k = 0; k < 55; k++)
        text_add(&tokens, " \"t%d\"", k);
    is_refused("input a, b, c : number of 2 digits\nprompt a b c\nanswer s : number of 2 digits\n"
               "require s = a\nalgorithm\nscan from least significant\n"
               "state z in 0..0, initially 0\ndigit s[i] = a[i]\nnext z = 0\n",
               "T001", 1);
    is_refused(with_rules("0..1, initially 0\nstate d in 0..40, initially 0\nnext d = 0", "a[i]",
                          "c", "c"),
               "T002", 8);
    is_refused(arena_printf(arena,
                            "input a : number of 2 digits\nprompt a%s\nanswer s : number of 2 "
                            "digits\nrequire s = a\nalgorithm\nscan from least significant\n"
                            "state z in 0..0, initially 0\ndigit s[i] = a[i]\nnext z = 0\n",
                            text_chars(&tokens)),
               "T007", 2);
    text_free(&tokens);
    arena_free(arena);
}

// `count` answers of `digits` digits each, made by the scan.
static char *many_answers(int count, int digits)
{
    Text text = {0};
    text_add(&text, "input a : number of %d digits\nprompt a\nanswer", digits);
    for (int k = 0; k < count; k++)
        text_add(&text, " x%d : number of %d digits", k, digits);
    text_add(&text, "\nrequire x0 = a\nalgorithm\nscan from least significant\n"
                    "state z in 0..0, initially 0\nnext z = 0\n");
    for (int k = 0; k < count; k++)
        text_add(&text, "digit x%d[i] = a[i]\n", k);
    char *copy = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return copy;
}

static void what_is_too_long_is_refused(void)
{
    Task *made;
    arena = arena_new();
    is_refused(many_answers(64, 1), "T001", 1);
    CU_ASSERT_EQUAL(sample_compile(arena, many_answers(63, 1), 0, &made, &diag), STATUS_OK);
    is_refused(many_answers(8, 64), "T008", 3);
    CU_ASSERT_EQUAL_FATAL(sample_compile(arena, many_answers(7, 64), 0, &made, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(made->prompt + made->answer, 512);
    arena_free(arena);
}

static void rules_that_go_wrong_are_refused(void)
{
    arena = arena_new();
    is_refused(with_rules("0..1, initially 0", "(a[i] * 10^18 * 10^10) mod 10", "c", "c"), "T003",
               8);
    is_refused(with_rules("0..1, initially 0", "a[i] + b[i]", "c", "c"), "T004", 8);
    CU_ASSERT_STRING_EQUAL(diag.text, "this rule gives 10, outside 0..9");
    is_refused(with_rules("0..1, initially 0", "a[i] - b[i]", "c", "c"), "T004", 8);
    CU_ASSERT_STRING_EQUAL(diag.text, "this rule gives -1, outside 0..9");
    is_refused(with_rules("0..1, initially 0", "a[i]", "c + 1", "c"), "T004", 9);
    CU_ASSERT_STRING_EQUAL(diag.text, "this rule gives 2, outside 0..1");
    is_refused(with_rules("-1..0, initially 0", "a[i]", "if a[i] = 0 then -1 else 0", "c"), "T004",
               10);
    CU_ASSERT_STRING_EQUAL(diag.text, "this rule gives -1, outside 0..9");
    arena_free(arena);
}

// What the precondition excludes need not be in range.
static void rules_are_held_against_admitted_digits_only(void)
{
    Task *made;
    arena = arena_new();
    char *text = with_rules("0..1, initially 0", "a[i] + b[i]", "c", "c");
    text = arena_printf(arena, "assume a[i] + b[i] <= 9\n%s", text);
    CU_ASSERT_EQUAL(sample_compile(arena, text, 0, &made, &diag), STATUS_OK);
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(the_tokens_of_every_sum_are_right)                                                           \
    X(the_tokens_of_every_difference_are_right)                                                    \
    X(tokens_are_laid_out_as_the_spec_says)                                                        \
    X(every_source_says_what_its_token_is)                                                         \
    X(symbols_are_classed_by_their_effect)                                                         \
    X(states_combine_to_one_number)                                                                \
    X(a_rule_need_not_make_sense_where_it_is_not_used)                                             \
    X(assumptions_restrict_the_columns_that_they_name)                                             \
    X(samples_meet_the_precondition)                                                               \
    X(chains_of_every_length_are_sampled)                                                          \
    X(a_contradiction_leaves_no_input)                                                             \
    X(questions_are_read)                                                                          \
    X(what_is_no_question_is_refused)                                                              \
    X(a_question_outside_the_precondition_is_refused)                                              \
    X(questions_and_answers_are_shown_without_zeros_in_front)                                      \
    X(tokens_are_found_in_a_vocabulary)                                                            \
    X(what_is_too_large_is_refused)                                                                \
    X(what_is_too_long_is_refused)                                                                 \
    X(rules_that_go_wrong_are_refused)                                                             \
    X(rules_are_held_against_admitted_digits_only)

RUN_TESTS("task", TESTS)
