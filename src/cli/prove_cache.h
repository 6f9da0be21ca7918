// Where the solver's answers are kept: --cache, else the user's cache folder.
#pragma once

#include "options.h"
#include "smtcache.h"

// Without any folder, or one that cannot be made, the default is to do without. Errors:
// STATUS_USAGE (O015) for options that contradict each other; STATUS_CANNOT_WRITE (F003) for a
// folder that was asked for.
MUST_USE Status prove_cache_open(const Options *options, Diag *diag);
