// The proof of a spec for a model, from beginning to end, and its verdict.
//
//   1. level A: the algorithm of the spec computes what `require` says       (algorithm.h)
//   2. the spec becomes a task: tokens, and a trellis whose paths are inputs  (task.h)
//   3. some inputs are tried, so that a model that is plainly wrong is known  (hunt.h)
//   4. level N: all inputs are split into edge cases, each is bounded, and Z3
//      shows that no wrong token comes near the right one                     (network.h)
//   5. level C: the edge cases leave no input out                             (cover.h)
//   6. what is still open is tried, wrong answers are confirmed and counted   (witness.h, counts.h)
//
// The verdict is VERDICT_PROVED only if A, N and C are proved for every answer position that was
// selected; VERDICT_REFUTED only if exact arithmetic refuted the algorithm, or the shipped
// inference was run and gave a wrong answer.
#pragma once

#include "algorithm.h"
#include "counts.h"
#include "cover.h"
#include "open_case.h"
#include "witness.h"

// The margin that has to be exceeded. Bounds hold for every run (docs/certificate-format.md, K6), so
// any positive one says the same.
#define PROOF_MU (FIX_ONE / 1024)

enum {
    PROOF_RLIMIT = 20000000,   // of one edge case's script, in the solver's units
    PROOF_SAMPLES = 20000,     // inputs that are tried first
    PROOF_BUDGET_WRONG = 2000, // regions bounded from then on when a wrong answer is known
    PROOF_SHOWN = 10,          // counterexamples, and open cases, that are kept with their details
};

typedef enum ProofStage {
    PROOF_STAGE_ALGORITHM,
    PROOF_STAGE_SAMPLES,
    PROOF_STAGE_NETWORK,
    PROOF_STAGE_COVER,
    PROOF_STAGE_OPEN,
} ProofStage;

typedef struct ProofProgress {
    ProofStage stage;
    int cases, proved,
        waiting; // PROOF_STAGE_NETWORK: leaves, those proved, regions to be looked at
} ProofProgress;

typedef struct ProofOptions {
    unsigned long budget; // regions bounded at most, about
    const char *only;     // glob over answer positions, or NULL
    void (*progress)(void *context,
                     const ProofProgress *progress); // by the calling thread; or NULL
    void *context;
} ProofOptions;

typedef struct Proof {
    const Spec *spec;
    const char *model_path;
    const char *model_bytes; // of that file, as they were read; NULL when it was not
    size_t model_size;
    Verdict verdict;
    const char *reason; // what is wrong, or why there is no proof; "" when proved
    AlgorithmVerdict algorithm;
    Counts *counts;        // NULL when the algorithm was refuted and leaves its ranges
    int *blamed, n_blamed; // VERDICT_VACUOUS: assumptions that together admit no input
    const Claim *claim; // NULL when the algorithm was refuted, or when vacuous; then nothing below
    bool bounded;       // `network` and `cover` are there: the bounds could be computed
    bool whole;         // every answer position was selected
    NetworkProof network;
    CoverVerdict cover;
    int n_wrong;           // distinct inputs that were answered wrongly
    Witness *wrong;        // the first PROOF_SHOWN of them; the simplest first
    int n_open;            // open edge cases
    OpenCase *open;        // the PROOF_SHOWN largest
    unsigned long queries; // to the solver, all levels
    int obligations;       // of level A, one a position for level C, one an edge case for level N
} Proof;

// Reads the model at `model_path` and proves.
// Errors: those of task_new, model_read, claim_new; STATUS_USAGE (P003); STATUS_INTERRUPTED (P002),
// saying how far it got; STATUS_INTERNAL (P030) when a proved case contains an input that the
// inference answers wrongly; those of smt_run.
MUST_USE Status proof_run(Arena *arena, WorkPool *pool, const Spec *spec, const char *model_path,
                          const ProofOptions *options, Proof *ret_proof, Diag *diag);

// The levels by themselves.
Verdict proof_network_verdict(const Proof *proof);

// Least margin certified by level N; FIX_MAX if none was.
Fix proof_worst_margin(const Proof *proof);
