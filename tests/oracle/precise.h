// The last layer's numbers for one concrete input, enclosed to some 200 bits in a millisecond.
//
// Like oracle.h an evaluation of the definition at the head of model.h that takes nothing from num/ or
// bound/, but made for a million inputs: fixed-point numbers (limbs.h) with one radius a vector instead
// of pairs of MPFR numbers, weights as exact integers. What a position brings to a layer depends only
// on the tokens that reach it through the edges; it is kept under those tokens for as long as the
// evaluation lives, so models should have edges that leave few choices, or be asked few questions.
//
// The radius, in units of 2^-248: a linear map takes the radius r of a vector to |W| r + 1, |W| its
// largest sum of absolute weights; relu leaves it. Scores with radius r bring weights
// with e^(2r) - 1 <= 3 r in all; exponentials and quotients are MPFR's, with 2^-270 relative, and are
// rounded to numbers, 2 units for each.
#pragma once

#include "enclosure.h"
#include "model.h"

typedef struct Precise Precise;

// Requires: every weight a multiple of 2^-56 below 2^6 in size; numbers on the way below 2^36. Both are
// looked at, and end the program. The model must outlive the evaluation, which must be freed and
// serves one thread.
Precise *precise_new(const Model *model);
void precise_free(Precise *precise);

// Enclosures of the pre-activations of the last layer's MLP at `position`, [F], and of logit[right] -
// logit[t] for every token t, [V]. Requires: tokens[0..position], position < n_ctx.
void precise_last(Precise *precise, const int *tokens, int position, int right,
                  Enclosure *ret_preactivations, Enclosure *ret_margins);
