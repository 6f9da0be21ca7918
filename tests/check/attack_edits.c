#include "attack_edits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void edit_must(bool done, const char *what)
{
    if (!done) {
        fprintf(stderr, "attack: the edit does not apply: %s\n", what);
        exit(EXIT_FAILURE);
    }
}

void edit_replace(Forge *f, ForgeFile file, const char *old, const char *new, int n)
{
    edit_must(forge_replace(f, file, old, new, n), old);
}

char *edit_line_of(const Forge *f, ForgeFile file, int line)
{
    char *at = f->file[file].chars;
    while (--line > 0)
        at = strchr(at, '\n') + 1;
    return at;
}

int edit_line_starting(const Forge *f, ForgeFile file, const char *start, int n)
{
    int line = 1;
    for (const char *at = f->file[file].chars;; line++) {
        if (strncmp(at, start, strlen(start)) == 0 && --n == 0)
            return line;
        at = strchr(at, '\n');
        edit_must(at && *++at, start);
    }
}

// So many bytes from a place on become a text.
static void put(Forge *f, ForgeFile file, const char *at, size_t count, const char *text)
{
    forge_splice(f, file, (size_t)(at - f->file[file].chars), count, text, strlen(text));
}

void edit_put_line(Forge *f, ForgeFile file, int line, const char *text)
{
    const char *at = edit_line_of(f, file, line);
    put(f, file, at, strcspn(at, "\n"), text);
}

void edit_insert(Forge *f, ForgeFile file, int line, const char *text)
{
    put(f, file, edit_line_of(f, file, line), 0, text);
}

void edit_cut_lines(Forge *f, ForgeFile file, int first, int count)
{
    const char *at = edit_line_of(f, file, first);
    put(f, file, at, (size_t)(edit_line_of(f, file, first + count) - at), "");
}

void edit_cut_from(Forge *f, ForgeFile file, const char *start, int n)
{
    const char *at = edit_line_of(f, file, edit_line_starting(f, file, start, n));
    put(f, file, at, (size_t)(f->file[file].chars + f->file[file].length - at), "");
}

void edit_put_word(Forge *f, ForgeFile file, int line, int k, const char *word)
{
    const char *at = edit_line_of(f, file, line);
    while (k-- > 0)
        at = strchr(at, ' ') + 1;
    put(f, file, at, strcspn(at, " \n"), word);
}
