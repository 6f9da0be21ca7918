#include "sha256.h"

#include <string.h>

#include "harness.h"

#define TESTS(X)                                                                                   \
    X(vectors_of_the_standard)                                                                     \
    X(a_million_letters)                                                                           \
    X(pieces_do_not_matter)

static const char *hash_of(const char *text)
{
    static char hex[SHA256_HEX];
    Sha256 hash;
    sha256_begin(&hash);
    sha256_add(&hash, text, strlen(text));
    sha256_end(&hash, hex);
    return hex;
}

static void vectors_of_the_standard(void)
{
    CU_ASSERT_STRING_EQUAL(hash_of(""),
                           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CU_ASSERT_STRING_EQUAL(hash_of("abc"),
                           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CU_ASSERT_STRING_EQUAL(hash_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void a_million_letters(void)
{
    char hex[SHA256_HEX], letters[1000];
    Sha256 hash;
    memset(letters, 'a', sizeof letters);
    sha256_begin(&hash);
    for (int i = 0; i < 1000; i++)
        sha256_add(&hash, letters, sizeof letters);
    sha256_end(&hash, hex);
    CU_ASSERT_STRING_EQUAL(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void pieces_do_not_matter(void)
{
    char text[200], whole[SHA256_HEX], pieces[SHA256_HEX];
    for (size_t size = 0; size < sizeof text; size++) {
        memset(text, 'x', size);
        text[size] = 0;
        strcpy(whole, hash_of(text));
        Sha256 hash;
        sha256_begin(&hash);
        sha256_add(&hash, text, size / 3);
        sha256_add(&hash, text + size / 3, size - size / 3);
        sha256_end(&hash, pieces);
        CU_ASSERT_STRING_EQUAL(pieces, whole);
    }
}

RUN_TESTS("check/sha256", TESTS)
