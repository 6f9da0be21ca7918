#include "bundle_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle_names.h"
#include "file.h"
#include "manifest.h"

static Status failed(Diag *diag, Status status, const char *path, const char *what)
{
    diag_set(diag, status, status == STATUS_IO ? "F004" : "F003", "%s: %s", what, strerror(errno));
    diag_path(diag, path);
    return status;
}

// ---- what is there ------------------------------------------------------------------------------

typedef enum Place {
    PLACE_FREE,       // nothing, or an empty folder
    PLACE_INCOMPLETE, // of a run that did not end
    PLACE_SAME,       // a bundle of this claim
    PLACE_OTHER,      // a bundle of another claim
    PLACE_FOREIGN,    // something else
    PLACE_LINK,       // to whatever
    PLACE_NAMELESS,   // a path that ends in . or .., where nothing can be put
} Place;

static bool is_folder(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

// Whether a folder holds nothing but files whose names pass; *ret_count: how many.
static bool holds_only(const char *path, bool (*passes)(const char *name), int *ret_count)
{
    DIR *folder = opendir(path);
    bool good = folder != NULL;
    *ret_count = 0;
    for (struct dirent *entry; good && (entry = readdir(folder));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        good = passes(entry->d_name);
        ++*ret_count;
    }
    if (folder)
        closedir(folder);
    return good;
}

static bool is_nameless(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

// `sha256`: of the claim.
static Place place_of(const char *path, const char *sha256)
{
    struct stat info;
    int files, scripts;
    if (is_nameless(path))
        return PLACE_NAMELESS;
    if (lstat(path, &info) != 0)
        return PLACE_FREE;
    if (S_ISLNK(info.st_mode))
        return PLACE_LINK;
    if (!S_ISDIR(info.st_mode) || !holds_only(path, bundle_names_top, &files))
        return PLACE_FOREIGN;
    if (files == 0)
        return PLACE_FREE;
    Arena *arena = arena_new();
    Place place = PLACE_FOREIGN;
    Manifest manifest;
    char *text, *smt = arena_printf(arena, "%s/smt", path);
    size_t size;
    Diag ignored;
    bool plain = !is_folder(smt) || holds_only(smt, bundle_names_script, &scripts);
    if (plain &&
        file_read(arena, arena_printf(arena, "%s/MANIFEST.json", path), MANIFEST_MAX, &text, &size,
                  &ignored) == STATUS_OK &&
        manifest_parse(arena, text, size, &manifest, &ignored) == STATUS_OK)
        place = !manifest.complete                    ? PLACE_INCOMPLETE
                : strcmp(manifest.claim, sha256) == 0 ? PLACE_SAME
                                                      : PLACE_OTHER;
    arena_free(arena);
    return place;
}

static Status may_write(const char *path, Place place, bool force, Diag *diag)
{
    if (place == PLACE_FOREIGN) {
        diag_set(diag, STATUS_CANNOT_WRITE, "C005", "something that is no proof bundle is there");
        diag_hint(diag, "--output DIR writes elsewhere, --no-bundle writes none");
    } else if (place == PLACE_LINK) {
        diag_set(diag, STATUS_CANNOT_WRITE, "C005", "a symbolic link is there");
        diag_hint(diag, "name the folder that it leads to, or another one");
    } else if (place == PLACE_NAMELESS) {
        diag_set(diag, STATUS_CANNOT_WRITE, "C005",
                 "a proof bundle cannot be put where a path ends in . or ..");
        diag_hint(diag, "name the folder itself");
    } else if (place == PLACE_OTHER && !force) {
        diag_set(diag, STATUS_CANNOT_WRITE, "C004",
                 "the proof bundle of another claim is there already");
        diag_hint(diag, "--force replaces it, --output DIR writes elsewhere");
    } else {
        return STATUS_OK;
    }
    diag_path(diag, path);
    return STATUS_CANNOT_WRITE;
}

// ---- clearing away ------------------------------------------------------------------------------

static void remove_scripts(int folder)
{
    int fd = openat(folder, "smt", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *smt = fd < 0 ? NULL : fdopendir(fd);
    for (struct dirent *entry; smt && (entry = readdir(smt));)
        if (bundle_names_script(entry->d_name))
            unlinkat(fd, entry->d_name, 0);
    if (smt)
        closedir(smt);
    unlinkat(folder, "smt", AT_REMOVEDIR);
}

// Removes a bundle, or a part of one; what does not belong to it stays.
static void remove_bundle(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return;
    for (int i = 0; i < BUNDLE_NAMES; i++)
        unlinkat(folder, bundle_names[i], 0);
    remove_scripts(folder);
    close(folder);
    rmdir(path);
}

// "proofs/.add_d5-addition.": how the folders beside the place begin.
static char *beside(Arena *arena, const char *path, char **ret_parent, char **ret_start)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    *ret_parent = !slash          ? arena_strdup(arena, ".")
                  : slash == path ? arena_strdup(arena, "/")
                                  : arena_strndup(arena, path, (size_t)(slash - path));
    *ret_start = arena_printf(arena, ".%s.", name);
    return arena_printf(arena, "%s/%s", *ret_parent, *ret_start);
}

// A folder that a run still writes to is locked.
static void remove_if_left(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        remove_bundle(path);
    close(fd);
}

static void remove_leftovers(Arena *arena, const char *parent, const char *start)
{
    DIR *folder = opendir(parent);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (strncmp(entry->d_name, start, strlen(start)) == 0 &&
            strlen(entry->d_name) == strlen(start) + 6)
            remove_if_left(arena_printf(arena, "%s/%s", parent, entry->d_name));
    if (folder)
        closedir(folder);
}

// ---- writing ------------------------------------------------------------------------------------

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t count = write(fd, bytes, size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        bytes += count;
        size -= (size_t)count;
    }
    return true;
}

static bool write_file(int folder, const BundleFile *file)
{
    int fd = openat(folder, file->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return false;
    bool good = write_all(fd, file->bytes, file->size);
    return close(fd) == 0 && good;
}

// The manifest, which is the first, is written last: it says whether the others are there. Hundreds of
// files are synced at once: one by one, that takes longer than a proof.
static bool write_files(int folder, const BundleFile *file, int count)
{
    bool scripts = count > 1, good = !scripts || mkdirat(folder, "smt", 0755) == 0;
    for (int i = 1; i < count && good; i++)
        good = write_file(folder, &file[i]);
    return good && write_file(folder, &file[0]) && syncfs(folder) == 0;
}

// A file system that cannot exchange two names leaves a moment without a bundle, never a mixture.
static bool put_in_place(Arena *arena, const char *made, const char *path)
{
    if (rename(made, path) == 0)
        return true;
    if (renameat2(AT_FDCWD, made, AT_FDCWD, path, RENAME_EXCHANGE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    char *old = arena_printf(arena, "%s.old", made);
    if (rename(path, old) != 0 || rename(made, path) != 0)
        return false;
    remove_bundle(old);
    return true;
}

static Status write_locked(Arena *arena, int fd, const char *made, const char *parent,
                           const char *path, const BundleFile *file, int count, Diag *diag)
{
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fchmod(fd, 0755) != 0 || !write_files(fd, file, count))
        return failed(diag, STATUS_IO, path, "cannot write the proof bundle");
    if (!put_in_place(arena, made, path))
        return failed(diag, STATUS_CANNOT_WRITE, path, "cannot put the proof bundle in its place");
    int folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
    return STATUS_OK;
}

static Status write_folder(const char *path, const BundleFile *file, int count, Diag *diag)
{
    Arena *arena = arena_new();
    char *parent, *start;
    char *made = arena_printf(arena, "%sXXXXXX", beside(arena, path, &parent, &start));
    Status status = file_make_folder(parent, diag);
    if (status == STATUS_OK) {
        remove_leftovers(arena, parent, start);
        if (!mkdtemp(made))
            status = failed(diag, STATUS_CANNOT_WRITE, path, "cannot create the folder");
    }
    if (status == STATUS_OK) {
        int fd = open(made, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        status = write_locked(arena, fd, made, parent, path, file, count, diag);
        remove_bundle(made); // what was replaced, or could not be written
        close(fd);
    }
    arena_free(arena);
    return status;
}

// ---- the whole ----------------------------------------------------------------------------------

Status bundle_folder_mark(const char *path, const BundleClaim *claim, bool force, bool *ret_marked,
                          Diag *diag)
{
    Place place = place_of(path, claim->sha256);
    Text text = {0};
    *ret_marked = false;
    TRY(may_write(path, place, force, diag));
    if (place != PLACE_FREE && place != PLACE_INCOMPLETE)
        return STATUS_OK;
    manifest_write_incomplete(&text, claim);
    BundleFile manifest = {.name = "MANIFEST.json", .bytes = text.chars, .size = text.length};
    Status status = write_folder(path, &manifest, 1, diag);
    text_free(&text);
    *ret_marked = status == STATUS_OK;
    return status;
}

void bundle_folder_unmark(const char *path)
{
    if (place_of(path, "") == PLACE_INCOMPLETE)
        remove_bundle(path);
}

Status bundle_folder_write(const char *path, const Bundle *bundle, const BundleClaim *claim,
                           bool force, Diag *diag)
{
    TRY(may_write(path, place_of(path, claim->sha256), force, diag));
    return write_folder(path, bundle->file, bundle->n_files, diag);
}
