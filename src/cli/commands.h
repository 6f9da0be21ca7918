// The commands, one file each. A command checks its arguments, acts, prints its result on stdout
// and its progress on stderr, and returns the exit code: a Status, or a verdict of exitcode.h. On
// an error it leaves the description in *diag, which main prints.
#pragma once

#include "options.h"

MUST_USE Status command_prove(const Options *options, Diag *diag);
MUST_USE Status command_train(const Options *options, Diag *diag);
MUST_USE Status command_eval(const Options *options, Diag *diag);
MUST_USE Status command_check(const Options *options, Diag *diag);
MUST_USE Status command_replay(const Options *options, Diag *diag);
MUST_USE Status command_explain(const Options *options, Diag *diag);
