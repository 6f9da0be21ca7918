#include "help.h"

#include <string.h>

#include "exitcode.h"
#include "option_table.h"

enum { WIDTH = 80, INDENT = 26 };

#define ALL_COMMANDS ((1u << COMMANDS) - 1)

// Prints `text` from column INDENT on, wrapped at WIDTH; the cursor stands at `column`.
static void print_wrapped(FILE *out, int column, const char *text)
{
    if (column > INDENT - 2) {
        fputc('\n', out);
        column = 0;
    }
    fprintf(out, "%*s", INDENT - column, "");
    column = INDENT;
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (column > INDENT && column + 1 + length > WIDTH) {
            fprintf(out, "\n%*s", INDENT, "");
            column = INDENT;
        }
        if (column > INDENT) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, (size_t)length, out);
        column += length;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

// The commands that take the option, as " (train, eval)".
static void list_takers(const OptionRow *row, char *buffer, size_t size)
{
    size_t used = 0;
    for (int c = 0; c < COMMANDS; c++)
        if (option_takes(row, (Command)c))
            used += (size_t)snprintf(buffer + used, size - used, "%s%s", used ? ", " : " (",
                                     command_table[c].name);
    snprintf(buffer + used, size - used, ")");
}

static void print_option(FILE *out, const OptionRow *row, bool with_takers)
{
    char takers[128] = "", text[512];
    int column = row->letter ? fprintf(out, "  -%c, ", row->letter) : fprintf(out, "      ");
    column += fprintf(out, "--%s", row->name);
    if (row->value)
        column += fprintf(out, " %s", row->value);
    if (with_takers && row->commands != ALL_COMMANDS)
        list_takers(row, takers, sizeof takers);
    snprintf(text, sizeof text, "%s%s", row->help, takers);
    print_wrapped(out, column, text);
}

static void print_options(FILE *out, unsigned commands)
{
    for (int group = 0; group < GROUPS; group++) {
        bool titled = false;
        for (int i = 0; i < option_rows; i++) {
            const OptionRow *row = &option_table[i];
            if (row->group != (OptionGroup)group || !(row->commands & commands))
                continue;
            if (!titled)
                fprintf(out, "\n%s:\n", option_group_titles[group]);
            titled = true;
            print_option(out, row, commands == ALL_COMMANDS);
        }
    }
}

static void print_exit_code(FILE *out, int code, const char *meaning)
{
    fprintf(out, "  %3d  %s\n", code, meaning);
}

#define PRINT_EXIT_CODE(code, meaning) print_exit_code(out, code, meaning);

static void print_exit_codes(FILE *out)
{
    fprintf(out, "\nExit codes, the first that holds:\n");
    EXIT_CODES(PRINT_EXIT_CODE)
}

static const struct {
    const char *line, *meaning;
} examples[] = {
    {"verify specs/addition.spec",
     "prove the shipped adder of 5-digit numbers on all 10^10 inputs"},
    {"verify addition.spec --set n=3 --model my.safetensors",
     "put a model of your own to the same claim, for 3-digit numbers"},
    {"verify eval models/add_d5.safetensors 12345 + 67890", "ask a model one question"},
};

enum { EXAMPLES = sizeof examples / sizeof *examples };

void help_usage(FILE *out)
{
    fprintf(out, "usage: verify SPEC...      prove a spec, as in: verify specs/addition.spec\n"
                 "       verify --help       commands, options, examples\n");
}

void help_program(FILE *out)
{
    fprintf(out, "verify: prove that a small transformer does, on every input, what its\n"
                 "specification says; or find an input on which it does not.\n"
                 "\n"
                 "Usage: verify SPEC...\n"
                 "       verify COMMAND [OPTION...] [ARGUMENT...]\n"
                 "\nExamples:\n");
    for (int i = 0; i < EXAMPLES; i++)
        fprintf(out, "  %s\n      %s\n", examples[i].line, examples[i].meaning);
    fprintf(out, "\nCommands (`verify COMMAND --help` tells more):\n");
    for (int c = 0; c < COMMANDS; c++) {
        const CommandRow *row = &command_table[c];
        int column = fprintf(out, "  %s %s", row->name, row->words);
        print_wrapped(out, column, row->summary);
    }
    print_options(out, ALL_COMMANDS);
    print_exit_codes(out);
}

void help_command(FILE *out, Command command)
{
    const CommandRow *row = &command_table[command];
    fprintf(out, "verify %s: %s\n\n", row->name, row->summary);
    if (command == COMMAND_PROVE)
        fprintf(out, "Usage: verify [OPTION...] %s\n       ", row->words);
    else
        fprintf(out, "Usage: ");
    fprintf(out, "verify %s [OPTION...] %s\n\n%s", row->name, row->words, row->details);
    print_options(out, 1u << command);
    fprintf(out, "\nExit codes: see `verify --help`.\n");
}

void help_version(FILE *out)
{
    fprintf(out, "verify (Ripple) %s\n", RIPPLE_VERSION);
}

// ---- the man page -------------------------------------------------------------------------------

// Text with what troff would read as its own escaped.
static void man_text(FILE *out, const char *text)
{
    for (bool start = true; *text; start = *text == '\n', text++) {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        if (*text == '-' || *text == '\\')
            fputs(*text == '-' ? "\\-" : "\\e", out);
        else if (*text == '`')
            fputs("\\(ga", out);
        else if (*text == '^')
            fputs("\\(ha", out);
        else
            fputc(*text, out);
    }
}

static void man_option(FILE *out, const OptionRow *row)
{
    fprintf(out, ".TP\n");
    if (row->letter)
        fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
    fprintf(out, "\\fB\\-\\-");
    man_text(out, row->name);
    fprintf(out, "\\fR%s%s%s\n", row->value ? " \\fI" : "", row->value ? row->value : "",
            row->value ? "\\fR" : "");
    man_text(out, row->help);
    fprintf(out, ".\n");
}

static void man_command(FILE *out, const CommandRow *row)
{
    fprintf(out, ".SS verify %s \"%s\"\n", row->name, row->words);
    for (const char *line = row->details; *line; line += strcspn(line, "\n") + 1) {
        char copy[WIDTH + 1];
        snprintf(copy, sizeof copy, "%.*s", (int)strcspn(line, "\n"), line);
        man_text(out, *copy ? copy : "");
        fputs(*copy ? "\n" : ".PP\n", out);
    }
}

static void man_options(FILE *out)
{
    fprintf(out, ".SH OPTIONS\n");
    for (int group = 0; group < GROUPS; group++) {
        fprintf(out, ".SS %s\n", option_group_titles[group]);
        for (int i = 0; i < option_rows; i++)
            if (option_table[i].group == (OptionGroup)group)
                man_option(out, &option_table[i]);
    }
}

#define MAN_EXIT_CODE(code, meaning) fprintf(out, ".TP\n.B %d\n%s\n", code, meaning);

void help_man(FILE *out)
{
    fprintf(out,
            ".TH VERIFY 1 \"\" \"Ripple %s\"\n"
            ".SH NAME\nverify \\- prove that a small transformer does what its specification says\n"
            ".SH SYNOPSIS\n.B verify\n.I SPEC\\fR...\n.br\n.B verify\n.I COMMAND\n"
            "[\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n.SH COMMANDS\n",
            RIPPLE_VERSION);
    for (int c = 0; c < COMMANDS; c++)
        man_command(out, &command_table[c]);
    man_options(out);
    fprintf(out, ".SH EXIT STATUS\nThe first of these that holds.\n");
    EXIT_CODES(MAN_EXIT_CODE)
    fprintf(out, ".SH EXAMPLES\n");
    for (int i = 0; i < EXAMPLES; i++) {
        fprintf(out, ".TP\n.B ");
        man_text(out, examples[i].line);
        fputc('\n', out);
        man_text(out, examples[i].meaning);
        fputc('\n', out);
    }
    fprintf(out, ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colours, if set to anything\n");
}

// ---- bash ---------------------------------------------------------------------------------------

static void complete_options(FILE *out, unsigned commands)
{
    for (int i = 0; i < option_rows; i++)
        if (option_table[i].commands & commands)
            fprintf(out, " --%s", option_table[i].name);
}

static void complete_commands(FILE *out)
{
    for (int c = 0; c < COMMANDS; c++)
        fprintf(out, "%s%s", c ? "|" : "", command_table[c].name);
}

void help_completion(FILE *out)
{
    fprintf(out, "# bash completion for verify\n"
                 "_verify() {\n"
                 "    local current=${COMP_WORDS[COMP_CWORD]} command=prove word options\n"
                 "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                 "        case $word in\n"
                 "        ");
    complete_commands(out);
    fprintf(out, ") command=$word; break ;;\n        esac\n    done\n    case $command in\n");
    for (int c = 0; c < COMMANDS; c++) {
        fprintf(out, "    %s) options='", command_table[c].name);
        complete_options(out, 1u << c);
        fprintf(out, "' ;;\n");
    }
    fprintf(out, "    esac\n"
                 "    local files=1\n"
                 "    case ${COMP_WORDS[COMP_CWORD-1]} in\n"
                 "    --color) options='auto always never' files= ;;\n"
                 "    verify) options+=' ");
    for (int c = 0; c < COMMANDS; c++)
        fprintf(out, "%s%s", c ? " " : "", command_table[c].name);
    fprintf(out, "' ;;\n"
                 "    esac\n"
                 "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\";"
                 " [[ ! $files || $current == -* ]] || compgen -f -- \"$current\")\n"
                 "}\n"
                 "complete -o filenames -F _verify verify\n");
}
