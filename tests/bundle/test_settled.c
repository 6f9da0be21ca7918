// What settled.h says of claims, against all inputs one by one: for each last state, whether some literal of each
// clause holds on all inputs that end there.
#include "settled.h"

#include <string.h>

#include "file.h"
#include "harness.h"
#include "task_samples.h"
#include "text.h"

enum { LITERALS = 64, FILE_LIMIT = 1 << 16 };

typedef struct Claim {
    const char *require;
    bool settled;
} Claim;

static Arena *arena;

// The spec with other statements in place of `require`.
static char *with(const char *spec, const char *statements)
{
    const char *at = strstr(spec, "\nrequire"), *end = strstr(spec, "\nalgorithm");
    return arena_printf(arena, "%.*s\n%s%s", (int)(at - spec), spec, statements, end);
}

// ---- all inputs ---------------------------------------------------------------------------------

typedef struct Table {
    bool ends[TASK_STATES_MAX];            // some input does so
    bool fails[TASK_STATES_MAX][LITERALS]; // on some input that ends so
} Table;

// The value of a number, of a digit of it or of a choice, read from the text of prompt and answer.
static long read_quantity(const Task *task, const int *tokens, const Quantity *quantity)
{
    const Spec *spec = task->spec;
    const SpecNumber *number = &spec->numbers[quantity->number];
    const SpecItem *item = number->answer ? spec->answer : spec->prompt;
    long value = 0, place = 0;
    tokens += number->answer ? task->prompt : 0;
    for (; item->number != quantity->number; item++)
        tokens += item->number < 0 ? 1 : spec->numbers[item->number].digits;
    for (; place < number->n_choices; place++)
        if (strcmp(number->choices[place], task->alphabet[*tokens]) == 0)
            return place;
    if (quantity->digit >= 0)
        return atol(task->alphabet[tokens[number->digits - 1 - quantity->digit]]);
    for (int d = 0; d < number->digits; d++)
        value = 10 * value + atol(task->alphabet[tokens[d]]);
    return value;
}

static bool holds(const Linear *literal, const long *value)
{
    mpz_t sum, term;
    mpz_init_set(sum, literal->constant);
    mpz_init(term);
    for (int i = 0; i < literal->count; i++) {
        mpz_mul_si(term, literal->coefficient[i], value[i]);
        mpz_add(sum, sum, term);
    }
    bool good = mpz_sgn(sum) >= 0;
    mpz_clears(sum, term, NULL);
    return good;
}

static void add_input(Table *table, const Task *task, const Clauses *clauses,
                      const uint8_t *symbols)
{
    uint8_t states[TASK_COLUMNS_MAX + 1];
    int ids[TASK_TOKENS_MAX], tokens[TASK_POSITIONS_MAX], l = 0;
    long value[LITERALS];
    CU_ASSERT_TRUE_FATAL(task_path(task, symbols, states));
    for (int k = 0; k < task->n_alphabet; k++)
        ids[k] = k;
    task_tokens(task, ids, symbols, tokens);
    for (int i = 0; i < clauses->quantities.count; i++)
        value[i] = read_quantity(task, tokens, &clauses->quantities.item[i]);
    int last = states[task->columns];
    table->ends[last] = true;
    for (int k = 0; k < clauses->count; k++)
        for (int i = 0; i < clauses->clause[k].count; i++, l++)
            table->fails[last][l] |= !holds(clauses->clause[k].literal[i], value);
}

static void add_inputs(Table *table, const Task *task, const Clauses *clauses, uint8_t *symbols,
                       int column)
{
    if (column == task->columns) {
        add_input(table, task, clauses, symbols);
        return;
    }
    for (int s = 0; s < task->symbols; s++)
        if (task->allowed[column * task->symbols + s]) {
            symbols[column] = (uint8_t)s;
            add_inputs(table, task, clauses, symbols, column + 1);
        }
}

static bool settled_by_all_inputs(const Task *task, const Clauses *clauses)
{
    uint8_t symbols[TASK_COLUMNS_MAX];
    Table table = {0};
    int first = 0;
    CU_ASSERT_TRUE_FATAL(clauses->literals <= LITERALS && clauses->quantities.count <= LITERALS);
    add_inputs(&table, task, clauses, symbols, 0);
    for (int k = 0; k < clauses->count; first += clauses->clause[k++].count)
        for (int q = 0; q < task->states; q++) {
            bool one = !table.ends[q];
            for (int i = 0; i < clauses->clause[k].count; i++)
                one = one || !table.fails[q][first + i];
            if (!one)
                return false;
        }
    return true;
}

// ---- claims -------------------------------------------------------------------------------------

static bool settled(const Task *task, Clauses *ret_clauses)
{
    Diag diag;
    CU_ASSERT_EQUAL_FATAL(clauses_of(arena, task->spec, ret_clauses, &diag), STATUS_OK);
    return settled_all(task, ret_clauses);
}

static void check_claims(const char *spec, const char *before, int n, const Claim *claim, int count)
{
    for (int i = 0; i < count; i++) {
        Clauses clauses;
        const char *statements = arena_printf(arena, "%srequire %s\n", before, claim[i].require);
        const Task *task = sample_task(arena, with(spec, statements), n);
        CU_ASSERT_EQUAL(settled(task, &clauses), claim[i].settled);
        CU_ASSERT_EQUAL(settled_by_all_inputs(task, &clauses), claim[i].settled);
    }
}

#define CHECK_CLAIMS(spec, before, n, claims)                                                      \
    check_claims(spec, before, n, claims, (int)(sizeof(claims) / sizeof *(claims)))

static void claims_of_the_last_carry_are_settled(void)
{
    static const Claim claims[] = {
        {"s = a + b", true},
        {"s >= a and s >= b", true},
        {"s[n] = 1 or s <= 99", true},
        {"s >= 90 or s <= 110", true},
        {"s >= 100 or s <= 98", false},
        {"s >= 101 or s <= 99", false},
        {"a >= 40 or a <= 50", false},
        {"s = a + b and (a >= 40 or a <= 50)", false},
        {"a >= b or b >= a", false},
        {"a[1] >= 1 or a <= 9", false},
        {"s = a", false},
        {"s + a[0] >= b and (s[1] <= 8 or s <= 199)", true},
    };
    arena = arena_new();
    CHECK_CLAIMS(sample_addition, "", 2, claims);
    arena_free(arena);
}

static void borrows_are_told_apart(void)
{
    static const Claim claims[] = {
        {"d = a - b + w * 10^n", true},    {"a >= b or w[0] = 1", true},
        {"a >= b or d >= 1", true},        {"a > b or d >= 1", false},
        {"a >= b or d >= 2", false},       {"w = 0 implies a >= b", true},
        {"w = 1 implies a + 1 < b", false}};
    arena = arena_new();
    CHECK_CLAIMS(sample_difference, "", 2, claims);
    arena_free(arena);
}

static void inputs_that_are_not_admitted_do_not_count(void)
{
    static const Claim claims[] = {{"a >= 40 or a <= 50", true},
                                   {"a >= 46 or a <= 46", false},
                                   {"s >= 40", true},
                                   {"s >= 41", false},
                                   {"b[0] >= 1 or s <= 147", false}};
    arena = arena_new();
    CHECK_CLAIMS(sample_addition, "assume a[1] = 4\n", 2, claims);
    arena_free(arena);
}

static const char *shipped(const char *name)
{
    Diag diag;
    char *text;
    size_t size;
    const char *path = arena_printf(arena, SPECS_DIR "/%s.spec", name);
    CU_ASSERT_EQUAL_FATAL(file_read(arena, path, FILE_LIMIT, &text, &size, &diag), STATUS_OK);
    return text;
}

// States that no whole path ends in, and edges that lie on none, come with guesses.
static void choices_and_guesses_are_told_apart(void)
{
    static const Claim claims[] = {
        {"op = \"+\" implies s >= a", true},
        {"s >= a", false},
        {"op = \"+\" or s <= 99", true},
        {"sign = \"+\" or op = \"-\"", true},
        {"sign = \"+\" or b > a", true},
        {"sign = \"+\" or b > a + 1", false},
        {"op = \"-\" and a < b implies sign = \"-\" and s = b - a", true},
        {"op = \"-\" and a != b implies s >= 1", true},
        {"a >= b or b >= a", false},
    };
    arena = arena_new();
    CHECK_CLAIMS(shipped("mixed"), "", 2, claims);
    arena_free(arena);
}

static void shipped_specs_are_settled(void)
{
    static const char *const names[] = {"addition", "addition-signed", "compare", "mixed",
                                        "subtraction"};
    arena = arena_new();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int n = 1; n <= 20; n++) {
            Clauses clauses;
            CU_ASSERT_TRUE(settled(sample_task(arena, shipped(names[i]), n), &clauses));
        }
    arena_free(arena);
}

// Far beyond 64 bits, by digits and by coefficients.
static void numbers_may_be_long(void)
{
    static const Claim claims[] = {
        {"s = a + b", true},
        {"s >= 9 * 10^(n-1) or s <= 11 * 10^(n-1)", true},
        {"s >= 10^n or s <= 10^n - 2", false},
        {"s >= 12 * 10^(n-1) or s <= 13 * 10^(n-1)", false},
        {"10^40 * s >= 10^40 * a + 10^40 * b", true},
        {"10^40 * s + 1 >= 10^40 * a + 10^40 * b + 2", false},
    };
    arena = arena_new();
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        Clauses clauses;
        const char *require = arena_printf(arena, "require %s\n", claims[i].require);
        const Task *task = sample_task(arena, with(sample_addition, require), 40);
        CU_ASSERT_EQUAL(settled(task, &clauses), claims[i].settled);
    }
    arena_free(arena);
}

// Comparisons, all true, with parentheses that keep the expression flat.
static void add_comparisons(Text *text, int first, int count)
{
    if (count == 1) {
        text_add(text, "s + %d > a + b", first);
        return;
    }
    text_add(text, "(");
    add_comparisons(text, first, count / 2);
    text_add(text, ") and (");
    add_comparisons(text, first + count / 2, count - count / 2);
    text_add(text, ")");
}

// Each has 3 n + 1 digits; 200 n edges have to be walked for every one.
static bool in_time(int comparisons, int n)
{
    Text require = {0};
    Clauses clauses;
    Diag diag;
    text_add(&require, "require ");
    add_comparisons(&require, 1, comparisons);
    text_add(&require, "\n");
    const Task *task = sample_task(arena, with(sample_addition, text_chars(&require)), n);
    CU_ASSERT_EQUAL_FATAL(clauses_of(arena, task->spec, &clauses, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(clauses.literals, comparisons);
    text_free(&require);
    return settled_in_time(task, &clauses);
}

static void claims_must_not_be_too_long(void)
{
    arena = arena_new();
    CU_ASSERT_TRUE(in_time(1, 60));
    CU_ASSERT_TRUE(in_time(123, 60));
    CU_ASSERT_FALSE(in_time(124, 60));
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(claims_of_the_last_carry_are_settled)                                                        \
    X(borrows_are_told_apart)                                                                      \
    X(inputs_that_are_not_admitted_do_not_count)                                                   \
    X(choices_and_guesses_are_told_apart)                                                          \
    X(shipped_specs_are_settled)                                                                   \
    X(numbers_may_be_long)                                                                         \
    X(claims_must_not_be_too_long)

RUN_TESTS("bundle/settled", TESTS)
