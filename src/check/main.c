// proofcheck BUNDLE: whether a bundle is a proof, by docs/certificate-format.md, from which this program is written
// section by section. It shares no code with the prover, and needs nothing but libc and GMP.
//
//     K1, K2    proof_files, sha256        the files and their hashes
//     K3        lines                      text
//     K4        trellis, level_a           the task and the claim
//     K5        weights, json_reader, decimal
//     K6        fixed, matrix              numbers and errors
//     K7, K8    cones, tables, mixture, pull
//     K9        site
//     K10       splits, edge_set
//     K11       edge_case, hearing, paths, margins
//     K12       theorem
#include "exponential.h"
#include "pool.h"
#include "reject.h"
#include "theorem.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: proofcheck BUNDLE\n"
    "\n"
    "Checks that a directory written by `verify` is a proof, without trusting what wrote it.\n"
    "\n"
    "  --help     this text\n"
    "  --version  the version\n"
    "\n"
    "exit codes: 0 accepted, 13 rejected, 64 usage, 65 malformed, 66 missing, 70 internal, 74 "
    "I/O\n";

// Everything that K1 to K12 ask for. Returns only if all of it holds.
static void check(const char *directory)
{
    ProofFiles files;
    Trellis task;
    Model model;
    Problem problem;
    Tables tables;
    exponential_begin();
    proof_files_read(&files, directory);
    trellis_read(&task, &files.task);
    model_read(&model, &files.model);
    problem_init(&problem, &task, &model);
    tables_fill(&tables, &problem);
    PositionVerdict *positions = POOL_TAKE(PositionVerdict, task.length - task.prompt);
    splits_check(&tables, &files.certificate, positions);
    theorem_print(&problem, positions, files.root);
    trellis_clear(&task);
}

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "--help") == 0)
        fputs(usage, stdout);
    else if (count == 2 && strcmp(arguments[1], "--version") == 0)
        puts("proofcheck " RIPPLE_VERSION);
    else if (count != 2 || arguments[1][0] == '-') {
        fputs(usage, stderr);
        return EXIT_USAGE;
    } else
        check(arguments[1]);
    if (fflush(stdout) != 0 || ferror(stdout))
        fail(EXIT_IO, "the verdict could not be written");
    pool_release(NULL);
    return EXIT_ACCEPTED;
}
