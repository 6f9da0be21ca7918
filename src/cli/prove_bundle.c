#include "prove_bundle.h"

#include <string.h>
#include <unistd.h>

#include "bundle_folder.h"
#include "file.h"
#include "run_program.h"
#include "safetensors.h"

#define CHECKER "proofcheck"
#define PROOFS  "proofs"

// "proofs/add_d5-addition"
static const char *default_folder(Arena *arena, const char *spec_path, const char *model_path)
{
    return arena_printf(arena, PROOFS "/%s-%s", file_stem(arena, model_path),
                        file_stem(arena, spec_path));
}

// "here/", "here/." and "here/./" are "here".
static const char *without_tail(Arena *arena, const char *path)
{
    size_t length = strlen(path);
    while (length > 1 &&
           (path[length - 1] == '/' || (path[length - 1] == '.' && path[length - 2] == '/')))
        length--;
    return arena_strndup(arena, path, length);
}

// A model that cannot be read is for the prover to complain about.
Status prove_bundle_begin(Arena *arena, const Options *options, const Spec *spec,
                          const char *model_path, ProveBundle *ret_bundle, Diag *diag)
{
    ProveBundle bundle = {.arena = arena, .options = options};
    Arena *scratch = arena_new();
    char *model;
    size_t size;
    Diag ignored;
    Status status = STATUS_OK;
    if (!options->no_bundle && !options->only &&
        file_read(scratch, model_path, SAFETENSORS_FILE_MAX, &model, &size, &ignored) ==
            STATUS_OK) {
        bundle.folder = options->output ? without_tail(arena, options->output)
                                        : default_folder(arena, spec->path, model_path);
        bundle.claim = bundle_claim(arena, spec, spec->path, model, size);
        status =
            bundle_folder_mark(bundle.folder, &bundle.claim, options->force, &bundle.marked, diag);
        if (status == STATUS_CANNOT_WRITE && !diag->hint[0])
            diag_hint(diag, "--output DIR writes the proof bundle elsewhere, --no-bundle writes "
                            "none");
    }
    arena_free(scratch);
    *ret_bundle = bundle;
    return status;
}

void prove_bundle_drop(const ProveBundle *bundle, Status why)
{
    if (!bundle->marked || why == STATUS_INTERRUPTED)
        return;
    bundle_folder_unmark(bundle->folder);
    if (!bundle->options->output)
        rmdir(PROOFS); // if there is nothing else in it
}

static Status check(const ProveBundle *bundle, ReportRun *run, Diag *diag)
{
    char *checker = run_program_find(bundle->arena, CHECKER);
    const char *argv[] = {checker, bundle->folder, NULL};
    Text output = {0};
    int code = 0;
    if (!checker) {
        run->note = "not checked: there is no " CHECKER " beside verify or on the PATH";
        return STATUS_OK;
    }
    Status status = run_program(argv, &output, &code, diag);
    if (work_interrupted()) {
        status = diag_set(diag, STATUS_INTERRUPTED, "P002",
                          "interrupted while the proof was being checked");
    } else if (status == STATUS_OK && code != 0) {
        size_t line = strcspn(text_chars(&output), "\n");
        status = diag_set(diag, STATUS_INTERNAL, "P040",
                          "the checker does not accept the proof that was found (exit code %d): "
                          "%.*s",
                          code, (int)line, text_chars(&output));
        diag_path(diag, bundle->folder);
    }
    text_free(&output);
    run->checked = status == STATUS_OK;
    run->note = "accepted by " CHECKER;
    return status;
}

// A claim that certificates cannot express is proved all the same.
static Status no_certificate(const ProveBundle *bundle, ReportRun *run, const Diag *why)
{
    run->note = arena_printf(bundle->arena, "none: %s", why->text);
    prove_bundle_drop(bundle, STATUS_OK);
    return STATUS_OK;
}

static Status write_bundle(const ProveBundle *bundle, const Proof *proof, ReportRun *run,
                           Diag *diag)
{
    Bundle files;
    BundleClaim proved = bundle_claim(bundle->arena, proof->spec, proof->spec->path,
                                      proof->model_bytes, proof->model_size);
    if (strcmp(proved.sha256, bundle->claim.sha256) != 0) {
        diag_set(diag, STATUS_STALE, "C009", "the model was changed while it was being proved");
        diag_path(diag, proof->model_path);
        return STATUS_STALE;
    }
    Status status = bundle_new(bundle->arena, proof, &bundle->claim, &files, diag);
    if (status == STATUS_MALFORMED)
        return no_certificate(bundle, run, diag);
    TRY(status);
    TRY(bundle_folder_write(bundle->folder, &files, &bundle->claim, bundle->options->force, diag));
    run->bundle = bundle->folder;
    return check(bundle, run, diag);
}

Status prove_bundle_end(ProveBundle *bundle, const Proof *proof, ReportRun *run, Diag *diag)
{
    if (!bundle->folder)
        return STATUS_OK;
    if (proof->verdict != VERDICT_PROVED) {
        prove_bundle_drop(bundle, STATUS_OK);
        return STATUS_OK;
    }
    Status status = write_bundle(bundle, proof, run, diag);
    if (status != STATUS_OK)
        prove_bundle_drop(bundle, status);
    return status;
}
