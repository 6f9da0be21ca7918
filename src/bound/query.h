// The last layer's attention at one answer position, made ready for bounding.
//
// A query configuration fixes the tokens of the query's own cone (for addition: the previous answer
// digit and the digits of its column). Each key is then constant or a function of one column's
// symbol; tokens of a key's cone that neither settles are variants, all of them allowed (Lemma B4).
#pragma once

#include "functional.h"
#include "path.h"
#include "scores.h"

enum {
    QUERY_TERMS_MAX = 200000,    // (symbol, variant) pairs over all keys
    QUERY_ENTRIES_MAX = 1 << 26, // of the neurons' tables, over all heads
};

typedef struct QueryKey {
    const ResidualTable *table;
    int column; // see PathKey
    int variants;
    int *offset; // [symbols * variants] or [variants]: what they add to the configuration
    ScoreSide side;
    KeyValues values;
    Fix *score_rad; // [H]
} QueryKey;

typedef struct Query {
    const FixModel *model;
    const Task *task;
    const TokenOptions *options;
    const ResidualTable *table; // the query's own residuals
    int position;
    ScoreSide side;
    bool supported; // false: a cone is too wide to enumerate
    bool exact;     // bounds are for the exact function only, not for all runs: for comparison
    int n_keys;     // positions that some head reads
    QueryKey *key;
    int *n_head_keys;         // [H]
    int **head_key;           // [H][n_head_keys] -> index into key
    uint64_t **mask;          // [cone position][option * words]: edges that agree with the token
    int *mask_column;         // [cone position]
    FixMatrix neuron;         // [F][HK]: pre-activations as functionals of the heads' outputs
    FunctionalTable *neurons; // [H]
    struct Noise *noise;      // noise.h
} Query;

// Prepares the query at `position` of the last layer. An unsupported query is no error.
// Errors: STATUS_LIMIT (B002).
MUST_USE Status query_new(Arena *arena, const ResidualTables *tables, const Task *task,
                          int position, Query **ret_query, Diag *diag);

// A quick look: false only if no input of the region has the query tokens of configuration
// `config`.
bool query_occurs(const Query *query, int config, const Region *region);

// The part of `region` on which the query's tokens are those of configuration `config`; false if
// empty.
bool query_restrict(const Query *query, int config, Region *region);

// Keys of one head at configuration `config`, with weights enclosed for all runs on the inputs of `path`.
// False if a score leaves its bound.
bool query_head(Arena *arena, const Query *query, int config, int head, const PathRegion *path,
                PathHead *ret_head);

// The first configuration of a key where the query has configuration `config` and the key's column
// (if it has one) `symbol`.
int query_key_config(const Query *query, const QueryKey *key, int config, int symbol);

// Midpoint of the score. False if it leaves its bound.
bool query_score(const Query *query, int config, int head, const QueryKey *key, int key_config,
                 Fix *ret_score);

// C W_O: rows of functionals of the residual as functionals of the heads' outputs, [n][HK].
bool query_through_heads(Arena *arena, const FixLayer *layer, const FixMatrix *C,
                         FixMatrix *ret_through);
