// Edge cases of a few inputs, evaluated in double: what the heads of the last layer see at every
// configuration of the query, on each input and on reference inputs.
#pragma once

#include "doubles.h"
#include "few.h"

enum {
    SIGHT_HEADS_MAX = 2,
    SIGHT_KEYS_MAX = 9,
    SIGHT_CONFIGURATIONS_MAX = 9,
    SIGHT_REFERENCES = 2,
};

typedef struct Key {
    int position, column;
} Key;

// A configuration of a key for one head: the exponential of its score, and v W_O.
typedef struct At {
    double weight, out[DOUBLES_MAX];
} At;

// What the keys can be on the symbols of an input.
typedef struct Sight {
    int count[SIGHT_KEYS_MAX];
    At at[SIGHT_KEYS_MAX][SIGHT_CONFIGURATIONS_MAX];
} Sight;

// A configuration of the query: what its head sees on each input of its restriction, and on each reference.
typedef struct Query {
    double x[DOUBLES_MAX];
    int paths;
    Sight path[FEW_INPUTS_MAX][SIGHT_HEADS_MAX], reference[SIGHT_REFERENCES][SIGHT_HEADS_MAX];
} Query;

typedef struct Case {
    const Model *model;
    int right, inputs;
    FewInput input[FEW_INPUTS_MAX];
    int reference[SIGHT_REFERENCES][2];
    int keys;
    Key key[SIGHT_KEYS_MAX];
    int queries;
    Query *query; // of the case that was made last
} Case;

// The edge case of a right token at a position; with `columns`, keys that can have one do. The
// queries of the case that was made before are lost.
void case_init(Case *k, const Model *model, const Few *few, int position, int right, bool columns);
