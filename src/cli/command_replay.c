// `verify replay BUNDLE`: does the prover still find what the bundle holds?
//
//   compare the files with their hashes          bundle_read.h
//   prove the bundle's spec for its model again  proof.h; no answer is taken from a cache
//   compare what comes out, and put back scripts that are missing
//   with --solver, run that program on every script
#include <limits.h>
#include <string.h>

#include "bundle_read.h"
#include "commands.h"
#include "exitcode.h"
#include "file.h"
#include "prove_progress.h"
#include "run_program.h"

typedef struct Replay {
    Arena *arena;
    const Options *options;
    const char *path;
    WorkPool *pool;
    BundleRead read;
    int scripts, missing, restored;
    long questions; // that an external solver was asked
} Replay;

static Status stale(const Replay *replay, Diag *diag, const char *what, const char *file)
{
    diag_set(diag, STATUS_STALE, "C011", "%s%s", what, file);
    diag_path(diag, replay->path);
    return STATUS_STALE;
}

static const char *path_of(const Replay *replay, const char *name)
{
    return arena_printf(replay->arena, "%s/%s", replay->path, name);
}

static bool is_script(const BundleFile *file)
{
    return strncmp(file->name, "smt/", 4) == 0;
}

static void count_scripts(Replay *replay)
{
    for (int i = 0; i < replay->read.bundle.n_files; i++)
        if (is_script(&replay->read.bundle.file[i])) {
            replay->scripts++;
            replay->missing += !replay->read.bundle.file[i].bytes;
        }
}

// ---- proving again ------------------------------------------------------------------------------

static Status prove(const Replay *replay, Proof *ret_proof, Diag *diag)
{
    const Manifest *manifest = &replay->read.manifest;
    const BundleFile *text = bundle_find(&replay->read.bundle, "spec.spec");
    Spec *spec;
    ProveProgress progress = prove_progress_new(replay->options);
    ProofOptions how = {.budget = LONG_MAX, // what was proved stayed within some budget
                        .progress = prove_progress_show,
                        .context = &progress};
    TRY(spec_parse(replay->arena, path_of(replay, text->name), text->bytes, text->size,
                   manifest->settings, manifest->n_settings, &spec, diag));
    Status status = proof_run(replay->arena, replay->pool, spec,
                              path_of(replay, "model.safetensors"), &how, ret_proof, diag);
    prove_progress_end(&progress);
    return status;
}

// What depends on nothing but claim and prover. The manifest and audit.md name versions.
static bool must_agree(const char *name)
{
    return strcmp(name, "MANIFEST.json") != 0 && strcmp(name, "SHA256SUMS") != 0 &&
           strcmp(name, "audit.md") != 0;
}

static Status compare(const Replay *replay, const Bundle *found, Diag *diag)
{
    const Bundle *recorded = &replay->read.bundle;
    for (int i = 0; i < found->n_files; i++) {
        const BundleFile *file = &found->file[i], *old = bundle_find(recorded, file->name);
        if (must_agree(file->name) && (!old || strcmp(old->sha256, file->sha256) != 0))
            return stale(replay, diag, "the prover finds something else than ", file->name);
    }
    for (int i = 0; i < recorded->n_files; i++)
        if (is_script(&recorded->file[i]) && !bundle_find(found, recorded->file[i].name))
            return stale(replay, diag, "the prover does not find ", recorded->file[i].name);
    return STATUS_OK;
}

static Status restore(Replay *replay, const Bundle *found, Diag *diag)
{
    if (replay->missing > 0)
        TRY(file_make_folder(path_of(replay, "smt"), diag));
    for (int i = 0; i < replay->read.bundle.n_files; i++) {
        BundleFile *old = &replay->read.bundle.file[i];
        if (!is_script(old) || old->bytes)
            continue;
        const BundleFile *file = bundle_find(found, old->name);
        TRY(file_write(path_of(replay, old->name), file->bytes, file->size, diag));
        old->bytes = file->bytes;
        old->size = file->size;
        replay->restored++;
    }
    return STATUS_OK;
}

static Status find_again(Replay *replay, Diag *diag)
{
    Proof proof;
    Bundle found;
    TRY(prove(replay, &proof, diag));
    if (proof.verdict != VERDICT_PROVED)
        return stale(replay, diag, "the prover does not find the proof again: ", proof.reason);
    const BundleFile *model = bundle_find(&replay->read.bundle, "model.safetensors");
    BundleClaim claim = bundle_claim(replay->arena, proof.spec, replay->read.manifest.spec,
                                     model->bytes, model->size);
    TRY(bundle_new(replay->arena, &proof, &claim, &found, diag));
    TRY(compare(replay, &found, diag));
    return restore(replay, &found, diag);
}

// ---- another solver -----------------------------------------------------------------------------

typedef struct Solving {
    const Replay *replay;
    const BundleFile **script;
    struct {
        Status status;
        long questions;
        Diag diag;
    } * result;
} Solving;

static long count_questions(const char *script)
{
    long count = 0;
    for (const char *at = script; (at = strstr(at, "\n(check-sat)\n")); at++)
        count++;
    return count;
}

// The lines of the answer: as many as questions, each `unsat`.
static Status judge(const BundleFile *script, const char *answer, long *ret_questions, Diag *diag)
{
    const char *name = script->name;
    *ret_questions = count_questions(script->bytes);
    long unsat = 0;
    for (const char *line = answer; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        int length = (int)strcspn(line, "\n");
        if (length == 5 && strncmp(line, "unsat", 5) == 0)
            unsat++;
        else if (length == 3 && strncmp(line, "sat", 3) == 0)
            return diag_set(diag, STATUS_STALE, "C012", "%s: the solver answers sat", name);
        else
            return diag_set(diag, STATUS_LIMIT, "C012", "%s: the solver answers %.*s", name,
                            length < 200 ? length : 200, line);
    }
    if (unsat != *ret_questions)
        return diag_set(diag, STATUS_LIMIT, "C012", "%s: the solver answers %ld of %ld questions",
                        name, unsat, *ret_questions);
    return STATUS_OK;
}

static void solve_script(void *context, size_t piece, int worker)
{
    Solving *solving = context;
    const BundleFile *script = solving->script[piece];
    Diag *diag = &solving->result[piece].diag;
    Arena *arena = arena_new();
    const char *argv[] = {solving->replay->options->solver,
                          arena_printf(arena, "%s/%s", solving->replay->path, script->name), NULL};
    Text answer = {0};
    int code;
    (void)worker;
    Status status = work_interrupted() ? diag_set(diag, STATUS_INTERRUPTED, "P002", "interrupted")
                                       : run_program(argv, &answer, &code, diag);
    if (status == STATUS_OK)
        status = judge(script, text_chars(&answer), &solving->result[piece].questions, diag);
    solving->result[piece].status = status;
    text_free(&answer);
    arena_free(arena);
}

static Status solve_scripts(Replay *replay, Diag *diag)
{
    const Bundle *bundle = &replay->read.bundle;
    size_t most = (size_t)replay->scripts, count = 0;
    Solving solving = {.replay = replay,
                       .script = ARENA_NEW(replay->arena, const BundleFile *, most)};
    solving.result = arena_alloc(replay->arena, most, sizeof *solving.result);
    for (int i = 0; i < bundle->n_files; i++)
        if (is_script(&bundle->file[i]))
            solving.script[count++] = &bundle->file[i];
    work_run(replay->pool, count, solve_script, &solving);
    Status worst = STATUS_OK;
    for (size_t i = 0; i < count; i++) {
        replay->questions += solving.result[i].questions;
        if (solving.result[i].status == STATUS_OK ||
            (worst != STATUS_OK &&
             exit_worst((int)worst, (int)solving.result[i].status) == (int)worst))
            continue;
        worst = solving.result[i].status;
        *diag = solving.result[i].diag;
    }
    if (worst != STATUS_OK)
        diag_path(diag, replay->path);
    return worst;
}

// ---- the whole ----------------------------------------------------------------------------------

static void print(const Replay *replay, bool found)
{
    const char *solver = replay->options->solver;
    if (found)
        printf("%s: the prover finds the same again, %d scripts refuted by %s\n", replay->path,
               replay->scripts, smt_version());
    if (replay->restored > 0)
        printf("%s: %d missing scripts put back\n", replay->path, replay->restored);
    if (solver)
        printf("%s: %s answers unsat to all %ld questions of %d scripts\n", replay->path, solver,
               replay->questions, replay->scripts);
}

static Status run(Replay *replay, Diag *diag)
{
    const char *solver = replay->options->solver;
    TRY(bundle_read(replay->arena, replay->path, &replay->read, diag));
    count_scripts(replay);
    bool find = !solver || replay->missing > 0;
    if (find)
        TRY(find_again(replay, diag));
    if (solver)
        TRY(solve_scripts(replay, diag));
    print(replay, find);
    return STATUS_OK;
}

Status command_replay(const Options *options, Diag *diag)
{
    Replay replay = {.arena = arena_new(), .options = options, .path = options->arguments[0]};
    work_catch_interrupt();
    replay.pool = work_pool_new((int)options->threads);
    Status status = run(&replay, diag);
    work_pool_free(replay.pool);
    arena_free(replay.arena);
    return status;
}
