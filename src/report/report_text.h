// A proof as a person reads it.
#pragma once

#include "proof.h"
#include "report_run.h"
#include "text.h"

// "specs/addition.spec (n = 5)"
void report_claim(Text *text, const Spec *spec);

// "specs/addition.spec (n = 5), models/add_d5.safetensors"
void report_heading(Text *text, const Proof *proof);

// One row for each kind of obligation: in how many cases it falls, how many of them are open, how
// the others were proved, the least certified margin, and the inputs left open.
void report_table(Arena *arena, Text *text, const Proof *proof);

// What is wrong and what is open, a line each; with `trace`, the tokens of the first wrong answer
// and their logits. Nothing when the spec is proved.
void report_findings(Text *text, const Proof *proof, bool trace);

// Where the proof bundle is, and what was not found anew, a line each.
void report_run(Text *text, const ReportRun *run);

// The one line that counts.
void report_verdict(Text *text, const Proof *proof, const ReportRun *run, bool color);

const char *report_verdict_word(const Proof *proof);
