// A spec's algorithm, run on random questions: does what it says hold there? No proof, but examples
// and shipped specs should at least not be plainly false.
#pragma once

#include "rng.h"
#include "spec.h"

typedef enum Simulation {
    SIMULATION_HOLDS,
    SIMULATION_NO_QUESTION, // none that meets the assumptions was found
    SIMULATION_STUCK,       // an expression has no value, or a state or digit leaves its range
    SIMULATION_INVARIANT,   // the invariant does not hold
    SIMULATION_REQUIRE,     // the answer does not meet the claim
} Simulation;

// Requires: at most SIMULATION_NUMBERS_MAX numbers and as many states.
Simulation simulate(const Spec *spec, Rng *rng);

enum { SIMULATION_NUMBERS_MAX = 16 };
