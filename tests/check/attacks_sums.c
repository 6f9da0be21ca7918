// What is done to SHA256SUMS, and to what MANIFEST.json says of it (K2), after the files were hashed.
#include "attack_edits.h"

#include <string.h>

#include "hash.h"

#define J       FORGE_MANIFEST
#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

static char *sum_line(Forge *f, const char *name)
{
    char *at = strstr(f->file[FORGE_SUMS].chars, name);
    edit_must(at, name);
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
    edit_replace(f, FORGE_SUMS, "  audit", " audit", 1);
}
EDIT(sums_slash)
{
    edit_replace(f, FORGE_SUMS, "audit.md", "a/audit.md", 1);
}
EDIT(sums_hidden)
{
    edit_replace(f, FORGE_SUMS, "audit.md", ".audit.md", 1);
}
EDIT(sums_zero_byte)
{
    *strstr(f->file[FORGE_SUMS].chars, ".md") = 0;
}
EDIT(sums_short_line)
{
    edit_put_line(f, FORGE_SUMS, 2, "00  audit.md");
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
    char *root = strstr(f->file[FORGE_MANIFEST].chars, "\"root\": \"") + 9, line[80];
    char *sums = f->file[FORGE_SUMS].chars;
    *root = *root == '0' ? '1' : '0';
    hash_sha256(f->file[FORGE_MANIFEST].chars, f->file[FORGE_MANIFEST].length, line);
    memcpy(sums, line, 64);
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
EDIT(manifest_zero_byte)
{
    forge_splice(f, J, f->file[J].length, 0, "", 1);
}
EDIT(sums_list_one_more_at_the_end)
{
    text_add(&f->file[FORGE_SUMS], NO_HASH "  zero.txt\n");
}

static const Attack attacks[] = {
    S(sums_upper_case, REJECTED, "MANIFEST.json:0: has another hash than is listed (K2)"),
    S(sums_one_space, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_slash, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_hidden, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_zero_byte, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_short_line, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_no_newline, MALFORMED, "SHA256SUMS:8: is not the line of task.txt (K2)"),
    S(sums_unsorted, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_twice, REJECTED, "audit.md:0: has another hash than is listed (K2)"),
    S(sums_wrong_for_model, REJECTED, "model.safetensors:0: has another hash than is listed (K2)"),
    S(sums_wrong_for_spec, REJECTED, "spec.spec:0: has another hash than is listed (K2)"),
    S(sums_wrong_for_manifest, REJECTED, "MANIFEST.json:0: has another hash than is listed (K2)"),
    S(root_of_other_lines, REJECTED,
      "MANIFEST.json:0: the root hash is not that of SHA256SUMS (K2)"),
    S(sums_without_audit, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_without_task, MALFORMED, "SHA256SUMS:8: is not the line of task.txt (K2)"),
    S(sums_without_model, MALFORMED, "SHA256SUMS:4: is not the line of model.safetensors (K2)"),
    S(sums_without_manifest, MALFORMED, "SHA256SUMS:1: is not the line of MANIFEST.json (K2)"),
    S(sums_list_themselves, MALFORMED, "SHA256SUMS:2: is not the line of audit.md (K2)"),
    S(sums_list_one_more_at_the_end, MALFORMED,
      "SHA256SUMS:9: more than the files of a bundle (K2)"),
    S(sums_list_one_more, MALFORMED, "SHA256SUMS:8: is not the line of task.txt (K2)"),
    R(run_not_complete, REJECTED, J, 1, "\"complete\"", "\"running\"",
      "MANIFEST.json:0: the state of the run is not complete (K2)"),
    R(state_missing, REJECTED, J, 1, "\"state\"", "\"estate\"",
      "MANIFEST.json:0: the state of the run is not complete (K2)"),
    R(run_not_complete_and_complete, REJECTED, J, 1, "\"state\"",
      "\"state\": \"running\",\n\"state\"",
      "MANIFEST.json:0: the state of the run is not complete (K2)"),
    R(two_roots, REJECTED, J, 1, "\"claim_sha256\"", "\"root\": \"0\",\n\"claim_sha256\"",
      "MANIFEST.json:0: the root hash is not that of SHA256SUMS (K2)"),
    R(setting_named_root, ACCEPTED, J, 1, "{\"n\": 2}", "{\"root\": 2}", "claim    s = a + b"),
    E(manifest_zero_byte, MALFORMED, "MANIFEST.json:0: is no text (K2)"),
    R(root_missing, REJECTED, J, 1, "\"root\"", "\"roots\"",
      "MANIFEST.json:0: the root hash is not that of SHA256SUMS (K2)"),
};

const AttackTable attacks_sums = {attacks, sizeof attacks / sizeof *attacks};
