#include "bundle_entries.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle_names.h"

typedef struct Walk {
    Arena *arena;
    const char *path;
    int capacity;
    BundleEntries entries;
    Diag *diag;
} Walk;

static Status wrong(const Walk *walk, Status status, const char *name, const char *what)
{
    diag_set(walk->diag, status, status == STATUS_STALE ? "C006" : "C014", "%s %s", name, what);
    diag_path(walk->diag, walk->path);
    return status;
}

static void add_script(Walk *walk, const char *name)
{
    BundleEntries *entries = &walk->entries;
    if (entries->n_scripts == walk->capacity) {
        const char **old = entries->script;
        walk->capacity = 2 * walk->capacity + 64;
        entries->script = ARENA_NEW(walk->arena, const char *, (size_t)walk->capacity);
        if (old)
            memcpy(entries->script, old, (size_t)entries->n_scripts * sizeof *old);
    }
    entries->script[entries->n_scripts++] = name;
}

// S_IFREG, S_IFLNK, ...; 0 when it is not there any more.
static mode_t kind_of(int folder, const char *entry)
{
    struct stat info;
    return fstatat(folder, entry, &info, AT_SYMLINK_NOFOLLOW) == 0 ? info.st_mode & S_IFMT : 0;
}

static Status visit_script(Walk *walk, int folder, const char *entry)
{
    const char *name = arena_printf(walk->arena, "smt/%s", entry);
    if (!bundle_names_script(entry))
        return wrong(walk, STATUS_STALE, name, "is no file of a proof bundle");
    if (kind_of(folder, entry) != S_IFREG)
        return wrong(walk, STATUS_MALFORMED, name, "is no regular file");
    add_script(walk, name);
    return STATUS_OK;
}

static Status visit_top(Walk *walk, int folder, const char *entry)
{
    bool smt = strcmp(entry, "smt") == 0;
    if (!bundle_names_top(entry))
        return wrong(walk, STATUS_STALE, entry, "is no file of a proof bundle");
    if (kind_of(folder, entry) != (smt ? S_IFDIR : S_IFREG))
        return wrong(walk, STATUS_MALFORMED, entry, smt ? "is no folder" : "is no regular file");
    return STATUS_OK;
}

static Status visit_all(Walk *walk, const char *path, const char *name,
                        Status (*visit)(Walk *walk, int folder, const char *entry))
{
    DIR *folder = opendir(path);
    Status status = STATUS_OK;
    if (!folder)
        return wrong(walk, STATUS_STALE, name, "cannot be read");
    for (struct dirent *entry; status == STATUS_OK && (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = visit(walk, dirfd(folder), entry->d_name);
    closedir(folder);
    return status;
}

Status bundle_entries(Arena *arena, const char *path, BundleEntries *ret_entries, Diag *diag)
{
    Walk walk = {.arena = arena, .path = path, .diag = diag};
    const char *smt = arena_printf(arena, "%s/smt", path);
    TRY(visit_all(&walk, path, "the folder", visit_top));
    if (access(smt, F_OK) == 0)
        TRY(visit_all(&walk, smt, "smt", visit_script));
    *ret_entries = walk.entries;
    return STATUS_OK;
}
