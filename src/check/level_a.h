// Level A (K4, Claim): on every path, every clause has a literal that holds.
#pragma once

#include "reject.h"
#include "trellis.h"

// Requires: conditions 1 to 5 of K4 hold. Ends the program if the claim does not.
void level_a_check(const Trellis *trellis, Place place);
