// What a fuzz target offers: libFuzzer calls it, and so does replay.c.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Feeds `data` to the code under test; always 0. Any content must end without a fault.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
