// Whether a training can end in a proof at all: asked before it begins.
#pragma once

#include "model.h"
#include "options.h"
#include "task.h"

// With --until-proved, what rules a proof out is an error: STATUS_LIMIT when level A is not proved (R038), or when
// the recipe's edges hide from a position what it needs (R039). Else the edges are looked at alone, and a note on
// stderr says what they hide; no note comes with --quiet. Errors: those of algorithm_prove, too.
MUST_USE Status train_outlook(Arena *arena, const Options *options, const char *recipe,
                              const Task *task, const Model *model, Diag *diag);
