// What is done to the good bundle, and what proofcheck must say to it.
#include "attack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

// ---- edits --------------------------------------------------------------------------------------

static void must(bool done, const char *what)
{
    if (!done) {
        fprintf(stderr, "attack: the edit does not apply: %s\n", what);
        exit(EXIT_FAILURE);
    }
}

static void swap(Forge *f, ForgeFile file, const char *old, const char *new, int n)
{
    must(forge_replace(f, file, old, new, n), old);
}

// The header of the model may change its length.
static void swap_in_header(Forge *f, const char *old, const char *new, int n)
{
    swap(f, FORGE_MODEL, old, new, n);
    uint64_t size = 0;
    unsigned char *bytes = (unsigned char *)f->file[FORGE_MODEL].chars;
    for (int i = 7; i >= 0; i--)
        size = size << 8 | bytes[i];
    size += strlen(new) - strlen(old);
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(size >> 8 * i);
}

static char *line_of(Forge *f, ForgeFile file, int line)
{
    char *at = f->file[file].chars;
    while (--line > 0)
        at = strchr(at, '\n') + 1;
    return at;
}

static void cut_lines(Forge *f, ForgeFile file, int first, int count)
{
    char *at = line_of(f, file, first), *end = line_of(f, file, first + count);
    forge_splice(f, file, (size_t)(at - f->file[file].chars), (size_t)(end - at), "", 0);
}

static void put_line(Forge *f, ForgeFile file, int line, const char *text)
{
    char *at = line_of(f, file, line), *end = strchr(at, '\n');
    forge_splice(f, file, (size_t)(at - f->file[file].chars), (size_t)(end - at), text,
                 strlen(text));
}

static int line_starting(Forge *f, ForgeFile file, const char *start, int n)
{
    int line = 1;
    for (const char *at = f->file[file].chars;; line++) {
        if (strncmp(at, start, strlen(start)) == 0 && --n == 0)
            return line;
        at = strchr(at, '\n');
        must(at && *++at, start);
    }
}

static void cut_from(Forge *f, ForgeFile file, const char *start, int n)
{
    int line = line_starting(f, file, start, n);
    char *at = line_of(f, file, line);
    size_t size = (size_t)(at - f->file[file].chars);
    forge_splice(f, file, size, f->file[file].length - size, "", 0);
}

// The k-th word (from 0) of a line is replaced.
static void put_word(Forge *f, ForgeFile file, int line, int k, const char *word)
{
    char *at = line_of(f, file, line);
    while (k-- > 0)
        at = strchr(at, ' ') + 1;
    forge_splice(f, file, (size_t)(at - f->file[file].chars), strcspn(at, " \n"), word,
                 strlen(word));
}

static void add_to_line(Forge *f, ForgeFile file, int line, const char *more)
{
    char *end = strchr(line_of(f, file, line), '\n');
    forge_splice(f, file, (size_t)(end - f->file[file].chars), 0, more, strlen(more));
}

static void scale_tensor(Forge *f, const char *tensor, size_t count, float by)
{
    for (size_t i = 0; i < count; i++)
        forge_set_weight(f, tensor, i, by * forge_weight(f, tensor, i));
}

static void set_edge(Forge *f, int layer, int head, int query, int key, char value)
{
    char name[40];
    snprintf(name, sizeof name, "blocks.%d.attn.edges", layer);
    f->file[FORGE_MODEL]
        .chars[forge_weight_at(f, name, 0) + (size_t)((head * 9 + query) * 9 + key)] = value;
}

#define EDIT(name) static void name(Forge *f)

EDIT(empty_task)
{
    cut_from(f, FORGE_TASK, "ripple-task", 1);
}
EDIT(task_without_newline)
{
    f->file[FORGE_TASK].length--;
}
EDIT(task_zero_byte)
{
    *line_of(f, FORGE_TASK, 3) = 0;
}
EDIT(task_ends_early)
{
    cut_from(f, FORGE_TASK, "claim", 1);
}
EDIT(task_too_many_columns)
{
    swap(f, FORGE_TASK, "columns 2", "columns 256", 1);
    swap(f, FORGE_TASK, "states 2", "states 64", 1);
    swap(f, FORGE_TASK, "symbols 100", "symbols 1000", 1);
}
EDIT(tables_too_many)
{
    Text all = {0};
    char *at = line_of(f, FORGE_TASK, 22), *end = line_of(f, FORGE_TASK, 24);
    for (int t = 0; t < 256; t++)
        for (int q = 0; q < 2; q++) {
            text_add(&all, "table %d %d", t, q);
            for (int s = 0; s < 100; s++)
                text_add(&all, " 0");
            text_add(&all, "\n");
        }
    text_add(&all, "table 256 0\n");
    forge_splice(f, FORGE_TASK, (size_t)(at - f->file[FORGE_TASK].chars), (size_t)(end - at),
                 all.chars, all.length);
    text_free(&all);
}
EDIT(numbers_too_many)
{
    for (int n = 0; n < 62; n++)
        swap(f, FORGE_TASK, "number a 1 0 1\n", "number z 0 0\nnumber a 1 0 1\n", 1);
}
EDIT(tokens_too_many)
{
    Text all = {0};
    for (int k = 12; k < 65537; k++)
        text_add(&all, "token %d t%d\n", k, k);
    char *at = line_of(f, FORGE_TASK, 22);
    forge_splice(f, FORGE_TASK, (size_t)(at - f->file[FORGE_TASK].chars), 0, all.chars, all.length);
    text_free(&all);
}
EDIT(no_edge)
{
    put_word(f, FORGE_TASK, 6, 2 + 57, "-");
}
EDIT(no_token)
{
    put_word(f, FORGE_TASK, 27, 3 + 57, "-");
}
EDIT(prompt_tells_state)
{
    put_word(f, FORGE_TASK, 25, 3 + 57, "8");
}
EDIT(prompt_not_injective)
{
    put_word(f, FORGE_TASK, 24, 3 + 57, "6");
    put_word(f, FORGE_TASK, 25, 3 + 57, "6");
}
EDIT(transition_wrong)
{
    put_word(f, FORGE_TASK, 6, 2 + 57, "0");
}
EDIT(output_wrong)
{
    put_word(f, FORGE_TASK, 28, 3 + 57, "3");
}
EDIT(carry_out_wrong)
{
    put_word(f, FORGE_TASK, 26, 3 + 57, "0");
}
EDIT(digit_is_plus)
{
    put_word(f, FORGE_TASK, 28, 3 + 57, "10");
}

// ---- edits of the certificate -------------------------------------------------------------------

EDIT(certificate_cut)
{
    cut_from(f, FORGE_CERTIFICATE, "position 8", 1);
}
EDIT(certificate_cut_in_case)
{
    cut_from(f, FORGE_CERTIFICATE, "wrong 3", 1);
}
EDIT(position_missing)
{
    int first = line_starting(f, FORGE_CERTIFICATE, "position 7", 1);
    cut_lines(f, FORGE_CERTIFICATE, first,
              line_starting(f, FORGE_CERTIFICATE, "position 8", 1) - first);
}
EDIT(positions_swapped)
{
    swap(f, FORGE_CERTIFICATE, "position 6", "position x", 1);
    swap(f, FORGE_CERTIFICATE, "position 7", "position 6", 1);
    swap(f, FORGE_CERTIFICATE, "position x", "position 7", 1);
}
EDIT(first_case_only)
{
    cut_lines(f, FORGE_CERTIFICATE, 98, 1248 - 98);
    cut_lines(f, FORGE_CERTIFICATE, 7, 6);
}
EDIT(last_part_removed)
{
    cut_lines(f, FORGE_CERTIFICATE, 1160, 1244 - 1160);
}
EDIT(inner_part_removed)
{
    cut_lines(f, FORGE_CERTIFICATE, 274, 86);
}
EDIT(region_twice)
{
    put_line(f, FORGE_CERTIFICATE, 274, "part 10-59");
}
EDIT(hole_hidden_by_other_region)
{
    put_line(f, FORGE_CERTIFICATE, 188, "part 10-58");
    put_line(f, FORGE_CERTIFICATE, 274, "part 60-99,0");
}
EDIT(part_of_no_inputs)
{
    put_line(f, FORGE_CERTIFICATE, 12, "part 0");
    put_line(f, FORGE_CERTIFICATE, 11, "split token 8");
    put_line(f, FORGE_CERTIFICATE, 12, "part 11");
}
EDIT(part_without_path)
{
    // With state 1 at column 1 no path has a symbol of column 0 that carries nothing.
    put_line(f, FORGE_CERTIFICATE, 188, "part 0-9");
}
EDIT(case_of_two_tokens)
{
    put_line(f, FORGE_CERTIFICATE, 10, "part 0-80");
    put_line(f, FORGE_CERTIFICATE, 11, "split state 1");
    put_line(f, FORGE_CERTIFICATE, 7, "split symbol 0");
    put_line(f, FORGE_CERTIFICATE, 8, "part 0-99");
}
EDIT(one_part_of_all_tokens)
{
    cut_lines(f, FORGE_CERTIFICATE, 98, 1247 - 98);
    put_line(f, FORGE_CERTIFICATE, 8, "part 0-9");
    put_line(f, FORGE_CERTIFICATE, 9, "split symbol 0");
    put_line(f, FORGE_CERTIFICATE, 10, "part 0-99");
    put_line(f, FORGE_CERTIFICATE, 11, "split symbol 1");
    put_line(f, FORGE_CERTIFICATE, 12, "part 0-99");
    swap(f, FORGE_CERTIFICATE, "done\nend\nposition 7", "done\nend\nend\nend\nposition 7", 1);
}
EDIT(splits_too_deep)
{
    Text deep = {0};
    for (int i = 0; i < 258; i++)
        text_add(&deep, "split symbol 0\npart 0-99\n");
    char *at = line_of(f, FORGE_CERTIFICATE, 7);
    forge_splice(f, FORGE_CERTIFICATE, (size_t)(at - f->file[FORGE_CERTIFICATE].chars), 0,
                 deep.chars, deep.length);
    text_free(&deep);
}
EDIT(no_input_line)
{
    cut_lines(f, FORGE_CERTIFICATE, 14, 8);
}
EDIT(neuron_missing)
{
    cut_lines(f, FORGE_CERTIFICATE, line_starting(f, FORGE_CERTIFICATE, "off 9 ", 1), 1);
}
EDIT(wrong_missing)
{
    cut_lines(f, FORGE_CERTIFICATE, line_starting(f, FORGE_CERTIFICATE, "wrong 9 ", 1), 1);
}
EDIT(wrong_last_missing)
{
    cut_lines(f, FORGE_CERTIFICATE, line_starting(f, FORGE_CERTIFICATE, "wrong 11 ", 1), 1);
}
EDIT(certificate_only_head)
{
    cut_from(f, FORGE_CERTIFICATE, "position 6", 1);
}

// ---- edits of the model -------------------------------------------------------------------------

EDIT(model_short)
{
    f->file[FORGE_MODEL].length = 7;
}
EDIT(model_header_longer_than_file)
{
    f->file[FORGE_MODEL].chars[3] = 1;
}
EDIT(model_header_of_2_64)
{
    memset(f->file[FORGE_MODEL].chars, 0xff, 8);
}
EDIT(model_header_empty)
{
    memset(f->file[FORGE_MODEL].chars, 0, 8);
}
EDIT(model_truncated)
{
    f->file[FORGE_MODEL].length -= 1;
}
EDIT(model_longer)
{
    text_add_bytes(&f->file[FORGE_MODEL], "\1", 1);
}
EDIT(weight_nan)
{
    forge_set_weight(f, "blocks.0.mlp.W_in", 77, NAN);
}
EDIT(weight_infinite)
{
    forge_set_weight(f, "unembed.W_U", 383, -INFINITY);
}
EDIT(weight_huge)
{
    forge_set_weight(f, "embed.W_E", 5, 512.0f);
}
EDIT(row_huge)
{
    for (size_t i = 0; i < 32; i++)
        forge_set_weight(f, "blocks.0.attn.W_Q", i * 16, 500.0f);
}
EDIT(residual_huge)
{
    for (size_t i = 0; i < 32; i++)
        forge_set_weight(f, "embed.W_E", i, 511.0f);
    for (size_t i = 0; i < 32; i++)
        forge_set_weight(f, "blocks.0.attn.W_Q", i * 16, 100.0f);
}
EDIT(head_moves_neuron_far)
{
    for (size_t i = 0; i < 16; i++)
        forge_set_weight(f, "blocks.1.attn.W_O", i * 32, 40.0f);
    for (size_t i = 0; i < 16; i++)
        forge_set_weight(f, "blocks.1.attn.b_V", i, 400.0f);
    forge_set_weight(f, "blocks.1.mlp.W_in", 0, 50.0f);
}
EDIT(scores_spread)
{
    // The error of a score grows with its size.
    scale_tensor(f, "blocks.1.attn.W_Q", 1024, 60.0f);
    scale_tensor(f, "blocks.1.attn.W_K", 1024, 60.0f);
}
EDIT(scores_spread_below)
{
    scale_tensor(f, "blocks.0.attn.W_Q", 1024, 60.0f);
    scale_tensor(f, "blocks.0.attn.W_K", 1024, 60.0f);
}
EDIT(edge_ahead)
{
    set_edge(f, 1, 0, 3, 4, 1);
}
EDIT(edge_ahead_below)
{
    set_edge(f, 0, 1, 0, 8, 1);
}
EDIT(edge_two)
{
    set_edge(f, 0, 0, 3, 0, 2);
}
EDIT(edge_more)
{
    set_edge(f, 1, 0, 5, 1, 1);
}
EDIT(edge_fewer)
{
    set_edge(f, 1, 0, 5, 3, 0);
    set_edge(f, 1, 1, 5, 3, 0);
}
EDIT(model_without_last_token_bias)
{
    forge_set_weight(f, "unembed.b_U", 0, forge_weight(f, "unembed.b_U", 0) - 0.5f);
}
EDIT(embedding_swapped)
{
    for (size_t i = 0; i < 32; i++) {
        float two = forge_weight(f, "embed.W_E", 64 + i),
              three = forge_weight(f, "embed.W_E", 96 + i);
        forge_set_weight(f, "embed.W_E", 64 + i, three);
        forge_set_weight(f, "embed.W_E", 96 + i, two);
    }
}
EDIT(unembedding_swapped)
{
    for (size_t i = 0; i < 32; i++) {
        float two = forge_weight(f, "unembed.W_U", 12 * i + 2);
        forge_set_weight(f, "unembed.W_U", 12 * i + 2, forge_weight(f, "unembed.W_U", 12 * i + 7));
        forge_set_weight(f, "unembed.W_U", 12 * i + 7, two);
    }
}
EDIT(head_cut)
{
    scale_tensor(f, "blocks.1.attn.W_O", 512, 0.0f);
}
EDIT(all_weights_zero)
{
    size_t first = forge_weight_at(f, "embed.W_E", 0), last = forge_weight_at(f, "unembed.b_U", 11);
    memset(f->file[FORGE_MODEL].chars + first, 0, last + 4 - first);
}
EDIT(b_out_moved)
{
    for (size_t i = 0; i < 32; i++)
        forge_set_weight(f, "blocks.1.mlp.b_out", i, 0.0f);
}

// ---- SHA256SUMS, after the files were hashed --------------------------------------------------------

static char *sum_line(Forge *f, const char *name)
{
    char *at = strstr(f->file[FORGE_SUMS].chars, name);
    must(at, name);
    return at - 66;
}

static void cut_sum(Forge *f, const char *name)
{
    forge_splice(f, FORGE_SUMS, (size_t)(sum_line(f, name) - f->file[FORGE_SUMS].chars),
                 67 + strlen(name), "", 0);
}

static void add_sum(Forge *f, const char *before, const char *line)
{
    forge_splice(f, FORGE_SUMS, (size_t)(sum_line(f, before) - f->file[FORGE_SUMS].chars), 0, line,
                 strlen(line));
}

static void spoil_sum(Forge *f, const char *name)
{
    char *c = sum_line(f, name) + 7;
    *c = *c == '0' ? '1' : '0';
}

EDIT(sums_upper_case)
{
    char *c = strpbrk(f->file[FORGE_SUMS].chars, "abcdef");
    *c = (char)(*c - 32);
}
EDIT(sums_one_space)
{
    swap(f, FORGE_SUMS, "  audit", " audit", 1);
}
EDIT(sums_slash)
{
    swap(f, FORGE_SUMS, "audit.md", "a/audit.md", 1);
}
EDIT(sums_hidden)
{
    swap(f, FORGE_SUMS, "audit.md", ".audit.md", 1);
}
EDIT(sums_zero_byte)
{
    *strstr(f->file[FORGE_SUMS].chars, ".md") = 0;
}
EDIT(sums_short_line)
{
    put_line(f, FORGE_SUMS, 2, "00  audit.md");
}
EDIT(sums_no_newline)
{
    f->file[FORGE_SUMS].length--;
}
EDIT(sums_unsorted)
{
    cut_sum(f, "audit.md");
    add_sum(f, "model.safetensors", NO_HASH "  audit.md\n");
}
EDIT(sums_twice)
{
    add_sum(f, "audit.md", NO_HASH "  audit.md\n");
}
EDIT(sums_wrong_for_model)
{
    spoil_sum(f, "model.safetensors");
    forge_hash_root(f);
}
EDIT(sums_wrong_for_spec)
{
    spoil_sum(f, "spec.spec");
    forge_hash_root(f);
}
EDIT(sums_wrong_for_manifest)
{
    spoil_sum(f, "MANIFEST.json");
}
EDIT(root_of_other_lines)
{
    spoil_sum(f, "spec.spec");
}
EDIT(sums_without_audit)
{
    cut_sum(f, "audit.md");
    forge_hash_root(f);
}
EDIT(sums_without_task)
{
    cut_sum(f, "task.txt");
    forge_hash_root(f);
}
EDIT(sums_without_model)
{
    cut_sum(f, "model.safetensors");
    forge_hash_root(f);
}
EDIT(sums_without_manifest)
{
    cut_sum(f, "MANIFEST.json");
}
EDIT(sums_list_themselves)
{
    add_sum(f, "audit.md", NO_HASH "  SHA256SUMS\n");
    forge_hash_root(f);
}
EDIT(sums_list_one_more)
{
    add_sum(f, "task.txt", NO_HASH "  table.txt\n");
    forge_hash_root(f);
}
EDIT(smt_list_wrong)
{
    put_line(f, FORGE_SMT, 1, NO_HASH "  A.base.smt2");
}
EDIT(smt_list_outside)
{
    put_line(f, FORGE_SMT, 1, NO_HASH "  smt/../task.txt");
}
EDIT(smt_list_unsorted)
{
    put_line(f, FORGE_SMT, 1, NO_HASH "  smt/Z.smt2");
}

// ---- the folder ---------------------------------------------------------------------------------

static void in_folder(char path[600], const char *dir, const char *name)
{
    snprintf(path, 600, "%s/%s", dir, name);
}

static void write_file(const char *dir, const char *name, const char *bytes)
{
    char path[600];
    in_folder(path, dir, name);
    FILE *out = fopen(path, "wb");
    must(out && fputs(bytes, out) >= 0 && fclose(out) == 0, path);
}

static void remove_file(const char *dir, const char *name)
{
    char path[600];
    in_folder(path, dir, name);
    must(unlink(path) == 0, path);
}

static void make_folder(const char *dir, const char *name)
{
    char path[600];
    in_folder(path, dir, name);
    must(mkdir(path, 0777) == 0, path);
}

static void append(const char *dir, const char *name, const char *bytes)
{
    char path[600];
    in_folder(path, dir, name);
    FILE *out = fopen(path, "ab");
    must(out && fputs(bytes, out) >= 0 && fclose(out) == 0, path);
}

#define TAMPER(name) static void name(const char *dir)

TAMPER(unlisted_file)
{
    write_file(dir, "extra.txt", "more\n");
}
TAMPER(unlisted_folder)
{
    make_folder(dir, "more");
}
TAMPER(task_missing)
{
    remove_file(dir, "task.txt");
}
TAMPER(sums_missing)
{
    remove_file(dir, "SHA256SUMS");
}
TAMPER(manifest_missing)
{
    remove_file(dir, "MANIFEST.json");
}
TAMPER(audit_missing)
{
    remove_file(dir, "audit.md");
}
TAMPER(smt_list_missing)
{
    remove_file(dir, "smt.sha256");
}
TAMPER(task_is_folder)
{
    remove_file(dir, "task.txt");
    make_folder(dir, "task.txt");
}
TAMPER(audit_too_large)
{
    char path[600];
    in_folder(path, dir, "audit.md");
    must(truncate(path, ((off_t)1 << 30) + 1) == 0, path);
}
TAMPER(audit_changed)
{
    append(dir, "audit.md", "And more.\n");
}
TAMPER(manifest_changed)
{
    append(dir, "MANIFEST.json", "\n");
}
TAMPER(script_changed)
{
    make_folder(dir, "smt");
    write_file(dir, "smt/A.base.smt2", "(check-sat)\n");
}
TAMPER(script_not_listed)
{
    make_folder(dir, "smt");
    write_file(dir, "smt/Z.smt2", "(check-sat)\n");
}
TAMPER(scripts_are_a_file)
{
    write_file(dir, "smt", "(check-sat)\n");
}

// ---- the table ----------------------------------------------------------------------------------

#define T FORGE_TASK
#define C FORGE_CERTIFICATE
#define M FORGE_MODEL
#define J FORGE_MANIFEST

enum { ACCEPTED = 0, REJECTED = 13, MALFORMED = 65, MISSING = 66 };

// A replacement, an edit, an edit of SHA256SUMS, something done to the folder.
#define R(name, code, file, n, old, new, expect)                                                   \
    {#name, file, old, new, n, NULL, NULL, NULL, code, expect}
#define E(name, code, expect) {#name, FORGE_TASK, NULL, NULL, 0, name, NULL, NULL, code, expect}
#define S(name, code, expect) {#name, FORGE_TASK, NULL, NULL, 0, NULL, name, NULL, code, expect}
#define F(name, code, expect) {#name, FORGE_TASK, NULL, NULL, 0, NULL, NULL, name, code, expect}

const Attack attacks[] = {
    {"nothing", T, NULL, NULL, 0, NULL, NULL, NULL, ACCEPTED, "inputs   10000 = 10^4\n"},

    // K1, K2
    F(unlisted_file, REJECTED, ".:0: a file in it is not listed in SHA256SUMS (K2)"),
    F( unlisted_folder, REJECTED, ".:0: a file in it is not listed in SHA256SUMS (K2)"),
    F(task_missing, MISSING, "task.txt:0: is missing (K1)"),
    F( sums_missing, MISSING, "SHA256SUMS:0: is missing (K1)"),
    F(manifest_missing, MISSING, "MANIFEST.json:0: is missing (K1)"),
    F(audit_missing, MISSING, "audit.md:0: is missing (K1)"),
    F( smt_list_missing, MISSING, "smt.sha256:0: is missing (K1)"),
    F(task_is_folder, MALFORMED, "task.txt:0: is no regular file of at most 2^30 bytes (K1)"),
    F(audit_too_large, MALFORMED, "audit.md:0: is no regular file of at most 2^30 bytes (K1)"),
    F(audit_changed, REJECTED, "audit.md:0: has another hash than is listed (K2)"),
    F( manifest_changed, REJECTED, "MANIFEST.json:0: has another hash than is listed (K2)"),
    F(script_changed, REJECTED, "smt/A.base.smt2:0: has another hash than is listed (K2)"),
    F(script_not_listed, REJECTED, "smt:0: a file in it is not listed in smt.sha256 (K2)"),
    F(scripts_are_a_file, MISSING, "smt:0: is missing (K1)"),
    S( sums_upper_case, MALFORMED, "SHA256SUMS:1: is not a line of a hash and a name (K2)"),
    S(sums_one_space, MALFORMED, "SHA256SUMS:2: is not a line of a hash and a name (K2)"),
    S(sums_slash, MALFORMED, "SHA256SUMS:2: is not a line of a hash and a name (K2)"),
    S(sums_hidden, MALFORMED, "SHA256SUMS:2: is not a line of a hash and a name (K2)"),
    S(sums_zero_byte, MALFORMED, "SHA256SUMS:2: is not a line of a hash and a name (K2)"),
    S(sums_short_line, MALFORMED, "SHA256SUMS:2: is not a line of a hash and a name (K2)"),
    S(sums_no_newline, MALFORMED, "SHA256SUMS:8: the last line does not end in a newline (K2)"),
    S(sums_unsorted, MALFORMED, "SHA256SUMS:3: is not sorted by name (K2)"),
    S(sums_twice, MALFORMED, "SHA256SUMS:3: is not sorted by name (K2)"),
    S(sums_wrong_for_model, REJECTED, "model.safetensors:0: has another hash than is listed (K2)"),
    S(sums_wrong_for_spec, REJECTED, "spec.spec:0: has another hash than is listed (K2)"),
    S(sums_wrong_for_manifest, REJECTED, "MANIFEST.json:0: has another hash than is listed (K2)"),
    S(root_of_other_lines, REJECTED, "MANIFEST.json:0: the root hash is not that of SHA256SUMS (K2)"),
    S(sums_without_audit, REJECTED, ".:0: a file in it is not listed in SHA256SUMS (K2)"),
    S(sums_without_task, REJECTED, ".:0: a file in it is not listed in SHA256SUMS (K2)"),
    S(sums_without_model, REJECTED, ".:0: a file in it is not listed in SHA256SUMS (K2)"),
    S(sums_without_manifest, REJECTED, ".:0: a file in it is not listed in SHA256SUMS (K2)"),
    { "audit_neither_there_nor_listed", T, NULL, NULL, 0, NULL, sums_without_audit, audit_missing, REJECTED, "audit.md:0: is not listed in SHA256SUMS (K1)"},
    {"task_neither_there_nor_listed", T, NULL, NULL, 0, NULL, sums_without_task, task_missing, MISSING, "task.txt:0: is missing (K1)"},
    S(sums_list_themselves, REJECTED, "SHA256SUMS:0: has another hash than is listed (K2)"),
    S(sums_list_one_more, MISSING, "table.txt:0: is missing (K1)"),
    E(smt_list_outside, MALFORMED, "smt.sha256:1: is not a line of a hash and a name (K2)"),
    E(smt_list_unsorted, MALFORMED, "smt.sha256:2: is not sorted by name (K2)"),
    { "smt_list_wrong", T, NULL, NULL, 0, smt_list_wrong, NULL, script_changed, REJECTED, "smt/A.base.smt2:0: has another hash than is listed (K2)"},
    R(run_not_complete, REJECTED, J, 1, "\"complete\"", "\"running\"", "MANIFEST.json:0: the state of the run is not complete (K2)"),
    R(state_twice, REJECTED, J, 1, "\"state\"", "\"state\": \"failed\",\n\"state\"", "MANIFEST.json:0: the state of the run is not complete (K2)"),
    R(state_missing, REJECTED, J, 1, "\"state\"", "\"estate\"", "MANIFEST.json:0: the state of the run is not complete (K2)"),
    R(root_missing, REJECTED, J, 1, "\"root\"", "\"roots\"", "MANIFEST.json:0: the root hash is not that of SHA256SUMS (K2)"),
    R(root_twice, REJECTED, J, 1, "\"root\"", "\"root\": \"00\",\n\"root\"", "MANIFEST.json:0: the root hash is not that of SHA256SUMS (K2)"),

    // K3
    R(task_tab, MALFORMED, T, 1, "states 2", "states\t2", "task.txt:3: a byte that is not printable ASCII (K3)"),
    R(task_return, MALFORMED, T, 1, "states 2", "states 2\r", "task.txt:3: a byte that is not printable ASCII (K3)"),
    R(task_not_ascii, MALFORMED, T, 1, "token 3 3", "token 3 \xc2\xb3", "task.txt:13: a byte that is not printable ASCII (K3)"),
    R(task_delete, MALFORMED, T, 1, "token 3 3", "token 3 \x7f", "task.txt:13: a byte that is not printable ASCII (K3)"),
    R( certificate_not_ascii, MALFORMED, C, 1, "done", "d\xf6ne", "certificate.txt:97: a byte that is not printable ASCII (K3)"),
    E(task_zero_byte, MALFORMED, "task.txt:3: a byte that is not printable ASCII (K3)"),
    E(empty_task, MALFORMED, "task.txt:1: the last line does not end in a newline (K3)"),
    E(task_without_newline, MALFORMED, "task.txt:44: the last line does not end in a newline (K3)"),
    E(task_ends_early, MALFORMED, "task.txt:44: the file ends too early (K3)"),
    R( two_spaces, MALFORMED, T, 1, "columns 2", "columns  2", "task.txt:2: an empty word (K3)"),
    R(space_first, MALFORMED, T, 1, "columns", " columns", "task.txt:2: an empty word (K3)"),
    R(space_last, MALFORMED, T, 1, "columns 2", "columns 2 ", "task.txt:2: the line goes on where it should end (K3)"),
    R(empty_line, MALFORMED, T, 1, "columns 2", "\ncolumns 2", "task.txt:2: an empty word (K3)"),
    R( line_too_short, MALFORMED, T, 1, "columns 2", "columns", "task.txt:2: the line ends too early (K3)"),
    R(line_too_long, MALFORMED, T, 1, "columns 2", "columns 2 2", "task.txt:2: the line goes on where it should end (K3)"),
    R(other_word, MALFORMED, T, 1, "columns", "colums", "task.txt:2: \"colums\" where \"columns\" is expected"),
    R(other_version, MALFORMED, T, 1, "ripple-task 1", "ripple-task 2", "task.txt:1: \"2\" where \"1\" is expected"),
    R( leading_zero, MALFORMED, T, 1, "columns 2", "columns 02", "task.txt:2: \"02\" is not a number (K3)"),
    R(plus_sign, MALFORMED, T, 1, "columns 2", "columns +2", "task.txt:2: \"+2\" is not a number (K3)"),
    R( minus_zero, MALFORMED, T, 1, "next 0 0", "next 0 -0", "task.txt:6: \"-0\" is not a number (K3)"),
    R(fraction, MALFORMED, T, 1, "columns 2", "columns 2.0", "task.txt:2: \"2.0\" is not a number (K3)"),
    R( nineteen_digits, MALFORMED, C, 1, "on 0 8 36", "on 0 8 1000000000000000000", "certificate.txt:22: \"1000000000000000000\" is not a number (K3)"),
    R(set_with_space, MALFORMED, T, 1, "0-99", "0-9, 10-99", "task.txt:8: \"\ "is not a number (K3)"),
    R(set_semicolon, MALFORMED, T, 1, "0-99", "0-9;10-99", "task.txt:8: a set is numbers and ranges, with commas between them (K3)"),
    R(set_not_ascending, MALFORMED, T, 1, "0-99", "50-99,0-49", "task.txt:8: 0 is not in 100 to 99"),
    R(set_overlaps, MALFORMED, T, 1, "0-99", "0-50,50-99", "task.txt:8: 50 is not in 51 to 99"),
    R(set_range_of_one, MALFORMED, T, 1, "0-99", "0-98,99-99", "task.txt:8: 99 is not in 100 to 99"),
    R(set_backward, MALFORMED, T, 1, "0-99", "99-0", "task.txt:8: 0 is not in 100 to 99"),
    R(set_open, MALFORMED, T, 1, "0-99", "0-", "task.txt:8: \"\" is not a number (K3)"),
    R(set_ends_in_comma, MALFORMED, T, 1, "0-99", "0-99,", "task.txt:8: \"\" is not a number (K3)"),
    R(set_too_large, MALFORMED, T, 1, "0-99", "0-100", "task.txt:8: 100 is not in 1 to 99"),
    R(set_negative, MALFORMED, T, 1, "0-99", "-1-99", "task.txt:8: \"\" is not a number (K3)"),

    // K4
    R(no_columns, MALFORMED, T, 1, "columns 2", "columns 0", "task.txt:2: 0 is not in 1 to 256"),
    R( too_many_states, MALFORMED, T, 1, "states 2", "states 65", "task.txt:3: 65 is not in 1 to 64"),
    R(no_states, MALFORMED, T, 1, "states 2", "states 0", "task.txt:3: 0 is not in 1 to 64"),
    R(too_many_symbols, MALFORMED, T, 1, "symbols 100", "symbols 1001", "task.txt:4: 1001 is not in 1 to 1000"),
    R(initial_not_there, MALFORMED, T, 1, "initial 0", "initial 2", "task.txt:5: 2 is not in 0 to 1"),
    R( next_not_there, MALFORMED, T, 1, "next 0 0 0", "next 0 0 2", "task.txt:6: 2 is not in 0 to 1"),
    R(next_out_of_order, MALFORMED, T, 1, "next 1", "next 0", "task.txt:7: 0 is not in 1 to 1"),
    R(next_too_short, MALFORMED, T, 1, "next 0 0", "next 0", "task.txt:6: the line ends too early (K3)"),
    R(allow_out_of_order, MALFORMED, T, 1, "allow 1", "allow 0", "task.txt:9: 0 is not in 1 to 1"),
    R( token_out_of_order, MALFORMED, T, 1, "token 3 3", "token 4 3", "task.txt:13: 4 is not in 3 to 3"),
    R(token_without_text, MALFORMED, T, 1, "token 3 3", "token 3 ", "task.txt:13: the line ends too early (K3)"),
    R(token_twice, REJECTED, T, 1, "token 3 3", "token 3 2", "task.txt:13: the text of token 2 again (K4)"),
    R(table_out_of_order, MALFORMED, T, 1, "table 1 0", "table 2 0", "task.txt:24: 2 is not in 1 to 1"),
    R( table_state_missing, MALFORMED, T, 1, "table 0 1", "table 0 0", "task.txt:23: 0 is not in 1 to 1"),
    R(table_token_not_there, MALFORMED, T, 1, "table 0 0 0", "table 0 0 12", "task.txt:22: 12 is not in 0 to 11"),
    R(no_prompt, MALFORMED, T, 1, "prompt 6", "prompt 0", "task.txt:30: 0 is not in 1 to 1024"),
    R(no_answer, MALFORMED, T, 1, "answer 3", "answer 0", "task.txt:31: 0 is not in 1 to 1024"),
    R(position_out_of_order, MALFORMED, T, 1, "column 3 1 1", "column 4 1 1", "task.txt:35: 4 is not in 3 to 3"),
    R(column_not_there, MALFORMED, T, 1, "column 3 1 1", "column 3 2 1", "task.txt:35: 2 is not in 0 to 1"),
    R(table_not_there, MALFORMED, T, 1, "column 3 1 1", "column 3 1 4", "task.txt:35: 4 is not in 0 to 3"),
    R(fixed_not_there, MALFORMED, T, 1, "fixed 2 10", "fixed 2 12", "task.txt:34: 12 is not in 0 to 11"),
    R(neither_fixed_nor_column, MALFORMED, T, 1, "fixed 2 10", "token 2 10", "task.txt:34: \"token\" where \"column\" is expected"),
    R(number_without_positions, MALFORMED, T, 1, "number a 1 0 1", "number a 1", "task.txt:41: the line ends too early (K3)"),
    R(number_position_not_there, MALFORMED, T, 1, "number a 1 0 1", "number a 1 0 9", "task.txt:41: 9 is not in 0 to 8"),
    R(number_too_long, REJECTED, T, 1, "number a 1 0 1", "number a 1 0 1 0 1 0 1 0 1 0 1", "task.txt:41: a number with more digits than there are positions"),
    R(other_claim, MALFORMED, T, 1, "is zero", "is one", "task.txt:44: \"one\" where \"zero\" is expected"),
    R( task_goes_on, MALFORMED, T, 1, "claim sum is zero\n", "claim sum is zero\nclaim sum is zero\n", "task.txt:45: the task goes on after its claim (K4)"),
    E(task_too_many_columns, REJECTED, "task.txt:5: more edges than this checker reckons with"),
    E( tables_too_many, REJECTED, "task.txt:534: more tables than this checker reckons with"),
    E(numbers_too_many, REJECTED, "task.txt:105: more numbers than this checker reckons with"),
    E(tokens_too_many, REJECTED, "task.txt:65546: more tokens than this checker reckons with"),
    E(no_edge, REJECTED, "task.txt:0: no edge from state 0 in column 0 for symbol 57 (K4)"),
    E(no_token, REJECTED, "task.txt:0: no token at position 7 in state 1 for symbol 57 (K4)"),
    E(prompt_tells_state, REJECTED, "task.txt:0: the token at position 3 of the prompt depends on the state (K4)"),
    E(prompt_not_injective, REJECTED, "task.txt:0: symbols 56 and 57 of column 0 have the same prompt (K4)"),
    R(column_not_in_prompt, REJECTED, T, 1, "column 4 0 1", "column 4 1 1", "task.txt:0: symbols 0 and 1 of column 0 have the same prompt (K4)"),
    E(digit_is_plus, REJECTED, "task.txt:0: \"+\" stands where a number has a digit (K4)"),
    R(plus_in_number, REJECTED, T, 1, "number a 1 0 1", "number a 1 0 1 2", "task.txt:0: \"+\ "stands where a number has a digit (K4)"),
    R(answer_not_in_claim, REJECTED, T, 1, "number s -1 6 7 8", "number s -1 7 8", "task.txt:0: position 6 of the answer belongs to no number (K4)"),
    R(no_numbers, REJECTED, T, 1, "number a 1 0 1\nnumber b 1 3 4\nnumber s -1 6 7 8\n", "", "task.txt:0: position 6 of the answer belongs to no number (K4)"),

    // K4, the claim: wrong ones
    E(transition_wrong, REJECTED, "task.txt:0: the claim does not hold on every path (K4, level A)"),
    E(output_wrong, REJECTED, "task.txt:0: the claim does not hold on every path (K4, level A)"),
    E(carry_out_wrong, REJECTED, "task.txt:0: the claim does not hold on every path (K4, level A)"),
    R(initial_wrong, REJECTED, T, 1, "initial 0", "initial 1", "task.txt:0: the claim does not hold on every path (K4, level A)"),
    R(claim_doubled, REJECTED, T, 1, "number b 1", "number b 2", "task.txt:0: the claim does not hold on every path (K4, level A)"),
    R(claim_of_difference, REJECTED, T, 1, "number b 1", "number b -1", "task.txt:0: the claim does not hold on every path (K4, level A)"),
    R(claim_without_b, REJECTED, T, 1, "number b 1 3 4\n", "", "task.txt:0: the claim does not hold on every path (K4, level A)"),
    R(claim_b_is_a, REJECTED, T, 1, "number b 1 3 4", "number b 1 0 1", "task.txt:0: the claim does not hold on every path (K4, level A)"),
    R(digits_reversed, REJECTED, T, 1, "number s -1 6 7 8", "number s -1 8 7 6", "task.txt:0: the claim does not hold on every path (K4, level A)"),
    R(digits_of_a_reversed, REJECTED, T, 1, "number a 1 0 1", "number a 1 1 0", "task.txt:0: the claim does not hold on every path (K4, level A)"),
    R(columns_reversed, REJECTED, T, 1, "column 0 1 0\ncolumn 1 0 0", "column 0 0 0\ncolumn 1 1 0", "task.txt:0: the claim does not hold on every path (K4, level A)"),
    R(fixed_digit_counts, REJECTED, T, 1, "fixed 2 10", "fixed 2 1", "model.safetensors:0: "),
    R(fixed_digit_in_claim, REJECTED, T, 1, "fixed 2 10\ncolumn 3 1 1\ncolumn 4 0 1\nfixed 5 11\ncolumn 6 1 2\ncolumn 7 1 3\ncolumn 8 0 3\nnumber a 1 0 1", "fixed 2 1\ncolumn 3 1 1\ncolumn 4 0 1\nfixed 5 11\ncolumn 6 1 2\ncolumn 7 1 3\ncolumn 8 0 3\nnumber a 1 0 1\nnumber x 1 2", "task.txt:0: the claim does not hold on every path (K4, level A)"),

    // Fewer inputs, or another claim, is another theorem, and says so.
    R(fewer_inputs, REJECTED, T, 1, "allow 0 0-99", "allow 0 0-98", "certificate.txt:"),
    R( claim_of_zero, ACCEPTED, T, 1, "number a 1 0 1\nnumber b 1 3 4\nnumber s -1 6 7 8", "number a 0 0 1\nnumber b 0 3 4\nnumber s 0 6 7 8", "claim    0 a + 0 b + 0 s = 0\n"),
    R(claim_times_seven, ACCEPTED, T, 1, "number a 1 0 1\nnumber b 1 3 4\nnumber s -1 6 7 8", "number a 7 0 1\nnumber b 7 3 4\nnumber s -7 6 7 8", "claim    7 a + 7 b - 7 s = 0\n"),
};

const size_t attack_count = sizeof attacks / sizeof *attacks;
