#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static Status file_failed(Diag *diag, Status status, const char *code, const char *path,
                          const char *what)
{
    diag_set(diag, status, code, "%s: %s", what, strerror(errno));
    diag_path(diag, path);
    return status;
}

static Status read_open(Arena *arena, int fd, const char *path, size_t limit, char **ret_content,
                        size_t *ret_size, Diag *diag)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return file_failed(diag, STATUS_IO, "F004", path, "cannot read the file");
    if (!S_ISREG(info.st_mode)) {
        diag_set(diag, STATUS_MISSING, "F001", "not a regular file");
        diag_path(diag, path);
        return STATUS_MISSING;
    }
    if (info.st_size < 0 || (size_t)info.st_size > limit) {
        diag_set(diag, STATUS_MALFORMED, "F002",
                 "the file has %lld bytes, more than the %zu allowed", (long long)info.st_size,
                 limit);
        diag_path(diag, path);
        return STATUS_MALFORMED;
    }
    size_t size = (size_t)info.st_size, got = 0;
    char *content = arena_alloc(arena, size + 1, 1);
    while (got < size) {
        ssize_t count = read(fd, content + got, size - got);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return file_failed(diag, STATUS_IO, "F004", path, "cannot read the file");
        if (count == 0)
            break;
        got += (size_t)count;
    }
    content[got] = '\0';
    *ret_content = content;
    *ret_size = got;
    return STATUS_OK;
}

Status file_read(Arena *arena, const char *path, size_t limit, char **ret_content, size_t *ret_size,
                 Diag *diag)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return file_failed(diag, STATUS_MISSING, "F001", path, "cannot open the file");
    Status status = read_open(arena, fd, path, limit, ret_content, ret_size, diag);
    close(fd);
    return status;
}

static int write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t count = write(fd, bytes, size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -1;
        bytes += count;
        size -= (size_t)count;
    }
    return 0;
}

Status file_write(const char *path, const void *content, size_t size, Diag *diag)
{
    Arena *arena = arena_new();
    Status status = STATUS_OK;
    char *temporary = arena_printf(arena, "%s.XXXXXX", path);
    int fd = mkstemp(temporary);
    if (fd < 0) {
        status = file_failed(diag, STATUS_CANNOT_WRITE, "F003", path, "cannot create the file");
        arena_free(arena);
        return status;
    }
    int failed = write_all(fd, content, size) != 0 || fchmod(fd, 0644) != 0 || fsync(fd) != 0;
    if (close(fd) != 0 || failed)
        status = file_failed(diag, STATUS_IO, "F004", path, "cannot write the file");
    else if (rename(temporary, path) != 0)
        status = file_failed(diag, STATUS_CANNOT_WRITE, "F003", path, "cannot create the file");
    if (status != STATUS_OK)
        unlink(temporary);
    arena_free(arena);
    return status;
}

static bool make_folder(const char *path)
{
    struct stat info;
    return mkdir(path, 0777) == 0 ||
           (errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode));
}

Status file_make_folder(const char *path, Diag *diag)
{
    Arena *arena = arena_new();
    char *part = arena_strdup(arena, path);
    bool made = true;
    for (char *slash = strchr(part + 1, '/'); slash && made; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        made = make_folder(part);
        *slash = '/';
    }
    made = made && make_folder(path);
    int why = errno;
    arena_free(arena);
    errno = why == EEXIST ? ENOTDIR : why;
    return made ? STATUS_OK
                : file_failed(diag, STATUS_CANNOT_WRITE, "F003", path, "cannot create the folder");
}

char *file_beside(Arena *arena, const char *from, const char *relative)
{
    const char *slash = strrchr(from, '/');
    if (relative[0] == '/' || !slash)
        return arena_strdup(arena, relative);
    return arena_printf(arena, "%.*s/%s", (int)(slash - from), from, relative);
}

char *file_stem(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return arena_strndup(arena, name, dot && dot != name ? (size_t)(dot - name) : strlen(name));
}
