// The longest path of K11 (Bounds on a head), for many functionals side by side.
#pragma once

#include "edge_set.h"
#include "lanes.h"

// Values of functionals are integers in units of 2^-18, at most PATHS_VALUE_LIMIT in size; so are lambdas. Weights
// are at most PATHS_WEIGHT_LIMIT, keys at most PATHS_KEYS_MOST. So a path is at most 64 * 2^26 * 2^30 = 2^62 long.
#define PATHS_VALUE_BITS   18
#define PATHS_VALUE_LIMIT  (INT64_C(1) << 29)
#define PATHS_WEIGHT_LIMIT (INT64_C(1) << 26)
#define PATHS_KEYS_MOST    64

// e^(s - S), its least and greatest, and about it itself, in units of 2^-(62 + shift); at most 3 * 2^61.
typedef struct Weight {
    uint64_t low, middle, high;
    int shift;
} Weight;

// A configuration of a key: the value of each functional, and its weight interval in units of 2^-(62 + shift) for
// the question's shift, and coarsely, in units 2^37 times as large.
typedef struct Term {
    const int32_t *value;
    uint64_t fine_low, fine_high;
    int32_t low, high;
} Term;

// Requires: shift is not greater than the weight's.
Term paths_term(const int32_t *value, const Weight *weight, int shift);

// Symbols of a column whose edges lead alike.
typedef struct SymbolClass {
    int arrows, symbols;
    uint8_t *from, *to; // of each arrow
    int *symbol;
} SymbolClass;

// A column of a region. Symbols occur once, in one class.
typedef struct Stage {
    int classes;
    SymbolClass *class;
} Stage;

// What the keys that depend on a column add on each of its symbols: for each class, each symbol, each key,
// its terms, `terms` of them, of which the greatest counts.
typedef struct StageKeys {
    int keys;
    const int *terms; // [key]
    const Term *term;
} StageKeys;

typedef struct PathsQuestion {
    int columns;
    uint64_t start;        // set of states
    const Stage *stage;    // [column]
    const StageKeys *keys; // [column]
    StageKeys constant;    // the keys without a column, as of one symbol
    int lanes;             // a multiple of LANES
    const int32_t *lambda; // [lane]
} PathsQuestion;

// The stages of a trimmed region, [column], in memory of the pool.
Stage *paths_stages(const Trellis *trellis, const EdgeSet *region);

// ret[lane] = the greatest sum of w (value - lambda) over the paths, by the coarse weights.
void paths_longest(const PathsQuestion *question, int64_t *ret);

// Whether it is at most 0 for one lane, by the fine weights. (The coarse ones may be too coarse where all keys
// of a path weigh little.)
bool paths_hold(const PathsQuestion *question, int lane);
