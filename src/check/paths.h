// The longest path of K11 (Bounds on a head), for many functionals side by side.
//
// Weights of different keys can be e^100 apart, and yet on some path the smallest may be all there is. So the length of
// a path is counted in units of the path's own, those of the greatest weight on it; where it comes to greater units,
// it is rounded up. Only its sign counts in the end. (Where a column has several keys, and one of these several
// members at a symbol, they share the units of the greatest of them, and a path that takes a much lighter one is known
// less well.)
#pragma once

#include "edge_set.h"
#include "lanes.h"

// Values of functionals are integers in units of 2^-18, at most PATHS_VALUE_LIMIT in size; so are lambdas. Weights
// are at most PATHS_WEIGHT_LIMIT, keys at most PATHS_KEYS_MOST. So a path is at most 64 * 2^26 * 2^30 = 2^62 long.
#define PATHS_VALUE_BITS   18
#define PATHS_VALUE_LIMIT  (INT64_C(1) << 29)
#define PATHS_WEIGHT_LIMIT (INT64_C(1) << 26)
#define PATHS_KEYS_MOST    64

// Of what weighs nothing; above all others.
#define PATHS_SHIFT_MOST (1 << 20)

// e^(s - S), its least and greatest, and about it itself, in units of 2^-(62 + shift); at most 2^62 + 2^8.
typedef struct Weight {
    uint64_t low, middle, high;
    int shift;
} Weight;

// A configuration of a key: the value of each functional, and its weight interval in units of 2^-(25 + shift) for
// the shift of its batch.
typedef struct Term {
    const int32_t *value;
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

// What keys add on one of several occasions, whose weights are of like size, on arrows that lead alike: the greatest
// over the occasions of the sum over the keys of the greatest of its terms, `terms` of them. Without keys, nothing.
typedef struct Batch {
    const SymbolClass *class;
    int occasions, keys, shift;
    const int *terms; // [key]
    const Term *term; // for each occasion, each key, its terms
} Batch;

// All that may happen at a step of a path: on a column, each symbol; or what a key without a column adds, while all
// states stay what they are.
typedef struct Step {
    int count;
    const Batch *batch;
} Step;

// Requires: every arrow of a step begins in a state in which one of the step before ends, or a path begins.
typedef struct PathsQuestion {
    int steps;
    uint64_t start;        // set of states
    const Step *step;      // [steps]
    int lanes;             // a multiple of LANES
    const int32_t *lambda; // [lane]
} PathsQuestion;

// The stages of a trimmed region, [column], in memory of the pool.
Stage *paths_stages(const Trellis *trellis, const EdgeSet *region);

// ret[lane] is positive if the greatest sum of w (value - lambda) over the paths is.
void paths_longest(const PathsQuestion *question, int64_t *ret);
