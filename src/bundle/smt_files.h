// The solver's scripts of a proof, under the names that bundles give them.
#pragma once

#include "proof.h"

typedef struct SmtFile {
    const char *name; // "A.step", "C.s3", "N.s3.0017"
    const char *text; // questions alone, all `unsat` (smtquestions.h)
    int questions;
} SmtFile;

typedef struct SmtFiles {
    SmtFile *file; // in the order of the table: A, C, N
    int count;
} SmtFiles;

// Requires: VERDICT_PROVED. Errors: those of smt_questions.
MUST_USE Status smt_files_of(Arena *arena, const Proof *proof, SmtFiles *ret_files, Diag *diag);

// "N.s3.0017": edge case `number`, counted from 1 in the order of the certificate.
char *smt_files_case_name(Arena *arena, const PositionProof *position, int number);
