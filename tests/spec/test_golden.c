// Every spec of tests/golden/spec is wrong in one way, and beside it stands the message that it
// gets:
//
//     test_golden FOLDER            compares
//     test_golden FOLDER --accept   writes the messages anew, to be read before they are committed
//
// A first line `# --set name=value` gives the spec that setting.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "file.h"
#include "golden.h"
#include "setting.h"

enum { FILE_LIMIT = 1 << 20 };

typedef struct Run {
    Arena *arena;
    const char *folder;
    bool accept;
    int specs, bad;
    bool seen[FAULTS];
} Run;

static int is_spec(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".spec") == 0;
}

static char *read_whole(Run *run, const char *path, size_t *ret_size)
{
    char *content;
    Diag diag;
    if (file_read(run->arena, path, FILE_LIMIT, &content, ret_size, &diag) == STATUS_OK)
        return content;
    *ret_size = 0;
    return arena_strdup(run->arena, "");
}

// The message that a spec gets, or that it gets none.
static char *message_of(Run *run, const char *name, Diag *diag)
{
    char *message = NULL;
    size_t size, length;
    Spec *spec;
    SpecSetting setting;
    char *text = read_whole(run, arena_printf(run->arena, "%s/%s", run->folder, name), &size);
    int settings = setting_read(run->arena, text, strcspn(text, "\n"), &setting);
    if (spec_parse(run->arena, name, text, size, &setting, settings, &spec, diag) == STATUS_OK)
        return arena_strdup(run->arena, "no fault found\n");
    FILE *out = open_memstream(&message, &length);
    diag_print(diag, out, 0);
    fclose(out);
    char *copy = arena_strdup(run->arena, message);
    free(message);
    return copy;
}

static void note_code(Run *run, const char *code)
{
    for (int fault = 0; fault < FAULTS; fault++)
        run->seen[fault] |= strcmp(spec_fault_code((SpecFault)fault), code) == 0;
}

// A file S014-why.spec shows the fault S014.
static void check(Run *run, const char *name)
{
    Diag diag = {0};
    size_t size;
    char *message = message_of(run, name, &diag);
    char *path = arena_printf(run->arena, "%s/%s.txt", run->folder, file_stem(run->arena, name));
    bool good = strncmp(name, diag.code, 4) == 0;
    if (!good)
        printf("%s gets the code %s\n", name, diag.code[0] ? diag.code : "of no fault");
    if (!run->accept)
        good = golden_equal(name, read_whole(run, path, &size), message) && good;
    else if (file_write(path, message, strlen(message), &diag) != STATUS_OK)
        good = false;
    run->specs++;
    run->bad += !good;
    note_code(run, diag.code);
}

// Only what takes a thousand lines to show has no file here.
static void check_every_fault_seen(Run *run)
{
    for (int fault = 0; fault < FAULTS; fault++)
        if (!run->seen[fault] && fault != FAULT_SIZE) {
            printf("no spec here shows %s\n", spec_fault_code((SpecFault)fault));
            run->bad++;
        }
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return EXIT_FAILURE;
    struct dirent **entries;
    Run run = {.arena = arena_new(), .folder = argv[1]};
    run.accept = argc > 2 && strcmp(argv[2], "--accept") == 0;
    int count = scandir(run.folder, &entries, is_spec, alphasort);
    for (int k = 0; k < count; k++) {
        check(&run, entries[k]->d_name);
        free(entries[k]);
    }
    if (count >= 0)
        free(entries);
    check_every_fault_seen(&run);
    printf("%d specs, %d bad\n", run.specs, run.bad);
    arena_free(run.arena);
    return run.specs > 0 && run.bad == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
