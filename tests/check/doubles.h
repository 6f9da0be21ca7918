// A model of two layers in double.
#pragma once

#include "model.h"

enum { DOUBLES_MAX = 64 }; // numbers in a row

// y = bias, or zero if there is none.
void doubles_start(double *y, const float *bias, int n);

// y += x W, W being [in][out].
void doubles_add(const double *x, const float *W, int in, int out, double *y);

// q, k or v of head h, for the residual x.
void doubles_project(const Model *model, const double *x, const float *W, const float *b, int h,
                     double *y);

double doubles_score(const Model *model, const double *q, const double *k);

// The residual that enters layer 1 at j. Requires: every head of layer 0 reads something there.
void doubles_residual(const Model *model, const int *token, int j, double *x);
