#include "run_program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char *beside(Arena *arena, const char *name)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return NULL;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    return slash ? arena_printf(arena, "%.*s/%s", (int)(slash - path), path, name) : NULL;
}

static char *on_path(Arena *arena, const char *name)
{
    for (const char *at = getenv("PATH"); at && *at;) {
        int length = (int)strcspn(at, ":");
        char *path = arena_printf(arena, "%.*s/%s", length, at, name);
        if (length > 0 && access(path, X_OK) == 0)
            return path;
        at += length + (at[length] == ':');
    }
    return NULL;
}

char *run_program_find(Arena *arena, const char *name)
{
    char *path = beside(arena, name);
    return path && access(path, X_OK) == 0 ? path : on_path(arena, name);
}

static void read_all(int fd, Text *output)
{
    char buffer[4096];
    for (;;) {
        ssize_t count = read(fd, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return;
        text_add_bytes(output, buffer, (size_t)count);
    }
}

static Status cannot_run(Diag *diag, const char *name, int error)
{
    return diag_set(diag, STATUS_MISSING, "C007", "cannot run %s: %s", name, strerror(error));
}

// `out`: the end of a pipe that it writes to, or -1.
static int spawn(const char *const *argv, int out, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t usual;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    if (out >= 0) {
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
    }
    int error = posix_spawnp(ret_pid, argv[0], &actions, &attributes, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

static Status wait_for(pid_t pid, const char *name, int *ret_code, Diag *diag)
{
    int state;
    while (waitpid(pid, &state, 0) < 0)
        if (errno != EINTR)
            return cannot_run(diag, name, errno);
    if (!WIFEXITED(state))
        return diag_set(diag, STATUS_INTERNAL, "C008", "%s was ended by signal %d", name,
                        WTERMSIG(state));
    *ret_code = WEXITSTATUS(state);
    return STATUS_OK;
}

Status run_program(const char *const *argv, Text *output, int *ret_code, Diag *diag)
{
    int pipe_ends[2] = {-1, -1};
    pid_t pid;
    if (output && pipe2(pipe_ends, O_CLOEXEC) != 0)
        return cannot_run(diag, argv[0], errno);
    int error = spawn(argv, pipe_ends[1], &pid);
    if (output)
        close(pipe_ends[1]);
    if (output && error == 0)
        read_all(pipe_ends[0], output);
    if (output)
        close(pipe_ends[0]);
    return error == 0 ? wait_for(pid, argv[0], ret_code, diag) : cannot_run(diag, argv[0], error);
}
