// JSON text that a stranger wrote, read with bounds on what it can cost.
//
// Jansson checks the grammar, UTF-8 and duplicate keys. Before it is asked, the text is scanned for
// depth and number of values, so that a small file can neither exhaust the stack nor make a tree
// many times its own size.
#pragma once

#include <jansson.h>

#include "diag.h"
#include "text.h"

enum { JSON_TEXT_DEPTH_MAX = 16, JSON_TEXT_VALUES_MAX = 1 << 18 };

// One object or array and nothing after it but spaces. `what` names it in messages. The caller ends
// with json_decref. Errors: STATUS_MALFORMED (M003, M004).
MUST_USE Status json_text_parse(const char *what, const char *text, size_t size, json_t **ret_value,
                                Diag *diag);

// Appends `string` in quotes, escaped. If it is not UTF-8, '?' stands for each byte above 127.
void json_text_add_string(Text *text, const char *string);
