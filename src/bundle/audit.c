#include "audit.h"

#include "exp32_log.h"
#include "number_text.h"
#include "trusted_lines.h"

static void add_theorem(Text *text, Arena *arena, const Proof *proof, const BundleClaim *claim)
{
    const Spec *spec = proof->spec;
    text_add(text, "# What is proved here\n\nFor every one of the ");
    number_add_count(text, proof->counts->total);
    text_add(text, " inputs");
    number_add_power(text, proof->counts->total);
    text_add(text, " of `%s`", claim->spec_name);
    for (int i = 0; i < spec->n_params; i++)
        text_add(text, "%s%s = %lld", i == 0 ? " with " : ", ", spec->params[i].name,
                 spec->params[i].value);
    text_add(text,
             ", greedy decoding by the model in\n`model.safetensors` gives the answer for which\n\n"
             "    %s\n\nholds, token by token: at each of the %d positions of the answer, the "
             "logit of the right\ntoken is greater than that of every other token, by at least ",
             spec_text(arena, spec, spec->require->span), proof->network.answer);
    number_add_margin(text, proof_worst_margin(proof), 4);
    text_add(text, ".\n\n| answer position | edge cases | worst margin |\n|---|---|---|\n");
    for (int a = 0; a < proof->network.answer; a++) {
        const PositionProof *position = &proof->network.position[a];
        text_add(text, "| %s | %d | ", position->name, position->n_cases);
        number_add_margin(text, position->margin, 4);
        text_add(text, " |\n");
    }
    text_add(text, "\nThe model has SHA-256\n`%s`,\nthe spec\n`%s`.\n", claim->model_sha256,
             claim->spec_sha256);
}

static void add_levels(Text *text, const Proof *proof)
{
    text_add(
        text,
        "\n## By which steps\n\n"
        "* **A**, the algorithm: %s.%s\n"
        "* **C**, the cover: the edge cases of each answer position leave no input out and "
        "count none\n  twice.\n"
        "* **N**, the network: on each edge case the margin is positive, in exact real "
        "arithmetic on the\n  stored weights.\n"
        "* **F**, the machine: the same in every *run* (docs/certificate-format.md, K6). A "
        "run computes\n  the function by operations that may err as those of IEEE 754 "
        "binary32 do, rounding to\n  nearest, sums in any order and grouping, fused or "
        "not, without overflow.\n"
        "* **K**, checked: a separate program, `proofcheck`, finds A, C, N and F from "
        "`task.txt`,\n  `model.safetensors` and `certificate.txt` alone.\n\n"
        "`obligations.txt` lists every obligation in words; `smt/` has the scripts that the "
        "solver\nrefuted in levels A, C and N.\n",
        proof->algorithm.text,
        proof->algorithm.every_width
            ? " This is stronger than what the\n  theorem needs; a checker shows the part that "
              "it needs, for the columns that there are."
            : "");
}

static void add_assumptions(Text *text)
{
    text_add(text,
             "\n## What is assumed\n\n"
             "* **E**, the exponential: that of the program errs by at most a relative 2^-23 and "
             "an absolute\n  2^-149, for arguments up to 0. Ripple's was tried on every argument; "
             "the log, docs/exp32.log, has\n  SHA-256 `%s`.\n"
             "* **P**, the program: it is one of those that K6 describes. docs/machine.md says "
             "what that takes of\n  processor and compiler, and how it is tested. Without E and P, "
             "levels A, C and N stand, and F\n  does not.\n"
             "* `task.txt` says what `spec.spec` says. A checker starts from `task.txt`, which is "
             "short and can be\n  read beside the spec.\n\n"
             "Nothing is proved of other inputs than those of the spec, of sampling other than "
             "greedy, of\nother models, or of arithmetic with fewer bits.\n",
             EXP32_LOG_SHA256);
}

static void add_trust(Text *text)
{
    text_add(
        text,
        "\n## What has to be trusted\n\n"
        "| for | lines |\n|---|---|\n"
        "| the theorem about `task.txt`: `proofcheck` (src/check) | %d |\n"
        "| the step from `spec.spec` to `task.txt`: src/spec, src/task, src/base and five files of "
        "src/bundle | %d |\n\n"
        "The five files, each counted with its header, are `task_file.c`, which writes "
        "`task.txt`,\n`clauses.c`, which makes the clauses of the claim out of `require`, "
        "`linear_form.c`, `settled.c`\nand `set_text.c`. src/base is counted whole; the step uses "
        "its memory, text, files and messages.\nAll lines are counted, comments too. Not counted "
        "is what calls these parts one after another,\nin src/cli, src/prove and "
        "src/bundle/bundle.c.\n\n"
        "Besides, for both, GMP, the compiler and the machine. The prover, its bounds and "
        "the solver need\nnot be trusted: what they found is checked.\n",
        TRUSTED_LINES_CHECK, TRUSTED_LINES_TASK);
}

static void add_checks(Text *text)
{
    text_add(text, "\n## How to check it\n\n"
                   "    sha256sum -c SHA256SUMS     the files are those that were written\n"
                   "    sha256sum -c smt.sha256     so are the scripts, where they are there\n"
                   "    proofcheck .                the theorem\n"
                   "    verify replay .             the prover finds the same again, and every "
                   "script is refuted\n"
                   "    z3 smt/A.step.smt2          any SMT-LIB 2 solver: every answer must be "
                   "unsat\n");
}

void audit_write(Text *text, Arena *arena, const Proof *proof, const BundleClaim *claim)
{
    add_theorem(text, arena, proof, claim);
    add_levels(text, proof);
    add_assumptions(text);
    add_trust(text);
    add_checks(text);
}
