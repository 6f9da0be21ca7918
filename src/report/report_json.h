// A proof as programs read it. docs/output.md lists the keys.
#pragma once

#include <jansson.h>

#include "proof.h"
#include "report_run.h"

// A new object. `seconds` and `smt_cached` are the only values that differ from run to run.
json_t *report_json(const Proof *proof, const ReportRun *run);

// What stands in place of a proof that ended with an error.
json_t *report_json_error(const char *spec, const Diag *diag);

// Several of these: {"verdict": ..., "results": [...]}; takes over the references.
json_t *report_json_several(json_t *const *results, int count, const char *verdict);

// The text of one, with a newline; keys stand in a fixed order. Frees it.
void report_json_render(json_t *json, Text *text);
