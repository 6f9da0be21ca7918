#include "bundle_read.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bundle_entries.h"
#include "bundle_names.h"
#include "file.h"

enum { FILE_MAX = 1 << 30, HEX = HASH_HEX_SIZE - 1 };

typedef struct Reader {
    Arena *arena;
    const char *path;
    int capacity;
    Bundle bundle;
    Diag *diag;
} Reader;

static Status stale(Reader *r, const char *name, const char *what)
{
    diag_set(r->diag, STATUS_STALE, "C006", "%s%s%s", name, *name ? " " : "", what);
    diag_path(r->diag, r->path);
    return STATUS_STALE;
}

static char *path_of(Reader *r, const char *name)
{
    return arena_printf(r->arena, "%s/%s", r->path, name);
}

static BundleFile *add(Reader *r, const char *name)
{
    Bundle *bundle = &r->bundle;
    if (bundle->n_files == r->capacity) {
        BundleFile *old = bundle->file;
        r->capacity = 2 * r->capacity + 64;
        bundle->file = ARENA_NEW(r->arena, BundleFile, (size_t)r->capacity);
        if (old)
            memcpy(bundle->file, old, (size_t)bundle->n_files * sizeof *old);
    }
    BundleFile *file = &bundle->file[bundle->n_files++];
    *file = (BundleFile){.name = name};
    return file;
}

static Status read_file(Reader *r, BundleFile *file)
{
    char *bytes;
    Diag why;
    if (file_read(r->arena, path_of(r, file->name), FILE_MAX, &bytes, &file->size, &why) !=
        STATUS_OK)
        return stale(r, file->name, "cannot be read");
    file->bytes = bytes;
    hash_sha256(bytes, file->size, file->sha256);
    return STATUS_OK;
}

// A line of a list of hashes: 64 digits, two spaces, a name.
static bool read_line(Reader *r, const char *line, size_t length, BundleFile *ret_file)
{
    if (length < HEX + 3 || strspn(line, "0123456789abcdef") < HEX || line[HEX] != ' ' ||
        line[HEX + 1] != ' ')
        return false;
    char *name = arena_strndup(r->arena, line + HEX + 2, length - HEX - 2);
    const char *script = strncmp(name, "smt/", 4) == 0 ? name + 4 : NULL;
    *ret_file = (BundleFile){.name = name};
    memcpy(ret_file->sha256, line, HEX);
    return script ? bundle_names_script(script) && script[0] != '.'
                  : bundle_names_top(name) && strcmp(name, "smt") != 0;
}

static Status compare(Reader *r, const BundleFile *listed)
{
    BundleFile *file = add(r, listed->name);
    if (strncmp(file->name, "smt/", 4) == 0 && access(path_of(r, file->name), F_OK) != 0) {
        memcpy(file->sha256, listed->sha256, HEX);
        return STATUS_OK;
    }
    TRY(read_file(r, file));
    return strcmp(file->sha256, listed->sha256) == 0
               ? STATUS_OK
               : stale(r, file->name, "is not what was written: it has another hash");
}

static Status read_list(Reader *r, const char *name, const char *lines)
{
    for (const char *line = lines; *line;) {
        BundleFile listed;
        size_t length = strcspn(line, "\n");
        if (!line[length] || !read_line(r, line, length, &listed) ||
            bundle_find(&r->bundle, listed.name))
            return stale(r, name, "is out of form");
        TRY(compare(r, &listed));
        line += length + 1;
    }
    return STATUS_OK;
}

static Status all_listed(Reader *r, const BundleEntries *entries)
{
    for (int i = 0; i < entries->n_scripts; i++)
        if (!bundle_find(&r->bundle, entries->script[i]))
            return stale(r, entries->script[i], "is not listed");
    return STATUS_OK;
}

static Status need(Reader *r, const char *name)
{
    return bundle_find(&r->bundle, name) ? STATUS_OK : stale(r, name, "is not listed");
}

// The hash of all lines of SHA256SUMS but the manifest's.
static void root_of(const char *sums, char ret_root[HASH_HEX_SIZE])
{
    Text text = {0};
    for (const char *line = sums; *line; line += strcspn(line, "\n") + 1) {
        size_t length = strcspn(line, "\n") + 1;
        if (strncmp(line + HEX + 2, "MANIFEST.json\n", 14) != 0)
            text_add_bytes(&text, line, length);
    }
    hash_sha256(text_chars(&text), text.length, ret_root);
    text_free(&text);
}

static Status be_there(Reader *r)
{
    if (access(path_of(r, "MANIFEST.json"), F_OK) == 0)
        return STATUS_OK;
    diag_set(r->diag, STATUS_MISSING, "F001", "there is no proof bundle");
    diag_path(r->diag, r->path);
    return STATUS_MISSING;
}

static Status read_manifest(Reader *r, Manifest *ret_manifest)
{
    BundleFile file = {.name = "MANIFEST.json"};
    TRY(read_file(r, &file));
    Status status = manifest_parse(r->arena, file.bytes, file.size, ret_manifest, r->diag);
    if (status != STATUS_OK)
        diag_path(r->diag, r->path);
    else if (!ret_manifest->complete)
        return stale(r, "", "the proof bundle is incomplete: the run that wrote it did not end");
    return status;
}

Status bundle_read(Arena *arena, const char *path, BundleRead *ret_read, Diag *diag)
{
    static const char *const needed[] = {"MANIFEST.json", "spec.spec",  "model.safetensors",
                                         "task.txt",      "smt.sha256", "certificate.txt"};
    Reader r = {.arena = arena, .path = path, .diag = diag};
    BundleEntries entries;
    Manifest manifest;
    BundleFile sums = {.name = "SHA256SUMS"};
    TRY(be_there(&r));
    TRY(bundle_entries(arena, path, &entries, diag));
    TRY(read_manifest(&r, &manifest));
    TRY(read_file(&r, &sums));
    TRY(read_list(&r, sums.name, sums.bytes));
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        TRY(need(&r, needed[i]));
    TRY(read_list(&r, "smt.sha256", bundle_find(&r.bundle, "smt.sha256")->bytes));
    TRY(all_listed(&r, &entries));
    *add(&r, sums.name) = sums;
    root_of(sums.bytes, r.bundle.root);
    if (strcmp(r.bundle.root, manifest.root) != 0)
        return stale(&r, "", "the root hash is not that of the files");
    *ret_read = (BundleRead){manifest, r.bundle};
    return STATUS_OK;
}
