// Where the time of a proof goes, and how it grows with the digits:
// bench_prove SPEC PROOFCHECK FOLDER THREADS N...
//
// For each N, all of what `verify` does for the spec with n=N and the model that the spec names; the bundle
// is written to FOLDER and checked. Prints seconds that processors computed, summed over threads, and at
// last the exponent e for which the total grows like n^e, fitted to all rows that are proved.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bundle_folder.h"
#include "network.h"

typedef struct Row {
    int n, cases;
    unsigned long regions, questions;
    bool proved;
    double wall, all, bounds, solver, cover, writing, checking;
} Row;

typedef struct Clock { // when the stages of proof_run began
    ProofStage stage;
    double cover;
} Clock;

static double used(int whom)
{
    struct rusage u;
    getrusage(whom, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void see_stage(void *context, const ProofProgress *progress)
{
    Clock *clock = context;
    if (progress->stage == PROOF_STAGE_COVER && clock->stage != PROOF_STAGE_COVER)
        clock->cover = used(RUSAGE_SELF);
    clock->stage = progress->stage;
}

static void take_network(const NetworkProof *proof, Row *row)
{
    row->regions = proof->bounds;
    row->questions = proof->queries;
    row->bounds = proof->bound_seconds;
    row->solver = proof->solver_seconds;
    for (int a = 0; a < proof->answer; a++)
        row->cases += proof->position[a].n_cases;
}

static Status write_bundle(Arena *arena, const Proof *proof, const char *folder, Diag *diag)
{
    bool marked;
    Bundle bundle;
    BundleClaim claim =
        bundle_claim(arena, proof->spec, proof->spec->path, proof->model_bytes, proof->model_size);
    TRY(bundle_folder_mark(folder, &claim, true, &marked, diag));
    TRY(bundle_new(arena, proof, &claim, &bundle, diag));
    return bundle_folder_write(folder, &bundle, &claim, true, diag);
}

static Status check(const char *checker, const char *folder, Diag *diag)
{
    int code = -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stdout))
            execl(checker, checker, folder, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &code, 0) < 0 || code != 0)
        return diag_set(diag, STATUS_INTERNAL, "P040", "%s does not accept %s", checker, folder);
    return STATUS_OK;
}

static Status prove(Arena *arena, WorkPool *pool, char **argv, Row *row, Diag *diag)
{
    SpecSetting set = {"n", row->n};
    Spec *spec;
    Proof proof;
    Clock clock = {0};
    ProofOptions options = {.budget = 30000, .progress = see_stage, .context = &clock};
    double start = used(RUSAGE_SELF), wall = work_seconds(), checked = used(RUSAGE_CHILDREN);
    TRY(spec_parse_file(arena, argv[1], &set, 1, &spec, diag));
    TRY(proof_run(arena, pool, spec, spec->model, &options, &proof, diag));
    double proved = used(RUSAGE_SELF);
    take_network(&proof.network, row);
    row->proved = proof.verdict == VERDICT_PROVED;
    row->cover = proved - clock.cover;
    if (row->proved) {
        TRY(write_bundle(arena, &proof, argv[3], diag));
        row->writing = used(RUSAGE_SELF) - proved;
        TRY(check(argv[2], argv[3], diag));
    }
    row->checking = used(RUSAGE_CHILDREN) - checked;
    row->all = used(RUSAGE_SELF) - start + row->checking;
    row->wall = work_seconds() - wall;
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

static void print_row(const Row *row)
{
    printf("%6d %6d %8lu %10lu %8.2f %8.2f %8.2f %8.2f %8.2f %11.2f %8.2f%s\n", row->n, row->cases,
           row->regions, row->questions, row->bounds, row->solver, row->cover, row->writing,
           row->all, row->checking, row->wall, row->proved ? "" : "  (not all proved)");
    fflush(stdout);
}

// Least squares through (log n, log seconds).
static void print_growth(const Row *rows, int count)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (int i = 0; i < count; i++) {
        if (!rows[i].proved)
            continue;
        double a = log_two(rows[i].n), b = log_two(rows[i].all);
        n++;
        x += a;
        y += b;
        xx += a * a;
        xy += a * b;
    }
    if (n * xx - x * x > 0)
        printf("all grows like n^%.1f\n", (n * xy - x * y) / (n * xx - x * x));
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: bench_prove SPEC PROOFCHECK FOLDER THREADS N...\n");
        return EXIT_FAILURE;
    }
    WorkPool *pool = work_pool_new(atoi(argv[4]));
    Row *rows = heap_alloc((size_t)argc, sizeof *rows);
    int count = 0;
    printf("digits  cases  regions  questions   bounds   solver    cover  writing      all  "
           "proofcheck     wall\n");
    for (int i = 5; i < argc; i++) {
        Arena *arena = arena_new();
        Row *row = &rows[count++];
        Diag diag = {0};
        row->n = atoi(argv[i]);
        Status status = prove(arena, pool, argv, row, &diag);
        if (status != STATUS_OK) {
            diag_print(&diag, stderr, 0);
            return status;
        }
        print_row(row);
        arena_free(arena);
    }
    print_growth(rows, count);
    free(rows);
    work_pool_free(pool);
    return EXIT_SUCCESS;
}
