// Runs of a shipped model (docs/certificate-format.md, K6) compared with each other, with the exact
// function, and with what is proved about all of them.
//
// Runs of a question are the shipped inference, and evaluations with reordered sums (reordered.h).
#pragma once

#include "questions.h"
#include "reordered.h"
#include "work.h"

// Numbers at a place: [F] pre-activations of the last layer's MLP, then [V] logit of the right token
// minus that of each token.
enum { RUNS_NUMBERS_MAX = 2 * REORDERED_WIDTH };

typedef struct RunsPlace { // where numbers are looked at: one answer position of one question
    const Questions *questions;
    uint64_t question;
    const int *tokens; // [prompt + answer]
    int answer;        // 0 <= answer < questions->answer; the query position is prompt + answer - 1
    int right;         // the token there
    const double *exact_low, *exact_high; // enclosures of the exact numbers, or NULL
} RunsPlace;

enum { RUNS_ALLOWANCES = 2 };

// What is said of every run's numbers at a place: they lie between low and high, and are no further
// from the exact ones than `away`, in one way or the other of knowing it.
typedef struct RunsLimits {
    double low[RUNS_NUMBERS_MAX], high[RUNS_NUMBERS_MAX];
    double away[RUNS_ALLOWANCES][RUNS_NUMBERS_MAX];
} RunsLimits;

// All come in infinite; what is not known stays so. Called by several threads at once.
typedef void RunsBound(void *context, const RunsPlace *place, RunsLimits *limits);

typedef struct RunsOptions {
    uint64_t first, count; // questions
    int orders;            // reorderings that each question is evaluated with, in turn of all
    uint64_t exact_every;  // questions whose number this divides are evaluated exactly; 0: none
    RunsBound *bound;      // or NULL
    void *context;         // for bound
} RunsOptions;

typedef struct RunsReport {
    uint64_t questions, runs, exact; // questions; evaluations of them; of them to 200 bits
    uint64_t wrong;                  // answer tokens of a run that are not the right one
    uint64_t undefined;              // answer tokens for which the exact margin may not be positive
    uint64_t other_bits; // questions whose run in the documented order has not the shipped bits
    uint64_t outside;    // numbers outside their limits
    double logit;        // greatest difference of a logit between a run and the shipped inference
    double margin, preactivation; // greatest differences of a run from the exact value
    double width;                 // of the widest enclosure of an exact value
    double least, least_exact;    // least margin of a run, and exactly
    double above;                 // least margin of a run less its lower limit
    double used
        [RUNS_ALLOWANCES]; // the greatest share that a margin's difference is of what is allowed,
    double allowed[RUNS_ALLOWANCES]; // and that is of the exact margin
} RunsReport;

// The same for any number of threads.
RunsReport runs_compare(WorkPool *pool, const Questions *questions, const RunsOptions *options);
