// Trials of margins and neurons: bounds on regions of a model at one answer position, compared with
// the truth input by input.
#pragma once

#include "regions.h"
#include "truth.h"

enum { TRIAL_MODELS = 11 };

extern const FixtureOptions trial_models[TRIAL_MODELS]; // of two digits

typedef struct Trial {
    const Fixture *f;
    const Truth *truth;
    int answer;
    int compared;                              // inputs
    int low_margins, wide_neurons, low_linear; // must stay 0
    int regions, unfit, hopeless, certified;
    bool tampered;
    int settled; // inputs on which bounds must be tight
} Trial;

// The model id of the right token, which is the same on all of the region.
int trial_right(const Fixture *fixture, int answer, const Region *region);

// The group of the bound that an input is in.
const GroupBound *trial_group(const Trial *trial, const MarginBound *bound, int input);

// Counts what the bound says wrongly of an input.
void trial_compare(Trial *trial, const MarginBound *bound, int input);

// The region's least true margin over the inputs that are compared.
Fix trial_compare_all(Trial *trial, const Region *region, const MarginBound *bound);

// The same region in several groups: they are tried where one does not suffice, and where no few configurations are
// enough to say so. False if there are none.
bool trial_bound_groups(Arena *arena, const Query *query, const Region *region,
                        const MarginBound *one, MarginBound *ret);

// Looks at the bound by itself, then compares it.
void trial_check_bound(Trial *trial, const Region *region, const MarginBound *bound);

// The same for the bound of a region in one group, if it has one.
void trial_check_region(Trial *trial, const Region *region);

// Nothing that was compared came out wrong.
void trial_check(const Trial *trial);

// Every answer token, then random regions.
void trial_try_regions(Trial *trial, int draws);

// Calls `try` for each supported answer position, checks what came out, and counts the settled.
int trial_each_answer(const Fixture *fixture, const Truth *truth, int draws, bool tampered,
                      void (*try)(Trial *trial, int draws));
