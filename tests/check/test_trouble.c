// What no bundle brings about: a file that becomes shorter while it is read, and a system without memory.
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static size_t unread = SIZE_MAX; // bytes, before a file ends
static bool no_memory;

static ssize_t read_some(int fd, void *bytes, size_t size)
{
    ssize_t part = read(fd, bytes, size < unread ? size : unread);
    unread -= part > 0 ? (size_t)part : 0;
    return part;
}

static void *take_some(size_t count, size_t size)
{
    return no_memory ? NULL : calloc(count, size);
}

#define read   read_some
#define calloc take_some
#include "pool.c"
#include "proof_files.c"
#undef read
#undef calloc

#include "child.h"

#define TESTS(X)                                                                                   \
    X(bundles_are_read)                                                                            \
    X(files_that_become_shorter_are_refused)                                                       \
    X(memory_that_is_not_there_ends_it)

static void read_until(const void *bytes)
{
    ProofFiles files;
    unread = *(const size_t *)bytes;
    proof_files_read(&files, BUNDLE);
}

static void read_without_memory(const void *bytes)
{
    no_memory = true;
    read_until(bytes);
}

static void bundles_are_read(void)
{
    CU_ASSERT_EQUAL(exit_code_of(read_until, &(size_t){SIZE_MAX}), 0);
}

static void files_that_become_shorter_are_refused(void)
{
    CU_ASSERT_EQUAL(exit_code_of(read_until, &(size_t){0}), EXIT_REJECTED);
    CU_ASSERT_EQUAL(exit_code_of(read_until, &(size_t){100}), EXIT_REJECTED);
}

static void memory_that_is_not_there_ends_it(void)
{
    CU_ASSERT_EQUAL(exit_code_of(read_without_memory, &(size_t){SIZE_MAX}), EXIT_INTERNAL);
}

RUN_TESTS("check/trouble", TESTS)
