// Does this machine compute as the theorem about the program assumes? docs/machine.md lists what.
//
// A few dozen operations with known bits, on numbers that the compiler cannot see; microseconds. A
// mode that another library has switched on in this thread (subnormals flushed to zero, another
// rounding) shows here. Threads that are started later inherit the mode of the one that starts them.
#pragma once

#include "diag.h"

// Errors: STATUS_INTERNAL (H001), naming the first assumption that is violated.
MUST_USE Status machine_check(Diag *diag);
