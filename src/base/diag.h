// Diagnostics: what went wrong, where, and what to do about it.
//
// A function that can fail takes a `Diag *` from its caller, fills it through diag_set and returns
// the Status that diag_set returned. Only cli/ prints them.
#pragma once

#include <stdio.h>

#include "status.h"

typedef struct Diag {
    Status status;
    char code[8];     // "S014"; docs/diagnostics.md lists them
    char path[512];   // file that the message is about, or empty
    int line, column; // 1-based; 0 when the message is about no place in a text
    int caret;        // where the caret stands below `source`, 0-based
    int length;       // bytes that the caret line underlines, at least 1 when line > 0
    char text[512];   // one sentence, no full stop
    char source[256]; // the source line, or empty
    char hint[512];   // what to do next, or empty
} Diag;

// Fills *diag with a message about no particular place; returns status.
Status diag_set(Diag *diag, Status status, const char *code, const char *format, ...)
    PRINTF_LIKE(4, 5);

// Adds to a diagnostic that diag_set has filled; each cuts what is too long.
void diag_path(Diag *diag, const char *path);
void diag_hint(Diag *diag, const char *format, ...) PRINTF_LIKE(2, 3);

// Adds the place: byte `offset` of `text` (size bytes), `length` bytes long, at most to the end of
// the line. A line too long for the diagnostic is cut around the place.
void diag_place(Diag *diag, const char *text, size_t size, size_t offset, size_t length);

// Prints `path:line:column: error[CODE]: text`, the source line with a caret range, and the hint.
// Control characters, wherever they came from, are shown as '?'.
void diag_print(const Diag *diag, FILE *out, int color);
