// docs/diagnostics.md as a table; diagnostics.awk makes diagnostics.c from it.
#pragma once

typedef struct Diagnostic {
    const char *code, *title, *text; // text: paragraphs, ending in a newline
} Diagnostic;

extern const Diagnostic diagnostic_table[];
extern const int diagnostic_rows;
