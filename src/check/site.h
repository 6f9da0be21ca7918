// All that K9 and K11 need to know of an answer position before there is an edge case: the query, its keys,
// the constants of K9, the weights.
#pragma once

#include "paths.h"
#include "tables.h"

// A key position that a head of the last layer reads. Its members at a configuration of the query are the
// configurations that agree with that: `base` of it plus an offset each.
typedef struct SiteKey {
    int position, column; // column -1: depends on none
    const Table *table;
    int64_t members;
    int64_t *offset; // [member]
    int choices; // how many of them there are at each symbol of the column; if there is none, at symbol 0
    int64_t **at; // [symbol][choice]: these
    int32_t **
        value; // [head]: [configuration][neuron], G_i,h in units of 2^-18, off by at most value_off
    int32_t value_off;
    bool *read;    // [head]
    int64_t place; // of its first member among those of all keys
} SiteKey;

typedef struct Site {
    const Tables *tables;
    int position, query;
    const Table *table; // of the query
    int keys;
    SiteKey *key;
    int *keys_of;       // [head]: how many keys it reads
    int64_t members;    // of all keys
    Weight *weight;     // [configuration][head][member]
    int64_t *entry;     // [configuration][D]: x + b_O
    int64_t *entry_rad; // [configuration]
    int64_t *direct;    // [configuration][neuron]
    int64_t *direct_rad;
    // K9
    int64_t *ly, *lu, *wide, *lx, *ll;
    int64_t *v_most; // [HK]
} Site;

// What does not depend on the answer position.
typedef struct SiteParts {
    const Tables *tables;
    Matrix mix;               // W_O W_in, HK -> F
    Matrix *far;              // [head]: W_V W_O W_in, D -> F
    Matrix o_back;            // W_O, D -> HK
    Matrix *v_back;           // [head]: W_V, K -> D
    Matrix in_back, out_back; // F -> D, D -> F
    int32_t ***values;        // [position]: SiteKey.value
    int32_t *values_off;
} SiteParts;

void site_parts_init(SiteParts *parts, const Tables *tables);

// The keys of an answer position, their columns yet unknown.
void site_keys(Site *site, const SiteParts *parts, int position);

// All else. Requires: the columns are set.
void site_fill(Site *site, const SiteParts *parts);

// The configuration of a key from which its members at a configuration of the query are counted.
int64_t site_base(const Site *site, const SiteKey *key, int64_t configuration);

// R_h of K9, from |c| and |W_V c|.
int64_t site_head_error(const Site *site, int head, const int64_t *c, const int64_t *far);
