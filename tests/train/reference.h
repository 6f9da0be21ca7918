// The loss of a model in double precision, written from model.h alone and as plainly as possible:
// every position, no vectors, no shortcuts.
#pragma once

#include "model.h"

// A number of the model with index i is parameters[i], not model->parameters[i]. tokens[p * 16 + q]
// is the token of question q at position p; positions first..length-1 predict the next token.
// Returns the cross-entropy summed over questions and predicted tokens.
double reference_loss(const Model *model, const double *parameters, const int *tokens, int first,
                      int length);
