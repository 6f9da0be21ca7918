// The checker within one process: what ends the program there (reject.h) ends one attempt here.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "proof_files.h"

// Calls check(context); false if it rejected something. All memory that was taken meanwhile is given back.
bool checking_try(void (*check)(void *context), void *context);

// A file of a bundle with these bytes, and the zero byte after them, in memory of the pool.
ProofFile checking_file(const char *name, const uint8_t *data, size_t size);
