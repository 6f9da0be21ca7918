// SHA-256 (FIPS 180-4).
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct Sha256 {
    uint32_t state[8];
    uint64_t size; // bytes so far
    uint8_t block[64];
} Sha256;

enum { SHA256_HEX = 65 };

void sha256_begin(Sha256 *hash);
void sha256_add(Sha256 *hash, const void *bytes, size_t size);

// 64 lower-case hexadecimal digits and a zero byte. The hash is used up.
void sha256_end(Sha256 *hash, char ret_hex[SHA256_HEX]);
