#include "harness.h"
#include "hash.h"

#include <string.h>

#define TESTS(X) X(known_vectors) X(nul_bytes_count)

// From FIPS 180-2, appendix B.
static void known_vectors(void)
{
    char hex[HASH_HEX_SIZE];
    hash_sha256("", 0, hex);
    CU_ASSERT_STRING_EQUAL(hex, "e3b0c44298fc1c149afbf4c8996fb924"
                                "27ae41e4649b934ca495991b7852b855");
    hash_sha256("abc", 3, hex);
    CU_ASSERT_STRING_EQUAL(hex, "ba7816bf8f01cfea414140de5dae2223"
                                "b00361a396177a9cb410ff61f20015ad");
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    hash_sha256(two_blocks, strlen(two_blocks), hex);
    CU_ASSERT_STRING_EQUAL(hex, "248d6a61d20638b8e5c026930c3e6039"
                                "a33ce45964ff2167f6ecedd419db06c1");
}

static void nul_bytes_count(void)
{
    char one[HASH_HEX_SIZE], two[HASH_HEX_SIZE];
    hash_sha256("\0", 1, one);
    hash_sha256("\0\0", 2, two);
    CU_ASSERT_STRING_NOT_EQUAL(one, two);
}

RUN_TESTS("base/hash", TESTS)
