// Whether what the prover finds is, byte for byte, the bundle that was recorded.
//
// All files are compared, except that a bundle of another version of Ripple has another audit.md, which
// is that version's text and counts its lines, and that MANIFEST.json names the versions of Ripple and of
// the solver, and SHA256SUMS has the manifest's hash.
#pragma once

#include "bundle_read.h"

// Whether this file of the recorded bundle can be the same as what is found here.
bool bundle_comparable(const Manifest *recorded, const char *name);

// Scripts that are missing are compared by their hashes. Errors: STATUS_STALE (C011).
MUST_USE Status bundle_compare(const BundleRead *recorded, const Bundle *found, Diag *diag);
