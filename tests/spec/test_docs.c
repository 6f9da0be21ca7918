// The examples of docs/spec-language.md, run as they stand: `test_docs FILE SPEC`.
//
//     ```spec                        a complete spec without fault; the first is SPEC
//     ```spec-change                 lines that change it; no fault
//     ```spec-error S031             lines that change it, and the code of the fault that they make
//     ```spec-error S060 whole       a complete spec, and its fault
//     ```spec-error S024 --set m=7   any of them with a setting
//
// To change a spec by lines: each takes the place of the first line that begins with the same word
// and has not been replaced. Where there is none, it stands behind the line before it; a first such
// line stands before `require`.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "file.h"
#include "setting.h"
#include "simulate.h"
#include "text.h"

enum { FILE_LIMIT = 1 << 20, LINES_MAX = 200, QUESTIONS = 300 };

typedef struct Line {
    const char *text; // up to its '\n'
    bool replaced;
} Line;

typedef struct Lines {
    Line line[LINES_MAX];
    int count;
} Lines;

typedef struct Page {
    Arena *arena;
    const char *base; // its first complete spec
    int examples, bad;
    bool shown[FAULTS];
} Page;

static const char *next_line(const char *text)
{
    text += strcspn(text, "\n");
    return *text ? text + 1 : text;
}

// --- changes by lines ---

static Lines split(const char *text)
{
    Lines lines = {0};
    for (; *text; text = next_line(text)) {
        CHECK(lines.count < LINES_MAX);
        lines.line[lines.count++].text = text;
    }
    return lines;
}

static bool same_first_word(const char *a, const char *b)
{
    a += strspn(a, " ");
    b += strspn(b, " ");
    while (isalpha((unsigned char)*a) && *a == *b)
        a++, b++;
    return !isalpha((unsigned char)*a) && !isalpha((unsigned char)*b);
}

// The line that `like` replaces, or -1.
static int find_line(const Lines *lines, const char *like)
{
    if (!isalpha((unsigned char)like[strspn(like, " ")]))
        return -1;
    for (int k = 0; k < lines->count; k++)
        if (!lines->line[k].replaced && same_first_word(lines->line[k].text, like))
            return k;
    return -1;
}

static void insert_line(Lines *lines, int at, const char *text)
{
    CHECK(lines->count < LINES_MAX);
    memmove(&lines->line[at + 1], &lines->line[at], (size_t)(lines->count - at) * sizeof(Line));
    lines->count++;
    lines->line[at] = (Line){text, true};
}

static char *change(Page *page, const char *changes)
{
    Lines lines = split(page->base), new = split(changes);
    int next = find_line(&lines, "require");
    Text text = {0};
    for (int k = 0; k < new.count; k++) {
        int at = find_line(&lines, new.line[k].text);
        if (at < 0)
            insert_line(&lines, at = next, new.line[k].text);
        else
            lines.line[at] = (Line){new.line[k].text, true};
        next = at + 1;
    }
    for (int k = 0; k < lines.count; k++)
        text_add(&text, "%.*s\n", (int)strcspn(lines.line[k].text, "\n"), lines.line[k].text);
    char *copy = arena_strdup(page->arena, text_chars(&text));
    text_free(&text);
    return copy;
}

// --- examples ---

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void note_code(Page *page, const char *code)
{
    for (int fault = 0; fault < FAULTS; fault++)
        page->shown[fault] |= strcmp(spec_fault_code((SpecFault)fault), code) == 0;
}

static void complain(Page *page, int line, const char *what)
{
    printf("the example in line %d %s\n", line, what);
    page->bad++;
}

static void check_holds(Page *page, int line, const Spec *spec)
{
    static const char *const complaints[] = {
        "holds", "is about no question that is easily found", "has a rule that leaves its range",
        "has an invariant that does not hold", "does not meet its claim"};
    Rng rng = rng_new(1, (uint64_t)line);
    Simulation result = SIMULATION_HOLDS;
    for (int k = 0; k < QUESTIONS && result == SIMULATION_HOLDS; k++)
        result = simulate(spec, &rng);
    if (result != SIMULATION_HOLDS)
        complain(page, line, complaints[result]);
}

// Parses `text`, which should get `code` ("" for none).
static void run(Page *page, int line, const char *info, const char *text, const char *code)
{
    Spec *spec = NULL;
    Diag diag = {0};
    SpecSetting setting;
    int settings = setting_read(page->arena, info, strcspn(info, "\n"), &setting);
    (void)!spec_parse(page->arena, "example.spec", text, strlen(text), &setting, settings, &spec,
                      &diag);
    page->examples++;
    note_code(page, diag.code);
    if (strcmp(diag.code, code) != 0) {
        complain(page, line, code[0] ? code : "should have no fault");
        if (diag.code[0])
            diag_print(&diag, stdout, 0);
    } else if (spec) {
        check_holds(page, line, spec);
    }
}

static void run_block(Page *page, int line, const char *info, const char *body)
{
    static const char spec[] = "spec\n", changed[] = "spec-change", error[] = "spec-error ";
    if (begins(info, spec)) {
        page->base = page->base ? page->base : body;
        run(page, line, info, body, "");
    } else if (begins(info, changed)) {
        run(page, line, info, change(page, body), "");
    } else if (begins(info, error)) {
        char *code = arena_strndup(page->arena, info + strlen(error), 4);
        bool whole = begins(info + strlen(error) + 4, " whole");
        run(page, line, info, whole ? body : change(page, body), code);
    }
}

static void run_page(Page *page, const char *text)
{
    static const char fence[] = "```";
    for (int line = 1; *text; line++) {
        const char *rest = next_line(text);
        if (begins(text, fence)) {
            const char *close = strstr(rest, "\n```");
            const char *body_end = begins(rest, fence) ? rest : close ? close + 1 : NULL;
            CHECK(body_end);
            run_block(page, line, text + strlen(fence),
                      arena_strndup(page->arena, rest, (size_t)(body_end - rest)));
            for (; *rest && rest <= body_end; rest = next_line(rest))
                line++;
        }
        text = rest;
    }
}

// Only what takes a thousand lines to show has no example.
static void check_every_fault_shown(Page *page)
{
    for (int fault = 0; fault < FAULTS; fault++)
        if (!page->shown[fault] && fault != FAULT_SIZE) {
            printf("no example shows %s\n", spec_fault_code((SpecFault)fault));
            page->bad++;
        }
}

static const char *read_whole(Page *page, const char *path)
{
    char *content;
    size_t size;
    Diag diag;
    if (file_read(page->arena, path, FILE_LIMIT, &content, &size, &diag) == STATUS_OK)
        return content;
    diag_print(&diag, stdout, 0);
    page->bad++;
    return "";
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return EXIT_FAILURE;
    Page page = {.arena = arena_new()};
    run_page(&page, read_whole(&page, argv[1]));
    if (!page.base || strcmp(page.base, read_whole(&page, argv[2])) != 0) {
        printf("the first example is not %s\n", argv[2]);
        page.bad++;
    }
    check_every_fault_shown(&page);
    printf("%d examples, %d bad\n", page.examples, page.bad);
    arena_free(page.arena);
    return page.examples > 0 && page.bad == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
