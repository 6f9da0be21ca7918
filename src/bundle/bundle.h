// The proof bundle in memory: the files of docs/certificate-format.md, K1, made from a proof.
//
// Nothing in it depends on the number of threads, the folder, the host, the time, or what was cached.
#pragma once

#include "hash.h"
#include "proof.h"

typedef struct BundleFile {
    const char *name; // "smt/N.s3.0017.smt2"
    const char *bytes;
    size_t size;
    char sha256[HASH_HEX_SIZE];
} BundleFile;

typedef struct Bundle {
    BundleFile *file; // MANIFEST.json first; SHA256SUMS last
    int n_files;
    char root[HASH_HEX_SIZE]; // of all but MANIFEST.json and smt/ (K2)
} Bundle;

// What a bundle is about. Two of the same claim prove the same.
typedef struct BundleClaim {
    const char *spec_name; // without folders
    const Spec *spec;
    char spec_sha256[HASH_HEX_SIZE], model_sha256[HASH_HEX_SIZE];
    char sha256[HASH_HEX_SIZE]; // of both and of the settings
} BundleClaim;

// `spec_name`: a path is cut down to the name.
BundleClaim bundle_claim(Arena *arena, const Spec *spec, const char *spec_name, const char *model,
                         size_t model_size);

// Requires: VERDICT_PROVED, and every answer position selected. Errors: those of task_file_write,
// when the claim is none that certificates can be written for; those of certificate_write and
// smt_files_of.
MUST_USE Status bundle_new(Arena *arena, const Proof *proof, const BundleClaim *claim,
                           Bundle *ret_bundle, Diag *diag);

// NULL when there is no such file.
const BundleFile *bundle_find(const Bundle *bundle, const char *name);
