#include "smtwatch.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "arena.h"
#include "status.h"
#include "work.h"

enum { WATCH_MS = 50 };

struct SmtWatch {
    void (*interrupt)(void *object);
    void *object;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool stop;
};

static struct timespec soon(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_nsec += WATCH_MS * 1000000L;
    time.tv_sec += time.tv_nsec / 1000000000L;
    time.tv_nsec %= 1000000000L;
    return time;
}

static void *watch_main(void *argument)
{
    SmtWatch *watch = argument;
    pthread_mutex_lock(&watch->lock);
    while (!watch->stop) {
        struct timespec until = soon();
        pthread_cond_timedwait(&watch->ended, &watch->lock, &until);
        if (!watch->stop && work_interrupted())
            watch->interrupt(watch->object);
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

SmtWatch *smt_watch_begin(void (*interrupt)(void *object), void *object)
{
    SmtWatch *watch = heap_alloc(1, sizeof *watch);
    *watch = (SmtWatch){.interrupt = interrupt, .object = object};
    pthread_mutex_init(&watch->lock, NULL);
    pthread_cond_init(&watch->ended, NULL);
    CHECK(pthread_create(&watch->thread, NULL, watch_main, watch) == 0);
    return watch;
}

void smt_watch_end(SmtWatch *watch)
{
    pthread_mutex_lock(&watch->lock);
    watch->stop = true;
    pthread_cond_signal(&watch->ended);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->ended);
    pthread_mutex_destroy(&watch->lock);
    free(watch);
}
