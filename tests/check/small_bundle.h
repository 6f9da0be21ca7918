// The task and the model of a small bundle in a folder, as the checker reads them, and its tables of them.
#pragma once

#include "cones.h"
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

// The model is copied to *model, where a test may change it.
static inline void small_tables(const char *folder, Problem *problem, Model *model, Tables *tables)
{
    small_problem(folder, problem);
    *model = *problem->model;
    problem->model = model;
    tables_fill(tables, problem);
}
