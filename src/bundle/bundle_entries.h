// What stands in the folder of a bundle on disk: files with the names of a bundle's, and nothing else.
#pragma once

#include "arena.h"
#include "diag.h"

typedef struct BundleEntries {
    const char **script; // "smt/A.step.smt2": those that are there
    int n_scripts;
} BundleEntries;

// Follows no links below `path`. Errors: STATUS_STALE (C006) when something in the folder has no name
// of a bundle's file, or cannot be read; STATUS_MALFORMED (C014) when something that has is a link, or
// anything else than a file (smt: than a folder).
MUST_USE Status bundle_entries(Arena *arena, const char *path, BundleEntries *ret_entries,
                               Diag *diag);
