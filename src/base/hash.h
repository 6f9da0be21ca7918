// SHA-256 (by nettle), as 64 lower-case hexadecimal digits.
#pragma once

#include <stddef.h>

enum { HASH_HEX_SIZE = 65 };

void hash_sha256(const void *bytes, size_t size, char ret_hex[HASH_HEX_SIZE]);
