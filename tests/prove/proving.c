#include "proving.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "falsify.h"
#include "safetensors.h"

static void must(Status status, const Diag *diag)
{
    if (status == STATUS_OK)
        return;
    diag_print(diag, stderr, 0);
    exit(EXIT_FAILURE);
}

Proving proving_new(int n, const char *model_path)
{
    Proving proving = {.arena = arena_new()};
    SpecSetting digits = {"n", n};
    Diag diag;
    must(spec_parse_file(proving.arena, SPECS_DIR "/addition.spec", &digits, 1, &proving.spec,
                         &diag),
         &diag);
    must(model_read(proving.arena, model_path, &proving.model, &diag), &diag);
    return proving;
}

void proving_free(Proving *proving)
{
    arena_free(proving->arena);
}

Status proving_run(Proving *proving, const Model *model, int threads, const ProofOptions *options,
                   Proof *ret_proof, Diag *diag)
{
    char *path = arena_printf(proving->arena, "/tmp/ripple-test-%ld.safetensors", (long)getpid());
    WorkPool *pool = work_pool_new(threads);
    must(model_write(model, path, diag), diag);
    Status status = proof_run(proving->arena, pool, proving->spec, path, options, ret_proof, diag);
    unlink(path);
    work_pool_free(pool);
    return status;
}

Proof proving_prove(Proving *proving, const Model *model)
{
    ProofOptions options = {.budget = 100000};
    Proof proof;
    Diag diag;
    must(proving_run(proving, model, 2, &options, &proof, &diag), &diag);
    return proof;
}

long proving_count_wrong(Proving *proving, const Model *model)
{
    Task *task;
    Claim *claim;
    Diag diag;
    must(task_new(proving->arena, proving->spec, &task, &diag), &diag);
    must(claim_new(proving->arena, task, model, &claim, &diag), &diag);
    Falsifier *falsifier = falsifier_new(proving->arena, claim);
    long inputs = 1, wrong = 0;
    for (int c = 0; c < task->columns; c++)
        inputs *= task->symbols;
    for (long first = 0; first < inputs; first += FALSIFIER_BATCH) {
        uint8_t symbols[FALSIFIER_BATCH * TASK_COLUMNS_MAX];
        int position[FALSIFIER_BATCH], count = 0;
        for (long i = first; i < inputs && count < FALSIFIER_BATCH; i++, count++)
            for (long c = 0, rest = i; c < task->columns; c++, rest /= task->symbols)
                symbols[count * task->columns + c] = (uint8_t)(rest % task->symbols);
        falsifier_check(falsifier, symbols, count, position);
        for (int i = 0; i < count; i++)
            wrong += position[i] >= 0;
    }
    return wrong;
}
