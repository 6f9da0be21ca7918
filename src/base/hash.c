#include "hash.h"

#include <nettle/sha2.h>
#include <stdio.h>

void hash_sha256(const void *bytes, size_t size, char ret_hex[HASH_HEX_SIZE])
{
    struct sha256_ctx context;
    unsigned char digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, size, bytes);
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(ret_hex + 2 * i, 3, "%02x", digest[i]);
}
