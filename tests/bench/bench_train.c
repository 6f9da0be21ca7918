// The trainer's speed, for tests/bench/train.sh:
//
//     bench_train peak THREADS SECONDS              the machine's multiply-adds a second
//     bench_train train RECIPE THREADS SECONDS      questions a second, multiply-adds a question
//     bench_train export RECIPE MODEL QUESTIONS N   the untrained model and N batches of questions,
//                                                   a byte a token, for who wants to compare
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "peak.h"
#include "safetensors.h"
#include "trainer.h"

typedef struct Bench {
    Arena *arena;
    Recipe *recipe;
    Task *task;
    Model *model;
    WorkPool *pool;
    Trainer *trainer;
} Bench;

static Status open_recipe(Bench *bench, const char *path, int threads, Diag *diag)
{
    Spec *spec;
    TRY(recipe_read(bench->arena, path, &bench->recipe, diag));
    Recipe *recipe = bench->recipe;
    TRY(spec_parse_file(bench->arena, recipe->spec, recipe->settings, recipe->n_settings, &spec,
                        diag));
    TRY(task_new(bench->arena, spec, &bench->task, diag));
    TRY(trainer_model(bench->arena, recipe, bench->task, &bench->model, diag));
    bench->pool = work_pool_new(threads);
    return trainer_new(bench->arena, recipe, bench->task, bench->model, bench->pool,
                       &bench->trainer, diag);
}

static void run_steps(Bench *bench, double seconds, int *ret_steps, double *ret_seconds)
{
    double started = work_seconds(), now = started;
    int steps = 0;
    for (; now - started < seconds; now = work_seconds(), steps++) {
        LossReport report;
        trainer_step(bench->trainer, &report);
    }
    *ret_steps = steps;
    *ret_seconds = now - started;
}

static Status measure(Bench *bench, char **arguments, Diag *diag)
{
    int steps;
    double seconds;
    TRY(open_recipe(bench, arguments[0], atoi(arguments[1]), diag));
    run_steps(bench, 0.3, &steps, &seconds);
    run_steps(bench, atof(arguments[2]), &steps, &seconds);
    printf("%.0f %.0f\n", (double)steps * bench->recipe->batch / seconds,
           trainer_multiply_adds(bench->trainer));
    return STATUS_OK;
}

static Status export_questions(Bench *bench, const char *path, int batches, Diag *diag)
{
    const Task *task = bench->task;
    size_t length = (size_t)(task->prompt + task->answer);
    size_t count = (size_t)batches * (size_t)bench->recipe->batch;
    char *bytes = arena_alloc(bench->arena, count, length);
    int ids[TASK_TOKENS_MAX], tokens[TASK_POSITIONS_MAX];
    TRY(task_bind(task, bench->model->vocab, bench->model->shape.d_vocab, ids, diag));
    for (size_t i = 0; i < count; i++) {
        Rng rng = rng_new(bench->recipe->seed, i);
        uint8_t symbols[TASK_COLUMNS_MAX];
        if (rng_unit(&rng) < bench->recipe->chained)
            task_sample_chained(task, &rng, symbols);
        else
            task_sample_uniform(task, &rng, symbols);
        task_tokens(task, ids, symbols, tokens);
        for (size_t p = 0; p < length; p++)
            bytes[i * length + p] = (char)tokens[p];
    }
    return file_write(path, bytes, count * length, diag);
}

static Status export(Bench *bench, char **arguments, Diag *diag)
{
    TRY(open_recipe(bench, arguments[0], 1, diag));
    TRY(model_write(bench->model, arguments[1], diag));
    TRY(export_questions(bench, arguments[2], atoi(arguments[3]), diag));
    const Recipe *recipe = bench->recipe;
    printf("%d %d %.9g %.9g %.9g %.9g %.9g\n", recipe->batch, bench->task->prompt,
           (double)recipe->rate, (double)recipe->adam.beta1, (double)recipe->adam.beta2,
           (double)recipe->adam.epsilon, (double)recipe->adam.decay);
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    Bench bench = {.arena = arena_new()};
    Diag diag = {0};
    Status status = STATUS_USAGE;
    if (argc == 4 && strcmp(argv[1], "peak") == 0) {
        printf("%.0f\n", peak_multiply_adds(atoi(argv[2]), atof(argv[3])));
        status = STATUS_OK;
    } else if (argc == 5 && strcmp(argv[1], "train") == 0) {
        status = measure(&bench, argv + 2, &diag);
    } else if (argc == 6 && strcmp(argv[1], "export") == 0) {
        status = export(&bench, argv + 2, &diag);
    }
    if (diag.status != STATUS_OK)
        diag_print(&diag, stderr, 0);
    work_pool_free(bench.pool);
    arena_free(bench.arena);
    return status;
}
