// What the oracle says of every input of a small task, as integers that bounds can be compared with.
#pragma once

#include "fixture.h"
#include "oracle.h"

typedef struct Truth {
    int inputs, V, F;
    uint8_t *symbols; // [inputs][columns]
    Fix *margin;      // [answer][inputs][V]: rounded up to units of 2^-50
    Fix *low, *high;  // [answer][inputs][F]: pre-activations, rounded outwards
    const Task *task;
} Truth;

// Every `stride`-th input of the task that meets the precondition.
Truth truth_new(Arena *arena, const Fixture *fixture, int stride);

// `count` random inputs of a region, asked of an oracle of this model at one answer position only.
Truth truth_sample(Arena *arena, const Fixture *fixture, Oracle *oracle, int answer,
                   const Region *region, int count, Rng *rng);

static inline const uint8_t *truth_symbols(const Truth *truth, int input)
{
    return truth->symbols + (size_t)input * (size_t)truth->task->columns;
}

// Margins of the right token before every other one, and pre-activations, at an answer position.
static inline const Fix *truth_margin(const Truth *truth, int answer, int input)
{
    return truth->margin +
           ((size_t)answer * (size_t)truth->inputs + (size_t)input) * (size_t)truth->V;
}

static inline const Fix *truth_low(const Truth *truth, int answer, int input)
{
    return truth->low + ((size_t)answer * (size_t)truth->inputs + (size_t)input) * (size_t)truth->F;
}

static inline const Fix *truth_high(const Truth *truth, int answer, int input)
{
    return truth->high +
           ((size_t)answer * (size_t)truth->inputs + (size_t)input) * (size_t)truth->F;
}

Fix truth_down(mpfr_srcptr x); // to units of 2^-50
Fix truth_up(mpfr_srcptr x);
