// One bad bundle for each reason that proofcheck has to reject one, and false claims: attack PROOFCHECK BUNDLE [NAME]
// With --first SECTION for the name, all until one is not answered as expected, those first whose answer names the section.
//
// Each is made from the good bundle by a small edit and hashed again, so that only the rules of
// docs/certificate-format.md stand against it. The exit code and the place and reason that proofcheck gives must be
// the expected ones: nothing else may reject it first. By reasons.sh no reason is left out, but for those that no bundle
// brings about, which are in unreached.txt.
#include "attack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The build names the tables, and compiles their files only: ATTACK_TABLES(X) is X(folder) X(sums) and so on.
#define DECLARE(name) extern const AttackTable attacks_##name;
#define ADDRESS(name) &attacks_##name,
ATTACK_TABLES(DECLARE)
static const AttackTable *const tables[] = {ATTACK_TABLES(ADDRESS)};

// The i-th attack of all tables; null if there are not so many.
static const Attack *attack_at(size_t i)
{
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        if (i < tables[t]->count)
            return &tables[t]->attacks[i];
        i -= tables[t]->count;
    }
    return NULL;
}

static void change(const Attack *a, Forge *f)
{
    if (a->n > 0 && !forge_replace(f, a->file, a->old, a->new, a->n)) {
        fprintf(stderr, "attack: %s does not apply\n", a->name);
        exit(EXIT_FAILURE);
    }
    if (a->edit)
        a->edit(f);
    forge_hash(f);
    if (a->sums)
        a->sums(f);
}

static bool answered(const Attack *a, const ForgeVerdict *verdict)
{
    if (verdict->code != a->code)
        return false;
    if (a->code == 0)
        return strncmp(verdict->text, "ACCEPTED\n", 9) == 0 && strstr(verdict->text, a->expect);
    return strncmp(verdict->text, "REJECTED: ", 10) == 0 &&
           strncmp(verdict->text + 10, a->expect, strlen(a->expect)) == 0 &&
           strchr(verdict->text, '\n') == verdict->text + verdict->length - 1;
}

static bool try(const Attack *a, const Forge *good, const char *proofcheck)
{
    static ForgeVerdict verdict;
    Arena *arena = arena_new();
    const char *folder = forge_folder(arena);
    Forge f = {0};
    forge_copy(&f, good);
    change(a, &f);
    forge_write(&f, folder);
    if (a->tamper)
        a->tamper(folder);
    forge_ask(proofcheck, folder, &verdict);
    forge_remove(folder);
    forge_free(&f);
    arena_free(arena);
    bool right = answered(a, &verdict);
    if (!right)
        printf("%s\n    expected  %d: %s\n    came      %d: %.400s%s", a->name, a->code, a->expect,
               verdict.code, verdict.text, verdict.length ? "" : "\n");
    return right;
}

// Whether any of those that name the section, or of the others, is answered wrongly.
static bool any_wrong(const char *section, bool named, const Forge *good, const char *proofcheck)
{
    const Attack *a;
    for (size_t i = 0; (a = attack_at(i)); i++)
        if ((strstr(a->expect, section) != NULL) == named && !try(a, good, proofcheck))
            return true;
    return false;
}

static size_t all_wrong(const char *name, const Forge *good, const char *proofcheck)
{
    const Attack *a;
    size_t tried = 0, failed = 0;
    for (size_t i = 0; (a = attack_at(i)); i++)
        if (!name || strcmp(name, a->name) == 0) {
            tried++;
            failed += !try(a, good, proofcheck);
        }
    printf("%zu attacks, %zu of them not answered as expected\n", tried, failed);
    return failed + (tried == 0);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: attack PROOFCHECK BUNDLE [NAME | --first SECTION]\n");
        return EXIT_FAILURE;
    }
    Forge good;
    size_t failed = 0;
    forge_load(&good, argv[2]);
    if (argc > 4 && strcmp(argv[3], "--first") == 0)
        for (int other = 0; other < 2 && !failed; other++)
            failed = any_wrong(argv[4], !other, &good, argv[1]);
    else
        failed = all_wrong(argc > 3 ? argv[3] : NULL, &good, argv[1]);
    forge_free(&good);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
