// A bundle on disk, read back and compared with its own hashes. This says that it is what was
// written, not that it proves anything: that is what proofcheck is for.
#pragma once

#include "manifest.h"

typedef struct BundleRead {
    Manifest manifest;
    Bundle bundle; // scripts that are not there have bytes NULL
} BundleRead;

// Errors: STATUS_MISSING (F001) when there is no bundle; STATUS_STALE (C006) when it is not
// complete, or a file is missing or has another hash; STATUS_MALFORMED (C003).
MUST_USE Status bundle_read(Arena *arena, const char *path, BundleRead *ret_read, Diag *diag);
