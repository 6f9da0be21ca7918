// Names of the files in a bundle (docs/certificate-format.md, K1).
#pragma once

#include <stdbool.h>

enum { BUNDLE_NAMES = 9 };

extern const char *const bundle_names[BUNDLE_NAMES]; // but those in smt/

bool bundle_names_top(const char *name);    // one of these, or smt
bool bundle_names_script(const char *name); // of a file in smt/
