#include "find_spec.h"
#include "harness.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TESTS(X)                                                                                   \
    X(a_file_in_the_working_directory_comes_first)                                                 \
    X(a_bare_name_is_found_among_the_specs)                                                        \
    X(a_name_with_folders_is_only_itself)                                                          \
    X(what_resembles_a_command_gets_a_hint)

static char *find(Arena *arena, const char *name, Status expected, Diag *diag)
{
    char *path = NULL;
    CU_ASSERT_EQUAL(cli_find_spec(arena, name, &path, diag), expected);
    return path;
}

static void a_file_in_the_working_directory_comes_first(void)
{
    char folder[] = "/tmp/ripple-test-XXXXXX";
    Arena *arena = arena_new();
    Diag diag = {0};
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    CU_ASSERT_EQUAL_FATAL(chdir(folder), 0);
    fclose(fopen("addition.spec", "w"));
    CU_ASSERT_STRING_EQUAL(find(arena, "addition.spec", STATUS_OK, &diag), "addition.spec");
    unlink("addition.spec");
    CU_ASSERT_EQUAL(chdir("/"), 0);
    rmdir(folder);
    arena_free(arena);
}

// This program runs in the folder that it was built in.
static void a_bare_name_is_found_among_the_specs(void)
{
    Arena *arena = arena_new();
    Diag diag = {0};
    CU_ASSERT_EQUAL_FATAL(chdir("/"), 0);
    const char *path = find(arena, "addition.spec", STATUS_OK, &diag);
    CU_ASSERT_PTR_NOT_NULL_FATAL(path);
    CU_ASSERT_PTR_NOT_NULL(strstr(path, "/specs/addition.spec"));
    CU_ASSERT_EQUAL(access(path, R_OK), 0);
    arena_free(arena);
}

static void a_name_with_folders_is_only_itself(void)
{
    Arena *arena = arena_new();
    Diag diag = {0};
    CU_ASSERT_EQUAL_FATAL(chdir("/"), 0);
    CU_ASSERT_PTR_NULL(find(arena, "./addition.spec", STATUS_MISSING, &diag));
    CU_ASSERT_STRING_EQUAL(diag.code, "F001");
    CU_ASSERT_STRING_EQUAL(diag.path, "./addition.spec");
    arena_free(arena);
}

static void what_resembles_a_command_gets_a_hint(void)
{
    Arena *arena = arena_new();
    Diag diag = {0};
    CU_ASSERT_PTR_NULL(find(arena, "trian", STATUS_MISSING, &diag));
    CU_ASSERT_STRING_EQUAL(diag.hint, "did you mean the command `train`?");
    CU_ASSERT_PTR_NULL(find(arena, "subtraction", STATUS_MISSING, &diag));
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.hint, "looked up"));
    arena_free(arena);
}

RUN_TESTS("cli/find_spec", TESTS)
