// How far a proof is, on stderr: on a terminal a line that is redrawn, elsewhere a plain line every
// few seconds.
#pragma once

#include <stdbool.h>

#include "options.h"
#include "proof.h"

typedef struct ProveProgress {
    bool shown, terminal;
    double started, last; // by work_seconds
} ProveProgress;

ProveProgress prove_progress_new(const Options *options);
void prove_progress_show(void *progress, const ProofProgress *at);        // fits ProofOptions
void prove_progress_say(const ProveProgress *progress, const char *what); // on a terminal
void prove_progress_end(const ProveProgress *progress); // clears the terminal's line
