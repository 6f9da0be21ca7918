#include "forge.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "hash.h"

// Sorted by their bytes, as SHA256SUMS wants them.
const char *const forge_names[FORGE_FILES] = {
    [FORGE_AUDIT] = "audit.md",
    [FORGE_CERTIFICATE] = "certificate.txt",
    [FORGE_MANIFEST] = "MANIFEST.json",
    [FORGE_MODEL] = "model.safetensors",
    [FORGE_OBLIGATIONS] = "obligations.txt",
    [FORGE_SMT] = "smt.sha256",
    [FORGE_SPEC] = "spec.spec",
    [FORGE_SUMS] = "SHA256SUMS",
    [FORGE_TASK] = "task.txt",
};

static const ForgeFile listed[] = {FORGE_AUDIT, FORGE_CERTIFICATE, FORGE_MODEL, FORGE_OBLIGATIONS,
                                   FORGE_SMT,   FORGE_SPEC,        FORGE_TASK};

static _Noreturn void die(const char *what, const char *which)
{
    fprintf(stderr, "forge: %s: %s\n", what, which);
    exit(EXIT_FAILURE);
}

void forge_load(Forge *forge, const char *folder)
{
    *forge = (Forge){0};
    Arena *arena = arena_new();
    for (int f = 0; f < FORGE_FILES; f++) {
        char *bytes;
        size_t size;
        Diag diag;
        if (file_read(arena, arena_printf(arena, "%s/%s", folder, forge_names[f]), 1 << 28, &bytes,
                      &size, &diag) != STATUS_OK)
            die(diag.text, forge_names[f]);
        text_add_bytes(&forge->file[f], bytes, size);
    }
    arena_free(arena);
}

void forge_free(Forge *forge)
{
    for (int f = 0; f < FORGE_FILES; f++)
        text_free(&forge->file[f]);
}

void forge_copy(Forge *to, const Forge *from)
{
    forge_free(to);
    for (int f = 0; f < FORGE_FILES; f++)
        text_add_bytes(&to->file[f], from->file[f].chars, from->file[f].length);
}

void forge_splice(Forge *forge, ForgeFile file, size_t at, size_t cut, const void *bytes,
                  size_t count)
{
    Text new = {0}, *old = &forge->file[file];
    if (at + cut > old->length)
        die("an edit beyond the end", forge_names[file]);
    text_add_bytes(&new, old->chars, at);
    text_add_bytes(&new, bytes, count);
    text_add_bytes(&new, old->chars + at + cut, old->length - at - cut);
    text_free(old);
    *old = new;
}

static uint64_t header_size(const Text *model)
{
    uint64_t size = 0;
    for (int i = 7; i >= 0; i--)
        size = size << 8 | (unsigned char)model->chars[i];
    return size;
}

static void set_header_size(Text *model, uint64_t size)
{
    for (int i = 0; i < 8; i++)
        model->chars[i] = (char)(size >> 8 * i);
}

bool forge_replace(Forge *forge, ForgeFile file, const char *old, const char *new, int n)
{
    Text *text = &forge->file[file];
    const char *at = text->chars;
    size_t size = strlen(old);
    for (;; at++) {
        at = memmem(at, (size_t)(text->chars + text->length - at), old, size);
        if (!at)
            return false;
        if (--n == 0)
            break;
    }
    forge_splice(forge, file, (size_t)(at - text->chars), size, new, strlen(new));
    if (file == FORGE_MODEL)
        set_header_size(text, header_size(text) + strlen(new) - size);
    return true;
}

// ---- weights ------------------------------------------------------------------------------------

size_t forge_weight_at(const Forge *forge, const char *tensor, size_t index)
{
    const Text *model = &forge->file[FORGE_MODEL];
    uint64_t header = header_size(model);
    char name[80];
    int size = snprintf(name, sizeof name, "\"%s\":", tensor);
    const char *at = memmem(model->chars + 8, header, name, (size_t)size);
    at = at ? strstr(at, "\"data_offsets\":[") : NULL;
    if (!at)
        die("no tensor", tensor);
    size_t at_weight = 8 + header + strtoul(at + 16, NULL, 10) + 4 * index;
    if (at_weight + 4 > model->length)
        die("no such entry", tensor);
    return at_weight;
}

float forge_weight(const Forge *forge, const char *tensor, size_t index)
{
    float value;
    memcpy(&value, forge->file[FORGE_MODEL].chars + forge_weight_at(forge, tensor, index),
           sizeof value);
    return value;
}

void forge_set_weight(Forge *forge, const char *tensor, size_t index, float value)
{
    memcpy(forge->file[FORGE_MODEL].chars + forge_weight_at(forge, tensor, index), &value,
           sizeof value);
}

// ---- hashes -------------------------------------------------------------------------------------

static void add_sum(Text *sums, const Forge *forge, ForgeFile file)
{
    char hex[HASH_HEX_SIZE];
    hash_sha256(forge->file[file].chars, forge->file[file].length, hex);
    text_add(sums, "%s  %s\n", hex, forge_names[file]);
}

static bool is_manifest(const char *line)
{
    return strncmp(line + 66, "MANIFEST.json\n", 14) == 0;
}

void forge_hash_root(Forge *forge)
{
    Text lines = {0}, sums = forge->file[FORGE_SUMS], all = {0};
    char root[HASH_HEX_SIZE];
    for (const char *at = sums.chars, *end = at + sums.length; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop + 1 : end;
        if (!is_manifest(at))
            text_add_bytes(&lines, at, (size_t)(stop - at));
        at = stop;
    }
    hash_sha256(lines.chars, lines.length, root);
    char *at = strstr(text_chars(&forge->file[FORGE_MANIFEST]), "\"root\": \"");
    if (at && strlen(at) >= 9 + 64)
        memcpy(at + 9, root, 64);
    add_sum(&all, forge, FORGE_MANIFEST); // capital letters come first
    text_add_bytes(&all, lines.chars, lines.length);
    text_free(&lines);
    text_free(&forge->file[FORGE_SUMS]);
    forge->file[FORGE_SUMS] = all;
}

void forge_hash(Forge *forge)
{
    text_free(&forge->file[FORGE_SUMS]);
    for (size_t i = 0; i < sizeof listed / sizeof *listed; i++)
        add_sum(&forge->file[FORGE_SUMS], forge, listed[i]);
    forge_hash_root(forge);
}

// ---- files --------------------------------------------------------------------------------------

void forge_write(const Forge *forge, const char *folder)
{
    char path[512];
    mkdir(folder, 0777);
    for (int f = 0; f < FORGE_FILES; f++) {
        snprintf(path, sizeof path, "%s/%s", folder, forge_names[f]);
        FILE *out = fopen(path, "wb");
        size_t length = forge->file[f].length;
        if (!out || fwrite(text_chars(&forge->file[f]), 1, length, out) != length ||
            fclose(out) != 0)
            die("cannot write", path);
    }
}

char *forge_folder(Arena *arena)
{
    const char *parent = getenv("TMPDIR");
    char *folder = arena_printf(arena, "%s/ripple-forge-XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(folder))
        die("cannot make", folder);
    return folder;
}

void forge_remove(const char *folder)
{
    DIR *directory = opendir(folder);
    struct dirent *entry;
    char path[1024];
    while (directory && (entry = readdir(directory))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (unlink(path) != 0)
            forge_remove(path);
    }
    if (directory)
        closedir(directory);
    rmdir(folder);
}

// ---- proofcheck ---------------------------------------------------------------------------------

static void read_all(int from, ForgeVerdict *ret)
{
    char rest[512];
    ret->length = 0;
    for (;;) {
        size_t room = sizeof ret->text - 1 - ret->length;
        ssize_t part =
            room ? read(from, ret->text + ret->length, room) : read(from, rest, sizeof rest);
        if (part <= 0)
            break;
        ret->length += room ? (size_t)part : 0;
    }
    ret->text[ret->length] = 0;
}

void forge_ask(const char *proofcheck, const char *folder, ForgeVerdict *ret)
{
    int ends[2], status;
    fflush(stdout);
    if (pipe2(ends, O_CLOEXEC) != 0)
        die("no pipe", proofcheck);
    pid_t child = fork();
    if (child < 0)
        die("no process", proofcheck);
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        execl(proofcheck, proofcheck, folder, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    read_all(ends[0], ret);
    close(ends[0]);
    if (waitpid(child, &status, 0) != child)
        die("lost", proofcheck);
    ret->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void forge_try(Forge *forge, const char *proofcheck, const char *folder, ForgeVerdict *ret)
{
    forge_hash(forge);
    forge_write(forge, folder);
    forge_ask(proofcheck, folder, ret);
}

void forge_theorem(const ForgeVerdict *verdict, char ret[8192])
{
    char *to = ret;
    for (const char *at = verdict->text; *at;) {
        size_t size = strcspn(at, "\n") + (strchr(at, '\n') != NULL);
        if (strncmp(at, "root ", 5) != 0 && strncmp(at, "It is ahead ", 12) != 0) {
            memcpy(to, at, size);
            to += size;
        }
        at += size;
    }
    *to = 0;
}

double forge_margin(const ForgeVerdict *verdict, int n)
{
    const char *at = strstr(verdict->text, "It is ahead by at least ");
    if (!at)
        die("no margin", verdict->text);
    if (n < 0)
        return strtod(at + 24, NULL);
    for (at = strchr(at, ':'); at && n > 0; n--)
        at = strchr(at + 1, ':');
    if (!at)
        die("no margin of a position", verdict->text);
    return strtod(at + 1, NULL);
}
