#include "harness.h"
#include "work.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TESTS(X)                                                                                   \
    X(every_piece_runs_once_with_any_number_of_threads)                                            \
    X(no_pieces_are_no_work)                                                                       \
    X(many_short_rounds)                                                                           \
    X(workers_are_numbered_below_the_threads)                                                      \
    X(a_round_within_a_piece_runs_all_its_pieces)                                                  \
    X(a_piece_may_use_another_pool)                                                                \
    X(there_is_a_processor)                                                                        \
    X(the_clock_goes_forward)                                                                      \
    X(an_interrupt_sets_the_flag_and_a_second_one_ends)

enum { PIECES = 1000 };

typedef struct Round {
    WorkPool *pool;
    atomic_int runs[PIECES];
    atomic_int strangers; // workers outside 0..threads-1
} Round;

static void count_piece(void *context, size_t piece, int worker)
{
    Round *round = context;
    atomic_fetch_add(&round->runs[piece], 1);
    if (worker < 0 || worker >= work_pool_threads(round->pool))
        atomic_fetch_add(&round->strangers, 1);
}

static bool ran_once(Round *round, int count)
{
    bool once = true;
    for (int i = 0; i < PIECES; i++)
        once &= atomic_load(&round->runs[i]) == (i < count);
    return once;
}

static void every_piece_runs_once_with_any_number_of_threads(void)
{
    static const int threads[] = {1, 2, 3, 8, 33}, counts[] = {1, 2, 7, PIECES};
    for (int t = 0; t < 5; t++) {
        WorkPool *pool = work_pool_new(threads[t]);
        CU_ASSERT_EQUAL(work_pool_threads(pool), threads[t]);
        for (int c = 0; c < 4; c++) {
            Round round = {.pool = pool};
            work_run(pool, (size_t)counts[c], count_piece, &round);
            CU_ASSERT_TRUE(ran_once(&round, counts[c]));
        }
        work_pool_free(pool);
    }
}

static void no_pieces_are_no_work(void)
{
    WorkPool *pool = work_pool_new(3);
    Round round = {.pool = pool};
    work_run(pool, 0, count_piece, &round);
    CU_ASSERT_TRUE(ran_once(&round, 0));
    work_pool_free(pool);
    work_pool_free(work_pool_new(4));
    work_pool_free(NULL);
}

static void many_short_rounds(void)
{
    WorkPool *pool = work_pool_new(3);
    Round round = {.pool = pool};
    for (int i = 0; i < 3000; i++)
        work_run(pool, 5, count_piece, &round);
    for (int i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(atomic_load(&round.runs[i]), 3000);
    work_pool_free(pool);
}

static void workers_are_numbered_below_the_threads(void)
{
    WorkPool *pool = work_pool_new(4);
    Round round = {.pool = pool};
    work_run(pool, PIECES, count_piece, &round);
    CU_ASSERT_EQUAL(atomic_load(&round.strangers), 0);
    work_pool_free(pool);
}

typedef struct Nest {
    WorkPool *inner;
    Round rounds[6];
} Nest;

static void run_inner_round(void *context, size_t piece, int worker)
{
    Nest *nest = context;
    (void)worker;
    work_run(nest->inner, 100, count_piece, &nest->rounds[piece]);
}

static void a_round_within_a_piece_runs_all_its_pieces(void)
{
    static Nest nest;
    nest.inner = work_pool_new(3);
    for (int i = 0; i < 6; i++)
        nest.rounds[i].pool = nest.inner;
    work_run(nest.inner, 6, run_inner_round, &nest);
    for (int i = 0; i < 6; i++) {
        CU_ASSERT_TRUE(ran_once(&nest.rounds[i], 100));
        CU_ASSERT_EQUAL(atomic_load(&nest.rounds[i].strangers), 0);
    }
    work_pool_free(nest.inner);
}

static void use_own_pool(void *context, size_t piece, int worker)
{
    Round *rounds = context;
    (void)worker;
    WorkPool *pool = work_pool_new(2);
    rounds[piece].pool = pool;
    work_run(pool, 50, count_piece, &rounds[piece]);
    work_pool_free(pool);
}

static void a_piece_may_use_another_pool(void)
{
    static Round rounds[4];
    WorkPool *pool = work_pool_new(2);
    work_run(pool, 4, use_own_pool, rounds);
    for (int i = 0; i < 4; i++) {
        CU_ASSERT_TRUE(ran_once(&rounds[i], 50));
        CU_ASSERT_EQUAL(atomic_load(&rounds[i].strangers), 0);
    }
    work_pool_free(pool);
}

static void there_is_a_processor(void)
{
    CU_ASSERT_TRUE(work_default_threads() >= 1 && work_default_threads() <= 256);
}

static void the_clock_goes_forward(void)
{
    double before = work_seconds();
    CU_ASSERT_TRUE(work_seconds() >= before);
}

static void an_interrupt_sets_the_flag_and_a_second_one_ends(void)
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        work_catch_interrupt();
        if (work_interrupted())
            _exit(1);
        raise(SIGINT);
        if (!work_interrupted())
            _exit(2);
        raise(SIGTERM);
        _exit(3);
    }
    waitpid(child, &status, 0);
    CU_ASSERT_TRUE(WIFEXITED(status));
    CU_ASSERT_EQUAL(WEXITSTATUS(status), 130);
}

RUN_TESTS("base/work", TESTS)
