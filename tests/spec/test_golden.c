// Every spec of tests/golden/spec is wrong in one way, and beside it stands the message that it
// gets:
//
//     test_golden FOLDER PAGE            compares
//     test_golden FOLDER PAGE --accept   writes the messages anew; read them before they are
//     committed
//
// PAGE is docs/diagnostics.md: what it shows as an example for a code S... has to be one of the
// messages, with `sum.spec` as the name of the file.
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

enum { FILE_LIMIT = 1 << 20, SPECS_MAX = 1000 };

typedef struct Run {
    Arena *arena;
    const char *folder;
    bool accept;
    int specs, bad;
    bool seen[FAULTS];
    const char *messages[SPECS_MAX]; // without the name of the file
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
    CHECK(run->specs < SPECS_MAX);
    run->messages[run->specs++] = message + strlen(name);
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

// --- the page ---

static bool is_message(const Run *run, const char *example, size_t length)
{
    static const char name[] = "sum.spec";
    size_t rest = length - strlen(name);
    if (length < strlen(name) || strncmp(example, name, strlen(name)) != 0)
        return false;
    for (int k = 0; k < run->specs; k++)
        if (strlen(run->messages[k]) == rest &&
            memcmp(run->messages[k], example + strlen(name), rest) == 0)
            return true;
    return false;
}

static void check_page(Run *run, const char *path)
{
    static const char heading[] = "\n## S", fence[] = "\n```\n", size_code[] = "S013";
    size_t size;
    const char *text = read_whole(run, path, &size);
    int examples = 0;
    while ((text = strstr(text, heading))) {
        const char *code = text + strlen(heading) - 1, *open = strstr(code, fence);
        const char *close = open ? strstr(open + strlen(fence), fence) : NULL;
        CHECK(close);
        open += strlen(fence);
        text = close;
        examples++;
        if (is_message(run, open, (size_t)(close + 1 - open)) ||
            strncmp(code, size_code, strlen(size_code)) == 0)
            continue;
        printf("%s: the example for %.4s is no message of a spec here\n", path, code);
        run->bad++;
    }
    run->bad += examples != FAULTS;
    printf("%d examples on the page, of %d codes\n", examples, FAULTS);
}

// --- the whole ---

static void check_folder(Run *run)
{
    struct dirent **entries;
    int count = scandir(run->folder, &entries, is_spec, alphasort);
    if (count < 0)
        return;
    for (int k = 0; k < count; k++) {
        check(run, entries[k]->d_name);
        free(entries[k]);
    }
    free(entries);
    check_every_fault_seen(run);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return EXIT_FAILURE;
    Run run = {.arena = arena_new(), .folder = argv[1]};
    run.accept = argc > 3 && strcmp(argv[3], "--accept") == 0;
    check_folder(&run);
    check_page(&run, argv[2]);
    printf("%d specs, %d bad\n", run.specs, run.bad);
    arena_free(run.arena);
    return run.specs > 0 && run.bad == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
