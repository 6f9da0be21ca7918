// What has been shown, in words.
#pragma once

#include "splits.h"

// Requires: everything was checked.
void theorem_print(const Problem *problem, const PositionVerdict *positions, const char *root);
