// An entry is a file named by its key:
//
//     ripple-smt-answers 1
//     key HEX
//     used UNITS
//     answer unsat          one line for each question: sat or unsat
//     value 3               one line for each term whose value was asked for; "none" without one
//     sha256 HEX            of all lines above
#include "smtcache.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "text.h"

// What smt.c asks of the solver beyond the script; a change there needs another word here.
#define OPTIONS "simple solver, QF_LRA: arith.solver=2 arith.propagation_mode=0"
#define HEAD    "ripple-smt-answers 1\n"

enum { ENTRY_MAX = 1 << 24 };

static struct {
    char *folder;
    SmtCacheMode mode;
    atomic_ulong hits;
} cache;

Status smt_cache_open(const char *folder, SmtCacheMode mode, Diag *diag)
{
    free(cache.folder);
    cache.folder = NULL;
    cache.mode = SMT_CACHE_OFF;
    if (mode == SMT_CACHE_OFF)
        return STATUS_OK;
    TRY(file_make_folder(folder, diag));
    size_t size = strlen(folder) + 1;
    cache.folder = memcpy(heap_alloc(size, 1), folder, size);
    cache.mode = mode;
    return STATUS_OK;
}

unsigned long smt_cache_hits(void)
{
    return atomic_load(&cache.hits);
}

bool smt_cache_only(void)
{
    return cache.mode == SMT_CACHE_OFFLINE;
}

void smt_cache_key(const char *script, unsigned long rlimit, SmtCacheKey *ret_key)
{
    Text text = {0};
    if (cache.mode == SMT_CACHE_OFF)
        return;
    text_add(&text, "%s\n%s\nrlimit %lu\n%s", smt_version(), OPTIONS, rlimit, script);
    hash_sha256(text_chars(&text), text.length, ret_key->hex);
    text_free(&text);
}

static char *path_of(Arena *arena, const SmtCacheKey *key)
{
    return arena_printf(arena, "%s/%s", cache.folder, key->hex);
}

// ---- writing ------------------------------------------------------------------------------------

static void render(const SmtCacheKey *key, const SmtReply *reply, Text *text)
{
    char hex[HASH_HEX_SIZE];
    text_add(text, HEAD "key %s\nused %lu\n", key->hex, reply->used);
    for (int i = 0; i < reply->n_answers; i++)
        text_add(text, "answer %s\n", smt_answer_name(reply->answers[i]));
    for (int i = 0; i < reply->n_values; i++)
        text_add(text, "value %s\n", reply->values[i].value ? reply->values[i].value : "none");
    hash_sha256(text_chars(text), text->length, hex);
    text_add(text, "sha256 %s\n", hex);
}

static bool definite(const SmtReply *reply)
{
    for (int i = 0; i < reply->n_answers; i++)
        if (reply->answers[i] == SMT_UNKNOWN)
            return false;
    return reply->n_answers > 0;
}

// Without fsync: what a crash leaves of an entry does not have its hash.
static void write_entry(const char *path, const Text *text)
{
    Arena *arena = arena_new();
    char *temporary = arena_printf(arena, "%s.XXXXXX", path);
    int fd = mkstemp(temporary);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (file) {
        bool written = fwrite(text->chars, 1, text->length, file) == text->length;
        if (fclose(file) != 0 || !written || rename(temporary, path) != 0)
            unlink(temporary);
    } else if (fd >= 0) {
        close(fd);
        unlink(temporary);
    }
    arena_free(arena);
}

void smt_cache_keep(const SmtCacheKey *key, const SmtReply *reply)
{
    if (cache.mode == SMT_CACHE_OFF || !definite(reply))
        return;
    Arena *arena = arena_new();
    Text text = {0};
    render(key, reply, &text);
    write_entry(path_of(arena, key), &text);
    text_free(&text);
    arena_free(arena);
}

// ---- reading ------------------------------------------------------------------------------------

typedef struct Lines {
    char *next;
} Lines;

// The rest of the next line if it starts with `word` and a space, else NULL.
static char *rest_of_line(Lines *lines, const char *word)
{
    size_t length = strlen(word);
    char *line = lines->next, *end = line ? strchr(line, '\n') : NULL;
    if (!end || strncmp(line, word, length) != 0 || line[length] != ' ')
        return NULL;
    *end = '\0';
    lines->next = end + 1;
    return line + length + 1;
}

static bool sound(const char *content, size_t size)
{
    char hex[HASH_HEX_SIZE];
    size_t tail = strlen("sha256 ") + HASH_HEX_SIZE - 1 + 1;
    if (strlen(content) != size || size < tail || content[size - 1] != '\n' ||
        strncmp(content + size - tail, "sha256 ", 7) != 0)
        return false;
    hash_sha256(content, size - tail, hex);
    return strncmp(content + size - tail + 7, hex, HASH_HEX_SIZE - 1) == 0;
}

static SmtAnswer answer_of(const char *word)
{
    if (!word)
        return SMT_UNKNOWN;
    return strcmp(word, "unsat") == 0 ? SMT_UNSAT
           : strcmp(word, "sat") == 0 ? SMT_SAT
                                      : SMT_UNKNOWN;
}

static bool read_entry(char *content, const SmtCacheKey *key, const SmtScript *script,
                       SmtReply *reply)
{
    Lines lines = {content + strlen(HEAD)};
    char *word;
    if (strncmp(content, HEAD, strlen(HEAD)) != 0)
        return false;
    if (!(word = rest_of_line(&lines, "key")) || strcmp(word, key->hex) != 0)
        return false;
    if (!(word = rest_of_line(&lines, "used")))
        return false;
    reply->used = strtoul(word, NULL, 10);
    for (int i = 0; i < script->n_checks; i++)
        if ((reply->answers[i] = answer_of(rest_of_line(&lines, "answer"))) == SMT_UNKNOWN)
            return false;
    for (int i = 0; i < script->n_terms; i++) {
        if (!(word = rest_of_line(&lines, "value")))
            return false;
        reply->values[i].value = strcmp(word, "none") == 0 ? NULL : word;
    }
    reply->n_answers = script->n_checks;
    reply->n_values = script->n_terms;
    return rest_of_line(&lines, "sha256") && !*lines.next;
}

bool smt_cache_find(Arena *arena, const SmtCacheKey *key, const SmtScript *script, SmtReply *reply)
{
    SmtReply found = *reply;
    char *content;
    size_t size;
    Diag ignored;
    if (cache.mode != SMT_CACHE_USE && cache.mode != SMT_CACHE_OFFLINE)
        return false;
    if (file_read(arena, path_of(arena, key), ENTRY_MAX, &content, &size, &ignored) != STATUS_OK ||
        !sound(content, size) || !read_entry(content, key, script, &found)) {
        for (int i = 0; i < script->n_terms; i++)
            reply->values[i].value = NULL;
        return false;
    }
    found.cached = true;
    *reply = found;
    atomic_fetch_add(&cache.hits, (unsigned long)found.n_answers);
    return true;
}
