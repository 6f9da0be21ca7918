// Where specs are looked up.
#pragma once

#include "arena.h"
#include "diag.h"

// The path of the spec called `name`: itself if that file is there; else, for a name without
// folders, in the installed specs folder, or, run from the folder that it was built in, in the
// source's specs folder. Errors: STATUS_MISSING (F001).
MUST_USE Status cli_find_spec(Arena *arena, const char *name, char **ret_path, Diag *diag);

// The path of the spec that a model notes as its own, a name without folders: the spec of the bundle
// that the model is in; else beside the model, or in `specs` beside its folder; else as above.
// Errors: STATUS_MISSING (F001).
MUST_USE Status cli_find_spec_of(Arena *arena, const char *model, const char *name, char **ret_path,
                                 Diag *diag);
