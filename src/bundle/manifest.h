// MANIFEST.json of a bundle: whether it is complete, what it is about, and what came out. For
// people and programs; a checker reads `state` and `root` alone (docs/certificate-format.md, K2).
#pragma once

#include "bundle.h"

enum { MANIFEST_MAX = 1 << 20 }; // bytes

// Of a run that has not ended.
void manifest_write_incomplete(Text *text, const BundleClaim *claim);

void manifest_write(Text *text, const Proof *proof, const BundleClaim *claim, const char *root);

typedef struct Manifest { // as read
    bool complete;
    const char *claim, *root; // hashes; root is "" when incomplete
    const char *spec;         // name of the spec
    SpecSetting *settings;
    int n_settings;
    bool same_ripple, same_solver; // the versions that wrote it are those that read it
} Manifest;

// Errors: STATUS_MALFORMED (C003).
MUST_USE Status manifest_parse(Arena *arena, const char *text, size_t size, Manifest *ret_manifest,
                               Diag *diag);
