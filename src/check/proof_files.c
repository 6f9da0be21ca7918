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
    if (errno == ENOENT || errno == ENOTDIR)
        stop(EXIT_MISSING, (Place){name, 0}, "is missing (K1)");
    fail(EXIT_IO, "%s: %s", name, strerror(errno));
}

// A regular file of the directory.
static ProofFile read_file(int directory, const char *name)
{
    ProofFile file = {.name = name};
    struct stat info;
    int fd = openat(directory, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0)
        trouble(name);
    if (!S_ISREG(info.st_mode) || info.st_size < 0 || (uintmax_t)info.st_size > size_most)
        malformed((Place){name, 0}, "is no regular file of at most 2^30 bytes (K1)");
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

static void check_manifest(const ProofFile *manifest, const char *root)
{
    Place place = {manifest->name, 0};
    char line[LINE_MOST];
    if (!strstr(manifest->bytes, "\n\"state\": \"complete\",\n"))
        reject(place, "the state of the run is not complete (K2)");
    snprintf(line, sizeof line, "\n\"root\": \"%s\",\n", root);
    if (!strstr(manifest->bytes, line))
        reject(place, "the root hash is not that of SHA256SUMS (K2)");
}

// ---- the directory ------------------------------------------------------------------------------

typedef void Visit(int directory, const char *name, const void *context);

static void visit_all(int parent, const char *name, Visit *visit, const void *context)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory)
        trouble(name);
    struct dirent *entry;
    while (errno = 0, entry = readdir(directory))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            visit(fd, entry->d_name, context);
    if (errno != 0)
        trouble(name);
    closedir(directory);
}

static void check_known(int directory, const char *name, const void *context)
{
    (void)directory, (void)context;
    bool known = strcmp(name, "SHA256SUMS") == 0 || strcmp(name, "smt") == 0;
    for (int f = 0; f < FILES; f++)
        known |= strcmp(name, names[f]) == 0;
    if (!known)
        reject((Place){".", 0}, "a file in it is not one of a bundle (K1)");
}

// A script of the solver, which has to have its line in smt.sha256.
static void check_script(int directory, const char *name, const void *context)
{
    const ProofFile *sums = context;
    PoolMark mark = pool_mark();
    ProofFile file = read_file(directory, name);
    char line[LINE_MOST + 4], sum[LINE_MOST];
    sum_line(&file, sum);
    snprintf(line, sizeof line, "%.66ssmt/%s", sum, sum + 66);
    const char *found = strstr(sums->bytes, line);
    if (!found || (found > sums->bytes && found[-1] != '\n'))
        reject((Place){"smt", 0},
               "a file in it is not listed in smt.sha256, or has another hash (K2)");
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
    if (faccessat(directory, "smt", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        visit_all(directory, "smt", check_script, &file[SCRIPTS]);
    else if (errno != ENOENT)
        trouble("smt");
    ret->task = file[TASK];
    ret->model = file[MODEL];
    ret->certificate = file[CERTIFICATE];
    close(directory);
}
