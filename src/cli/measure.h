// A model's answers on sampled questions.
//
// Question i draws from its own stream of random numbers: uniformly when i is even, with long
// chains when it is odd (task_sample_chained). So the questions, and what is measured on them,
// depend on the seed and on nothing else. The model is shown the right answer up to each token and
// must give the next one; it gives all of them exactly when its greedy answer is right.
#pragma once

#include "claim.h"
#include "work.h"

enum { MEASURE_WRONG_MAX = 5 };

typedef struct Measure {
    long long questions, right;
    long long wrong[MEASURE_WRONG_MAX]; // the first that are answered wrongly
    int n_wrong;                        // how many of these
    long long worst;                    // the question of the worst margin, the first of several
    float worst_margin; // least, over all answer tokens, of the right logit minus the best other
} Measure;

// How far it got, from time to time; returns false to stop.
typedef bool MeasureProgress(void *context, long long done);

// Requires: an input meets the precondition. When stopped, what was measured so far.
Measure measure_samples(const Claim *claim, WorkPool *pool, uint64_t seed, long long questions,
                        MeasureProgress *progress, void *context);

// Question i, as symbols.
void measure_question(const Task *task, uint64_t seed, long long i, uint8_t *ret_symbols);

// The right logit minus the greatest other one; minus infinity when one is not a number, infinity
// when there is no other.
float measure_margin(const float *logits, int V, int right);
