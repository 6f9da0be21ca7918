#include "find_spec.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
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

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

// Where `name` is found, or NULL.
static char *look_up(Arena *arena, const char *name)
{
    const char *folders[] = {NULL, RIPPLE_SPECS_DIR,
                             runs_from_build() ? RIPPLE_SOURCE_SPECS : NULL};
    int count = strchr(name, '/') ? 1 : 3;
    for (int i = 0; i < count; i++) {
        if (i > 0 && !folders[i])
            continue;
        char *path =
            i == 0 ? arena_strdup(arena, name) : arena_printf(arena, "%s/%s", folders[i], name);
        if (is_there(path))
            return path;
    }
    return NULL;
}

static Status not_there(const char *name, Diag *diag)
{
    diag_set(diag, STATUS_MISSING, "F001", "there is no such spec");
    diag_path(diag, name);
    return STATUS_MISSING;
}

Status cli_find_spec(Arena *arena, const char *name, char **ret_path, Diag *diag)
{
    *ret_path = look_up(arena, name);
    if (*ret_path)
        return STATUS_OK;
    not_there(name, diag);
    hint_command(name, diag);
    return STATUS_MISSING;
}

Status cli_find_spec_of(Arena *arena, const char *model, const char *name, char **ret_path,
                        Diag *diag)
{
    bool bundled = strcmp(file_stem(arena, model), "model") == 0;
    const char *around[] = {bundled ? "spec.spec" : name, name,
                            arena_printf(arena, "../specs/%s", name)};
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        *ret_path = file_beside(arena, model, around[i]);
        if (is_there(*ret_path))
            return STATUS_OK;
    }
    *ret_path = look_up(arena, name);
    if (*ret_path)
        return STATUS_OK;
    not_there(name, diag);
    diag_hint(diag, "the model notes this name; --spec FILE says where the spec is");
    return STATUS_MISSING;
}
