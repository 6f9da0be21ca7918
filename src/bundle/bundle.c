#include "bundle.h"

#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "certificate.h"
#include "manifest.h"
#include "obligation_file.h"
#include "smt_files.h"
#include "task_file.h"

enum { FILES_BESIDE_SMT = 9 };

BundleClaim bundle_claim(Arena *arena, const Spec *spec, const char *spec_name, const char *model,
                         size_t model_size)
{
    const char *slash = strrchr(spec_name, '/');
    BundleClaim claim = {.spec_name = arena_strdup(arena, slash ? slash + 1 : spec_name),
                         .spec = spec};
    Text text = {0};
    hash_sha256(spec->text, spec->size, claim.spec_sha256);
    hash_sha256(model, model_size, claim.model_sha256);
    text_add(&text, "spec %s\nmodel %s\n", claim.spec_sha256, claim.model_sha256);
    for (int i = 0; i < spec->n_params; i++)
        text_add(&text, "%s = %lld\n", spec->params[i].name, spec->params[i].value);
    hash_sha256(text_chars(&text), text.length, claim.sha256);
    text_free(&text);
    return claim;
}

static BundleFile *add_bytes(Bundle *bundle, const char *name, const char *bytes, size_t size)
{
    BundleFile *file = &bundle->file[bundle->n_files++];
    *file = (BundleFile){.name = name, .bytes = bytes, .size = size};
    hash_sha256(bytes, size, file->sha256);
    return file;
}

// Copies the text, and leaves it empty.
static void add_text(Arena *arena, Bundle *bundle, const char *name, Text *text)
{
    char *copy = arena_strndup(arena, text_chars(text), text->length);
    add_bytes(bundle, name, copy, text->length);
    text_free(text);
}

static int by_name(const void *a, const void *b)
{
    const BundleFile *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static bool in_smt(const char *name)
{
    return strncmp(name, "smt/", 4) == 0;
}

// "HASH  NAME", a line each, sorted by name.
static void add_sums(Text *text, const Bundle *bundle, bool smt, const char *but)
{
    int count = 0;
    const BundleFile **file = heap_alloc((size_t)bundle->n_files, sizeof *file);
    for (int i = 0; i < bundle->n_files; i++)
        if (in_smt(bundle->file[i].name) == smt && strcmp(bundle->file[i].name, but) != 0)
            file[count++] = &bundle->file[i];
    qsort(file, (size_t)count, sizeof *file, by_name);
    for (int i = 0; i < count; i++)
        text_add(text, "%s  %s\n", file[i]->sha256, file[i]->name);
    free(file);
}

static void add_scripts(Arena *arena, Bundle *bundle, const SmtFiles *files)
{
    Text sums = {0};
    for (int i = 0; i < files->count; i++)
        add_bytes(bundle, arena_printf(arena, "smt/%s.smt2", files->file[i].name),
                  files->file[i].text, strlen(files->file[i].text));
    add_sums(&sums, bundle, true, "");
    add_text(arena, bundle, "smt.sha256", &sums);
}

static Status add_task(Arena *arena, Bundle *bundle, const Task *task, Diag *diag)
{
    Text text = {0};
    Status status = task_file_write(&text, task, diag);
    if (status == STATUS_OK)
        add_text(arena, bundle, "task.txt", &text);
    text_free(&text);
    return status;
}

static Status add_certificate(Arena *arena, Bundle *bundle, const Proof *proof, Diag *diag)
{
    Text text = {0};
    Status status = certificate_write(&text, proof, diag);
    if (status == STATUS_OK)
        add_text(arena, bundle, "certificate.txt", &text);
    text_free(&text);
    return status;
}

// The manifest has the root hash, which is made of all others'; SHA256SUMS has the manifest's.
static void seal(Arena *arena, Bundle *bundle, const Proof *proof, const BundleClaim *claim)
{
    Text sums = {0}, manifest = {0};
    add_sums(&sums, bundle, false, "MANIFEST.json");
    hash_sha256(text_chars(&sums), sums.length, bundle->root);
    text_free(&sums);
    manifest_write(&manifest, proof, claim, bundle->root);
    bundle->file[0].bytes = arena_strdup(arena, text_chars(&manifest));
    bundle->file[0].size = manifest.length;
    hash_sha256(bundle->file[0].bytes, manifest.length, bundle->file[0].sha256);
    text_free(&manifest);
    add_sums(&sums, bundle, false, "");
    add_text(arena, bundle, "SHA256SUMS", &sums);
}

Status bundle_new(Arena *arena, const Proof *proof, const BundleClaim *claim, Bundle *ret_bundle,
                  Diag *diag)
{
    Bundle bundle = {0};
    SmtFiles scripts;
    Text text = {0};
    CHECK(proof->verdict == VERDICT_PROVED && proof->whole);
    TRY(smt_files_of(arena, proof, &scripts, diag));
    bundle.file = ARENA_NEW(arena, BundleFile, (size_t)scripts.count + FILES_BESIDE_SMT);
    add_bytes(&bundle, "MANIFEST.json", "", 0);
    TRY(add_task(arena, &bundle, proof->claim->task, diag));
    TRY(add_certificate(arena, &bundle, proof, diag));
    add_scripts(arena, &bundle, &scripts);
    add_bytes(&bundle, "spec.spec", proof->spec->text, proof->spec->size);
    add_bytes(&bundle, "model.safetensors", proof->model_bytes, proof->model_size);
    obligation_file_write(&text, proof);
    add_text(arena, &bundle, "obligations.txt", &text);
    audit_write(&text, arena, proof, claim);
    add_text(arena, &bundle, "audit.md", &text);
    seal(arena, &bundle, proof, claim);
    *ret_bundle = bundle;
    return STATUS_OK;
}

const BundleFile *bundle_find(const Bundle *bundle, const char *name)
{
    for (int i = 0; i < bundle->n_files; i++)
        if (strcmp(bundle->file[i].name, name) == 0)
            return &bundle->file[i];
    return NULL;
}
