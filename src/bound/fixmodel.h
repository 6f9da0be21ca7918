// The stored weights as rigorous fixed-point matrices, laid out by output row.
//
// One letter a dimension, as in model.h; HK stands for all heads side by side (head * K +
// dimension).
#pragma once

#include "fix.h"
#include "model.h"

typedef struct FixLayer {
    FixMatrix W_Q, W_K, W_V; // [HK][D]
    FixVector b_Q, b_K, b_V; // [HK]
    FixMatrix W_O;           // [D][HK]
    FixVector b_O;           // [D]
    FixMatrix W_in;          // [F][D]
    FixVector b_in;          // [F]
    FixMatrix W_out;         // [D][F]
    FixVector b_out;         // [D]
} FixLayer;

typedef struct FixModel {
    const Model *model;
    FixMatrix W_E, W_pos; // [V][D], [C][D]
    FixLayer *layer;
    FixMatrix W_U;     // [V][D]
    FixVector b_U;     // [V]
    FixMatrix readout; // [V][F]: W_out of the last layer, then W_U: a neuron's effect on each logit
    Fix score_scale, score_scale_rad;
} FixModel;

// Errors: STATUS_LIMIT (B001) when a weight, or the model, is too large for the rigorous arithmetic.
MUST_USE Status fix_model_new(Arena *arena, const Model *model, FixModel **ret_fix, Diag *diag);
