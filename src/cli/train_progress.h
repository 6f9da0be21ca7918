// How far a training is, on stderr: on a terminal a line that is redrawn, elsewhere a plain line
// every few seconds.
#pragma once

#include <stdbool.h>

#include "options.h"
#include "trainer.h"

typedef struct TrainProgress {
    bool shown, terminal;
    int steps, batch, answer; // to the end of the leg; questions a step; tokens an answer
    int first;                // steps that were done before
    double started, last;     // by work_seconds
    LossReport since_last;    // summed
    int steps_since_last;
} TrainProgress;

TrainProgress train_progress_new(const Options *options, const Recipe *recipe, int answer,
                                 int steps_done);
// The training goes on up to step `steps`.
void train_progress_leg(TrainProgress *progress, int steps_done, int steps);
// How far a look at the proof is: edge cases, of these closed, regions to go.
void train_progress_look(void *progress, int cases, int closed, int waiting);
void train_progress_step(TrainProgress *progress, int steps_done, const LossReport *report);
void train_progress_end(const TrainProgress *progress); // leaves the terminal's line
