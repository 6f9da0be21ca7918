// What the table of options looks like to a reader: at the terminal, as a man page, and to bash.
#pragma once

#include <stdio.h>

#include "options.h"

void help_usage(FILE *out);                    // two lines, for a command line without words
void help_program(FILE *out);                  // verify --help
void help_command(FILE *out, Command command); // verify COMMAND --help
void help_man(FILE *out);                      // troff, section 1
void help_completion(FILE *out);               // a bash script
void help_version(FILE *out);
