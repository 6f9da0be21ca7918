// The files of a bundle and their hashes (K1, K2).
#pragma once

#include "sha256.h"

#include <stddef.h>

typedef struct ProofFile {
    const char *name;
    char *bytes; // the very bytes that were hashed, and a zero byte after them
    size_t size;
} ProofFile;

typedef struct ProofFiles {
    ProofFile task, model, certificate;
    char root[SHA256_HEX];
} ProofFiles;

// Reads the bundle in this directory and compares every hash. Ends the program if K2 is not met.
void proof_files_read(ProofFiles *files, const char *directory);
