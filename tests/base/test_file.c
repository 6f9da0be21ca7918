#include "file.h"
#include "harness.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TESTS(X)                                                                                   \
    X(what_is_written_is_read_back)                                                                \
    X(an_empty_file_has_size_zero_and_a_nul)                                                       \
    X(a_new_file_replaces_the_old_one)                                                             \
    X(a_failed_write_leaves_the_old_file)                                                          \
    X(no_temporary_file_stays_behind)                                                              \
    X(a_missing_file_is_F001)                                                                      \
    X(a_folder_is_F001)                                                                            \
    X(a_fifo_does_not_block)                                                                       \
    X(a_file_over_the_limit_is_F002)                                                               \
    X(a_missing_folder_is_F003)                                                                    \
    X(folders_are_made_as_far_as_they_are_missing)                                                 \
    X(a_failure_leaves_the_results_untouched)                                                      \
    X(names_beside_and_stems)

static char folder[] = "/tmp/ripple-test-XXXXXX";
static bool folder_made;

static char *in_folder(Arena *arena, const char *name)
{
    if (!folder_made && !mkdtemp(folder))
        abort();
    folder_made = true;
    return arena_printf(arena, "%s/%s", folder, name);
}

static int files_in_folder(void)
{
    DIR *dir = opendir(folder);
    int count = 0;
    while (readdir(dir))
        count++;
    closedir(dir);
    return count - 2;
}

static void what_is_written_is_read_back(void)
{
    static const char bytes[] = "one\0two\n\xff";
    Arena *arena = arena_new();
    Diag diag;
    char *path = in_folder(arena, "bytes"), *content = NULL;
    size_t size = 0;
    CU_ASSERT_EQUAL(file_write(path, bytes, sizeof bytes, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(file_read(arena, path, 100, &content, &size, &diag), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(size, sizeof bytes);
    CU_ASSERT_EQUAL(memcmp(content, bytes, size), 0);
    CU_ASSERT_EQUAL(content[size], '\0');
    unlink(path);
    arena_free(arena);
}

static void an_empty_file_has_size_zero_and_a_nul(void)
{
    Arena *arena = arena_new();
    Diag diag;
    char *path = in_folder(arena, "empty"), *content = NULL;
    size_t size = 1;
    CU_ASSERT_EQUAL(file_write(path, "", 0, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(file_read(arena, path, 0, &content, &size, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(size, 0);
    CU_ASSERT_STRING_EQUAL(content, "");
    unlink(path);
    arena_free(arena);
}

static void a_new_file_replaces_the_old_one(void)
{
    Arena *arena = arena_new();
    Diag diag;
    char *path = in_folder(arena, "file"), *content = NULL;
    size_t size;
    CU_ASSERT_EQUAL(file_write(path, "a long first text", 17, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(file_write(path, "second", 6, &diag), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(file_read(arena, path, 100, &content, &size, &diag), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(content, "second");
    struct stat info;
    CU_ASSERT_EQUAL(stat(path, &info), 0);
    CU_ASSERT_EQUAL(info.st_mode & 0777, 0644);
    unlink(path);
    arena_free(arena);
}

// A folder that is not empty cannot be replaced by a file, not even by root.
static void a_failed_write_leaves_the_old_file(void)
{
    Arena *arena = arena_new();
    Diag diag = {0};
    char *path = in_folder(arena, "taken"), *inside = in_folder(arena, "taken/inside");
    CU_ASSERT_EQUAL(mkdir(path, 0755), 0);
    CU_ASSERT_EQUAL(file_write(inside, "kept", 4, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(file_write(path, "new", 3, &diag), STATUS_CANNOT_WRITE);
    CU_ASSERT_STRING_EQUAL(diag.code, "F003");
    CU_ASSERT_STRING_EQUAL(diag.path, path);
    CU_ASSERT_EQUAL(access(inside, F_OK), 0);
    unlink(inside);
    rmdir(path);
    arena_free(arena);
}

static void no_temporary_file_stays_behind(void)
{
    Arena *arena = arena_new();
    Diag diag;
    char *path = in_folder(arena, "taken");
    CU_ASSERT_EQUAL(mkdir(path, 0755), 0);
    CU_ASSERT_EQUAL(file_write(path, "new", 3, &diag), STATUS_CANNOT_WRITE);
    CU_ASSERT_EQUAL(files_in_folder(), 1);
    rmdir(path);
    arena_free(arena);
}

// Reads `name` with a limit of 3 bytes and expects the failure.
static void expect_unreadable(const char *name, Status status, const char *code)
{
    Arena *arena = arena_new();
    Diag diag = {0};
    char *path = in_folder(arena, name), *content;
    size_t size;
    CU_ASSERT_EQUAL(file_read(arena, path, 3, &content, &size, &diag), status);
    CU_ASSERT_EQUAL(diag.status, status);
    CU_ASSERT_STRING_EQUAL(diag.code, code);
    CU_ASSERT_STRING_EQUAL(diag.path, path);
    arena_free(arena);
}

static void a_missing_file_is_F001(void)
{
    expect_unreadable("nothing", STATUS_MISSING, "F001");
}

static void a_folder_is_F001(void)
{
    expect_unreadable(".", STATUS_MISSING, "F001");
}

static void a_fifo_does_not_block(void)
{
    Arena *arena = arena_new();
    char *path = in_folder(arena, "fifo");
    CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
    expect_unreadable("fifo", STATUS_MISSING, "F001");
    unlink(path);
    arena_free(arena);
}

static void a_file_over_the_limit_is_F002(void)
{
    Arena *arena = arena_new();
    Diag diag;
    char *path = in_folder(arena, "large"), *content;
    size_t size;
    CU_ASSERT_EQUAL(file_write(path, "1234", 4, &diag), STATUS_OK);
    expect_unreadable("large", STATUS_MALFORMED, "F002");
    CU_ASSERT_EQUAL(file_read(arena, path, 4, &content, &size, &diag), STATUS_OK);
    unlink(path);
    arena_free(arena);
}

static void a_missing_folder_is_F003(void)
{
    Arena *arena = arena_new();
    Diag diag = {0};
    char *path = in_folder(arena, "no/file");
    CU_ASSERT_EQUAL(file_write(path, "x", 1, &diag), STATUS_CANNOT_WRITE);
    CU_ASSERT_STRING_EQUAL(diag.code, "F003");
    arena_free(arena);
}

static void folders_are_made_as_far_as_they_are_missing(void)
{
    Arena *arena = arena_new();
    Diag diag;
    char *one = in_folder(arena, "one"), *two = in_folder(arena, "one/two");
    CU_ASSERT_EQUAL(file_make_folder(two, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(file_make_folder(two, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(file_make_folder(in_folder(arena, "one//"), &diag), STATUS_OK);
    rmdir(two);
    CU_ASSERT_EQUAL(file_write(two, "", 0, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(file_make_folder(two, &diag), STATUS_CANNOT_WRITE);
    CU_ASSERT_STRING_EQUAL(diag.code, "F003");
    CU_ASSERT_EQUAL(file_make_folder(in_folder(arena, "one/two/three"), &diag),
                    STATUS_CANNOT_WRITE);
    unlink(two);
    rmdir(one);
    arena_free(arena);
}

static void a_failure_leaves_the_results_untouched(void)
{
    Arena *arena = arena_new();
    Diag diag;
    char mark[] = "mark", *content = mark;
    size_t size = 17;
    char *path = in_folder(arena, "nothing");
    CU_ASSERT_EQUAL(file_read(arena, path, 3, &content, &size, &diag), STATUS_MISSING);
    CU_ASSERT_PTR_EQUAL(content, mark);
    CU_ASSERT_EQUAL(size, 17);
    arena_free(arena);
    rmdir(folder);
}

static void names_beside_and_stems(void)
{
    Arena *arena = arena_new();
    CU_ASSERT_STRING_EQUAL(file_beside(arena, "specs/a.spec", "../m.bin"), "specs/../m.bin");
    CU_ASSERT_STRING_EQUAL(file_beside(arena, "a.spec", "m.bin"), "m.bin");
    CU_ASSERT_STRING_EQUAL(file_beside(arena, "/a.spec", "m.bin"), "/m.bin");
    CU_ASSERT_STRING_EQUAL(file_beside(arena, "specs/a.spec", "/m.bin"), "/m.bin");
    CU_ASSERT_STRING_EQUAL(file_stem(arena, "a/b/add_d5.recipe"), "add_d5");
    CU_ASSERT_STRING_EQUAL(file_stem(arena, "a.b/plain"), "plain");
    CU_ASSERT_STRING_EQUAL(file_stem(arena, ".hidden"), ".hidden");
    CU_ASSERT_STRING_EQUAL(file_stem(arena, "two.dots.txt"), "two.dots");
    arena_free(arena);
}

RUN_TESTS("base/file", TESTS)
