// What belongs to a proof's report beside the proof: how the run went.
#pragma once

#include <stdbool.h>

typedef struct ReportRun {
    double seconds;
    unsigned long cached; // of the solver's answers, those that were not found anew
    const char *bundle;   // folder of the proof bundle, or NULL
    const char *note;     // what is to be said of it, or why there is none; NULL: nothing
    bool checked;         // proofcheck has accepted it: levels F and K
} ReportRun;
