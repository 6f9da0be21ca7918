// The one table of commands and options.
//
// To add a command: an enumerator in options.h, a row in `command_table`, a line in main.c. To add
// an option: a field in options.h and a row in `option_table`.
#pragma once

#include <stddef.h>

#include "options.h"

typedef struct CommandRow {
    const char *name;
    const char *words; // its positional words, as usage shows them
    int least, most;   // how many positional words; most < 0: any number
    const char *wants; // "a spec": what is missing when there are too few
    const char *summary;
    const char *details; // paragraphs of its own --help, lines at most 78 wide
} CommandRow;

extern const CommandRow command_table[COMMANDS];

typedef enum OptionKind {
    OPTION_FLAG,    // a bool
    OPTION_TEXT,    // a const char *, not empty
    OPTION_INTEGER, // a long long within low..high
    OPTION_SETTING, // NAME=N; may be repeated with other names
    OPTION_COLOR,   // auto, always or never
    OPTION_HELP,    // a flag with an optional =FORM
} OptionKind;

typedef enum OptionGroup {
    GROUP_CLAIM,
    GROUP_TRAINING,
    GROUP_RUN,
    GROUP_OUTPUT,
    GROUPS
} OptionGroup;

extern const char *const option_group_titles[GROUPS];

typedef struct OptionRow {
    const char *name; // without the dashes
    char letter;      // short form, or 0
    OptionKind kind;
    OptionGroup group;
    unsigned commands; // bit 1 << Command for each that takes it
    size_t field;      // offset in Options
    size_t has;        // offset of the bool that tells whether it was given, or 0
    long long low, high;
    const char *value; // name of the value in usage, or NULL
    const char *help;
} OptionRow;

enum { OPTION_ROWS_MAX = 64 };

extern const OptionRow option_table[];
extern const int option_rows;

static inline bool option_takes(const OptionRow *row, Command command)
{
    return (row->commands >> command & 1) != 0;
}
