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

enum { NAME_MOST = 200 };

static const size_t size_most = (size_t)1 << 30;

// One line of SHA256SUMS or smt.sha256.
typedef struct Sum {
    char hex[SHA256_HEX];
    char name[NAME_MOST + 1];
} Sum;

typedef struct Sums {
    const char *file;
    Sum *sum;
    int count;
} Sums;

// ---- files --------------------------------------------------------------------------------------

static _Noreturn void trouble(const char *name)
{
    if (errno == ENOENT || errno == ENOTDIR)
        missing((Place){name, 0});
    fail(EXIT_IO, "%s: %s", name, strerror(errno));
}

// A regular file of the directory, opened, and its size.
static int open_file(int directory, const char *name, size_t *ret_size)
{
    int fd = openat(directory, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0)
        trouble(name);
    if (!S_ISREG(info.st_mode) || info.st_size < 0 || (uintmax_t)info.st_size > size_most)
        malformed((Place){name, 0}, "is no regular file of at most 2^30 bytes (K1)");
    *ret_size = (size_t)info.st_size;
    return fd;
}

static ProofFile read_file(int directory, const char *name)
{
    ProofFile file = {.name = name};
    int fd = open_file(directory, name, &file.size);
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

static void compare_hash(const Sum *sum, const ProofFile *file)
{
    Sha256 hash;
    char hex[SHA256_HEX];
    sha256_begin(&hash);
    sha256_add(&hash, file->bytes, file->size);
    sha256_end(&hash, hex);
    if (strcmp(hex, sum->hex) != 0)
        reject((Place){sum->name, 0}, "has another hash than is listed (K2)");
}

static void check_hash(int directory, const Sum *sum)
{
    PoolMark mark = pool_mark();
    ProofFile file = read_file(directory, sum->name);
    compare_hash(sum, &file);
    pool_release(mark);
}

static bool plain(const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", name[i]))
            return false;
    return size > 0 && name[0] != '.' && !memchr(name, 0, size);
}

// line = 64 hexadecimal digits, two spaces, prefix, name, newline
static void read_sum(Sum *sum, Place place, const char *line, size_t size, const char *prefix)
{
    size_t skip = 66 + strlen(prefix);
    if (size <= skip || size - 66 > NAME_MOST || strspn(line, "0123456789abcdef") != 64 ||
        memcmp(line + 64, "  ", 2) != 0 || memcmp(line + 66, prefix, skip - 66) != 0 ||
        !plain(line + skip, size - skip))
        malformed(place, "is not a line of a hash and a name (K2)");
    memcpy(sum->hex, line, 64);
    memcpy(sum->name, line + 66, size - 66);
}

static Sums read_sums(const ProofFile *file, const char *prefix)
{
    size_t lines = 0;
    for (size_t i = 0; i < file->size; i++)
        lines += file->bytes[i] == '\n';
    Sums sums = {file->name, POOL_TAKE(Sum, lines), 0};
    const char *at = file->bytes, *end = file->bytes + file->size;
    while (at < end) {
        Place place = {file->name, sums.count + 1};
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!stop)
            malformed(place, "the last line does not end in a newline (K2)");
        Sum *sum = &sums.sum[sums.count++];
        read_sum(sum, place, at, (size_t)(stop - at), prefix);
        if (sums.count > 1 && strcmp(sum[-1].name, sum->name) >= 0)
            malformed(place, "is not sorted by name (K2)");
        at = stop + 1;
    }
    return sums;
}

static const Sum *find_sum(const Sums *sums, const char *name)
{
    int low = 0, high = sums->count;
    while (low < high) {
        int middle = low + (high - low) / 2, order = strcmp(sums->sum[middle].name, name);
        if (order == 0)
            return &sums->sum[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static ProofFile read_listed(int directory, const Sums *sums, const char *name)
{
    ProofFile file = read_file(directory, name);
    const Sum *sum = find_sum(sums, name);
    if (!sum)
        reject((Place){name, 0}, "is not listed in %s (K2)", sums->file);
    compare_hash(sum, &file);
    return file;
}

static void find_root(const Sums *sums, char ret_root[SHA256_HEX])
{
    Sha256 hash;
    sha256_begin(&hash);
    for (int i = 0; i < sums->count; i++) {
        const Sum *sum = &sums->sum[i];
        if (strcmp(sum->name, "MANIFEST.json") == 0)
            continue;
        sha256_add(&hash, sum->hex, 64);
        sha256_add(&hash, "  ", 2);
        sha256_add(&hash, sum->name, strlen(sum->name));
        sha256_add(&hash, "\n", 1);
    }
    sha256_end(&hash, ret_root);
}

// ---- manifest -----------------------------------------------------------------------------------

// How many lines of the file begin so, leading spaces apart; *ret_rest is what follows on the last.
static int lines_like(const ProofFile *file, const char *start, const char **ret_rest)
{
    int count = 0;
    for (const char *at = file->bytes; at && *at;) {
        at += strspn(at, " \t");
        if (strncmp(at, start, strlen(start)) == 0) {
            count++;
            *ret_rest = at + strlen(start);
        }
        at = strchr(at, '\n');
        at += at != NULL;
    }
    return count;
}

static void check_manifest(const ProofFile *manifest, const char *root)
{
    Place place = {manifest->name, 0};
    const char *rest = NULL;
    if (lines_like(manifest, "\"state\":", &rest) != 1 ||
        strncmp(rest, " \"complete\",\n", 13) != 0)
        reject(place, "the state of the run is not complete (K2)");
    if (lines_like(manifest, "\"root\":", &rest) != 1 || strncmp(rest, " \"", 2) != 0 ||
        strncmp(rest + 2, root, 64) != 0 || strncmp(rest + 66, "\",\n", 3) != 0)
        reject(place, "the root hash is not that of SHA256SUMS (K2)");
}

// ---- the directory ------------------------------------------------------------------------------

// Every file there is listed, and has its hash unless it was compared already.
static void check_directory(int parent, const char *name, const char *prefix, const Sums *sums)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory)
        trouble(name);
    struct dirent *entry;
    while (errno = 0, entry = readdir(directory)) {
        char path[NAME_MOST + 1];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (!*prefix &&
            (strcmp(entry->d_name, "SHA256SUMS") == 0 || strcmp(entry->d_name, "smt") == 0))
            continue;
        int size = snprintf(path, sizeof path, "%s%s", prefix, entry->d_name);
        const Sum *sum = size <= NAME_MOST ? find_sum(sums, path) : NULL;
        if (!sum)
            reject((Place){name, 0}, "a file in it is not listed in %s (K2)", sums->file);
        if (*prefix)
            check_hash(parent, sum);
    }
    if (errno != 0)
        trouble(name);
    closedir(directory);
}

static void check_solver_scripts(int directory)
{
    struct stat info;
    ProofFile file = read_file(directory, "smt.sha256");
    Sums sums = read_sums(&file, "smt/");
    if (fstatat(directory, "smt", &info, AT_SYMLINK_NOFOLLOW) == 0)
        check_directory(directory, "smt", "smt/", &sums);
    else if (errno != ENOENT)
        trouble("smt");
}

void proof_files_read(ProofFiles *files, const char *name)
{
    static const char *const needed[] = {"audit.md", "certificate.txt", "obligations.txt",
                                         "smt.sha256", "spec.spec"};
    int directory = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        trouble(name);
    ProofFile list = read_file(directory, "SHA256SUMS");
    Sums sums = read_sums(&list, "");
    check_directory(directory, ".", "", &sums);
    ProofFile manifest = read_listed(directory, &sums, "MANIFEST.json");
    find_root(&sums, files->root);
    check_manifest(&manifest, files->root);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!find_sum(&sums, needed[i]))
            reject((Place){needed[i], 0}, "is not listed in SHA256SUMS (K1)");
    for (int i = 0; i < sums.count; i++)
        check_hash(directory, &sums.sum[i]);
    files->task = read_listed(directory, &sums, "task.txt");
    files->model = read_listed(directory, &sums, "model.safetensors");
    files->certificate = read_listed(directory, &sums, "certificate.txt");
    check_solver_scripts(directory);
    close(directory);
}
