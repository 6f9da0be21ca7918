#include "smtcache.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "harness.h"
#include "text.h"
#include "work.h"

enum { PLENTY = 100 * 1000 * 1000 };

#define SCRIPT                                                                                     \
    "(set-logic QF_LRA)(declare-const x Real)(assert (> x 1.0))\n"                                 \
    "(push 1)(assert (< x 0.5))(check-sat)(get-value (x))(pop 1)\n"                                \
    "(push 1)(assert (= x (/ 7.0 3.0)))(check-sat)(get-value (x (> x 2.0)))(pop 1)\n"

static char folder[] = "/tmp/ripple-cache-XXXXXX";

static void begin(SmtCacheMode mode)
{
    Diag diag;
    static bool made;
    if (!made && !mkdtemp(folder))
        abort();
    made = true;
    CU_ASSERT_EQUAL_FATAL(smt_cache_open(folder, mode, &diag), STATUS_OK);
}

// Runs the script; whether the cache answered.
static bool cached(const char *script, unsigned long rlimit)
{
    Arena *arena = arena_new();
    SmtReply reply = {0};
    Diag diag;
    CU_ASSERT_EQUAL_FATAL(smt_run(arena, script, rlimit, &reply, &diag), STATUS_OK);
    CU_ASSERT_EQUAL_FATAL(reply.n_answers, 2);
    CU_ASSERT_EQUAL(reply.answers[0], SMT_UNSAT);
    CU_ASSERT_EQUAL(reply.answers[1], SMT_SAT);
    CU_ASSERT_EQUAL_FATAL(reply.n_values, 3);
    CU_ASSERT_PTR_NULL(reply.values[0].value);
    CU_ASSERT_STRING_EQUAL(reply.values[1].value, "7/3");
    CU_ASSERT_STRING_EQUAL(reply.values[2].term, "(> x 2.0)");
    CU_ASSERT_STRING_EQUAL(reply.values[2].value, "true");
    CU_ASSERT(reply.used > 0);
    bool result = reply.cached;
    arena_free(arena);
    return result;
}

// Paths of the entries; returns how many.
static int entries(Arena *arena, char *ret_path[], int most)
{
    DIR *dir = opendir(folder);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.' && count < most)
            ret_path[count++] = arena_printf(arena, "%s/%s", folder, entry->d_name);
    closedir(dir);
    return count;
}

static void empty(void)
{
    Arena *arena = arena_new();
    char *path[100];
    for (int count = entries(arena, path, 100); count > 0; count--)
        unlink(path[count - 1]);
    arena_free(arena);
}

static void what_was_answered_is_answered_again(void)
{
    begin(SMT_CACHE_USE);
    empty();
    unsigned long hits = smt_cache_hits();
    CU_ASSERT_FALSE(cached(SCRIPT, PLENTY));
    CU_ASSERT_TRUE(cached(SCRIPT, PLENTY));
    CU_ASSERT_EQUAL(smt_cache_hits(), hits + 2);
}

static void another_script_or_budget_is_another_question(void)
{
    begin(SMT_CACHE_USE);
    empty();
    CU_ASSERT_FALSE(cached(SCRIPT, PLENTY));
    CU_ASSERT_FALSE(cached(SCRIPT, PLENTY + 1));
    CU_ASSERT_FALSE(cached(SCRIPT "; a comment", PLENTY));
}

static void fresh_solves_and_keeps(void)
{
    begin(SMT_CACHE_FRESH);
    empty();
    CU_ASSERT_FALSE(cached(SCRIPT, PLENTY));
    CU_ASSERT_FALSE(cached(SCRIPT, PLENTY));
    begin(SMT_CACHE_OFFLINE);
    CU_ASSERT_TRUE(cached(SCRIPT, PLENTY));
}

static void off_keeps_nothing(void)
{
    Arena *arena = arena_new();
    char *path[1];
    begin(SMT_CACHE_OFF);
    empty();
    CU_ASSERT_FALSE(cached(SCRIPT, PLENTY));
    CU_ASSERT_EQUAL(entries(arena, path, 1), 0);
    arena_free(arena);
}

static void offline_never_solves(void)
{
    Arena *arena = arena_new();
    SmtReply reply = {.n_answers = -7};
    Diag diag;
    begin(SMT_CACHE_OFFLINE);
    empty();
    CU_ASSERT_EQUAL(smt_run(arena, SCRIPT, PLENTY, &reply, &diag), STATUS_STALE);
    CU_ASSERT_STRING_EQUAL(diag.code, "Z005");
    CU_ASSERT_EQUAL(reply.n_answers, -7);
    arena_free(arena);
}

static void doubt_is_not_kept(void)
{
    Arena *arena = arena_new();
    SmtReply reply;
    Diag diag;
    char *path[1];
    begin(SMT_CACHE_USE);
    empty();
    CU_ASSERT_EQUAL(smt_run(arena, SCRIPT, 1, &reply, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(reply.answers[reply.n_answers - 1], SMT_UNKNOWN);
    CU_ASSERT_EQUAL(entries(arena, path, 1), 0);
    arena_free(arena);
}

// Every byte of an entry is changed, and every shorter one is tried.
static void a_damaged_entry_is_solved_anew(void)
{
    Arena *arena = arena_new();
    char *path[2], *whole;
    size_t size;
    Diag diag;
    begin(SMT_CACHE_USE);
    empty();
    CU_ASSERT_FALSE(cached(SCRIPT, PLENTY));
    CU_ASSERT_EQUAL_FATAL(entries(arena, path, 2), 1);
    CU_ASSERT_EQUAL_FATAL(file_read(arena, path[0], 10000, &whole, &size, &diag), STATUS_OK);
    for (size_t i = 0; i < size; i += 3) {
        char *damaged = arena_strndup(arena, whole, size);
        damaged[i] ^= 1;
        CU_ASSERT_EQUAL(file_write(path[0], damaged, size, &diag), STATUS_OK);
        CU_ASSERT_FALSE(cached(SCRIPT, PLENTY));
        CU_ASSERT_TRUE(cached(SCRIPT, PLENTY));
        CU_ASSERT_EQUAL(file_write(path[0], whole, i, &diag), STATUS_OK);
        CU_ASSERT_FALSE(cached(SCRIPT, PLENTY));
    }
    arena_free(arena);
}

// A true answer to something else, under this script's name.
static void an_entry_under_another_name_is_solved_anew(void)
{
    Arena *arena = arena_new();
    char *path[3], *whole;
    size_t size;
    Diag diag;
    begin(SMT_CACHE_USE);
    empty();
    CU_ASSERT_FALSE(cached(SCRIPT, PLENTY));
    CU_ASSERT_FALSE(cached(SCRIPT "; more", PLENTY));
    CU_ASSERT_EQUAL_FATAL(entries(arena, path, 3), 2);
    CU_ASSERT_EQUAL_FATAL(file_read(arena, path[0], 10000, &whole, &size, &diag), STATUS_OK);
    CU_ASSERT_EQUAL(file_write(path[1], whole, size, &diag), STATUS_OK);
    CU_ASSERT_EQUAL((int)cached(SCRIPT, PLENTY) + (int)cached(SCRIPT "; more", PLENTY), 1);
    arena_free(arena);
}

static void run_piece(void *context, size_t piece, int worker)
{
    Status *status = context;
    (void)worker;
    Arena *arena = arena_new();
    char *script = arena_printf(arena, SCRIPT "; %zu", piece % 4);
    SmtReply reply;
    Diag diag;
    status[piece] = smt_run(arena, script, PLENTY, &reply, &diag);
    arena_free(arena);
}

static void many_threads_may_use_it(void)
{
    Arena *arena = arena_new();
    Status status[40];
    char *path[100];
    WorkPool *pool = work_pool_new(4);
    begin(SMT_CACHE_USE);
    empty();
    work_run(pool, 40, run_piece, status);
    for (int i = 0; i < 40; i++)
        CU_ASSERT_EQUAL(status[i], STATUS_OK);
    CU_ASSERT_EQUAL(entries(arena, path, 100), 4);
    work_pool_free(pool);
    arena_free(arena);
}

static void a_folder_that_cannot_be_made_is_F003(void)
{
    Diag diag;
    CU_ASSERT_EQUAL(smt_cache_open("/dev/null/cache", SMT_CACHE_USE, &diag), STATUS_CANNOT_WRITE);
    CU_ASSERT_STRING_EQUAL(diag.code, "F003");
    CU_ASSERT_FALSE(cached(SCRIPT, PLENTY));
    empty();
    rmdir(folder);
}

#define TESTS(X)                                                                                   \
    X(what_was_answered_is_answered_again)                                                         \
    X(another_script_or_budget_is_another_question)                                                \
    X(fresh_solves_and_keeps)                                                                      \
    X(off_keeps_nothing)                                                                           \
    X(offline_never_solves)                                                                        \
    X(doubt_is_not_kept)                                                                           \
    X(a_damaged_entry_is_solved_anew)                                                              \
    X(an_entry_under_another_name_is_solved_anew)                                                  \
    X(many_threads_may_use_it)                                                                     \
    X(a_folder_that_cannot_be_made_is_F003)

RUN_TESTS("smt/smtcache", TESTS)
