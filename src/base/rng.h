// Random numbers that are the same on every machine: xoshiro256** (Blackman and Vigna, 2018),
// seeded by splitmix64. A stream is named by (seed, stream), so that question i of batch t draws
// from its own stream whichever thread makes it.
#pragma once

#include <stdint.h>

typedef struct Rng {
    uint64_t s[4];
} Rng;

Rng rng_new(uint64_t seed, uint64_t stream);
uint64_t rng_next(Rng *rng);
uint32_t rng_below(Rng *rng, uint32_t bound); // uniform in 0..bound-1, exactly; bound > 0
float rng_unit(Rng *rng);                     // uniform in [0, 1), a multiple of 2^-24
float rng_normal(Rng *rng); // about N(0, 1): sum of 12 uniforms, no transcendental
