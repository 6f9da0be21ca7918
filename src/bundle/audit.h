// audit.md: what a bundle proves, in which arithmetic, on which assumptions, and how to check it.
#pragma once

#include "bundle.h"

// Appends the file. Requires: as bundle_new.
void audit_write(Text *text, Arena *arena, const Proof *proof, const BundleClaim *claim);
