// A pool of threads that runs numbered pieces of work.
//
// Which thread runs a piece, and when, is not fixed; so a piece writes only to its own slot, and
// what the pieces produced is put together in their order by the caller. Results then do not depend
// on the number of threads.
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct WorkPool WorkPool;

// `piece` runs from 0 to count-1; `worker` is the thread's number, below work_pool_threads.
typedef void WorkFunction(void *context, size_t piece, int worker);

WorkPool *work_pool_new(int threads); // threads >= 1; the caller of work_run is one of them
void work_pool_free(WorkPool *pool);
int work_pool_threads(const WorkPool *pool);

// Runs all pieces and returns when the last has ended. Within a piece of the same pool, the thread
// runs them itself, one after another. Cost: a few microseconds a call.
void work_run(WorkPool *pool, size_t count, WorkFunction *function, void *context);

int work_default_threads(void); // processors that this process may use, at least 1

// Ctrl-C. After work_catch_interrupt, SIGINT and SIGTERM set a flag that long work looks at; a
// second signal ends the process at once.
void work_catch_interrupt(void);
bool work_interrupted(void);

double work_seconds(void); // a clock that only goes forward; for progress and reports
double work_thread_seconds(void); // of this thread alone: what it computed, not what it waited for
