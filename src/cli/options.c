#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nearest.h"
#include "option_table.h"
#include "text.h"
#include "work.h"

typedef struct Parser {
    Arena *arena;
    int argc, next; // the word to read next
    char **argv;
    bool given[OPTION_ROWS_MAX];
    Options *options;
    Diag *diag;
} Parser;

// ---- finding a row ------------------------------------------------------------------------------

static Status unknown_option(Parser *p, const char *word)
{
    char name[64];
    int best = -1, best_distance = 0;
    snprintf(name, sizeof name, "%s", word + strspn(word, "-"));
    name[strcspn(name, "=")] = '\0';
    for (int i = 0; i < option_rows; i++) {
        int distance = nearest_distance(name, option_table[i].name);
        if (nearest_is_close(name, distance) && (best < 0 || distance < best_distance)) {
            best = i;
            best_distance = distance;
        }
    }
    diag_set(p->diag, STATUS_USAGE, "O001", "there is no option `%s`", word);
    if (best >= 0)
        diag_hint(p->diag, "did you mean `--%s`?", option_table[best].name);
    else
        diag_hint(p->diag, "`verify --help` lists the options");
    return STATUS_USAGE;
}

static int row_of_name(const char *name, size_t length)
{
    for (int i = 0; i < option_rows; i++)
        if (strlen(option_table[i].name) == length && !strncmp(option_table[i].name, name, length))
            return i;
    return -1;
}

static int row_of_letter(char letter)
{
    for (int i = 0; i < option_rows; i++)
        if (option_table[i].letter == letter)
            return i;
    return -1;
}

// ---- values -------------------------------------------------------------------------------------

static bool parse_integer(const char *text, long long *ret_value)
{
    char *end;
    size_t sign = text[0] == '-';
    if (text[sign] == '\0' || text[sign + strspn(text + sign, "0123456789")] != '\0')
        return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0)
        return false;
    *ret_value = value;
    return true;
}

static Status set_integer(Parser *p, const OptionRow *row, const char *text)
{
    long long value;
    if (!parse_integer(text, &value) || value < row->low || value > row->high)
        return diag_set(p->diag, STATUS_USAGE, "O004",
                        "--%s takes a whole number from %lld to %lld, not `%s`", row->name,
                        row->low, row->high, text);
    memcpy((char *)p->options + row->field, &value, sizeof value);
    return STATUS_OK;
}

static bool is_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isalpha((unsigned char)text[i]) && text[i] != '_' &&
            !(i > 0 && isdigit((unsigned char)text[i])))
            return false;
    return length > 0;
}

static Status add_setting(Parser *p, const char *text)
{
    Options *o = p->options;
    size_t length = strcspn(text, "=");
    long long value;
    if (text[length] != '=' || !is_name(text, length) || !parse_integer(text + length + 1, &value))
        return diag_set(p->diag, STATUS_USAGE, "O005",
                        "--set takes NAME=N with a whole number N, not `%s`", text);
    const char *name = arena_strndup(p->arena, text, length);
    for (int i = 0; i < o->n_settings; i++)
        if (!strcmp(o->settings[i].name, name))
            return diag_set(p->diag, STATUS_USAGE, "O006", "--set gives `%s` twice", name);
    o->settings[o->n_settings++] = (SpecSetting){name, value};
    return STATUS_OK;
}

static Status set_color(Parser *p, const char *text)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (int i = 0; i < 3; i++)
        if (!strcmp(text, names[i])) {
            p->options->color = (ColorMode)i;
            return STATUS_OK;
        }
    return diag_set(p->diag, STATUS_USAGE, "O007", "--color takes auto, always or never, not `%s`",
                    text);
}

static Status set_help(Parser *p, const char *form)
{
    if (!form)
        p->options->help = HELP_TEXT;
    else if (!strcmp(form, "man"))
        p->options->help = HELP_MAN;
    else if (!strcmp(form, "completion"))
        p->options->help = HELP_COMPLETION;
    else
        return diag_set(p->diag, STATUS_USAGE, "O008",
                        "--help takes no value, `man` or `completion`, not `%s`", form);
    return STATUS_OK;
}

// ---- options ------------------------------------------------------------------------------------

// `attached` is the value that came in the same word, or NULL.
static Status value_of_option(Parser *p, const OptionRow *row, const char *attached,
                              const char **ret_value)
{
    const char *value = attached;
    if (!value && p->next < p->argc)
        value = p->argv[p->next++];
    if (!value)
        return diag_set(p->diag, STATUS_USAGE, "O002", "--%s needs a value: --%s %s", row->name,
                        row->name, row->value);
    if (!*value)
        return diag_set(p->diag, STATUS_USAGE, "O002", "the value of --%s is empty", row->name);
    *ret_value = value;
    return STATUS_OK;
}

static Status set_value(Parser *p, const OptionRow *row, const char *value)
{
    switch (row->kind) {
    case OPTION_TEXT:
        memcpy((char *)p->options + row->field, &value, sizeof value);
        return STATUS_OK;
    case OPTION_INTEGER:
        return set_integer(p, row, value);
    case OPTION_SETTING:
        return add_setting(p, value);
    case OPTION_COLOR:
        return set_color(p, value);
    case OPTION_FLAG:
    case OPTION_HELP:
        break;
    }
    CHECK(!"an option with a value");
    return STATUS_INTERNAL;
}

static Status apply_flag(Parser *p, const OptionRow *row, const char *attached)
{
    if (row->kind == OPTION_HELP)
        return set_help(p, attached);
    if (attached)
        return diag_set(p->diag, STATUS_USAGE, "O003", "--%s takes no value", row->name);
    *((bool *)((char *)p->options + row->field)) = true;
    return STATUS_OK;
}

static Status apply_option(Parser *p, int index, const char *attached)
{
    const OptionRow *row = &option_table[index];
    bool again = p->given[index];
    const char *value = NULL;
    p->given[index] = true;
    if (row->kind == OPTION_FLAG || row->kind == OPTION_HELP)
        return apply_flag(p, row, attached);
    if (again && row->kind != OPTION_SETTING)
        return diag_set(p->diag, STATUS_USAGE, "O006", "--%s is given twice", row->name);
    TRY(value_of_option(p, row, attached, &value));
    if (row->has)
        *((bool *)((char *)p->options + row->has)) = true;
    return set_value(p, row, value);
}

static Status parse_long(Parser *p, const char *word)
{
    size_t length = strcspn(word + 2, "=");
    int index = row_of_name(word + 2, length);
    if (index < 0)
        return unknown_option(p, word);
    return apply_option(p, index, word[2 + length] == '=' ? word + 2 + length + 1 : NULL);
}

// -j 4, -j4, -q.
static Status parse_short(Parser *p, const char *word)
{
    int index = row_of_letter(word[1]);
    if (index < 0 || (word[2] && !option_table[index].value))
        return unknown_option(p, word);
    return apply_option(p, index, word[2] ? word + 2 : NULL);
}

// ---- words --------------------------------------------------------------------------------------

// A lone `-` and what starts like a negative number are words: eval MODEL 12345 - 67890.
static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] && !isdigit((unsigned char)word[1]);
}

static bool take_command(Options *options, const char *word)
{
    for (int c = 0; c < COMMANDS; c++)
        if (!strcmp(word, command_table[c].name)) {
            options->command = (Command)c;
            options->has_command = true;
            return true;
        }
    return false;
}

static Status parse_words(Parser *p)
{
    bool only_words = false;
    while (p->next < p->argc) {
        const char *word = p->argv[p->next++];
        if (!only_words && !strcmp(word, "--"))
            only_words = true;
        else if (!only_words && !strncmp(word, "--", 2))
            TRY(parse_long(p, word));
        else if (!only_words && is_option(word))
            TRY(parse_short(p, word));
        else if (only_words || p->options->n_arguments > 0 || p->options->has_command ||
                 !take_command(p->options, word))
            p->options->arguments[p->options->n_arguments++] = word;
    }
    return STATUS_OK;
}

// ---- what fits together -------------------------------------------------------------------------

static void list_commands(unsigned commands, char *buffer, size_t size)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (int c = 0; c < COMMANDS; c++)
        if (commands >> c & 1 && used < size)
            used += (size_t)snprintf(buffer + used, size - used, "%s`%s`", used ? ", " : "",
                                     command_table[c].name);
}

static Status check_options(const Parser *p)
{
    const Options *o = p->options;
    char takers[128];
    for (int i = 0; i < option_rows; i++) {
        if (!p->given[i] || option_takes(&option_table[i], o->command))
            continue;
        list_commands(option_table[i].commands, takers, sizeof takers);
        diag_set(p->diag, STATUS_USAGE, "O009", "`%s` does not take --%s",
                 command_table[o->command].name, option_table[i].name);
        diag_hint(p->diag, "it belongs to %s", takers);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

static Status check_words(const Parser *p)
{
    const Options *o = p->options;
    const CommandRow *row = &command_table[o->command];
    if (o->n_arguments < row->least) {
        diag_set(p->diag, STATUS_USAGE, "O010", "`%s` needs %s", row->name, row->wants);
        diag_hint(p->diag, "usage: verify %s [OPTION...] %s", row->name, row->words);
        return STATUS_USAGE;
    }
    if (row->most >= 0 && o->n_arguments > row->most) {
        diag_set(p->diag, STATUS_USAGE, "O011", "`%s` does not know what to do with `%s`",
                 row->name, o->arguments[row->most]);
        diag_hint(p->diag, "usage: verify %s [OPTION...] %s", row->name, row->words);
        return STATUS_USAGE;
    }
    for (int i = 0; i < o->n_arguments; i++)
        if (!*o->arguments[i])
            return diag_set(p->diag, STATUS_USAGE, "O010", "an argument of `%s` is empty",
                            row->name);
    return STATUS_OK;
}

Status options_parse(Arena *arena, int argc, char **argv, Options *ret_options, Diag *diag)
{
    Options options = {
        .threads = work_default_threads(), .budget = OPTIONS_BUDGET, .samples = OPTIONS_SAMPLES};
    Parser parser = {
        .arena = arena, .argc = argc, .next = 1, .argv = argv, .options = &options, .diag = diag};
    CHECK(option_rows <= OPTION_ROWS_MAX);
    options.arguments = ARENA_NEW(arena, const char *, (size_t)argc + 1);
    options.settings = ARENA_NEW(arena, SpecSetting, (size_t)argc + 1);
    TRY(parse_words(&parser));
    TRY(check_options(&parser));
    if (!options.help && !options.version)
        TRY(check_words(&parser));
    *ret_options = options;
    return STATUS_OK;
}

char *options_words(Arena *arena, const Options *options, int first)
{
    Text text = {0};
    for (int i = first; i < options->n_arguments; i++)
        text_add(&text, "%s%s", i > first ? " " : "", options->arguments[i]);
    char *words = arena_strdup(arena, text_chars(&text));
    text_free(&text);
    return words;
}

bool options_color(const Options *options, FILE *out)
{
    const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (options->color != COLOR_AUTO)
        return options->color == COLOR_ALWAYS;
    if (none && *none)
        return false;
    return terminal && strcmp(terminal, "dumb") != 0 && isatty(fileno(out));
}
