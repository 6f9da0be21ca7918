// The checker's reader of certificate.txt on any bytes at all, for a task and a model that are good.
#include <stdio.h>

#include "checking.h"
#include "exponential.h"
#include "fuzz.h"
#include "pool.h"
#include "splits.h"
#include "status.h"

typedef struct Bytes {
    const uint8_t *data;
    size_t size;
} Bytes;

static struct {
    Trellis task;
    Model model;
    Problem problem;
    Tables tables;
} good;

static ProofFile read_file(const char *name)
{
    static uint8_t bytes[1 << 20];
    char path[512];
    snprintf(path, sizeof path, "%s/%s", BUNDLE, name);
    FILE *in = fopen(path, "rb");
    CHECK(in != NULL);
    size_t size = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    return checking_file(name, bytes, size);
}

static void prepare(void)
{
    if (good.problem.task)
        return;
    ProofFile task = read_file("task.txt"), model = read_file("model.safetensors");
    exponential_begin();
    trellis_read(&good.task, &task);
    model_read(&good.model, &model);
    problem_init(&good.problem, &good.task, &good.model);
    tables_fill(&good.tables, &good.problem);
}

static void check(void *context)
{
    const Bytes *bytes = context;
    ProofFile file = checking_file("certificate.txt", bytes->data, bytes->size);
    PositionVerdict *verdicts = POOL_TAKE(PositionVerdict, good.task.length - good.task.prompt);
    splits_check(&good.tables, &file, verdicts);
    for (int i = 0; i < good.task.length - good.task.prompt; i++)
        CHECK(verdicts[i].cases > 0 && verdicts[i].margin > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Bytes bytes = {data, size};
    prepare();
    checking_try(check, &bytes);
    return 0;
}
