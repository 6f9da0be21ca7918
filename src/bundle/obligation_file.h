// obligations.txt: one obligation a line, for people.
#pragma once

#include "proof.h"

// Appends the file: name, what settled it, certified margin (rounded down), number of inputs, and
// what it says. In the order of the table. Requires: VERDICT_PROVED.
void obligation_file_write(Text *text, const Proof *proof);
