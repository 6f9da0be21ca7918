// A bundle on disk, read back and compared with its own hashes. This says that it is what was
// written, and holds nothing else, not that it proves anything: that is what proofcheck is for.
#pragma once

#include "manifest.h"

typedef struct BundleRead {
    Manifest manifest;
    Bundle bundle; // scripts that are not there have bytes NULL
} BundleRead;

// Errors: STATUS_MISSING (F001) when there is no bundle; STATUS_STALE (C006) when it is not
// complete, or a file is missing, is not listed or has another hash; STATUS_MALFORMED (C003; C014 when
// something in it is a link).
MUST_USE Status bundle_read(Arena *arena, const char *path, BundleRead *ret_read, Diag *diag);
