// Runs of a shipped model (docs/certificate-format.md, K6) compared with each other, with the exact
// function, and with what is proved about all of them.
//
// Runs of a question are the shipped inference, and evaluations with reordered sums (reordered.h).
#pragma once

#include <mpfr.h>

#include "questions.h"
#include "work.h"

typedef struct RunsPlace { // where numbers are looked at: one answer position of one question
    const Questions *questions;
    uint64_t question;
    const int *tokens; // [prompt + answer]
    int answer;        // 0 <= answer < questions->answer; the query position is prompt + answer - 1
    int right;         // the token there
} RunsPlace;

// What every run gives there lies between low and high: [F] pre-activations of the last layer's MLP,
// then [V] logit of the right token minus that of each token. Both come in as -infinity and
// infinity; what is not known stays so. Called by several threads at once.
typedef void RunsBound(void *context, const RunsPlace *place, double *low, double *high);

typedef struct RunsOptions {
    uint64_t first, count; // questions
    int orders;            // reorderings that each question is evaluated with, in turn of all
    uint64_t oracle_every; // questions with a number that this divides; 0: none
    mpfr_prec_t precision; // of the oracle
    RunsBound *bound;      // or NULL
    void *context;         // for bound
} RunsOptions;

typedef struct RunsReport {
    uint64_t questions, runs, exact; // questions; evaluations of them; of them by the oracle
    uint64_t wrong;                  // answer tokens of a run that are not the right one
    uint64_t undefined;  // answer tokens for which the oracle's right margin may not be positive
    uint64_t other_bits; // questions whose run in the documented order has not the shipped bits
    uint64_t outside;    // numbers outside the bound
    double logit;        // greatest difference of a logit between a run and the shipped inference
    double margin, preactivation; // greatest differences of a run from the exact value
    double least;                 // least margin of a run
} RunsReport;

// The same for any number of threads.
RunsReport runs_compare(WorkPool *pool, const Questions *questions, const RunsOptions *options);
