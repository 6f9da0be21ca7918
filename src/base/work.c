#include "work.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "arena.h"
#include "status.h"

enum { SPINS = 2000 };

struct WorkPool {
    int threads;
    pthread_t *handles;
    pthread_mutex_t lock;
    pthread_cond_t started, ended;
    atomic_ulong round; // grows with every work_run
    atomic_size_t next; // the next piece to hand out
    atomic_int busy;    // helpers that have not finished this round
    size_t count;
    WorkFunction *function;
    void *context;
    bool stop;
};

typedef struct Helper {
    WorkPool *pool;
    int worker;
} Helper;

// The round that this thread runs pieces of, if any.
static _Thread_local struct {
    WorkPool *pool;
    int worker;
} running;

static void run_pieces(WorkPool *pool, int worker)
{
    size_t piece;
    WorkPool *outer_pool = running.pool;
    int outer_worker = running.worker;
    running.pool = pool;
    running.worker = worker;
    while ((piece = atomic_fetch_add(&pool->next, 1)) < pool->count)
        pool->function(pool->context, piece, worker);
    running.pool = outer_pool;
    running.worker = outer_worker;
}

static void wait_for_round(WorkPool *pool, unsigned long seen)
{
    for (int i = 0; i < SPINS; i++)
        if (atomic_load(&pool->round) != seen)
            return;
    pthread_mutex_lock(&pool->lock);
    while (atomic_load(&pool->round) == seen)
        pthread_cond_wait(&pool->started, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

static void finish_round(WorkPool *pool)
{
    if (atomic_fetch_sub(&pool->busy, 1) != 1)
        return;
    pthread_mutex_lock(&pool->lock);
    pthread_cond_signal(&pool->ended);
    pthread_mutex_unlock(&pool->lock);
}

static void *helper_main(void *argument)
{
    Helper helper = *(Helper *)argument;
    free(argument);
    for (unsigned long round = 0;; round++) {
        wait_for_round(helper.pool, round);
        if (helper.pool->stop)
            return NULL;
        run_pieces(helper.pool, helper.worker);
        finish_round(helper.pool);
    }
}

WorkPool *work_pool_new(int threads)
{
    CHECK(threads >= 1);
    heap_keep();
    WorkPool *pool = heap_alloc(1, sizeof *pool);
    pool->threads = threads;
    pool->handles = heap_alloc((size_t)threads, sizeof *pool->handles);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->started, NULL);
    pthread_cond_init(&pool->ended, NULL);
    for (int i = 1; i < threads; i++) {
        Helper *helper = heap_alloc(1, sizeof *helper);
        *helper = (Helper){pool, i};
        CHECK(pthread_create(&pool->handles[i], NULL, helper_main, helper) == 0);
    }
    return pool;
}

static void begin_round(WorkPool *pool)
{
    pthread_mutex_lock(&pool->lock);
    atomic_store(&pool->next, 0);
    atomic_store(&pool->busy, pool->threads - 1);
    atomic_fetch_add(&pool->round, 1);
    pthread_cond_broadcast(&pool->started);
    pthread_mutex_unlock(&pool->lock);
}

void work_run(WorkPool *pool, size_t count, WorkFunction *function, void *context)
{
    if (running.pool == pool) {
        for (size_t piece = 0; piece < count; piece++)
            function(context, piece, running.worker);
        return;
    }
    pool->count = count;
    pool->function = function;
    pool->context = context;
    begin_round(pool);
    run_pieces(pool, 0);
    for (int i = 0; i < SPINS && atomic_load(&pool->busy) > 0; i++)
        continue;
    pthread_mutex_lock(&pool->lock);
    while (atomic_load(&pool->busy) > 0)
        pthread_cond_wait(&pool->ended, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void work_pool_free(WorkPool *pool)
{
    if (!pool)
        return;
    pool->stop = true;
    begin_round(pool);
    for (int i = 1; i < pool->threads; i++)
        pthread_join(pool->handles[i], NULL);
    pthread_cond_destroy(&pool->started);
    pthread_cond_destroy(&pool->ended);
    pthread_mutex_destroy(&pool->lock);
    free(pool->handles);
    free(pool);
}

int work_pool_threads(const WorkPool *pool)
{
    return pool->threads;
}

int work_default_threads(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count > 256 ? 256 : count;
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    if (interrupted)
        _Exit(STATUS_INTERRUPTED);
    (void)number;
    interrupted = 1;
}

void work_catch_interrupt(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool work_interrupted(void)
{
    return interrupted != 0;
}

static double clock_seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double work_seconds(void)
{
    return clock_seconds(CLOCK_MONOTONIC);
}

double work_thread_seconds(void)
{
    return clock_seconds(CLOCK_THREAD_CPUTIME_ID);
}
