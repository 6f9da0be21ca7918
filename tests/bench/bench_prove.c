// Where the time of a proof goes, and how it grows with the digits: bench_prove SPEC THREADS N...
//
// For each N, level N of the spec with n=N on the model that the spec names. Prints seconds of the
// whole, and of bounds and solver summed over threads; then time relative to the first N, with the
// exponent e for which time grows like n^e.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "safetensors.h"

typedef struct Row {
    int n, cases;
    double seconds;
    NetworkProof proof;
} Row;

static Status prove(Arena *arena, WorkPool *pool, const char *path, Row *row, Diag *diag)
{
    SpecSetting set = {"n", row->n};
    Spec *spec;
    Task *task;
    Model *model;
    Claim *claim;
    NetworkOptions options = {.mu = FIX_ONE / 1024, .budget = 100000, .rlimit = 20000000};
    TRY(spec_parse_file(arena, path, &set, 1, &spec, diag));
    TRY(task_new(arena, spec, &task, diag));
    TRY(model_read(arena, spec->model, &model, diag));
    TRY(claim_new(arena, task, model, &claim, diag));
    double start = work_seconds();
    TRY(network_prove(arena, pool, claim, &options, &row->proof, diag));
    row->seconds = work_seconds() - start;
    for (int a = 0; a < row->proof.answer; a++)
        row->cases += row->proof.position[a].n_cases;
    return STATUS_OK;
}

// log2 of a positive number, to a few digits, for display.
static double log_two(double x)
{
    double y = 0, step = 1;
    for (; x >= 2; x /= 2)
        y++;
    for (; x < 1; x *= 2)
        y--;
    for (int i = 0; i < 20; i++) {
        x *= x;
        step /= 2;
        if (x >= 2) {
            x /= 2;
            y += step;
        }
    }
    return y;
}

static bool all_proved(const NetworkProof *proof)
{
    bool all = true;
    for (int a = 0; a < proof->answer; a++)
        all = all && proof->position[a].n_proved == proof->position[a].n_cases;
    return all;
}

static void print_row(const Row *row, const Row *first)
{
    printf("%6d %6d %10lu %9lu %9.2f %9.2f %9.2f %7.2f", row->n, row->cases, row->proof.queries,
           row->proof.bounds, row->seconds, row->proof.bound_seconds, row->proof.solver_seconds,
           row->seconds / first->seconds);
    if (row != first)
        printf("    n^%.1f", log_two(row->seconds / first->seconds) /
                                 log_two((double)row->n / first->n));
    printf("%s\n", all_proved(&row->proof) ? "" : "  (not all proved)");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: bench_prove SPEC THREADS N...\n");
        return EXIT_FAILURE;
    }
    WorkPool *pool = work_pool_new(atoi(argv[2]));
    Row first = {0};
    printf("digits  cases  questions   regions   seconds    bounds    solver   ratio   growth\n");
    for (int i = 3; i < argc; i++) {
        Arena *arena = arena_new();
        Row row = {.n = atoi(argv[i])};
        Diag diag = {0};
        Status status = prove(arena, pool, argv[1], &row, &diag);
        if (status != STATUS_OK) {
            diag_print(&diag, stderr, 0);
            return status;
        }
        if (i == 3)
            first = row;
        print_row(&row, i == 3 ? &row : &first);
        arena_free(arena);
    }
    work_pool_free(pool);
    return EXIT_SUCCESS;
}
