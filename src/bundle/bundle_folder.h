// Bundles on disk: written whole or not at all.
//
// A bundle is written into a hidden folder beside its place, synced, and put there by one rename. A
// run that is killed leaves what was there before. Where nothing was, it leaves a bundle that is
// marked incomplete, which is written before the run starts. What a killed run left beside the place is
// cleared away by the next one.
//
// A bundle of another claim is replaced only by force, and a folder that holds anything else than a
// bundle is never touched.
#pragma once

#include "bundle.h"

// Marks the place for a run that is about to start. *ret_marked: a mark was made, which
// bundle_folder_unmark takes away. Errors: STATUS_CANNOT_WRITE (C004, C005, F003), STATUS_IO.
MUST_USE Status bundle_folder_mark(const char *path, const BundleClaim *claim, bool force,
                                   bool *ret_marked, Diag *diag);

// Takes the mark away, when it is still nothing but a mark.
void bundle_folder_unmark(const char *path);

// Puts the bundle in its place. Errors: as bundle_folder_mark.
MUST_USE Status bundle_folder_write(const char *path, const Bundle *bundle,
                                    const BundleClaim *claim, bool force, Diag *diag);
