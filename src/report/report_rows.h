// Several proofs side by side: a table of one row each.
#pragma once

#include "proof.h"
#include "report_run.h"
#include "table.h"

typedef struct ReportRows {
    Table table;
} ReportRows;

ReportRows report_rows_new(Arena *arena);

// What was claimed, the verdict, how many inputs there are, edge cases, the worst margin, levels, time.
void report_rows_add(ReportRows *rows, const Proof *proof, const ReportRun *run);

// A spec that ended with an error.
void report_rows_add_error(ReportRows *rows, const char *spec);

void report_rows(const ReportRows *rows, Text *text);
