// The proof bundle of a run of `verify SPEC`: where it goes, and what the checker says of it.
#pragma once

#include "bundle.h"
#include "options.h"
#include "report_run.h"

typedef struct ProveBundle {
    Arena *arena;
    const Options *options;
    const char *folder; // NULL: none is to be written
    BundleClaim claim;
    bool marked;
} ProveBundle;

// Before solving: looks whether the place is free, and marks it. Errors: those of bundle_folder_mark.
MUST_USE Status prove_bundle_begin(Arena *arena, const Options *options, const Spec *spec,
                                   const char *model_path, ProveBundle *ret_bundle, Diag *diag);

// After it: writes the bundle of a whole proof and has it checked; else takes the mark away.
// *run: what became of it. Errors: those of bundle_folder_write; STATUS_INTERNAL (P040) when the
// checker rejects it; STATUS_STALE (C009) when the model was changed meanwhile.
MUST_USE Status prove_bundle_end(ProveBundle *bundle, const Proof *proof, ReportRun *run,
                                 Diag *diag);

// When there is no proof to speak of: after an error, or an interruption, which leaves the mark.
void prove_bundle_drop(const ProveBundle *bundle, Status why);
