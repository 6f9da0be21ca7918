#include "arena.h"
#include "harness.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TESTS(X)                                                                                   \
    X(memory_is_zero_aligned_and_disjoint)                                                         \
    X(a_large_piece_has_its_own_block)                                                             \
    X(zero_objects_are_a_pointer)                                                                  \
    X(strings_are_copied)                                                                          \
    X(objects_are_cleared_newest_first)                                                            \
    X(freeing_null_does_nothing)                                                                   \
    X(a_size_that_overflows_ends_the_program_with_70)

static void memory_is_zero_aligned_and_disjoint(void)
{
    Arena *arena = arena_new();
    unsigned char *piece[300];
    bool zero = true, aligned = true, kept = true;
    for (size_t i = 0; i < 300; i++) {
        piece[i] = arena_alloc(arena, i + 1, 7);
        aligned &= (uintptr_t)piece[i] % 64 == 0;
        for (size_t k = 0; k < (i + 1) * 7; k++)
            zero &= piece[i][k] == 0;
        memset(piece[i], (int)i & 255, (i + 1) * 7);
    }
    for (size_t i = 0; i < 300; i++)
        for (size_t k = 0; k < (i + 1) * 7; k++)
            kept &= piece[i][k] == (i & 255);
    CU_ASSERT_TRUE(zero);
    CU_ASSERT_TRUE(aligned);
    CU_ASSERT_TRUE(kept);
    CU_ASSERT_TRUE(arena_bytes(arena) >= 7 * 300 * 301 / 2);
    arena_free(arena);
}

static void a_large_piece_has_its_own_block(void)
{
    Arena *arena = arena_new();
    size_t size = (size_t)3 << 20;
    char *small = arena_strdup(arena, "before");
    char *large = arena_alloc(arena, size, 1);
    memset(large, 'x', size);
    CU_ASSERT_STRING_EQUAL(small, "before");
    CU_ASSERT_STRING_EQUAL(arena_strdup(arena, "after"), "after");
    arena_free(arena);
}

static void zero_objects_are_a_pointer(void)
{
    Arena *arena = arena_new();
    CU_ASSERT_PTR_NOT_NULL(ARENA_NEW(arena, long, 0));
    arena_free(arena);
}

static void strings_are_copied(void)
{
    Arena *arena = arena_new();
    char source[] = "ripple";
    char *whole = arena_strdup(arena, source), *part = arena_strndup(arena, source, 3);
    source[0] = 'R';
    CU_ASSERT_STRING_EQUAL(whole, "ripple");
    CU_ASSERT_STRING_EQUAL(part, "rip");
    CU_ASSERT_STRING_EQUAL(arena_printf(arena, "%s-%d", "a", 12), "a-12");
    CU_ASSERT_STRING_EQUAL(arena_printf(arena, "%s", ""), "");
    arena_free(arena);
}

static char order[8];

static void note(void *object)
{
    strcat(order, object);
}

static void objects_are_cleared_newest_first(void)
{
    char a[] = "a", b[] = "b", c[] = "c";
    Arena *arena = arena_new();
    arena_on_free(arena, note, a);
    arena_on_free(arena, note, b);
    arena_on_free(arena, note, c);
    CU_ASSERT_STRING_EQUAL(order, "");
    arena_free(arena);
    CU_ASSERT_STRING_EQUAL(order, "cba");
}

static void freeing_null_does_nothing(void)
{
    arena_free(NULL);
    CU_PASS("came back");
}

static int code_of_child(void (*action)(void))
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        action();
        _exit(0);
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static Arena *volatile overflowing; // reachable at the exit

static void overflow(void)
{
    overflowing = arena_new();
    arena_alloc(overflowing, SIZE_MAX / 2, 3);
}

static void overflow_on_heap(void)
{
    free(heap_alloc(SIZE_MAX / 2, 2));
}

static void a_size_that_overflows_ends_the_program_with_70(void)
{
    CU_ASSERT_EQUAL(code_of_child(overflow), 70);
    CU_ASSERT_EQUAL(code_of_child(overflow_on_heap), 70);
}

RUN_TESTS("base/arena", TESTS)
