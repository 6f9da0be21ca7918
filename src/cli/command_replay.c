// `verify replay BUNDLE`: does the prover still find what the bundle holds?
//
//   compare the files with their hashes          bundle_read.h
//   prove the bundle's spec for its model again  proof.h; no answer is taken from a cache
//   compare what comes out                       bundle_compare.h
//   put back scripts that are missing
//   with --solver, run that program on every script
#include <limits.h>
#include <string.h>

#include "bundle_compare.h"
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

static Status find_again(const Replay *replay, Bundle *ret_found, Diag *diag)
{
    Proof proof;
    TRY(prove(replay, &proof, diag));
    if (proof.verdict != VERDICT_PROVED)
        return diag_set(diag, STATUS_STALE, "C011", "the prover does not find the proof again: %s",
                        proof.reason);
    const BundleFile *model = bundle_find(&replay->read.bundle, "model.safetensors");
    BundleClaim claim = bundle_claim(replay->arena, proof.spec, replay->read.manifest.spec,
                                     model->bytes, model->size);
    TRY(bundle_new(replay->arena, &proof, &claim, ret_found, diag));
    return bundle_compare(&replay->read, ret_found, diag);
}

static Status find_and_say(const Replay *replay, Bundle *ret_found, Diag *diag)
{
    const Manifest *manifest = &replay->read.manifest;
    Status status = find_again(replay, ret_found, diag);
    if (status == STATUS_STALE)
        diag_path(diag, replay->path);
    TRY(status);
    printf("%s: the prover finds the same again, %d scripts refuted by %s\n", replay->path,
           replay->scripts, smt_version());
    if (!bundle_comparable(manifest, "audit.md"))
        printf("%s: another version of Ripple wrote it, so that MANIFEST.json, SHA256SUMS and "
               "audit.md were not compared\n",
               replay->path);
    else if (!bundle_comparable(manifest, "MANIFEST.json"))
        printf("%s: another version of the solver is named in it, so that MANIFEST.json and "
               "SHA256SUMS were not compared\n",
               replay->path);
    return STATUS_OK;
}

// ---- scripts that are missing -------------------------------------------------------------------

static Status write_missing(Replay *replay, const Bundle *found, Diag *diag)
{
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

// That they cannot be written takes nothing away from what was found.
static Status restore(Replay *replay, const Bundle *found, Diag *diag)
{
    if (replay->missing == 0)
        return STATUS_OK;
    Status status = write_missing(replay, found, diag);
    if (replay->restored > 0)
        printf("%s: %d missing scripts put back\n", replay->path, replay->restored);
    if (status != STATUS_OK)
        diag_hint(diag, "the scripts that are missing were found again, but not put back%s",
                  replay->options->solver ? ", and the other solver was not asked" : "");
    return status;
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

static Status solve_and_say(Replay *replay, Diag *diag)
{
    TRY(solve_scripts(replay, diag));
    printf("%s: %s answers unsat to all %ld questions of %d scripts\n", replay->path,
           replay->options->solver, replay->questions, replay->scripts);
    return STATUS_OK;
}

static Status run(Replay *replay, Diag *diag)
{
    const char *solver = replay->options->solver;
    Bundle found;
    TRY(bundle_read(replay->arena, replay->path, &replay->read, diag));
    count_scripts(replay);
    if (!solver || replay->missing > 0) {
        TRY(find_and_say(replay, &found, diag));
        TRY(restore(replay, &found, diag));
    }
    return solver ? solve_and_say(replay, diag) : STATUS_OK;
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
