#include "find_spec.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "nearest.h"
#include "option_table.h"

// Whether the running program is the one in the folder that it was built in.
static bool runs_from_build(void)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    size_t folder = strlen(RIPPLE_BUILD_DIR);
    return !strncmp(path, RIPPLE_BUILD_DIR, folder) && path[folder] == '/';
}

static void hint_command(const char *name, Diag *diag)
{
    for (int c = 0; c < COMMANDS; c++)
        if (nearest_is_close(name, nearest_distance(name, command_table[c].name))) {
            diag_hint(diag, "did you mean the command `%s`?", command_table[c].name);
            return;
        }
    diag_hint(diag, "specs are looked up in the working directory and in %s", RIPPLE_SPECS_DIR);
}

Status cli_find_spec(Arena *arena, const char *name, char **ret_path, Diag *diag)
{
    const char *folders[] = {NULL, RIPPLE_SPECS_DIR,
                             runs_from_build() ? RIPPLE_SOURCE_SPECS : NULL};
    int count = strchr(name, '/') ? 1 : 3;
    for (int i = 0; i < count; i++) {
        if (i > 0 && !folders[i])
            continue;
        char *path =
            i == 0 ? arena_strdup(arena, name) : arena_printf(arena, "%s/%s", folders[i], name);
        if (access(path, F_OK) == 0) {
            *ret_path = path;
            return STATUS_OK;
        }
    }
    diag_set(diag, STATUS_MISSING, "F001", "there is no such spec");
    diag_path(diag, name);
    hint_command(name, diag);
    return STATUS_MISSING;
}
