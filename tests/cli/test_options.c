#include "exitcode.h"
#include "harness.h"
#include "help.h"
#include "nearest.h"
#include "option_table.h"
#include "options.h"
#include "work.h"

#include <string.h>

#define TESTS(X)                                                                                   \
    X(the_first_word_that_is_no_command_is_a_spec)                                                 \
    X(a_command_may_come_after_options)                                                            \
    X(defaults)                                                                                    \
    X(values_may_be_attached_or_follow)                                                            \
    X(every_value_lands_in_its_field)                                                              \
    X(settings_are_names_and_whole_numbers)                                                        \
    X(minus_words_make_a_question)                                                                 \
    X(two_dashes_end_the_options)                                                                  \
    X(whole_numbers_are_read_strictly)                                                             \
    X(help_needs_no_arguments)                                                                     \
    X(a_failure_leaves_the_options_untouched)                                                      \
    X(wrong_command_lines_have_their_codes)                                                        \
    X(colour_follows_option_and_environment)                                                       \
    X(every_row_of_the_table_is_complete)                                                          \
    X(help_lists_every_option_and_command)                                                         \
    X(help_fits_eighty_columns)                                                                    \
    X(help_of_a_command_lists_what_it_takes)                                                       \
    X(man_page_and_completion_list_every_option)                                                   \
    X(the_more_serious_exit_code_wins)                                                             \
    X(distance_counts_edits)

enum { WORDS = 16 };

typedef struct Line {
    Arena *arena;
    Options options;
    Diag diag;
    Status status;
} Line;

// Parses words that are separated by single spaces; `~` stands for an empty word.
static Line parse(const char *words)
{
    Line line = {.arena = arena_new()};
    char *argv[WORDS] = {"verify"}, *rest = arena_strdup(line.arena, words), *word;
    int argc = 1;
    while (argc < WORDS && (word = strsep(&rest, " ")))
        argv[argc++] = strcmp(word, "~") ? word : "";
    line.options.n_arguments = -1;
    line.status = options_parse(line.arena, argc, argv, &line.options, &line.diag);
    return line;
}

static void expect_code(const char *words, const char *code)
{
    Line line = parse(words);
    CU_ASSERT_EQUAL(line.status, STATUS_USAGE);
    CU_ASSERT_STRING_EQUAL(line.diag.code, code);
    CU_ASSERT_STRING_NOT_EQUAL(line.diag.text, "");
    if (strcmp(line.diag.code, code))
        printf("    `%s` gives %s, not %s\n", words, line.diag.code, code);
    arena_free(line.arena);
}

static void the_first_word_that_is_no_command_is_a_spec(void)
{
    Line line = parse("specs/a.spec train");
    CU_ASSERT_EQUAL_FATAL(line.status, STATUS_OK);
    CU_ASSERT_EQUAL(line.options.command, COMMAND_PROVE);
    CU_ASSERT_FALSE(line.options.has_command);
    CU_ASSERT_EQUAL(line.options.n_arguments, 2);
    CU_ASSERT_STRING_EQUAL(line.options.arguments[1], "train");
    arena_free(line.arena);
}

static void a_command_may_come_after_options(void)
{
    Line line = parse("--quiet -j 2 train a.recipe");
    CU_ASSERT_EQUAL_FATAL(line.status, STATUS_OK);
    CU_ASSERT_EQUAL(line.options.command, COMMAND_TRAIN);
    CU_ASSERT_TRUE(line.options.has_command);
    CU_ASSERT_EQUAL(line.options.n_arguments, 1);
    arena_free(line.arena);
}

static void defaults(void)
{
    Line line = parse("a.spec");
    Options *o = &line.options;
    CU_ASSERT_EQUAL_FATAL(line.status, STATUS_OK);
    CU_ASSERT_EQUAL(o->threads, work_default_threads());
    CU_ASSERT_EQUAL(o->budget, OPTIONS_BUDGET);
    CU_ASSERT_EQUAL(o->samples, OPTIONS_SAMPLES);
    CU_ASSERT_FALSE(o->has_seed || o->has_steps || o->json || o->quiet || o->force);
    CU_ASSERT_PTR_NULL(o->model);
    CU_ASSERT_PTR_NULL(o->only);
    CU_ASSERT_EQUAL(o->n_settings, 0);
    CU_ASSERT_EQUAL(o->color, COLOR_AUTO);
    CU_ASSERT_EQUAL(o->help, HELP_NONE);
    arena_free(line.arena);
}

static void values_may_be_attached_or_follow(void)
{
    static const char *const lines[] = {"-j 3 a.spec", "-j3 a.spec", "--threads 3 a.spec",
                                        "--threads=3 a.spec", "a.spec -j3"};
    for (int i = 0; i < 5; i++) {
        Line line = parse(lines[i]);
        CU_ASSERT_EQUAL_FATAL(line.status, STATUS_OK);
        CU_ASSERT_EQUAL(line.options.threads, 3);
        CU_ASSERT_EQUAL(line.options.n_arguments, 1);
        arena_free(line.arena);
    }
}

static void every_value_lands_in_its_field(void)
{
    Line line =
        parse("--model m --only A* --budget 7 --json --trace --no-progress --color=never a");
    CU_ASSERT_EQUAL_FATAL(line.status, STATUS_OK);
    CU_ASSERT_STRING_EQUAL(line.options.model, "m");
    CU_ASSERT_STRING_EQUAL(line.options.only, "A*");
    CU_ASSERT_EQUAL(line.options.budget, 7);
    CU_ASSERT_TRUE(line.options.json && line.options.trace && line.options.no_progress);
    CU_ASSERT_EQUAL(line.options.color, COLOR_NEVER);
    arena_free(line.arena);

    line = parse("train --seed 0 --steps=9 --resume --check --force -o out -q r");
    CU_ASSERT_EQUAL_FATAL(line.status, STATUS_OK);
    CU_ASSERT_TRUE(line.options.has_seed && line.options.has_steps);
    CU_ASSERT_EQUAL(line.options.seed, 0);
    CU_ASSERT_EQUAL(line.options.steps, 9);
    CU_ASSERT_STRING_EQUAL(line.options.output, "out");
    CU_ASSERT_TRUE(line.options.resume && line.options.check && line.options.force);
    CU_ASSERT_TRUE(line.options.quiet);
    arena_free(line.arena);

    line = parse("eval --spec s --samples 5 m");
    CU_ASSERT_EQUAL_FATAL(line.status, STATUS_OK);
    CU_ASSERT_STRING_EQUAL(line.options.spec, "s");
    CU_ASSERT_EQUAL(line.options.samples, 5);
    arena_free(line.arena);
}

static void settings_are_names_and_whole_numbers(void)
{
    Line line = parse("--set n=3 a.spec --set=long_2=-12");
    CU_ASSERT_EQUAL_FATAL(line.status, STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(line.options.n_settings, 2);
    CU_ASSERT_STRING_EQUAL(line.options.settings[0].name, "n");
    CU_ASSERT_EQUAL(line.options.settings[0].value, 3);
    CU_ASSERT_STRING_EQUAL(line.options.settings[1].name, "long_2");
    CU_ASSERT_EQUAL(line.options.settings[1].value, -12);
    arena_free(line.arena);
    static const char *const wrong[] = {"n",
                                        "n=",
                                        "=3",
                                        "n=3x",
                                        "n=0x3",
                                        "n=+3",
                                        "2n=3",
                                        "n-m=3",
                                        "n=1.5",
                                        "n=--3",
                                        "n=99999999999999999999"};
    for (int i = 0; i < 11; i++) {
        char words[64];
        snprintf(words, sizeof words, "a.spec --set %s", wrong[i]);
        expect_code(words, "O005");
    }
}

static void minus_words_make_a_question(void)
{
    Line line = parse("eval m 12345 - -67890 --quiet");
    CU_ASSERT_EQUAL_FATAL(line.status, STATUS_OK);
    CU_ASSERT_EQUAL(line.options.n_arguments, 4);
    CU_ASSERT_STRING_EQUAL(options_words(line.arena, &line.options, 1), "12345 - -67890");
    CU_ASSERT_STRING_EQUAL(options_words(line.arena, &line.options, 4), "");
    arena_free(line.arena);
}

static void two_dashes_end_the_options(void)
{
    Line line = parse("-- train --json --");
    CU_ASSERT_EQUAL_FATAL(line.status, STATUS_OK);
    CU_ASSERT_EQUAL(line.options.command, COMMAND_PROVE);
    CU_ASSERT_EQUAL_FATAL(line.options.n_arguments, 3);
    CU_ASSERT_STRING_EQUAL(line.options.arguments[0], "train");
    CU_ASSERT_STRING_EQUAL(line.options.arguments[1], "--json");
    CU_ASSERT_STRING_EQUAL(line.options.arguments[2], "--");
    CU_ASSERT_FALSE(line.options.json);
    arena_free(line.arena);
}

static void whole_numbers_are_read_strictly(void)
{
    static const char *const wrong[] = {"0",   "257", "-1",  "2x",  "0x2",
                                        "1e1", "+2",  "1.0", "two", "18446744073709551617"};
    for (int i = 0; i < 10; i++) {
        char words[64];
        snprintf(words, sizeof words, "--threads=%s a.spec", wrong[i]);
        expect_code(words, "O004");
    }
}

static void help_needs_no_arguments(void)
{
    static const struct {
        const char *words;
        HelpForm help;
    } rows[] = {{"--help", HELP_TEXT},
                {"train -h", HELP_TEXT},
                {"--help=man", HELP_MAN},
                {"--help=completion", HELP_COMPLETION}};
    for (int i = 0; i < 4; i++) {
        Line line = parse(rows[i].words);
        CU_ASSERT_EQUAL(line.status, STATUS_OK);
        CU_ASSERT_EQUAL(line.options.help, rows[i].help);
        arena_free(line.arena);
    }
    Line line = parse("-V");
    CU_ASSERT_EQUAL(line.status, STATUS_OK);
    CU_ASSERT_TRUE(line.options.version);
    arena_free(line.arena);
}

static void a_failure_leaves_the_options_untouched(void)
{
    Line line = parse("--json --nonsense");
    CU_ASSERT_EQUAL(line.options.n_arguments, -1);
    CU_ASSERT_FALSE(line.options.json);
    arena_free(line.arena);
}

static void wrong_command_lines_have_their_codes(void)
{
    expect_code("--jsn a.spec", "O001");
    expect_code("-x a.spec", "O001");
    expect_code("-qj2 a.spec", "O001");
    expect_code("--", "O010");
    expect_code("--=3 a.spec", "O001");
    expect_code("--models m a.spec", "O001");
    expect_code("a.spec --model", "O002");
    expect_code("--model= a.spec", "O002");
    expect_code("--model ~ a.spec", "O002");
    expect_code("a.spec -j", "O002");
    expect_code("--json=yes a.spec", "O003");
    expect_code("--json= a.spec", "O003");
    expect_code("--threads many a.spec", "O004");
    expect_code("--set n=3 --set n=3 a.spec", "O006");
    expect_code("--model m --model m a.spec", "O006");
    expect_code("-j2 --threads=2 a.spec", "O006");
    expect_code("--color=red a.spec", "O007");
    expect_code("--help=html", "O008");
    expect_code("--resume a.spec", "O009");
    expect_code("train --only x r", "O009");
    expect_code("eval", "O010");
    expect_code("train ~", "O010");
    expect_code("--json", "O010");
    expect_code("train a b", "O011");
    expect_code("explain F001 F002", "O011");
}

static void colour_follows_option_and_environment(void)
{
    Options options = {0};
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    FILE *out = tmpfile();
    CU_ASSERT_FALSE(options_color(&options, out));
    options.color = COLOR_ALWAYS;
    setenv("NO_COLOR", "1", 1);
    CU_ASSERT_TRUE(options_color(&options, out));
    options.color = COLOR_NEVER;
    CU_ASSERT_FALSE(options_color(&options, out));
    fclose(out);
}

static void every_row_of_the_table_is_complete(void)
{
    for (int i = 0; i < option_rows; i++) {
        const OptionRow *row = &option_table[i];
        bool flag = row->kind == OPTION_FLAG || row->kind == OPTION_HELP;
        CU_ASSERT_TRUE(row->name[0] != '\0' && row->help[0] != '\0' && row->commands != 0);
        CU_ASSERT_EQUAL(row->value == NULL, flag);
        CU_ASSERT_TRUE(row->kind != OPTION_INTEGER || row->low < row->high);
        CU_ASSERT_TRUE(row->field > 0 && row->field < sizeof(Options));
        for (int k = 0; k < i; k++) {
            CU_ASSERT_STRING_NOT_EQUAL(row->name, option_table[k].name);
            CU_ASSERT_TRUE(!row->letter || row->letter != option_table[k].letter);
            CU_ASSERT_NOT_EQUAL(row->field, option_table[k].field);
        }
    }
    for (int c = 0; c < COMMANDS; c++) {
        CU_ASSERT_PTR_NOT_NULL_FATAL(command_table[c].name);
        CU_ASSERT_TRUE(command_table[c].least == 0 || command_table[c].wants != NULL);
    }
}

static char printed[1 << 16];

static void print(void (*function)(FILE *out))
{
    FILE *out = fmemopen(printed, sizeof printed, "w");
    function(out);
    CU_ASSERT_EQUAL(fclose(out), 0);
}

static void print_command(Command command)
{
    FILE *out = fmemopen(printed, sizeof printed, "w");
    help_command(out, command);
    CU_ASSERT_EQUAL(fclose(out), 0);
}

// Whether `dashes` and the option's name stand in what was printed, as a whole word.
static bool lists(const char *dashes, const char *name)
{
    char word[80];
    snprintf(word, sizeof word, "%s%s", dashes, name);
    for (const char *at = strstr(printed, word); at; at = strstr(at + 1, word))
        if (!strchr("abcdefghijklmnopqrstuvwxyz-", at[strlen(word)]))
            return true;
    return false;
}

static void help_lists_every_option_and_command(void)
{
    print(help_program);
    for (int i = 0; i < option_rows; i++)
        CU_ASSERT_TRUE(lists("  --", option_table[i].name) || lists(", --", option_table[i].name));
    for (int c = 0; c < COMMANDS; c++)
        CU_ASSERT_TRUE(lists("\n  ", command_table[c].name));
}

static int longest_line(void)
{
    int longest = 0, length = 0;
    for (const char *c = printed; *c; c++) {
        length = *c == '\n' ? 0 : length + 1;
        longest = length > longest ? length : longest;
    }
    return longest;
}

static void help_fits_eighty_columns(void)
{
    print(help_program);
    CU_ASSERT_TRUE(longest_line() <= 80);
    for (int c = 0; c < COMMANDS; c++) {
        print_command((Command)c);
        CU_ASSERT_TRUE(longest_line() <= 80);
    }
}

static void help_of_a_command_lists_what_it_takes(void)
{
    for (int c = 0; c < COMMANDS; c++) {
        print_command((Command)c);
        for (int i = 0; i < option_rows; i++)
            CU_ASSERT_EQUAL(lists(" --", option_table[i].name),
                            option_takes(&option_table[i], (Command)c));
    }
}

static void man_page_and_completion_list_every_option(void)
{
    print(help_man);
    for (int i = 0; i < option_rows; i++) {
        char name[64], *to = name;
        for (const char *from = option_table[i].name; *from; *to++ = *from++)
            if (*from == '-')
                *to++ = '\\';
        *to = '\0';
        CU_ASSERT_TRUE(lists("\\fB\\-\\-", name));
    }
    print(help_completion);
    for (int i = 0; i < option_rows; i++)
        CU_ASSERT_TRUE(lists(" --", option_table[i].name));
}

static void the_more_serious_exit_code_wins(void)
{
    static const int order[] = {70, 130, 74, 73, 64, 65, 66, 10, 13, 12, 11, 0};
    enum { CODES = sizeof order / sizeof *order };
    for (int a = 0; a < CODES; a++)
        for (int b = 0; b < CODES; b++)
            CU_ASSERT_EQUAL(exit_worst(order[a], order[b]), order[a < b ? a : b]);
    CU_ASSERT_EQUAL(exit_worst(0, 99), 70);
    CU_ASSERT_EQUAL(exit_worst(-1, 0), 70);
}

static void distance_counts_edits(void)
{
    CU_ASSERT_EQUAL(nearest_distance("", ""), 0);
    CU_ASSERT_EQUAL(nearest_distance("json", "json"), 0);
    CU_ASSERT_EQUAL(nearest_distance("jsn", "json"), 1);
    CU_ASSERT_EQUAL(nearest_distance("jsoon", "json"), 1);
    CU_ASSERT_EQUAL(nearest_distance("jzon", "json"), 1);
    CU_ASSERT_EQUAL(nearest_distance("josn", "json"), 1);
    CU_ASSERT_EQUAL(nearest_distance("kitten", "sitting"), 3);
    CU_ASSERT_EQUAL(nearest_distance("", "abc"), 3);
    char longer[100];
    memset(longer, 'a', sizeof longer - 1);
    longer[99] = '\0';
    CU_ASSERT_TRUE(nearest_distance(longer, "a") > 100);
}

RUN_TESTS("cli/options", TESTS)
