#include "manifest.h"

#include <string.h>

#include "harness.h"

static Manifest manifest;
static Diag diag;

static Status parse(Arena *arena, const char *text)
{
    return manifest_parse(arena, text, strlen(text), &manifest, &diag);
}

static void what_is_written_is_read(void)
{
    Arena *arena = arena_new();
    SpecParam params[] = {{.name = "n", .value = 3}, {.name = "long_name", .value = -7}};
    Spec spec = {.params = params, .n_params = 2, .text = "text", .size = 4};
    BundleClaim claim = bundle_claim(arena, &spec, "some/where/a \"b\".spec", "model", 5);
    Text text = {0};
    manifest_write_incomplete(&text, &claim);
    CU_ASSERT_EQUAL_FATAL(parse(arena, text_chars(&text)), STATUS_OK);
    CU_ASSERT_FALSE(manifest.complete);
    CU_ASSERT_STRING_EQUAL(manifest.spec, "a \"b\".spec");
    CU_ASSERT_STRING_EQUAL(manifest.claim, claim.sha256);
    CU_ASSERT_EQUAL_FATAL(manifest.n_settings, 2);
    CU_ASSERT_STRING_EQUAL(manifest.settings[1].name, "long_name");
    CU_ASSERT_EQUAL(manifest.settings[1].value, -7);
    CU_ASSERT_TRUE(manifest.same_ripple);
    CU_ASSERT_TRUE(manifest.same_solver);
    text_free(&text);
    arena_free(arena);
}

static void the_claim_is_spec_settings_and_model(void)
{
    Arena *arena = arena_new();
    SpecParam three = {.name = "n", .value = 3}, four = {.name = "n", .value = 4};
    Spec spec = {.params = &three, .n_params = 1, .text = "text", .size = 4};
    Spec longer = spec, other = spec;
    longer.params = &four;
    other.text = "test";
    BundleClaim claim = bundle_claim(arena, &spec, "a", "model", 5);
    CU_ASSERT_STRING_EQUAL(bundle_claim(arena, &spec, "b/c", "model", 5).sha256, claim.sha256);
    CU_ASSERT_STRING_NOT_EQUAL(bundle_claim(arena, &spec, "a", "modem", 5).sha256, claim.sha256);
    CU_ASSERT_STRING_NOT_EQUAL(bundle_claim(arena, &longer, "a", "model", 5).sha256, claim.sha256);
    CU_ASSERT_STRING_NOT_EQUAL(bundle_claim(arena, &other, "a", "model", 5).sha256, claim.sha256);
    arena_free(arena);
}

static void other_versions_are_told(void)
{
    Arena *arena = arena_new();
    CU_ASSERT_EQUAL(parse(arena, "{\"schema\": \"ripple-bundle 1\", \"state\": \"incomplete\", "
                                 "\"claim_sha256\": \"\", \"spec\": \"\", \"settings\": {}, "
                                 "\"ripple\": \"0\", \"solver\": \"0\"}"),
                    STATUS_OK);
    CU_ASSERT_FALSE(manifest.same_ripple);
    CU_ASSERT_FALSE(manifest.same_solver);
    arena_free(arena);
}

static void anything_else_is_C003(void)
{
    static const char *const texts[] = {
        "",
        "{}",
        "[]",
        "{\"schema\": \"ripple-bundle 2\", \"state\": \"incomplete\", \"claim_sha256\": \"\", "
        "\"spec\": \"\", \"settings\": {}, \"ripple\": \"0\", \"solver\": \"0\"}",
        "{\"schema\": \"ripple-bundle 1\", \"state\": \"done\", \"claim_sha256\": \"\", "
        "\"spec\": \"\", \"settings\": {}, \"ripple\": \"0\", \"solver\": \"0\"}",
        "{\"schema\": \"ripple-bundle 1\", \"state\": \"complete\", \"claim_sha256\": \"\", "
        "\"spec\": \"\", \"settings\": {}, \"ripple\": \"0\", \"solver\": \"0\"}",
        "{\"schema\": \"ripple-bundle 1\", \"state\": \"incomplete\", \"claim_sha256\": 3, "
        "\"spec\": \"\", \"settings\": {}, \"ripple\": \"0\", \"solver\": \"0\"}",
        "{\"schema\": \"ripple-bundle 1\", \"state\": \"incomplete\", \"claim_sha256\": \"\", "
        "\"spec\": \"\", \"settings\": {\"n\": \"3\"}, \"ripple\": \"0\", \"solver\": \"0\"}",
        "{\"schema\": \"ripple-bundle 1\", \"state\": \"incomplete\", \"claim_sha256\": \"\", "
        "\"spec\": \"\", \"ripple\": \"0\", \"solver\": \"0\"}",
        "{\"schema\": \"ripple-bundle 1\", \"state\": \"incomplete\", \"claim_sha256\": \"\", "
        "\"spec\": \"\", \"settings\": {}, \"ripple\": \"0\"}",
    };
    Arena *arena = arena_new();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        diag = (Diag){0};
        CU_ASSERT_EQUAL(parse(arena, texts[i]), STATUS_MALFORMED);
        CU_ASSERT_STRING_EQUAL(diag.code, "C003");
    }
    arena_free(arena);
}

#define TESTS(X)                                                                                   \
    X(what_is_written_is_read)                                                                     \
    X(other_versions_are_told)                                                                     \
    X(the_claim_is_spec_settings_and_model)                                                        \
    X(anything_else_is_C003)

RUN_TESTS("bundle/manifest", TESTS)
