// The command line, parsed. option_table.c lists all commands and options; parsing, --help, the man
// page and the shell completion read that table.
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "arena.h"
#include "diag.h"
#include "spec.h"

typedef enum Command {
    COMMAND_PROVE, // also when the first word is no command
    COMMAND_TRAIN,
    COMMAND_EVAL,
    COMMAND_CHECK,
    COMMAND_REPLAY,
    COMMAND_EXPLAIN,
    COMMANDS,
} Command;

typedef enum ColorMode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } ColorMode;

typedef enum HelpForm {
    HELP_NONE,
    HELP_TEXT,       // --help: of the command when one is named, else of the program
    HELP_MAN,        // --help=man
    HELP_COMPLETION, // --help=completion: for bash
} HelpForm;

#define OPTIONS_BUDGET  100000 // default of --budget
#define OPTIONS_SAMPLES 100000 // default of --samples
enum { OPTIONS_THREADS_MAX = 256 };

typedef struct Options {
    Command command;
    bool has_command;       // the command was named
    const char **arguments; // positional words after the command
    int n_arguments;

    const char *model;     // --model FILE, or NULL
    const char *spec;      // --spec FILE, or NULL
    const char *only;      // --only PATTERN, or NULL
    const char *output;    // --output PATH, or NULL
    const char *cache;     // --cache DIR, or NULL
    const char *solver;    // --solver PROGRAM, or NULL
    SpecSetting *settings; // --set NAME=N, each name once
    int n_settings;

    long long threads;              // -j N; 1..OPTIONS_THREADS_MAX
    long long budget;               // --budget N; at least 1
    long long samples, seed, steps; // --samples N >= 1, --seed N >= 0, --steps N >= 1
    long long rounds;               // --rounds N >= 1
    bool has_seed, has_steps, has_rounds;       // else the recipe or the command decides

    bool all, json, quiet, no_progress, trace, resume, check, force, version;
    bool until_proved;
    bool no_bundle, no_cache, fresh, offline;
    ColorMode color;
    HelpForm help;
} Options;

// Parses argv[1..argc-1]; argument strings are not copied. With --help or --version the number of
// positional words is not checked. Errors: STATUS_USAGE (O001 to O011).
MUST_USE Status options_parse(Arena *arena, int argc, char **argv, Options *ret_options,
                              Diag *diag);

// The positional words from `first` on, joined by spaces: the question of `eval`.
char *options_words(Arena *arena, const Options *options, int first);

// Whether to colour what is written to `out`: --color, else NO_COLOR, TERM and whether it is a
// terminal.
bool options_color(const Options *options, FILE *out);
