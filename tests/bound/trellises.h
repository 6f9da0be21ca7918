// Small random trellises, and brute force: the largest mean over all their paths and variants and
// both ends of every weight's interval.
#pragma once

#include <gmp.h>

#include "path.h"

enum {
    TRELLIS_COLUMNS = 3,
    TRELLIS_SYMBOLS = 7,
    TRELLIS_STATES = 3,
    TRELLIS_KEYS = 5, // at most
    TRELLIS_ROWS = 11,
    TRELLIS_CONFIGS = 40,
};

typedef struct Trellis {
    Arena *arena; // of all that it is made of, itself too
    Task task;
    Region region;
    PathRegion path;
    PathHead head; // weighed
    FunctionalTable table;
} Trellis;

// One that has a path. Its weights are e^-x, x up to `most`, known to within `room`; those of a
// symbol's variants are alike unless `wild`.
Trellis *trellis_with(uint64_t seed, Fix most, Fix room, bool wild);

// Weights of like size, or of every size.
Trellis *trellis_new(uint64_t seed, bool spread);

// The mean N / Z of functional `row`, times sign, in units of 2^-100; of exact weights about.
typedef struct Largest {
    int row, sign;
    mpz_t N, Z;
    bool none;
} Largest;

void largest_init(Largest *largest, int row, int sign);
void largest_clear(Largest *largest);

// The largest one of all paths and variants, for weights in their intervals.
void largest_mean(const Trellis *trellis, Largest *largest);
