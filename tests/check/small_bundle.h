// The task and the model of a small bundle in a folder, as the checker reads them, its tables of
// them, and regions.
#pragma once

#include "cones.h"
#include "edge_set.h"
#include "exponential.h"
#include "harness.h"
#include "pool.h"
#include "tables.h"

static inline ProofFile small_file(const char *folder, const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *in = fopen(path, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(in);
    ProofFile file = {name, POOL_TAKE(char, 1 << 20), 0};
    file.size = fread(file.bytes, 1, (1 << 20) - 1, in);
    fclose(in);
    return file;
}

static inline void small_problem(const char *folder, Problem *problem)
{
    static Trellis task;
    static Model model;
    ProofFile task_file = small_file(folder, "task.txt"),
              model_file = small_file(folder, "model.safetensors");
    exponential_begin();
    trellis_read(&task, &task_file);
    trellis_clear(&task);
    model_read(&model, &model_file);
    problem_init(problem, &task, &model);
}

// The problem, read at the first call; its memory is the pool's.
static inline Problem *small_once(const char *folder)
{
    static Problem problem;
    if (!problem.task)
        small_problem(folder, &problem);
    return &problem;
}

// A random region, trimmed, which has about one of so many edges.
static inline EdgeSet small_region(const Trellis *t, int one_of)
{
    EdgeSet region = edge_set_new(t);
    do {
        edge_set_copy(t, &region, &t->full);
        for (int c = 0; c < t->columns; c++)
            for (int q = 0; q < t->states; q++)
                for (int s = 0; s < t->symbols; s++)
                    if (rand() % one_of)
                        edge_set_row(t, &region, c, q)[s / 64] &= ~(UINT64_C(1) << s % 64);
    } while (!edge_set_trim(t, &region));
    return region;
}

// The model is copied to *model, where a test may change it.
static inline void small_tables(const char *folder, Problem *problem, Model *model, Tables *tables)
{
    small_problem(folder, problem);
    *model = *problem->model;
    problem->model = model;
    tables_fill(tables, problem);
}
