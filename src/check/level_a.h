// Level A (K4, Claim): on every path, the sum of coefficient times value is zero.
#pragma once

#include "reject.h"
#include "trellis.h"

// Requires: conditions 1 to 3 of K4 hold. Ends the program if the claim does not.
void level_a_check(const Trellis *trellis, Place place);
