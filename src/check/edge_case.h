// An edge case (K11): its choices are read, and everything that they have to show is computed.
#pragma once

#include "edge_set.h"
#include "lines.h"
#include "site.h"

enum { EDGE_CASE_GROUPS = 64 };

// What the edge cases of an answer position share.
typedef struct Court {
    const Site *site;
    const SiteParts *parts;
    uint64_t **mask; // [position]: [option][state][word], the edges of its column with that token
    int lanes_most;
    int32_t *value;      // room for a row of lanes for each head and member of a key's table
    int *made;           // for each of these: the hearing that it was made for
    int64_t *first_row;  // [key]: its first one
    int cases, hearings; // edge cases, and their groups, so far
    Wide worst;          // the least margin so far, in units of 2^-50
} Court;

void court_init(Court *court, const Site *site, const SiteParts *parts);

// Reads an edge case of this trimmed region, all but its first word, and checks it; ends the program if it does not hold.
void edge_case_check(Court *court, Lines *lines, const EdgeSet *region);
