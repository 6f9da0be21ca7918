// The scripts of edge cases, written again: refinement keeps only what they led to. Bounds depend on
// nothing but the model, the task and the region, so each comes out as it was solved.
#pragma once

#include "network.h"

typedef struct CaseScripts {
    const char ***script; // [answer][n_cases]; NULL where the case is not proved
} CaseScripts;

// Errors: those of network_prove; STATUS_INTERNAL (P022) when the bounds of a proved case do not come
// out again.
MUST_USE Status case_scripts(Arena *arena, WorkPool *pool, const Claim *claim,
                             const NetworkProof *network, Fix mu, CaseScripts *ret_scripts,
                             Diag *diag);
