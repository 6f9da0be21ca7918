// The heart of the bounds: the largest softmax-weighted mean over all paths of a region.
//
// With the query fixed, a head's output under a functional is N/Z, N = sum of e^s g and Z = sum of
// e^s over its keys, and each term is a function of one column's symbol. For any number lambda
//
//     N/Z <= lambda   on all paths, if   F = max over paths of sum e^s (g - lambda)  <=  0,
//
// and F is a longest path, exact over all inputs of the region
// at once, with nothing relaxed. Weights are intervals that hold those of every binary32 run
// (docs/certificate-format.md, K11); of each interval the worse end counts. Dinkelbach's iteration (lambda <- N/Z at the
// maximiser, and a little more) brings lambda from below to the optimum; it is only a choice, the line above is what is
// used. (Lemma B3)
#pragma once

#include "functional.h"
#include "region.h"

enum {
    PATH_WEIGHT_BITS = 27,   // weights are at most 1 and a little in units of 2^-27 of their batch
    PATH_KEYS_MAX = 64,      // keys of one head: keeps sums below 2^62
    PATH_SHIFT_MAX = 0x7fff, // of what weighs nothing
};

// Symbols of a column that allow the same moves between states.
typedef struct PathClass {
    int first, count; // into PathColumn.symbol
    int n_moves;
    uint8_t from[TASK_STATES_MAX], to[TASK_STATES_MAX];
} PathClass;

typedef struct PathColumn {
    int n_classes;
    PathClass *classes;
    uint8_t symbol[TASK_SYMBOLS_MAX]; // class after class
} PathColumn;

// A region, column by column.
typedef struct PathRegion {
    const Task *task;
    PathColumn *column;
} PathRegion;

void path_region_init(Arena *arena, const Region *region, PathRegion *ret_path);

// A key of one head at one query configuration. Variants are configurations that the column's
// symbol leaves open; each is allowed, whatever the rest of the path says. A weight e^-x has x between near and far;
// 2^shift of it, between low and high in units of 2^-27.
typedef struct PathKey {
    int column; // -1: the same on every path
    int variants;
    const int32_t *config; // [symbols * variants], or [variants] for column -1; so do all others
    const Fix *near,
        *far; // in units of 2^-50, up to 2^12; not negative where the region has the symbol
    int32_t *low, *high; // of path_weigh; only of symbols that are on the region
    int16_t *shift;
} PathKey;

// Symbols of a class whose weights are of like size: they share a shift.
typedef struct PathBatch {
    const PathClass *class;
    int shift, count;
    uint8_t *symbol;
} PathBatch;

typedef struct PathBatches { // of a column
    int count;
    PathBatch *batch;
} PathBatches;

typedef struct PathHead {
    int n_keys;
    PathKey *key;
    PathBatches *batches; // [columns] of path_weigh
} PathHead;

// Weighs the head's keys and sorts symbols into batches.
void path_weigh(Arena *arena, const PathRegion *path, PathHead *head);

// Upper bounds of sign * (functional of the head's output), sign = 1 or -1, in units of 2^-50, for
// all functionals of the table. lambda[stride] is a guess on entry, in the table's units: kept if it is a
// bound, else raised until it is. Requires: path_weigh was called.
void path_bound(const PathRegion *path, const PathHead *head, const FunctionalTable *table,
                int sign, int32_t *lambda, Fix *ret_bound);
