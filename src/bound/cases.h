// A region at an answer position, query configuration by query configuration, and upper bounds of
// functionals of the heads' outputs on all of them.
#pragma once

#include "path.h"
#include "references.h"

typedef struct Case { // one query configuration that occurs on the region
    int config;
    PathRegion path;             // the restriction
    PathHead *head;              // [H]
    ReferenceWeights *reference; // [H]
} Case;

typedef struct Cases {
    const Query *query;
    int count, heads;
    Case *item;
    References references; // of the region
} Cases;

// Those of the `count` configurations that occur on the region. False if there are none, or if
// something grows too large.
bool cases_of(Arena *arena, const Query *query, const Region *region, const int *configs, int count,
              Cases *ret_cases);

// The residual that the MLP sees in one case, but for the heads' outputs: x + b_O.
FixVector case_direct(Arena *arena, const Cases *cases, int item);

// Those cases that are members of a group, at least one.
Cases cases_of_group(Arena *arena, const Cases *cases, const uint8_t *group_of, int group);

// Bounds on sign * (functional of a head's output), for every functional and case.
typedef struct HeadBounds {
    int count, heads, stride;
    Fix *bound; // [count][heads][stride] at least the largest on the case
    Fix *mean;  // [count][heads][stride] at the reference inputs, see references.h
    Fix *room;  // [heads][stride] another computation may find a mean that is as far away
} HeadBounds;

// Either may be NULL; ret_up is for sign = 1, ret_down for -1.
void head_bounds_of(Arena *arena, const Cases *cases, const FunctionalTable *tables,
                    HeadBounds *ret_up, HeadBounds *ret_down);

// Which configurations of a head's keys occur in some case or are read for its references: what tables of
// functionals must have. [keys of the head] -> [configs]
const uint8_t *const *cases_used(Arena *arena, const Cases *cases, int head);

// A number d of units of 2^-bits for which `head_lambda` is a bound in every case, with 2 units to
// spare (docs/certificate-format.md, K11).
int32_t head_units(const Cases *cases, const HeadBounds *bounds, int head, int i, int bits);

// lambda: the mean rounded down to units, and d units more. An upper bound, if d is that of head_units. For a
// mean that is close to a multiple of the unit, the greater of two that a checker may find.
Fix head_lambda(const HeadBounds *bounds, int item, int head, int i, int bits, int32_t d);
