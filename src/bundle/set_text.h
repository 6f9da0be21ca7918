// Sets of small numbers as certificates write them: "0-4,7" (docs/certificate-format.md, K3).
#pragma once

#include <stdbool.h>

#include "text.h"

// Requires: member[0..count-1] has at least one true.
void set_text_add(Text *text, const bool *member, int count);
