#include "proof_files.h"

#include "pool.h"
#include "reject.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Sorted by name, as SHA256SUMS is.
enum { MANIFEST, AUDIT, CERTIFICATE, MODEL, OBLIGATIONS, SCRIPTS, SPEC, TASK, FILES };

static const char *const names[FILES] = {"MANIFEST.json",     "audit.md",        "certificate.txt",
                                         "model.safetensors", "obligations.txt", "smt.sha256",
                                         "spec.spec",         "task.txt"};

enum { LINE_MOST = 400 };

static const size_t size_most = (size_t)1 << 30;

// ---- files --------------------------------------------------------------------------------------

static _Noreturn void trouble(const char *name)
{
    if (errno == ENOENT)
        stop(EXIT_MISSING, (Place){name, 0}, "is missing (K1)");
    if (errno == ENOTDIR)
        malformed((Place){name, 0}, "is no directory (K1)");
    fail(EXIT_IO, "%s: %s", name, strerror(errno));
}

// A regular file of the directory; nothing else is opened, neither links nor devices.
static ProofFile read_file(int directory, const char *name)
{
    ProofFile file = {.name = name};
    struct stat info;
    if (fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        trouble(name);
    if (!S_ISREG(info.st_mode) || info.st_size < 0 || (uintmax_t)info.st_size > size_most)
        malformed((Place){name, 0}, "is no regular file of at most 2^30 bytes (K1)");
    int fd = openat(directory, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        trouble(name);
    file.size = (size_t)info.st_size;
    file.bytes = POOL_TAKE(char, file.size + 1);
    for (size_t done = 0; done < file.size;) {
        ssize_t part = read(fd, file.bytes + done, file.size - done);
        if (part < 0)
            trouble(name);
        if (part == 0)
            reject((Place){name, 0}, "became shorter while it was read");
        done += (size_t)part;
    }
    close(fd);
    return file;
}

// ---- hashes -------------------------------------------------------------------------------------

// The line that lists a file: its hash, two spaces, its name, newline.
static void sum_line(const ProofFile *file, char ret[LINE_MOST])
{
    Sha256 hash;
    char hex[SHA256_HEX];
    sha256_begin(&hash);
    sha256_add(&hash, file->bytes, file->size);
    sha256_end(&hash, hex);
    snprintf(ret, LINE_MOST, "%s  %s\n", hex, file->name);
}

// SHA256SUMS must be the lines of the files, and nothing else. The root is the hash of all but the first.
static void check_sums(const ProofFile *sums, const ProofFile *files, char ret_root[SHA256_HEX])
{
    Sha256 hash;
    const char *at = sums->bytes;
    sha256_begin(&hash);
    for (int f = 0; f < FILES; f++) {
        char line[LINE_MOST];
        sum_line(&files[f], line);
        size_t size = strlen(line);
        if (strncmp(at, line, size) != 0 && strnlen(at, 64) == 64 &&
            strncmp(at + 64, line + 64, size - 64) == 0)
            reject((Place){names[f], 0}, "has another hash than is listed (K2)");
        if (strncmp(at, line, size) != 0)
            malformed((Place){sums->name, f + 1}, "is not the line of %s (K2)", names[f]);
        if (f != MANIFEST)
            sha256_add(&hash, line, size);
        at += size;
    }
    if (at != sums->bytes + sums->size)
        malformed((Place){sums->name, FILES + 1}, "more than the files of a bundle (K2)");
    sha256_end(&hash, ret_root);
}

// ---- manifest -----------------------------------------------------------------------------------

// Whether one line of the text says this of a key, and no other one speaks of it.
static bool says(const char *text, const char *key, const char *value)
{
    char start[LINE_MOST], line[LINE_MOST];
    snprintf(start, sizeof start, "\n\"%s\":", key);
    snprintf(line, sizeof line, "\n\"%s\": \"%s\",\n", key, value);
    return strstr(text, line) && !strstr(strstr(text, start) + 1, start);
}

static void check_manifest(const ProofFile *manifest, const char *root)
{
    Place place = {manifest->name, 0};
    if (strlen(manifest->bytes) != manifest->size)
        malformed(place, "is no text (K2)");
    if (!says(manifest->bytes, "state", "complete"))
        reject(place, "the state of the run is not complete (K2)");
    if (!says(manifest->bytes, "root", root))
        reject(place, "the root hash is not that of SHA256SUMS (K2)");
}

// ---- the directory ------------------------------------------------------------------------------

typedef void Visit(int bundle, const char *path, const ProofFile *list);

// Visits what is in a folder of the bundle, or (".") in the bundle itself, by its path from there.
static void visit_all(int bundle, const char *folder, Visit *visit, const ProofFile *list)
{
    int fd = openat(bundle, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory)
        trouble(folder);
    struct dirent *entry;
    while (errno = 0, entry = readdir(directory)) {
        char path[LINE_MOST];
        bool inside = strcmp(folder, ".") != 0;
        snprintf(path, sizeof path, "%s%s%s", inside ? folder : "", inside ? "/" : "",
                 entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            visit(bundle, path, list);
    }
    if (errno != 0)
        trouble(folder);
    closedir(directory);
}

static void check_known(int bundle, const char *path, const ProofFile *list)
{
    (void)bundle, (void)list;
    bool known = strcmp(path, "SHA256SUMS") == 0 || strcmp(path, "smt") == 0;
    for (int f = 0; f < FILES; f++)
        known |= strcmp(path, names[f]) == 0;
    if (!known)
        reject((Place){path, 0}, "is not one of the files of a bundle (K1)");
}

// smt.sha256 must be lines like those of SHA256SUMS.
static void check_list(const ProofFile *list)
{
    const char *at = list->bytes;
    for (int line = 1; *at; line++) {
        size_t size = strcspn(at, "\n");
        if (strspn(at, "0123456789abcdef") != 64 || strncmp(at + 64, "  smt/", 6) != 0 ||
            strncmp(at + size - 5, ".smt2\n", 6) != 0)
            malformed((Place){list->name, line}, "is no line of a script (K2)");
        at += size + 1;
    }
    if (at != list->bytes + list->size)
        malformed((Place){list->name, 0}, "is no text (K2)");
}

// A script of the solver, which has to have its line in the list.
static void check_script(int bundle, const char *path, const ProofFile *list)
{
    PoolMark mark = pool_mark();
    ProofFile file = read_file(bundle, path);
    char line[LINE_MOST];
    sum_line(&file, line);
    if (!strstr(list->bytes, line))
        reject((Place){path, 0}, "is not listed in smt.sha256, or has another hash (K2)");
    pool_release(mark);
}

void proof_files_read(ProofFiles *ret, const char *name)
{
    int directory = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        trouble(name);
    ProofFile file[FILES], sums = read_file(directory, "SHA256SUMS");
    visit_all(directory, ".", check_known, NULL);
    for (int f = 0; f < FILES; f++)
        file[f] = read_file(directory, names[f]);
    check_sums(&sums, file, ret->root);
    check_manifest(&file[MANIFEST], ret->root);
    check_list(&file[SCRIPTS]);
    if (faccessat(directory, "smt", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        visit_all(directory, "smt", check_script, &file[SCRIPTS]);
    else if (errno != ENOENT)
        trouble("smt");
    ret->task = file[TASK];
    ret->model = file[MODEL];
    ret->certificate = file[CERTIFICATE];
    close(directory);
}
