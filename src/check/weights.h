// The model (K5, and model-format.md), its numbers enclosed by fixed-point ones.
#pragma once

#include "matrix.h"
#include "proof_files.h"

#include <stdbool.h>

typedef struct Bias {
    int64_t *a;
    int64_t rad;
} Bias;

// Every matrix as "out from in"; heads side by side, HK = heads * width.
typedef struct Layer {
    Matrix q, k, v; // D -> HK
    Matrix o;       // HK -> D
    Matrix in, out; // D -> F, F -> D
    Bias bq, bk, bv, bo, bin, bout;
    const uint8_t *edges; // [head][query][key], null if every causal edge is there
} Layer;

typedef struct Model {
    int layers, heads, d, width, hidden, vocabulary, context; // L H D K F V C
    int hk;                                                   // H K
    Matrix embed, positions;                                  // in = D: row token, row position
    Layer *layer;
    Matrix unembed; // D -> V
    Bias bu;
    int64_t scale;     // score_scale, exactly
    const char **text; // [V]
} Model;

void model_read(Model *model, const ProofFile *file);

bool model_edge(const Model *model, int layer, int head, int query, int key);

// The fixed-point number nearest to a binary32 number; false if it is not below 2^9 in size (as infinities
// and what is no number are). Sets *ret_inexact if it is another number.
bool binary32_to_fixed(uint32_t bits, int64_t *ret_fixed, bool *ret_inexact);
