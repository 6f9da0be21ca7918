// What is done to the folder of a bundle (K1, K2): files too many, missing, of another kind, or changed after they were
// hashed; and the solver's scripts, which may be there or not.
#include "attack_edits.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRIPT_HASH                                                                                \
    "4bd88edc5bae352b7d38704bcaa4aec6f0b2d2365e206dfe898cb2b561ab87fa" // of (check-sat)

static void in_folder(char path[600], const char *dir, const char *name)
{
    snprintf(path, 600, "%s/%s", dir, name);
}

static void write_file(const char *dir, const char *name, const char *bytes)
{
    char path[600];
    in_folder(path, dir, name);
    FILE *out = fopen(path, "wb");
    edit_must(out && fputs(bytes, out) >= 0 && fclose(out) == 0, path);
}

static void remove_file(const char *dir, const char *name)
{
    char path[600];
    in_folder(path, dir, name);
    edit_must(unlink(path) == 0, path);
}

static void make_folder(const char *dir, const char *name)
{
    char path[600];
    in_folder(path, dir, name);
    edit_must(mkdir(path, 0777) == 0, path);
}

static void append(const char *dir, const char *name, const char *bytes)
{
    char path[600];
    in_folder(path, dir, name);
    FILE *out = fopen(path, "ab");
    edit_must(out && fputs(bytes, out) >= 0 && fclose(out) == 0, path);
}

static void put_link(const char *dir, const char *name, const char *target)
{
    char path[600];
    in_folder(path, dir, name);
    unlink(path);
    edit_must(symlink(target, path) == 0, path);
}

// ---- what is done -------------------------------------------------------------------------------

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
    edit_must(truncate(path, ((off_t)1 << 30) + 1) == 0, path);
}
TAMPER(task_is_link)
{
    put_link(dir, "task.txt", "spec.spec");
}
TAMPER(audit_is_link_to_itself)
{
    put_link(dir, "audit.md", "audit.md");
}
TAMPER(certificate_is_pipe)
{
    char path[600];
    remove_file(dir, "certificate.txt");
    in_folder(path, dir, "certificate.txt");
    edit_must(mkfifo(path, 0666) == 0, path);
}
TAMPER(script_is_link)
{
    make_folder(dir, "smt");
    put_link(dir, "smt/A.base.smt2", "../spec.spec");
}
TAMPER(scripts_are_a_link)
{
    put_link(dir, "smt", ".");
}
TAMPER(file_named_like_a_verdict)
{
    write_file(dir, "\nACCEPTED\n\nclaim    s = a", "");
}
TAMPER(script_named_like_a_verdict)
{
    make_folder(dir, "smt");
    write_file(dir, "smt/\033[2K\rACCEPTED\n", "");
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

// The lines of these files are cut from SHA256SUMS.
EDIT(audit_not_listed)
{
    edit_cut_lines(f, FORGE_SUMS, 2, 1);
    forge_hash_root(f);
}
EDIT(task_not_listed)
{
    edit_cut_lines(f, FORGE_SUMS, 8, 1);
    forge_hash_root(f);
}

EDIT(script_listed)
{
    edit_put_line(f, FORGE_SMT, 1, SCRIPT_HASH "  smt/A.base.smt2");
}
EDIT(script_listed_behind_something)
{
    edit_put_line(f, FORGE_SMT, 1, "0" SCRIPT_HASH "  smt/A.base.smt2");
}
EDIT(script_listed_elsewhere)
{
    edit_put_line(f, FORGE_SMT, 1, SCRIPT_HASH "  A.base.smt2");
}
EDIT(script_listed_by_another_name)
{
    edit_put_line(f, FORGE_SMT, 1, SCRIPT_HASH "  smt/B.A.base.smt2");
}

EDIT(script_list_ends_early)
{
    Text *list = &f->file[FORGE_SMT];
    forge_splice(f, FORGE_SMT, 0, list->length, SCRIPT_HASH "  smt/A.base.smt2",
                 sizeof SCRIPT_HASH "  smt/A.base.smt2" - 1);
}
EDIT(script_list_of_other_files)
{
    edit_put_line(f, FORGE_SMT, 1, SCRIPT_HASH "  smt/A.base.smt3");
}
EDIT(script_list_in_capitals)
{
    *strpbrk(f->file[FORGE_SMT].chars, "abcdef") -= 32;
}
EDIT(script_list_with_zero_byte)
{
    forge_splice(f, FORGE_SMT, f->file[FORGE_SMT].length, 0, "", 1);
}

// ---- the table ----------------------------------------------------------------------------------

static const Attack attacks[] = {
    F(unlisted_file, REJECTED, "extra.txt:0: is not one of the files of a bundle (K1)"),
    F(unlisted_folder, REJECTED, "more:0: is not one of the files of a bundle (K1)"),
    F(task_missing, MISSING, "task.txt:0: is missing (K1)"),
    F(sums_missing, MISSING, "SHA256SUMS:0: is missing (K1)"),
    F(manifest_missing, MISSING, "MANIFEST.json:0: is missing (K1)"),
    F(audit_missing, MISSING, "audit.md:0: is missing (K1)"),
    F(smt_list_missing, MISSING, "smt.sha256:0: is missing (K1)"),
    F(task_is_folder, MALFORMED, "task.txt:0: is no regular file of at most 2^30 bytes (K1)"),
    F(audit_too_large, MALFORMED, "audit.md:0: is no regular file of at most 2^30 bytes (K1)"),
    F(task_is_link, MALFORMED, "task.txt:0: is no regular file of at most 2^30 bytes (K1)"),
    F(audit_is_link_to_itself, MALFORMED,
      "audit.md:0: is no regular file of at most 2^30 bytes (K1)"),
    F(certificate_is_pipe, MALFORMED,
      "certificate.txt:0: is no regular file of at most 2^30 bytes (K1)"),
    F(script_is_link, MALFORMED,
      "smt/A.base.smt2:0: is no regular file of at most 2^30 bytes (K1)"),
    F(audit_changed, REJECTED, "audit.md:0: has another hash than is listed (K2)"),
    F(manifest_changed, REJECTED, "MANIFEST.json:0: has another hash than is listed (K2)"),
    F(script_changed, REJECTED,
      "smt/A.base.smt2:0: is not listed in smt.sha256, or has another hash (K2)"),
    F(script_not_listed, REJECTED,
      "smt/Z.smt2:0: is not listed in smt.sha256, or has another hash (K2)"),
    F(file_named_like_a_verdict, REJECTED, "?ACCEPTED??claim    s = a:0: is not one of"),
    F(script_named_like_a_verdict, REJECTED,
      "smt/?[2K?ACCEPTED?:0: is not listed in smt.sha256, or has another hash (K2)"),
    F(scripts_are_a_file, MALFORMED, "smt:0: is no directory (K1)"),
    F(scripts_are_a_link, MALFORMED, "smt:0: is no directory (K1)"),
    {.name = "audit_neither_there_nor_listed",
     .sums = audit_not_listed,
     .tamper = audit_missing,
     .code = MISSING,
     .expect = "audit.md:0: is missing (K1)"},
    {.name = "task_neither_there_nor_listed",
     .sums = task_not_listed,
     .tamper = task_missing,
     .code = MISSING,
     .expect = "task.txt:0: is missing (K1)"},
    {.name = "script_listed",
     .edit = script_listed,
     .tamper = script_changed,
     .code = ACCEPTED,
     .expect = ""},
    {.name = "script_listed_behind_something",
     .edit = script_listed_behind_something,
     .tamper = script_changed,
     .code = MALFORMED,
     .expect = "smt.sha256:1: is no line of a script (K2)"},
    {.name = "script_listed_elsewhere",
     .edit = script_listed_elsewhere,
     .tamper = script_changed,
     .code = MALFORMED,
     .expect = "smt.sha256:1: is no line of a script (K2)"},
    {.name = "script_listed_by_another_name",
     .edit = script_listed_by_another_name,
     .tamper = script_changed,
     .code = REJECTED,
     .expect = "smt/A.base.smt2:0: is not listed in smt.sha256, or has another hash (K2)"},
    {.name = "script_list_ends_early",
     .edit = script_list_ends_early,
     .code = MALFORMED,
     .expect = "smt.sha256:1: is no line of a script (K2)"},
    {.name = "script_list_of_other_files",
     .edit = script_list_of_other_files,
     .code = MALFORMED,
     .expect = "smt.sha256:1: is no line of a script (K2)"},
    {.name = "script_list_in_capitals",
     .edit = script_list_in_capitals,
     .code = MALFORMED,
     .expect = "smt.sha256:1: is no line of a script (K2)"},
    {.name = "script_list_with_zero_byte",
     .edit = script_list_with_zero_byte,
     .code = MALFORMED,
     .expect = "smt.sha256:0: is no text (K2)"},
};

const AttackTable attacks_folder = {attacks, sizeof attacks / sizeof *attacks};
