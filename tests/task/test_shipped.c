// The shipped specs as tables: every question of two digits against plain arithmetic, and what choices
// and guesses make of the trellis.
#include "harness.h"
#include "region.h"

enum { N = 2, POWER = 100, ANSWER_SIZE = 16 };

static Arena *arena;
static Task *task;

static void begin(const char *name)
{
    SpecSetting two = {"n", N};
    Spec *spec;
    Diag diag;
    arena = arena_new();
    CU_ASSERT_EQUAL_FATAL(spec_parse_file(arena, arena_printf(arena, "%s/%s", SPECS_DIR, name),
                                          &two, 1, &spec, &diag),
                          STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(task_new(arena, spec, &task, &diag), STATUS_OK);
}

static void end(void)
{
    arena_free(arena);
}

// Right answers, as text of one character a token.
typedef void Answer(int option, int a, int b, char *ret_answer);

static void signed_difference(int option, int a, int b, char *ret_answer)
{
    (void)option;
    snprintf(ret_answer, ANSWER_SIZE, "%c%03d", a < b ? '-' : '+', a < b ? b - a : a - b);
}

static void mixed(int option, int a, int b, char *ret_answer)
{
    if (option == 0)
        snprintf(ret_answer, ANSWER_SIZE, "+%03d", a + b);
    else
        signed_difference(option, a, b, ret_answer);
}

static void sum_with_sign(int option, int a, int b, char *ret_answer)
{
    (void)option;
    snprintf(ret_answer, ANSWER_SIZE, "+%03d", a + b);
}

static void comparison(int option, int a, int b, char *ret_answer)
{
    (void)option;
    snprintf(ret_answer, ANSWER_SIZE, "%c", a < b ? '<' : a > b ? '>' : '=');
}

static void tokens_as_text(const int *tokens, int count, char *ret_text)
{
    for (int i = 0; i < count; i++)
        ret_text[i] = task->alphabet[tokens[i]][0];
    ret_text[count] = '\0';
}

static void check_question(const char *format, const char *signs, Answer *answer, int option, int a,
                           int b)
{
    uint8_t symbols[N + 1], states[TASK_COLUMNS_MAX + 1];
    int tokens[TASK_POSITIONS_MAX];
    char text[ANSWER_SIZE], wanted[ANSWER_SIZE];
    symbols[0] = (uint8_t)option;
    for (int c = 0, x = a, y = b; c < N; c++, x /= 10, y /= 10)
        symbols[task->lead + c] = (uint8_t)(10 * (x % 10) + y % 10);
    CU_ASSERT_FATAL(task_path(task, symbols, states));
    task_tokens(task, NULL, symbols, tokens);
    snprintf(wanted, sizeof wanted, format, a, signs[option], b);
    tokens_as_text(tokens, task->prompt, text);
    CU_ASSERT_STRING_EQUAL(text, wanted);
    answer(option, a, b, wanted);
    tokens_as_text(tokens + task->prompt, task->answer, text);
    CU_ASSERT_STRING_EQUAL(text, wanted);
}

// One character of `signs` for each option.
static void check_spec(const char *name, const char *signs, Answer *answer)
{
    mpz_t count;
    begin(name);
    for (int option = 0; option < task->options; option++)
        for (int a = 0; a < POWER; a++)
            for (int b = 0; b < POWER; b++)
                check_question("%02d%c%02d=", signs, answer, option, a, b);
    mpz_init(count);
    region_count(region_full(arena, task), count);
    CU_ASSERT_EQUAL(mpz_cmp_ui(count, (unsigned long)task->options * POWER * POWER), 0);
    mpz_clear(count);
    end();
}

static void differences_are_right(void)
{
    check_spec("subtraction.spec", "-", signed_difference);
}

static void sums_and_differences_are_right(void)
{
    check_spec("mixed.spec", "+-", mixed);
}

static void sums_behind_a_sign_are_right(void)
{
    check_spec("addition-signed.spec", "+", sum_with_sign);
}

static void comparisons_are_right(void)
{
    check_spec("compare.spec", "?", comparison);
}

// --- what the trellis carries ---

static void a_difference_guesses_its_sign_and_nothing_else(void)
{
    begin("subtraction.spec");
    CU_ASSERT_EQUAL(task->guesses, 2);
    CU_ASSERT_EQUAL(task->lead, 0);
    CU_ASSERT_EQUAL(__builtin_popcountll(task->starts), 2);
    end();
    begin("addition.spec");
    CU_ASSERT_EQUAL(task->guesses, 1);
    CU_ASSERT_EQUAL(task->states, 2);
    end();
}

static void choices_stand_before_the_digits(void)
{
    uint8_t symbols[N + 1];
    begin("mixed.spec");
    CU_ASSERT_EQUAL(task->columns, N + 1);
    CU_ASSERT_EQUAL(task->options, 2);
    CU_ASSERT_TRUE(task_is_choice(task, N));
    CU_ASSERT_TRUE(task_is_choice(task, task->prompt));
    CU_ASSERT_FALSE(task_is_choice(task, 0));
    CU_ASSERT_FALSE(task_is_choice(task, task->prompt + 1));
    Diag diag;
    CU_ASSERT_EQUAL(task_read_prompt(task, "7-12=", symbols, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(symbols[0], 1);
    CU_ASSERT_EQUAL(symbols[1], 72);
    CU_ASSERT_EQUAL(symbols[2], 1);
    CU_ASSERT_STRING_EQUAL(task_show_prompt(arena, task, symbols), "7 - 12 =");
    CU_ASSERT_STRING_EQUAL(task_show_right(arena, task, symbols), "- 5");
    CU_ASSERT_EQUAL(task_read_prompt(task, "7*12", symbols, &diag), STATUS_USAGE);
    end();
}

// Whether a symbol can pass the state on, with the option.
static bool passes(int option, int symbol)
{
    int a = symbol / 10, b = symbol % 10;
    return option == 0 ? a + b == 9 : a == b;
}

static void chains_follow_the_option(void)
{
    enum { QUESTIONS = 4000 };
    Rng rng = rng_new(5, 0);
    uint8_t symbols[N + 1];
    int passing[2] = {0, 0}, asked[2] = {0, 0};
    begin("mixed.spec");
    for (int k = 0; k < QUESTIONS; k++) {
        task_sample_chained(task, &rng, symbols);
        asked[symbols[0]]++;
        for (int c = 1; c <= N; c++)
            passing[symbols[0]] += passes(symbols[0], symbols[c]);
    }
    for (int option = 0; option < 2; option++) {
        CU_ASSERT_TRUE(asked[option] > QUESTIONS / 3);
        CU_ASSERT_TRUE(passing[option] > asked[option] * N / 3); // of uniform ones, a tenth
    }
    end();
}

#define TESTS(X)                                                                                   \
    X(differences_are_right)                                                                       \
    X(sums_and_differences_are_right)                                                              \
    X(sums_behind_a_sign_are_right)                                                                \
    X(comparisons_are_right)                                                                       \
    X(a_difference_guesses_its_sign_and_nothing_else)                                              \
    X(choices_stand_before_the_digits)                                                             \
    X(chains_follow_the_option)

RUN_TESTS("shipped specs as tables", TESTS)
